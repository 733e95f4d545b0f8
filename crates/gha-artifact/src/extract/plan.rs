//! What an archive will be unpacked to, decided and checked before anything is written.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::path::PathBuf;

use gha_core::Error;

use super::limits::too_large;
use super::names::{fold, objection};
use super::{Limits, SymbolicLinks};
use crate::error::refused;
use crate::{Entry, EntryKind};

/// The longest target of a link, in bytes: Linux's `PATH_MAX`.
const LONGEST_TARGET: u64 = 4096;

/// What an archive may have.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) limits: Limits,
    pub(super) any_names: bool,
    pub(super) backslashes: bool,
    pub(super) duplicate_names: bool,
    pub(super) repeated_folders: bool,
    pub(super) links: SymbolicLinks,
}

#[derive(Debug)]
pub(super) struct Plan {
    names: Names,
    /// Files and links in the order of the archive.
    pub(super) items: Vec<Item>,
    /// What all of them unpack to.
    pub(super) bytes: u64,
    makes_links: bool,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) entry: Entry,
    pub(super) path: PathBuf,
}

impl Plan {
    pub(super) fn new(entries: Vec<Entry>, rules: &Rules) -> Result<Self, Error> {
        let mut names = Names::default();
        // By their names: of several with one name the last stays.
        let mut items = HashMap::new();
        let mut packed: u64 = 0;
        for mut entry in entries {
            let (len, most) = (entry.name.len(), rules.limits.path);
            if len > most {
                let head: String = entry.name.chars().take(40).collect();
                let why = format!("a path has {len} bytes, more than {most}: {head:?}…");
                return Err(too_large(why));
            }
            let path = match rules.backslashes {
                true => entry.name.replace('\\', "/"),
                false => entry.name.clone(),
            };
            if entry.kind == EntryKind::File && path.ends_with('/') {
                entry.kind = EntryKind::Directory;
            }
            let parts = parts(&entry, &path, !rules.any_names)?;
            entry.ensure_readable()?;
            let label = format!("entry {:?}", entry.name);
            let limits = &rules.limits;
            limits.check_size(&label, entry.compressed_size, entry.size)?;
            packed = packed.saturating_add(entry.compressed_size);
            let node = names.add(&parts, &entry, rules)?;
            match entry.kind {
                EntryKind::Directory if entry.size > 0 => {
                    return Err(entry.refused("is a directory with content"));
                }
                EntryKind::Directory => continue,
                EntryKind::Special => return Err(entry.refused("is a device or a socket")),
                EntryKind::Symlink if entry.size > LONGEST_TARGET => {
                    return Err(entry.refused("is a link to a place too far"));
                }
                EntryKind::Symlink if rules.links == SymbolicLinks::Skip => {
                    items.remove(&node);
                    continue;
                }
                _ => {}
            }
            let path = parts.iter().collect();
            items.insert(node, Item { entry, path });
        }
        let mut items: Vec<_> = items.into_values().collect();
        items.sort_unstable_by_key(|item| item.entry.room.start);
        let sizes = items.iter().map(|item| item.entry.size);
        let bytes = sizes.fold(0, u64::saturating_add);
        rules.limits.check_size("all of it", packed, bytes)?;
        Ok(Self {
            names,
            items,
            bytes,
            makes_links: rules.links == SymbolicLinks::Create,
        })
    }

    /// What is to become a link.
    pub(super) fn links(&self) -> impl Iterator<Item = &Item> {
        let links = self.items.iter();
        links.filter(|item| self.makes_links && item.entry.kind == EntryKind::Symlink)
    }

    /// All folders, parents first.
    pub(super) fn folders(&self) -> impl Iterator<Item = PathBuf> {
        let nodes = (1..).zip(&self.names.nodes);
        let folders = nodes.filter(|(_, node)| node.folder);
        folders.map(|(index, _)| self.names.path(index))
    }
}

/// The parts of an entry's path, none of which leads elsewhere.
fn parts<'a>(entry: &Entry, path: &'a str, portable: bool) -> Result<Vec<&'a str>, Error> {
    if path.starts_with('/') {
        return Err(entry.refused("has an absolute path"));
    }
    let parts = path.split('/').filter(|part| !matches!(*part, "" | "."));
    let parts: Vec<_> = parts.collect();
    let mut objections = parts.iter().filter_map(|part| objection(part, portable));
    if let Some(why) = objections.next() {
        return Err(refused(format!("entry {:?} {why}", entry.name)));
    }
    if entry.kind == EntryKind::Directory {
        return Ok(parts);
    }
    if parts.is_empty() {
        return Err(entry.refused("has no name"));
    }
    if path.ends_with('/') {
        return Err(entry.refused("is named as a directory and is none"));
    }
    Ok(parts)
}

/// All names so far, as a tree: what a path costs does not grow with its depth.
#[derive(Debug, Default)]
struct Names {
    /// Parents first. They count from 1: 0 is the folder itself.
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

impl Names {
    /// Adds an entry's name, and returns the index of its node.
    fn add(&mut self, parts: &[&str], entry: &Entry, rules: &Rules) -> Result<usize, Error> {
        let mut parent = 0;
        for (depth, part) in parts.iter().enumerate() {
            let is_last = depth + 1 == parts.len();
            let folder = !is_last || entry.kind == EntryKind::Directory;
            parent = match self.known.entry((parent, fold(part))) {
                Slot::Vacant(slot) => {
                    self.implied += usize::from(!is_last);
                    let (folders, most) = (self.implied, rules.limits.entries);
                    if folders > most {
                        return Err(too_large(format!(
                            "it has {folders} folders that are no entries, more than {most}"
                        )));
                    }
                    self.nodes.push(Node {
                        parent,
                        name: (*part).into(),
                        folder,
                        entry: is_last,
                    });
                    *slot.insert(self.nodes.len())
                }
                Slot::Occupied(slot) => {
                    let index = *slot.get();
                    let node = &mut self.nodes[index - 1];
                    let name = &entry.name;
                    if *node.name != **part || node.folder != folder {
                        let other = self.path(index).display().to_string();
                        return Err(refused(format!(
                            "entry {name:?} and {other:?} are one name where case does not count; have one packed \
                             under another"
                        )));
                    }
                    let is_twice = is_last && node.entry;
                    if is_twice && folder && !rules.repeated_folders {
                        return Err(refused(format!(
                            "entry {name:?} is there twice; allow it with `repeated_folders(true)`"
                        )));
                    }
                    if is_twice && !folder && !rules.duplicate_names {
                        return Err(refused(format!(
                            "two entries have the name {name:?}; take the last one with \
                             `duplicate_names(true)`"
                        )));
                    }
                    node.entry |= is_last;
                    index
                }
            };
        }
        Ok(parent)
    }

    fn path(&self, mut index: usize) -> PathBuf {
        let mut names = Vec::new();
        while index > 0 {
            let node = &self.nodes[index - 1];
            names.push(&*node.name);
            index = node.parent;
        }
        names.into_iter().rev().collect()
    }
}
