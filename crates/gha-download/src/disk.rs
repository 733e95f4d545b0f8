//! What files that have no name yet share, those of downloads and those of archives.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use fs4::TryLockError;
use tempfile::TempPath;

pub use crate::file_name::{is_device, is_reserved};

/// The longest name of a file that common file systems take, in bytes.
pub const LONGEST_NAME: usize = 255;

/// The folder that a path is in.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// What begins the names of the files that wait to become `name`.
pub fn prefix_for(name: &OsStr) -> String {
    format!(".gha-{:016x}-", fnv(name.as_encoded_bytes()))
}

/// The files of such a prefix that processes left behind which were killed: nobody had them locked, and
/// each is locked now, so that nobody takes it for his own before it is removed.
pub fn abandoned(
    folder: &Path,
    prefix: &str,
    suffix: &str,
) -> impl Iterator<Item = (PathBuf, File)> {
    // A folder may well be one that is not ours to read.
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(move |entry| {
        let name = entry.file_name();
        let name = name.to_str()?;
        let is_ours = name.starts_with(prefix) && name.ends_with(suffix);
        if !is_ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            return None;
        }
        let path = entry.path();
        let file = OpenOptions::new().write(true).open(&path).ok()?;
        let is_free = fs4::FileExt::try_lock(&file).is_ok();
        is_free.then_some((path, file))
    })
}

/// A new file of such a prefix, which nobody takes for abandoned.
pub fn locked(folder: &Path, prefix: &str, suffix: &str) -> io::Result<(File, TempPath)> {
    /// How many files others may sweep before they are locked, who want the same name.
    const MOST_SWEPT: usize = 16;

    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).suffix(suffix);
    // What any new file of this process gets, instead of one that only its owner can read.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let create = || Ok::<_, io::Error>(builder.tempfile_in(folder)?.into_parts());
    let mut created = create()?;
    for _ in 0..MOST_SWEPT {
        if is_ours(&created.0, &created.1) {
            break;
        }
        created = create()?;
    }
    Ok(created)
}

/// Locks a file, and tells whether nobody else has, who might remove it, and it still has its name. Where
/// the file system has no locks, nothing is swept either.
pub(crate) fn is_ours(file: &File, path: &Path) -> bool {
    let is_locked = matches!(fs4::FileExt::try_lock(file), Err(TryLockError::WouldBlock));
    !is_locked && is_at(file, path)
}

/// Whether a file still has its name.
#[cfg(unix)]
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    let id = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    let (here, there) = (file.metadata().map(id), fs::symlink_metadata(path).map(id));
    here.is_ok_and(|here| there.is_ok_and(|there| here == there))
}

#[cfg(not(unix))]
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    use same_file::Handle;

    let here = file.try_clone().and_then(Handle::from_file);
    let there = Handle::from_path(path);
    here.is_ok_and(|here| there.is_ok_and(|there| here == there))
}

/// Gives what replaces `old` its owner and group, as far as this process may, and tells the mode that
/// allows no more to anybody than the old one did.
#[cfg(unix)]
pub fn hand_over(
    old: &fs::Metadata,
    chown: impl Fn(Option<u32>, Option<u32>) -> std::io::Result<()>,
) -> u32 {
    use std::os::unix::fs::MetadataExt as _;

    let (owner, group) = (Some(old.uid()), Some(old.gid()));
    let same_group = chown(owner, group).is_ok() || chown(None, group).is_ok();
    // What the old group could do is no business of another.
    old.mode() & if same_group { 0o7777 } else { 0o5707 }
}

/// [FNV-1a](http://www.isthe.com/chongo/tech/comp/fnv/): the same in every build, and enough against
/// chance.
pub(crate) fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
