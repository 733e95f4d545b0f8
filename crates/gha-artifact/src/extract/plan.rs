//! What an archive will be unpacked to, decided and checked before anything is written.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::path::PathBuf;

use gha_core::Error;

use super::names::{fold, objection};
use super::{Limits, SymbolicLinks};
use crate::directory::Directory;
use crate::error::refused;
use crate::{Entry, EntryKind};

/// The longest target of a link, in bytes: Linux's `PATH_MAX`.
const LONGEST_TARGET: u64 = 4096;

/// What an archive may have that most have not.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Allowed {
    pub(super) any_names: bool,
    pub(super) backslashes: bool,
    pub(super) duplicate_names: bool,
    pub(super) repeated_folders: bool,
    pub(super) links: SymbolicLinks,
}

#[derive(Debug, Default)]
pub(super) struct Plan {
    names: Names,
    /// Files and links in the order of the archive.
    pub(super) items: Vec<Item>,
    /// What all of them unpack to.
    pub(super) bytes: u64,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) index: usize,
    pub(super) path: PathBuf,
    pub(super) kind: ItemKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ItemKind {
    File,
    Link,
    /// A file that holds where a link leads.
    LinkAsText,
}

impl Plan {
    pub(super) fn new(
        directory: &Directory,
        limits: &Limits,
        allowed: Allowed,
    ) -> Result<Self, Error> {
        let mut plan = Self::default();
        let mut packed: u64 = 0;
        let mut last_of_name = HashMap::new();
        if allowed.duplicate_names {
            for (index, entry) in directory.entries.iter().enumerate() {
                let parts: Vec<_> = parts(&path(entry, allowed)).map(str::to_owned).collect();
                last_of_name.insert(parts, index);
            }
        }
        for index in directory.in_order() {
            let entry = &directory.entries[index];
            let named = |why: &str| refused(format!("entry {:?} {why}", entry.name));
            let (components, is_directory) = components(entry, limits, allowed)?;
            entry.readable()?;
            if directory.shares_its_start(index) {
                return Err(named("overlaps with another or with the directory"));
            }
            let label = format!("entry {:?}", entry.name);
            limits.check_size(&label, entry.compressed_size, entry.size)?;
            packed = packed.saturating_add(entry.compressed_size);
            let last = last_of_name.get(&components).copied().unwrap_or(index);
            if !is_directory && last != index {
                continue;
            }
            plan.names
                .add(&components, entry, is_directory, limits, allowed)?;
            let kind = match entry.kind {
                _ if is_directory && entry.size > 0 => {
                    return Err(named("is a directory with content"));
                }
                EntryKind::Special => return Err(named("is a device or a socket")),
                EntryKind::Symlink if entry.size > LONGEST_TARGET => {
                    return Err(named("is a link to a place too far"));
                }
                EntryKind::Symlink => match allowed.links {
                    SymbolicLinks::Create => ItemKind::Link,
                    SymbolicLinks::AsText => ItemKind::LinkAsText,
                    SymbolicLinks::Skip => continue,
                },
                _ => ItemKind::File,
            };
            if is_directory {
                continue;
            }
            plan.bytes = plan.bytes.saturating_add(entry.size);
            let path = components.iter().collect();
            plan.items.push(Item { index, path, kind });
        }
        limits.check_size("all of it", packed, plan.bytes)?;
        Ok(plan)
    }

    /// All folders, parents first.
    pub(super) fn folders(&self) -> impl Iterator<Item = PathBuf> {
        let nodes = self.names.nodes.iter().enumerate().skip(1);
        let folders = nodes.filter(|(_, node)| node.folder);
        folders.map(|(index, _)| self.names.path(index))
    }
}

/// An entry's path, with `/` between its parts.
fn path(entry: &Entry, allowed: Allowed) -> Cow<'_, str> {
    match allowed.backslashes {
        true => entry.name.replace('\\', "/").into(),
        false => (&*entry.name).into(),
    }
}

