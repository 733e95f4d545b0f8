//! Writing what a plan says.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write as _};
use std::path::Path;
use std::sync::Weak;

use gha_core::{Error, ErrorKind};

use super::plan::{Item, Plan};
use super::{Callback, ExtractProgress};
use crate::directory::{Directory, Entry};
use crate::error::{failed, of_entry_io, refused};
use crate::forward::Forward;

/// Unpacks into `folder`, which is empty and nobody else's.
///
/// Ends soon after the caller has gone, and with it what `alive` refers to.
pub(super) fn unpack(
    directory: &Directory,
    plan: &Plan,
    archive: impl Read,
    folder: &Path,
    mut callback: Option<Callback>,
    alive: &Weak<()>,
) -> Result<(), Error> {
    let mut archive = Forward::new(archive, 0);
    for path in plan.folders() {
        still_wanted(alive)?;
        let path = folder.join(path);
        fs::create_dir(&path).map_err(|error| failed("cannot create", &path, error))?;
    }
    let mut progress = ExtractProgress {
        bytes: 0,
        total_bytes: plan.bytes,
        entries: 0,
        total_entries: plan.items.len(),
    };
    let mut links = Vec::new();
    for item in &plan.items {
        let path = folder.join(&item.path);
        let entry = &directory.entries[item.index];
        still_wanted(alive)?;
        let mut target = Vec::new();
        let mut file = match item.link {
            true => None,
            false => Some(create(&path, entry)?),
        };
        directory.unpack(item.index, &mut archive, |piece| {
            still_wanted(alive)?;
            match &mut file {
                Some(file) => file
                    .write_all(piece)
                    .map_err(|error| failed("cannot write", &path, error))?,
                None => target.extend_from_slice(piece),
            }
            progress.bytes += piece.len() as u64;
            if let Some(callback) = &mut callback {
                callback(progress);
            }
            Ok(())
        })?;
        progress.entries += 1;
        if let Some(callback) = &mut callback {
            callback(progress);
        }
        if item.link {
            links.push((item, target));
        }
    }
    // The rest holds no entries, but a download is verified only at its end.
    io::copy(&mut archive, &mut io::sink()).map_err(|error| of_entry_io("the directory", error))?;
    make_links(directory, &links, folder)
}

/// Fails when the caller has gone.
pub(super) fn still_wanted(alive: &Weak<()>) -> Result<(), Error> {
    match alive.strong_count() {
        0 => Err(Error::new(ErrorKind::Io, "nobody waits for the extraction")),
        _ => Ok(()),
    }
}

fn create(path: &Path, entry: &Entry) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // Nobody but the owner gets more than to read and to run; the process's own mask counts too.
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let mode = entry.unix_mode.filter(|mode| mode & 0o777 != 0);
        options.mode((mode.unwrap_or(0o644) & 0o755) | 0o600);
    }
    #[cfg(not(unix))]
    let _ = entry;
    options
        .open(path)
        .map_err(|error| failed("cannot create", path, error))
}

/// Makes the links, after all files: so nothing is ever written through one.
fn make_links(
    directory: &Directory,
    links: &[(&Item, Vec<u8>)],
    folder: &Path,
) -> Result<(), Error> {
    for (item, target) in links {
        let named = |why: &str| {
            let name = &directory.entries[item.index].name;
            refused(format!("link {name:?} {why}"))
        };
        let target = std::str::from_utf8(target).map_err(|_| named("leads to no valid name"))?;
        if target.is_empty() || target.contains(['\\', '\0']) || Path::new(target).has_root() {
            return Err(named("leads out of the folder"));
        }
        link(target, &folder.join(&item.path)).map_err(|error| named(&error.to_string()))?;
    }
    if links.is_empty() {
        return Ok(());
    }
    // Only the system knows where links lead that lead through others.
    let whole = fs::canonicalize(folder).map_err(|error| failed("cannot find", folder, error))?;
    for (item, _) in links {
        let inside = fs::canonicalize(folder.join(&item.path))
            .is_ok_and(|leads_to| leads_to.starts_with(&whole));
        if !inside {
            let name = &directory.entries[item.index].name;
            return Err(refused(format!(
                "link {name:?} leads to nothing in the folder"
            )));
        }
    }
    Ok(())
}

#[cfg(unix)]
fn link(target: &str, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> io::Result<()> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "cannot be made on this system",
    ))
}
