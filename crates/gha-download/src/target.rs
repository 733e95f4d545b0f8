use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use gha_core::{Error, ErrorKind};
use tempfile::TempPath;

/// A name that a file gets only when it is whole and verified.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    path: PathBuf,
    replace: bool,
}

impl Target {
    /// The file at `path`; one that exists is replaced only if `replace_existing` says so.
    pub(crate) fn new(path: impl Into<PathBuf>, replace_existing: bool) -> Self {
        Self {
            path: path.into(),
            replace: replace_existing,
        }
    }

    /// The name, as asked for.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Looks whether a file can get the name, before anything is downloaded for it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let text = self.path.to_string_lossy();
        if self.path.file_name().is_none()
            || self.path.is_dir()
            || text.ends_with(std::path::is_separator)
        {
            let error = io::Error::new(io::ErrorKind::IsADirectory, "the path names no file");
            return Err(self.failed(error));
        }
        match fs::symlink_metadata(&self.path) {
            Ok(_) if !self.replace => Err(self.exists()),
            // A device would give way to a file.
            Ok(found) if !(found.is_file() || found.is_symlink()) => {
                let why = "the path names a device, a pipe or a socket";
                Err(self.failed(io::Error::new(io::ErrorKind::InvalidInput, why)))
            }
            _ => Ok(()),
        }
    }

    /// After [`check`](Self::check), an empty file in the same folder; it is removed when the
    /// returned path is dropped.
    pub(crate) fn temporary(&self) -> Result<(File, TempPath), Error> {
        self.check()?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".gha-").suffix(".part");
        // What any new file of this process gets, instead of one that only its owner can read.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(self.folder());
        let file = file.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => self.failed(io::Error::new(
                io::ErrorKind::NotFound,
                "its folder does not exist; create it first",
            )),
            // Without the name of the temporary file, which would only confuse.
            kind => self.failed(kind.into()),
        })?;
        Ok(file.into_parts())
    }

    /// Gives a file of the same folder the name; whatever happens, `file` is gone then.
    pub(crate) fn publish(&self, file: TempPath) -> Result<(), Error> {
        let persisted = if self.replace {
            file.persist(&self.path)
        } else {
            file.persist_noclobber(&self.path)
        };
        persisted.map_err(|error| match error.error.kind() {
            io::ErrorKind::AlreadyExists => self.exists(),
            _ => self.failed(error.error),
        })?;
        // The name outlasts a crash only when its folder is on disk too.
        #[cfg(unix)]
        File::open(self.folder())
            .and_then(|folder| folder.sync_all())
            .map_err(|error| self.failed(error))?;
        Ok(())
    }

    /// The error that says that this file could not be saved, and why.
    pub(crate) fn failed(&self, error: io::Error) -> Error {
        let message = format!("cannot save {}: {error}", self.path.display());
        Error::new(ErrorKind::Io, message).with_source(error)
    }

    fn exists(&self) -> Error {
        self.failed(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "the file exists; replace it with `replace_existing(true)`",
        ))
    }

    fn folder(&self) -> &Path {
        match self.path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }
}
