//! A folder that appears under its name only when it is complete.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use gha_core::Error;
use tempfile::TempDir;

use crate::error::failed;

/// A folder beside the target; it is removed when this is dropped.
#[derive(Debug)]
pub(super) struct Staging {
    folder: TempDir,
    target: PathBuf,
}

impl Staging {
    pub(super) fn new(target: &Path) -> Result<Self, Error> {
        let cannot = |error| failed("cannot extract to", target, error);
        if target.file_name().is_none() {
            let error = io::Error::new(io::ErrorKind::InvalidInput, "the path names no folder");
            return Err(cannot(error));
        }
        match fs::symlink_metadata(target) {
            Ok(found) if !found.is_dir() => {
                let error =
                    io::Error::new(io::ErrorKind::AlreadyExists, "it exists and is no folder");
                return Err(cannot(error));
            }
            Ok(_) if fs::read_dir(target).map_err(cannot)?.next().is_some() => {
                let error = io::Error::new(
                    io::ErrorKind::AlreadyExists,
                    "the folder has something in it; extract to one that is empty or not there",
                );
                return Err(cannot(error));
            }
            _ => {}
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".gha-").suffix(".partial");
        // What any new folder of this process gets, instead of one that only its owner can read.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let folder = builder.tempdir_in(parent(target));
        Ok(Self {
            folder: folder.map_err(cannot)?,
            target: target.to_owned(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Gives the folder its name.
    pub(super) fn publish(self) -> Result<(), Error> {
        let Self { mut folder, target } = self;
        let cannot = |error| failed("cannot extract to", &target, error);
        // Only an empty one goes, and one that appeared since the beginning is not replaced.
        match fs::remove_dir(&target) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot(error)),
            _ => {}
        }
        fs::rename(folder.path(), &target).map_err(cannot)?;
        folder.disable_cleanup(true);
        Ok(())
    }
}

pub(super) fn parent(path: &Path) -> &Path {
    let parent = path.parent();
    parent
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}
