//! What an archive will be unpacked to, decided and checked before anything is written.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::path::PathBuf;

use gha_core::Error;

use super::Limits;
use super::names::{fold, objection};
use crate::directory::{Directory, Entry, EntryKind};
use crate::error::refused;

/// The longest target of a link, in bytes: Linux's `PATH_MAX`.
pub(super) const LONGEST_TARGET: u64 = 4096;

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
    pub(super) link: bool,
}

impl Plan {
    pub(super) fn new(
        directory: &Directory,
        limits: &Limits,
        portable: bool,
    ) -> Result<Self, Error> {
        limits.check_entries(directory.entries.len())?;
        if directory.has_duplicates() {
            return Err(refused("two of its entries have the same name"));
        }
        let mut plan = Self::default();
        let mut packed: u64 = 0;
        for index in directory.in_order() {
            let entry = &directory.entries[index];
            let named = |why: &str| refused(format!("entry {:?} {why}", entry.name));
            let components = components(entry, limits, portable)?;
            plan.names.add(&components, entry, limits)?;
            directory.readable(index)?;
            if directory.overlaps(index) {
                return Err(named("overlaps with another or with the directory"));
            }
            let label = format!("entry {:?}", entry.name);
            limits.check_size(&label, entry.compressed_size, entry.size)?;
            packed = packed.saturating_add(entry.compressed_size);
            plan.bytes = plan.bytes.saturating_add(entry.size);
            let link = match entry.kind {
                EntryKind::Directory if entry.size > 0 => {
                    return Err(named("is a directory with content"));
                }
                EntryKind::Directory => continue,
                EntryKind::Special => return Err(named("is a device, a pipe or a socket")),
                EntryKind::Symlink if entry.size > LONGEST_TARGET => {
                    return Err(named("is a link to a place too far"));
                }
                kind => kind == EntryKind::Symlink,
            };
            let path = components.iter().collect();
            plan.items.push(Item { index, path, link });
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

/// The parts of an entry's path.
fn components<'a>(
    entry: &'a Entry,
    limits: &Limits,
    portable: bool,
) -> Result<Vec<&'a str>, Error> {
    let name = &*entry.name;
    let named = |why: &str| refused(format!("entry {name:?} {why}"));
    limits.check_path(name)?;
    if name.starts_with('/') {
        return Err(named("has an absolute path"));
    }
    let parts = name.split('/').filter(|part| !matches!(*part, "" | "."));
    let parts: Vec<_> = parts.collect();
    if let Some(why) = parts.iter().find_map(|part| objection(part, portable)) {
        return Err(named(why));
    }
    if parts.is_empty() && entry.kind != EntryKind::Directory {
        return Err(named("has no name"));
    }
    if entry.kind != EntryKind::Directory && name.ends_with('/') {
        return Err(named("is named as a directory and is none"));
    }
    Ok(parts)
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
    fn add(&mut self, components: &[&str], entry: &Entry, limits: &Limits) -> Result<(), Error> {
        let mut parent = 0;
        for (depth, component) in components.iter().enumerate() {
            let last = depth + 1 == components.len();
            let folder = !last || entry.kind == EntryKind::Directory;
            parent = match self.known.entry((parent, fold(component))) {
                Slot::Vacant(slot) => {
                    self.implied += usize::from(!last);
                    limits.check_folders(self.implied)?;
                    self.nodes.push(Node {
                        parent,
                        name: (*component).into(),
                        folder,
                        entry: last,
                    });
                    *slot.insert(self.nodes.len() - 1)
                }
                Slot::Occupied(slot) => {
                    let index = *slot.get();
                    let node = &mut self.nodes[index];
                    let same = *node.name == **component && node.folder && folder;
                    if !same || (node.entry && last) {
                        let (name, other) = (&entry.name, self.path(index));
                        return Err(refused(format!(
                            "entry {name:?} and {:?} are one name where case does not count",
                            other.display().to_string()
                        )));
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