fn parts(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !matches!(*part, "" | "."))
}

/// The parts of an entry's path, and whether it is a directory's.
fn components(
    entry: &Entry,
    limits: &Limits,
    allowed: Allowed,
) -> Result<(Vec<String>, bool), Error> {
    let name = &*entry.name;
    let named = |why: &str| refused(format!("entry {name:?} {why}"));
    limits.check_path(name)?;
    let path = path(entry, allowed);
    if path.starts_with('/') {
        return Err(named("has an absolute path"));
    }
    let is_directory = entry.kind == EntryKind::Directory
        || (entry.kind == EntryKind::File && path.ends_with('/') && !name.ends_with('/'));
    let parts: Vec<_> = parts(&path).map(str::to_owned).collect();
    let mut objections = parts
        .iter()
        .filter_map(|it| objection(it, !allowed.any_names));
    if let Some(why) = objections.next() {
        return Err(named(&why));
    }
    if parts.is_empty() && !is_directory {
        return Err(named("has no name"));
    }
    if !is_directory && path.ends_with('/') {
        return Err(named("is named as a directory and is none"));
    }
    Ok((parts, is_directory))
}

/// All names so far, as a tree: what a path costs does not grow with its depth.
#[derive(Debug)]
struct Names {
    /// Parents first; the first one is the folder itself.
    nodes: Vec<Node>,
    /// Nodes by their parent and by what file systems that do not tell case make of their names.
    known: HashMap<(usize, String), usize>,
    /// How many folders were named by a path before by an entry, if at all.
    implied: usize,
}

#[derive(Debug)]
struct Node {
    parent: usize,
    name: Box<str>,
    folder: bool,
    /// Whether an entry bears the name, rather than lies below it.
    entry: bool,
}

impl Default for Names {
    fn default() -> Self {
        let root = Node {
            parent: 0,
            name: "".into(),
            folder: true,
            entry: false,
        };
        Self {
            nodes: vec![root],
            known: HashMap::new(),
            implied: 0,
        }
    }
}

impl Names {
    fn add(
        &mut self,
        components: &[String],
        entry: &Entry,
        is_directory: bool,
        limits: &Limits,
        allowed: Allowed,
    ) -> Result<(), Error> {
        let mut parent = 0;
        for (depth, component) in components.iter().enumerate() {
            let last = depth + 1 == components.len();
            let folder = !last || is_directory;
            parent = match self.known.entry((parent, fold(component))) {
                Slot::Vacant(slot) => {
                    self.implied += usize::from(!last);
                    limits.check_folders(self.implied)?;
                    self.nodes.push(Node {
                        parent,
                        name: component.as_str().into(),
                        folder,
                        entry: last,
                    });
                    *slot.insert(self.nodes.len() - 1)
                }
                Slot::Occupied(slot) => {
                    let index = *slot.get();
                    let node = &mut self.nodes[index];
                    let same = *node.name == *component.as_str() && node.folder == folder;
                    let twice = node.entry && last;
                    let name = &entry.name;
                    match folder {
                        true if same && (!twice || allowed.repeated_folders) => {}
                        true if same => {
                            return Err(refused(format!(
                                "entry {name:?} is there twice; allow it with `repeated_folders(true)`"
                            )));
                        }
                        false if same => {
                            return Err(refused(format!(
                                "two entries have the name {name:?}; take the last one with \
                                 `duplicate_names(true)`"
                            )));
                        }
                        _ => {
                            let other = self.path(index).display().to_string();
                            return Err(refused(format!(
                                "entry {name:?} and {other:?} are one name where case does not count"
                            )));
                        }
                    }
                    node.entry |= last;
                    index
                }
            };
        }
        Ok(())
    }

    fn path(&self, mut index: usize) -> PathBuf {
        let mut names = Vec::new();
        while index > 0 {
            names.push(&*self.nodes[index].name);
            index = self.nodes[index].parent;
        }
        names.into_iter().rev().collect()
    }
}
