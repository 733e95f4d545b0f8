//! A folder that gets its name only when it is complete.

use std::fs::{self, File, Permissions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gha_core::{Error, ErrorKind};
#[cfg(unix)]
use gha_download::disk::hand_over;
use gha_download::disk::{abandoned, folder_of, locked, prefix_for};

use crate::error::failed;

/// What ends the names of what is no extraction yet.
const LOCK: &str = "lock";
const NEW: &str = "partial";
const OLD: &str = "old";
const ARCHIVE: &str = "zip";

/// A folder beside the target, and a lock that says that somebody is at work; both are removed when
/// this is dropped.
#[derive(Debug)]
pub(super) struct Staging {
    target: PathBuf,
    replace: bool,
    /// What is to get the target's name.
    pub(super) folder: PathBuf,
    /// The path of everything here, without its extension.
    stem: PathBuf,
    /// What a folder of that name allows whom.
    permissions: Option<Permissions>,
    _lock: File,
}

impl Staging {
    /// Makes the folder, if it can get the target's name: that is free or an empty folder's, or a
    /// folder's that is to be replaced. What killed processes left behind of theirs goes first.
    pub(super) fn new(target: &Path, replace: bool) -> Result<Self, Error> {
        let cannot = |error| failed("cannot extract to", target, error);
        let refuse = |why: &str| Err(failed("cannot extract to", target, why));
        let Some(name) = target.file_name() else {
            return refuse("the path names no folder; give one that can be made, such as `./dist`");
        };
        let beside = folder_of(target);
        if !beside.is_dir() {
            return refuse("the folder that it should be in does not exist; create that first");
        }
        let prefix = prefix_for(name);
        // What processes left behind that were killed while they extracted to this very target.
        for (lock, _locked) in abandoned(beside, &prefix, ".lock") {
            clear(&lock.with_extension(""), target);
        }
        match fs::symlink_metadata(target) {
            Ok(found) if !found.is_dir() => {
                return refuse("it exists and is no folder; remove it, or give another path");
            }
            Ok(_) if !replace && fs::read_dir(target).map_err(cannot)?.next().is_some() => {
                return refuse(
                    "the folder has something in it; extract to one that is empty or not there, or \
                     replace it with `replace_existing(true)`",
                );
            }
            _ => {}
        }
        let (lock, path) = locked(beside, &prefix, ".lock").map_err(cannot)?;
        let path = path.keep().map_err(|error| cannot(error.error))?;
        let mut staging = Self {
            target: target.to_owned(),
            replace,
            folder: path.with_extension(NEW),
            stem: path.with_extension(""),
            permissions: None,
            _lock: lock,
        };
        fs::create_dir(&staging.folder).map_err(cannot)?;
        // Before anything is written, so that it inherits what the folder hands down.
        staging.permissions = keep_access(target, &staging.folder);
        Ok(staging)
    }

    /// Where an archive can be kept meanwhile.
    pub(super) fn archive(&self) -> PathBuf {
        self.stem.with_extension(ARCHIVE)
    }

    /// Fails when whoever wanted the folder has gone, and this is the last one to have it.
    pub(super) fn ensure_wanted(self: &Arc<Self>) -> Result<(), Error> {
        match Arc::strong_count(self) {
            1 => Err(Error::new(ErrorKind::Io, "nobody waits for the extraction")),
            _ => Ok(()),
        }
    }

    /// Gives the folder its name, if that is still wanted. One that had the name is set aside for [`clear`],
    /// which puts it back if that fails, and else removes it; in between the name is free for a moment.
    pub(super) fn publish(self: &Arc<Self>) -> Result<(), Error> {
        self.ensure_wanted()?;
        let target = &self.target;
        let cannot = |error| failed("cannot extract to", target, error);
        if let Some(permissions) = &self.permissions {
            let _ = fs::set_permissions(&self.folder, permissions.clone());
        }
        if self.replace {
            match fs::rename(target, self.stem.with_extension(OLD)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                renamed => renamed.map_err(cannot)?,
            }
        }
        // An empty folder gives way by itself on Unix; what else has appeared meanwhile does not.
        let named = fs::rename(&self.folder, target).or_else(|error| {
            match !self.replace && fs::remove_dir(target).is_ok() {
                true => fs::rename(&self.folder, target),
                false => Err(error),
            }
        });
        named.map_err(cannot)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        clear(&self.stem, &self.target);
    }
}

/// Removes what belongs to a lock, and the lock at last. A folder that was set aside comes back unless
/// something has taken its place.
fn clear(stem: &Path, target: &Path) {
    let (new, aside) = (stem.with_extension(NEW), stem.with_extension(OLD));
    if new.exists() && aside.exists() {
        // An empty folder at its place is none that was extracted.
        let _ = fs::remove_dir(target);
    }
    let _ = match fs::symlink_metadata(target) {
        Ok(_) => fs::remove_dir_all(aside),
        Err(_) => fs::rename(aside, target),
    };
    let _ = fs::remove_dir_all(new);
    let _ = fs::remove_file(stem.with_extension(ARCHIVE));
    let _ = fs::remove_file(stem.with_extension(LOCK));
}

/// What replaces a folder is for those that the folder was for, as far as this process may say so.
/// Returns what it will allow in the end.
#[cfg(unix)]
fn keep_access(old: &Path, new: &Path) -> Option<Permissions> {
    use std::os::unix::fs::{PermissionsExt as _, chown};

    let old = fs::symlink_metadata(old).ok()?;
    let mode = hand_over(&old, |owner, group| chown(new, owner, group));
    let _ = fs::set_permissions(new, Permissions::from_mode(mode | 0o700));
    Some(Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn keep_access(_: &Path, _: &Path) -> Option<Permissions> {
    None
}
