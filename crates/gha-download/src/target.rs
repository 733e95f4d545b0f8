//! Where a file goes: it gets its name only when it is whole and verified.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use gha_core::{Error, ErrorKind};
use tempfile::TempPath;

#[cfg(unix)]
use crate::disk::hand_over;
use crate::disk::{LONGEST_NAME, abandoned, folder_of, is_at, locked, prefix_for};

/// A name that a file gets only when it is whole and verified.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    path: PathBuf,
    replace: bool,
}

/// What ends the name of a file that is no download yet.
const SUFFIX: &str = ".part";

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
        let path = self.path.as_os_str().as_encoded_bytes();
        // `folder/` and `folder/.` end with a name as well, for the parser of paths.
        let ends_with = |name: &OsStr| path.ends_with(name.as_encoded_bytes());
        if !self.path.file_name().is_some_and(ends_with) || self.path.is_dir() {
            let error = io::Error::new(io::ErrorKind::IsADirectory, "the path names no file");
            return Err(self.failed(error));
        }
        // Windows says of a name that is too long that it is not there.
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        if name.encode_utf16().count() > LONGEST_NAME {
            let error = io::Error::new(io::ErrorKind::InvalidFilename, "its name is too long");
            return Err(self.failed(error));
        }
        match fs::symlink_metadata(&self.path) {
            Ok(_) if !self.replace => Err(self.exists()),
            // A device would give way to a file, and so would a link to one, such as `/dev/stdout`.
            Ok(_) if fs::metadata(&self.path).is_ok_and(|found| !found.is_file()) => {
                let why = "the path names a device, a pipe or a socket";
                Err(self.failed(io::Error::new(io::ErrorKind::InvalidInput, why)))
            }
            // A name that no file can have.
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.failed(error)),
            _ if !self.folder().is_dir() => Err(self.failed(io::Error::new(
                io::ErrorKind::NotFound,
                "its folder does not exist; create it first",
            ))),
            _ => Ok(()),
        }
    }

    /// After [`check`](Self::check), an empty file in the same folder that can take the name; it is
    /// removed when the returned path is dropped. Those that killed processes left behind go, too.
    pub(crate) fn temporary(&self) -> Result<(File, TempPath), Error> {
        self.check()?;
        self.sweep();
        let created = locked(self.folder(), &self.prefix(), SUFFIX);
        // Without the name of the temporary file, which would only confuse.
        let (file, path) = created.map_err(|error| self.failed(error.kind().into()))?;
        Ok((file, self.tried_out(path)?))
    }

    /// Gives a file another temporary name in the way in which it will get its own: what the file
    /// system does not know shows now.
    fn tried_out(&self, file: TempPath) -> Result<TempPath, Error> {
        let mut name = file.to_path_buf().into_os_string();
        name.push(SUFFIX);
        let name = PathBuf::from(name);
        give_name(file, &name, self.replace).map_err(|error| self.failed(error))?;
        TempPath::try_from_path(name).map_err(|error| self.failed(error))
    }

    /// Takes a whole file of the same folder for the one to publish; whatever happens then, its name is
    /// gone.
    pub(crate) fn adopt(&self, file: &File, name: &Path) -> Result<TempPath, Error> {
        if !is_at(file, name) {
            let why = format!("somebody removed {} meanwhile; try again", name.display());
            return Err(self.failed(io::Error::new(io::ErrorKind::NotFound, why)));
        }
        let mut builder = tempfile::Builder::new();
        let prefix = self.prefix();
        builder.prefix(&prefix).suffix(SUFFIX);
        let adopted = builder.make_in(self.folder(), |adopted| fs::rename(name, adopted));
        let adopted = adopted.map_err(|error| self.failed(error))?;
        Ok(adopted.into_temp_path())
    }

    /// Removes what processes left behind that were killed while they saved this very file.
    pub(crate) fn sweep(&self) {
        for (path, _locked) in abandoned(self.folder(), &self.prefix(), SUFFIX) {
            let _ = fs::remove_file(path);
        }
    }

    /// What the temporary files for this name begin with.
    fn prefix(&self) -> String {
        prefix_for(self.path.file_name().unwrap_or_default())
    }

    /// Gives a whole file of the same folder its name. After that nothing fails any more.
    pub(crate) fn publish(&self, file: &File, path: TempPath) -> Result<(), Error> {
        if self.replace {
            keep_access(&self.path, file);
        }
        give_name(path, &self.path, self.replace).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => self.exists(),
            _ => self.failed(error),
        })?;
        // The name outlasts a crash of the machine when its folder is on disk, where that can be had.
        #[cfg(unix)]
        let _ = File::open(self.folder()).and_then(|folder| folder.sync_all());
        Ok(())
    }

    /// The error that says that this file could not be saved, and why.
    pub(crate) fn failed(&self, error: io::Error) -> Error {
        let message = format!("cannot save {}: {error}", self.path.display());
        Error::new(ErrorKind::Io, message)
    }

    fn exists(&self) -> Error {
        self.failed(io::Error::new(
            io::ErrorKind::AlreadyExists,
            "the file exists; replace it with `replace_existing(true)`",
        ))
    }

    fn folder(&self) -> &Path {
        folder_of(&self.path)
    }
}

/// Renames a file; one that has the name already is replaced, or an error.
fn give_name(file: TempPath, name: &Path, replace: bool) -> io::Result<()> {
    if replace {
        return file.persist(name).map_err(|error| error.error);
    }
    let (error, file) = match file.persist_noclobber(name) {
        Ok(()) => return Ok(()),
        Err(error) => (error.error, error.path),
    };
    if error.kind() == io::ErrorKind::AlreadyExists {
        return Err(error);
    }
    // exFAT, SMB and the like know no renaming that leaves alone what is there, and no hard links: so
    // the name is taken first, which is exclusive everywhere, and then it is our own that is replaced.
    OpenOptions::new().write(true).create_new(true).open(name)?;
    file.persist(name).map_err(|error| {
        let _ = fs::remove_file(name);
        error.error
    })
}

/// What replaces a file is for those that the file was for, as far as this process may say so.
#[cfg(unix)]
fn keep_access(old: &Path, new: &File) {
    use std::os::unix::fs::{PermissionsExt as _, fchown};

    if let Ok(old) = fs::symlink_metadata(old)
        && old.is_file()
    {
        let mode = hand_over(&old, |owner, group| fchown(new, owner, group)) & 0o777;
        let _ = new.set_permissions(fs::Permissions::from_mode(mode));
    }
}

#[cfg(not(unix))]
fn keep_access(_: &Path, _: &File) {}

/// Puts a file on disk, where the file system can.
pub(crate) fn settle(file: &File) -> io::Result<()> {
    match file.sync_all() {
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        settled => settled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::is_ours;

    #[test]
    fn nobody_takes_for_his_own_what_is_being_swept() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::new(folder.path().join("file"), false);
        let (prefix, mut unlocked) = (target.prefix(), tempfile::Builder::new());
        unlocked.prefix(&prefix).suffix(SUFFIX);
        let (file, path) = unlocked.tempfile_in(&folder).unwrap().into_parts();
        let swept: Vec<_> = abandoned(folder.path(), &prefix, SUFFIX).collect();
        assert_eq!(swept.len(), 1);
        assert!(!is_ours(&file, &path));
        // Another one is not swept as soon as it is there for certain.
        let (_other, other_path) = target.temporary().unwrap();
        target.sweep();
        assert!(path.exists() && other_path.exists());
        drop((swept, file));
        target.sweep();
        assert!(!path.exists() && other_path.exists());
    }
}
