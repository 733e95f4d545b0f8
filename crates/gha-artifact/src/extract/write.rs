//! Writing what a plan says, from the bytes of the archive as they come.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Weak;

use bytes::{Buf as _, Bytes};
use gha_core::{Error, ErrorKind};

use super::folder::Staging;
use super::plan::{Item, ItemKind, Plan};
use super::{ExtractProgress, OnProgress};
use crate::Entry;
use crate::directory::Directory;
use crate::error::{damaged, failed, refused};
use crate::unpack::{PIECE, Step, Unpacker};

/// Unpacks an archive into a folder that is nobody else's.
///
/// It ends soon after the caller has gone, and with it what `waiting` refers to.
pub(super) struct Writer {
    directory: Directory,
    plan: Plan,
    folder: PathBuf,
    on_progress: Option<OnProgress>,
    progress: ExtractProgress,
    waiting: Weak<()>,
    /// Where in the archive the next byte belongs.
    at: u64,
    /// How many items are begun.
    begun: usize,
    current: Option<Current>,
    /// Links are made last, so that nothing is ever written through one.
    links: Vec<(usize, Vec<u8>)>,
    buffer: Vec<u8>,
}

struct Current {
    unpacker: Unpacker,
    path: PathBuf,
    sink: Sink,
}

enum Sink {
    File(File),
    Link(Vec<u8>),
}

impl Writer {
    pub(super) fn new(
        directory: Directory,
        plan: Plan,
        staging: &Staging,
        on_progress: Option<OnProgress>,
        waiting: Weak<()>,
    ) -> Self {
        Self {
            progress: ExtractProgress {
                bytes: 0,
                total_bytes: plan.bytes,
                entries: 0,
                total_entries: plan.items.len(),
            },
            folder: staging.path(),
            directory,
            plan,
            on_progress,
            waiting,
            at: 0,
            begun: 0,
            current: None,
            links: Vec::new(),
            buffer: vec![0; PIECE],
        }
    }

    /// How many entries and bytes there are in the end.
    pub(super) fn totals(&self) -> (usize, u64) {
        (self.progress.total_entries, self.progress.total_bytes)
    }

    pub(super) fn make_folders(&mut self) -> Result<(), Error> {
        for path in self.plan.folders() {
            still_wanted(&self.waiting)?;
            let path = self.folder.join(path);
            fs::create_dir(&path).map_err(|error| failed("cannot create", &path, error))?;
        }
        Ok(())
    }

    /// Takes in the next bytes of the archive.
    pub(super) fn write(&mut self, mut archive: Bytes) -> Result<(), Error> {
        let end = self.at + archive.len() as u64;
        loop {
            still_wanted(&self.waiting)?;
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
        let Some(item) = self.plan.items.get(self.begun) else {
            return Ok(false);
        };
        let room = self.directory.room(item.index);
        let at = end - archive.len() as u64;
        if room.start < at {
            let name = &self.directory.entries[item.index].name;
            let why = format!("entry {name:?} overlaps with another or with the directory");
            return Err(refused(why));
        }
        let ahead = usize::try_from(room.start - at).unwrap_or(usize::MAX);
        if ahead >= archive.len() {
            return Ok(false);
        }
        archive.advance(ahead);
        let entry = &self.directory.entries[item.index];
        let path = self.folder.join(&item.path);
        self.current = Some(Current {
            unpacker: Unpacker::new(entry, room.end - room.start)?,
            sink: match item.kind {
                ItemKind::Link => Sink::Link(Vec::new()),
                kind => Sink::File(create(&path, entry, kind)?),
            },
            path,
        });
        self.begun += 1;
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
                let piece = &self.buffer[..len];
                match &mut current.sink {
                    Sink::File(file) => file
                        .write_all(piece)
                        .map_err(|error| failed("cannot write", &current.path, error))?,
                    Sink::Link(target) => target.extend_from_slice(piece),
                }
                self.progress.bytes += len as u64;
            }
            Step::Complete => {
                if let Some(Current {
                    sink: Sink::Link(target),
                    ..
                }) = self.current.take()
                {
                    self.links.push((self.begun - 1, target));
                }
                self.progress.entries += 1;
            }
        }
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(self.progress);
        }
        Ok(true)
    }

    /// When all has come.
    pub(super) fn finish(&mut self) -> Result<(), Error> {
        still_wanted(&self.waiting)?;
        if self.current.is_some() || self.begun < self.plan.items.len() {
            return Err(damaged("it ends before its entries do"));
        }
        for (item, target) in &self.links {
            self.make_link(&self.plan.items[*item], target)?;
        }
        if self.links.is_empty() {
            return Ok(());
        }
        // Only the system knows where links lead that lead through others.
        let folder = &self.folder;
        let whole =
            fs::canonicalize(folder).map_err(|error| failed("cannot find", folder, error))?;
        for (item, _) in &self.links {
            let item = &self.plan.items[*item];
            let inside = fs::canonicalize(folder.join(&item.path))
                .is_ok_and(|leads_to| leads_to.starts_with(&whole));
            if !inside {
                return Err(refused(format!(
                    "link {:?} leads to nothing in the folder; leave links out with \
                     `symbolic_links(SymbolicLinks::Skip)`",
                    self.directory.entries[item.index].name
                )));
            }
        }
        Ok(())
    }

    fn make_link(&self, item: &Item, target: &[u8]) -> Result<(), Error> {
        let name = &self.directory.entries[item.index].name;
        let named = |why: &str| refused(format!("link {name:?} {why}"));
        let target = std::str::from_utf8(target).map_err(|_| named("leads to no valid name"))?;
        if target.is_empty() || target.contains(['\\', '\0']) || Path::new(target).has_root() {
            return Err(named("leads out of the folder"));
        }
        let path = self.folder.join(&item.path);
        let made = link(target, &path).and_then(|()| fs::symlink_metadata(&path));
        made.map(drop).map_err(|error| {
            Error::new(
                ErrorKind::Io,
                format!(
                    "cannot make the symbolic link {name:?}: {error}; leave links out with \
                     `symbolic_links(SymbolicLinks::Skip)`, or write where they lead with `AsText`"
                ),
            )
        })
    }
}

/// Fails when the caller has gone.
pub(super) fn still_wanted(waiting: &Weak<()>) -> Result<(), Error> {
    match waiting.strong_count() {
        0 => Err(Error::new(ErrorKind::Io, "nobody waits for the extraction")),
        _ => Ok(()),
    }
}

fn create(path: &Path, entry: &Entry, kind: ItemKind) -> Result<File, Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // Nobody but the owner gets more than to read and to run; the process's own mask counts too.
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let mode = entry.unix_mode.filter(|mode| mode & 0o777 != 0);
        let mode = mode.filter(|_| kind == ItemKind::File);
        options.mode((mode.unwrap_or(0o644) & 0o755) | 0o600);
    }
    #[cfg(not(unix))]
    let _ = (entry, kind);
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
