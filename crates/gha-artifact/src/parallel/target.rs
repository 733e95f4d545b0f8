//! The file that appears under its name only when it is whole and verified.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use gha_api::Error;
use tempfile::TempPath;

use crate::error::failed;

#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) path: PathBuf,
    pub(super) replace: bool,
}

impl Target {
    pub(super) fn check(&self) -> Result<(), Error> {
        let refuse = |kind, why: &str| Err(self.failed(io::Error::new(kind, why.to_owned())));
        if self.path.file_name().is_none() || self.path.is_dir() {
            return refuse(io::ErrorKind::IsADirectory, "the path names no file");
        }
        if !self.replace && fs::symlink_metadata(&self.path).is_ok() {
            return refuse(
                io::ErrorKind::AlreadyExists,
                "the file exists; replace it with `replace_existing(true)`",
            );
        }
        Ok(())
    }

    /// An empty file in the same folder; it is removed when the returned path is dropped.
    pub(super) fn temporary(&self) -> Result<(File, TempPath), Error> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".gha-").suffix(".part");
        // What any new file of this process gets, instead of one that only its owner can read.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(self.folder());
        Ok(file.map_err(|error| self.failed(error))?.into_parts())
    }

    /// Gives a file its name; whatever happens, `file` is gone then.
    pub(super) fn publish(&self, file: TempPath) -> Result<(), Error> {
        let persisted = if self.replace {
            file.persist(&self.path)
        } else {
            file.persist_noclobber(&self.path)
        };
        persisted.map_err(|error| self.failed(error.error))?;
        // The name outlasts a crash only when its folder is on disk too.
        #[cfg(unix)]
        File::open(self.folder())
            .and_then(|folder| folder.sync_all())
            .map_err(|error| self.failed(error))?;
        Ok(())
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    pub(super) fn failed(&self, error: io::Error) -> Error {
        failed("cannot save", &self.path, error)
    }
}
