//! What an archive will be unpacked to, decided and checked before anything is written.

use std::collections::HashMap;
use std::collections::hash_map::Entry as Slot;
use std::ffi::OsStr;
use std::path::PathBuf;

use gha_core::Error;

use super::names::{fold, objection};
use super::{Limits, SymbolicLinks};
use crate::error::{refused, too_large};
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
    /// Parents first.
    pub(super) folders: Vec<PathBuf>,
    /// Entries in the order of the archive.
    pub(super) items: Vec<Item>,
    /// What all of them unpack to.
    pub(super) bytes: u64,
}

#[derive(Debug)]
pub(super) struct Item {
    pub(super) entry: Entry,
    pub(super) path: PathBuf,
}

impl Plan {
    pub(super) fn new(entries: Vec<Entry>, rules: &Rules) -> Result<Self, Error> {
        let limits = &rules.limits;
        let mut names = Names::default();
        names.nodes.push(Node::default());
        let mut packed: u64 = 0;
        for mut entry in entries {
            let (len, most) = (entry.name.len(), limits.path);
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
            limits.check_size(&label, entry.compressed_size, entry.size)?;
            packed = packed.saturating_add(entry.compressed_size);
            match entry.kind {
                EntryKind::Directory if entry.size > 0 => {
                    return Err(entry.refused("is a directory with content"));
                }
                EntryKind::Special => return Err(entry.refused("is a device or a socket")),
                EntryKind::Symlink if entry.size > LONGEST_TARGET => {
                    return Err(entry.refused("is a link to a place too far"));
                }
                EntryKind::Symlink if rules.links == SymbolicLinks::AsText => {
                    (entry.kind, entry.unix_mode) = (EntryKind::File, None);
                }
                _ => {}
            }
            names.add(&parts, entry, rules)?;
        }
        let is_wanted =
            |entry: &Entry| entry.kind != EntryKind::Symlink || rules.links != SymbolicLinks::Skip;
        let (mut folders, mut items) = (Vec::new(), Vec::new());
        for node in names.nodes.into_iter().skip(1) {
            let path = node.path;
            if node.is_folder {
                folders.push(path.clone());
            }
            if let Some(entry) = node.entry.filter(is_wanted) {
                items.push(Item { entry, path });
            }
        }
        items.sort_unstable_by_key(|item| item.entry.room.start);
        let sizes = items.iter().map(|item| item.entry.size);
        let bytes = sizes.fold(0, u64::saturating_add);
        limits.check_size("all of it", packed, bytes)?;
        Ok(Self {
            folders,
            items,
            bytes,
        })
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

/// All names so far, as a tree. What it takes is bounded by how many entries there may be, and by how long a
/// path may be.
#[derive(Debug, Default)]
struct Names {
    /// Parents first, the folder itself before all.
    nodes: Vec<Node>,
    /// Nodes by their parent and by what file systems that do not tell case make of their names.
    known: HashMap<(usize, String), usize>,
    /// How many folders were named by a path before by an entry, if at all.
    implied: usize,
}

#[derive(Debug, Default)]
struct Node {
    path: PathBuf,
    is_folder: bool,
    /// The one that bears the name, rather than lies below it; of several the last.
    entry: Option<Entry>,
}

impl Names {
    fn add(&mut self, parts: &[&str], entry: Entry, rules: &Rules) -> Result<(), Error> {
        let name = &entry.name;
        let mut parent = 0;
        for (depth, part) in parts.iter().enumerate() {
            let is_last = depth + 1 == parts.len();
            let is_folder = !is_last || entry.kind == EntryKind::Directory;
            parent = match self.known.entry((parent, fold(part))) {
                Slot::Vacant(slot) => {
                    self.implied += usize::from(!is_last);
                    let (folders, most) = (self.implied, rules.limits.entries);
                    if folders > most {
                        return Err(too_large(format!(
                            "it has {folders} folders that are no entries, more than {most}"
                        )));
                    }
                    let index = self.nodes.len();
                    self.nodes.push(Node {
                        path: self.nodes[parent].path.join(part),
                        is_folder,
                        entry: None,
                    });
                    *slot.insert(index)
                }
                Slot::Occupied(slot) => {
                    let node = &self.nodes[*slot.get()];
                    let is_same = node.path.file_name() == Some(OsStr::new(part));
                    if !is_same || node.is_folder != is_folder {
                        let other = node.path.display().to_string();
                        return Err(refused(format!(
                            "entry {name:?} and {other:?} are one name where case does not count; have one packed \
                             under another"
                        )));
                    }
                    let (allowed, advice) = match is_folder {
                        true => (
                            rules.repeated_folders,
                            "allow it with `repeated_folders(true)`",
                        ),
                        false => (
                            rules.duplicate_names,
                            "take the last one with `duplicate_names(true)`",
                        ),
                    };
                    if is_last && node.entry.is_some() && !allowed {
                        return Err(refused(format!("entry {name:?} is there twice; {advice}")));
                    }
                    *slot.get()
                }
            };
        }
        self.nodes[parent].entry = Some(entry);
        Ok(())
    }
}
