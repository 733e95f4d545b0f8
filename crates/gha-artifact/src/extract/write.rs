//! Writing what a plan says, from the bytes of the archive as they come.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::{Buf as _, Bytes};
use gha_core::{Error, ErrorKind};

use super::folder::Staging;
use super::plan::{Item, Plan};
use super::{ExtractProgress, OnProgress, Totals};
use crate::error::{damaged, failed, refused};
use crate::unpack::{PIECE, Step, Unpacker};
use crate::{Entry, EntryKind};

/// Unpacks an archive into a folder that is nobody else's. It ends soon after whoever wants the folder
/// has gone.
pub(super) struct Writer {
    plan: Plan,
    progress: ExtractProgress,
    /// Where in the archive the next byte belongs.
    at: u64,
    /// The item that is current, or to come.
    next: usize,
    current: Option<Current>,
    buffer: Vec<u8>,
    /// Dropped after the file, which Windows removes only when it is closed.
    staging: Arc<Staging>,
    /// Dropped last: a callback that is dropped tells its owner that nothing is left.
    on_progress: Option<OnProgress>,
}

struct Current {
    unpacker: Unpacker,
    path: PathBuf,
    /// None is a folder's: of that nothing but the header counts.
    file: Option<File>,
}

impl Writer {
    pub(super) fn new(plan: Plan, staging: Arc<Staging>, on_progress: Option<OnProgress>) -> Self {
        let items = plan.items.iter();
        let files = items.filter(|item| item.entry.kind != EntryKind::Directory);
        Self {
            progress: ExtractProgress {
                bytes: 0,
                total_bytes: plan.bytes,
                entries: 0,
                total_entries: files.count(),
            },
            staging,
            plan,
            on_progress,
            at: 0,
            next: 0,
            current: None,
            buffer: vec![0; PIECE],
        }
    }

    pub(super) fn totals(&self) -> Totals {
        (self.progress.entries, self.progress.bytes)
    }

    pub(super) fn make_folders(&mut self) -> Result<(), Error> {
        for path in &self.plan.folders {
            self.staging.ensure_wanted()?;
            let path = self.staging.folder.join(path);
            fs::create_dir(&path).map_err(|error| failed("cannot create", &path, error))?;
        }
        Ok(())
    }

    /// Takes in the next bytes of the archive.
    pub(super) fn write(&mut self, mut archive: Bytes) -> Result<(), Error> {
        let end = self.at + archive.len() as u64;
        loop {
            self.staging.ensure_wanted()?;
            if self.current.is_none() && !self.begin(&mut archive, end)? {
                break;
            }
            if !self.advance(&mut archive)? {
                break;
            }
        }
        self.at = end;
        Ok(())
    }

    /// Begins the next item, if the archive has come to it.
    fn begin(&mut self, archive: &mut Bytes, end: u64) -> Result<bool, Error> {
        let Some(item) = self.plan.items.get(self.next) else {
            return Ok(false);
        };
        let entry = &item.entry;
        let at = end - archive.len() as u64;
        let ahead = entry.room.start.checked_sub(at);
        let ahead = ahead.ok_or_else(|| entry.overlaps())?;
        if ahead >= archive.len() as u64 {
            return Ok(false);
        }
        archive.advance(ahead as usize);
        let path = self.staging.folder.join(&item.path);
        self.current = Some(Current {
            unpacker: Unpacker::new(entry.clone())?,
            file: match entry.kind {
                EntryKind::Directory => None,
                _ => Some(create(&path, entry)?),
            },
            path,
        });
        Ok(true)
    }

    /// Unpacks a piece of the current item; false if there is nothing more to unpack it from.
    fn advance(&mut self, archive: &mut Bytes) -> Result<bool, Error> {
        let Some(current) = &mut self.current else {
            return Ok(false);
        };
        match current.unpacker.step(archive, &mut self.buffer)? {
            Step::Hungry => return Ok(false),
            Step::Unpacked(len) => {
                if let Some(file) = &mut current.file {
                    let written = file.write_all(&self.buffer[..len]);
                    written.map_err(|error| failed("cannot write", &current.path, error))?;
                }
                self.progress.bytes += len as u64;
            }
            Step::Complete => {
                self.progress.entries += usize::from(current.file.is_some());
                self.current = None;
                self.next += 1;
            }
        }
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(self.progress);
        }
        Ok(true)
    }

    /// When all has come.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        self.staging.ensure_wanted()?;
        if self.next < self.plan.items.len() {
            return Err(damaged("it ends before its entries do"));
        }
        let links = self.plan.items.iter();
        let links: Vec<_> = links
            .filter(|item| item.entry.kind == EntryKind::Symlink)
            .collect();
        for item in &links {
            make_link(item, &self.staging.folder.join(&item.path))?;
        }
        if links.is_empty() {
            return Ok(());
        }
        // Only the system knows where links lead that lead through others.
        let folder = &self.staging.folder;
        let whole =
            fs::canonicalize(folder).map_err(|error| failed("cannot find", folder, error))?;
        for item in links {
            let leads_to = fs::canonicalize(folder.join(&item.path));
            if !leads_to.is_ok_and(|it| it.starts_with(&whole)) {
                return Err(refused_link(item, "leads to nothing in the folder"));
            }
        }
        Ok(())
    }
}

/// Makes a link of the file that says where it leads. That is done last, so that nothing is ever written
/// through a link.
fn make_link(item: &Item, path: &Path) -> Result<(), Error> {
    let target = fs::read(path).map_err(|error| failed("cannot read", path, error))?;
    let target = String::from_utf8(target);
    let target = target.map_err(|_| refused_link(item, "leads to no valid name"))?;
    if target.is_empty() || target.contains(['\\', '\0']) || Path::new(&target).has_root() {
        return Err(refused_link(item, "leads out of the folder"));
    }
    fs::remove_file(path).map_err(|error| failed("cannot remove", path, error))?;
    let made = link(&target, path).and_then(|()| fs::symlink_metadata(path));
    made.map(drop).map_err(|error| {
        let name = &item.entry.name;
        Error::new(
            ErrorKind::Io,
            format!(
                "cannot make the symbolic link {name:?}: {error}; leave links out with \
                 `symbolic_links(SymbolicLinks::Skip)`, or write where they lead with `AsText`"
            ),
        )
    })
}

fn refused_link(item: &Item, why: &str) -> Error {
    let name = &item.entry.name;
    refused(format!(
        "link {name:?} {why}; leave links out with `symbolic_links(SymbolicLinks::Skip)`"
    ))
}

fn create(path: &Path, entry: &Entry) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // Nobody but the owner gets more than to read and to run; the process's own mask counts too.
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let mode = entry.unix_mode.filter(|mode| mode & 0o777 != 0);
        let mode = mode.filter(|_| entry.kind == EntryKind::File);
        options.mode((mode.unwrap_or(0o644) & 0o755) | 0o600);
    }
    #[cfg(not(unix))]
    let _ = entry;
    options
        .open(path)
        .map_err(|error| failed("cannot create", path, error))
}

#[cfg(unix)]
fn link(target: &str, path: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Windows tells links to folders from links to files.
#[cfg(windows)]
fn link(target: &str, path: &Path) -> std::io::Result<()> {
    use std::os::windows::fs::{symlink_dir, symlink_file};

    // It follows no link that has a slash in it.
    let target = &target.replace('/', "\\");
    let leads_to = path.parent().map(|folder| folder.join(target));
    match leads_to.is_some_and(|it| it.is_dir()) {
        true => symlink_dir(target, path),
        false => symlink_file(target, path),
    }
}
