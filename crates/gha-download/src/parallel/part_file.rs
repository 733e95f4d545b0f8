//! A file that knows which parts of it are there, and so survives its process.
//!
//! The state follows the content, in two places that take turns: when writing one is interrupted,
//! the other is still good. Each is a SHA-256, a length and JSON.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use gha_core::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::ranges::Ranges;

/// The room for one state: some 1,500 ranges.
const SLOT: usize = 64 * 1024;
const SLOTS: u64 = 2;
const HASH: usize = 32;
const HEAD: usize = HASH + 4;

/// How long to wait for another download to let go of the file.
const PATIENCE: Duration = Duration::from_secs(2);

/// A machine that crashes loses at most so many bytes.
const OFTEN: u64 = 16 * 1024 * 1024;

#[derive(Debug, Serialize, Deserialize)]
struct State {
    etag: String,
    total: u64,
    sequence: u64,
    finished: Vec<(u64, u64)>,
}

fn failed(what: &str, path: &Path, error: io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("{what} {}: {error}", path.display())).with_source(error)
}

/// Where the parts for `path` are kept.
pub(super) fn path_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// Opens the file with what is there of this content, or starts it anew.
pub(super) fn open(
    path: &Path,
    etag: &str,
    total: u64,
    often: u64,
) -> Result<(File, Ranges, Recorder), Error> {
    let cannot = |error| failed("cannot keep", path, error);
    let mut file = lock(path)?;
    let known = newest(&mut file)
        .map_err(cannot)?
        .filter(|state| state.etag == etag && state.total == total);
    let mut recorder = Recorder {
        etag: etag.to_owned(),
        total,
        sequence: 0,
        often: often.min(OFTEN),
        unrecorded: 0,
    };
    let mut finished = Ranges::default();
    match known {
        Some(state) => {
            recorder.sequence = state.sequence;
            for (start, end) in state.finished {
                finished.insert(start..end.min(total));
            }
        }
        None => {
            file.set_len(0).map_err(cannot)?;
            let len = total.checked_add(SLOTS * SLOT as u64);
            let len = len.ok_or_else(|| cannot(io::ErrorKind::FileTooLarge.into()))?;
            preallocate(&file, len).map_err(cannot)?;
            recorder.record(&mut file, &finished).map_err(cannot)?;
        }
    }
    Ok((file, finished, recorder))
}

/// Makes room for a file, so that a full disk shows at once where the file system can tell.
pub(super) fn preallocate(file: &File, len: u64) -> io::Result<()> {
    match fs4::FileExt::allocate(file, len) {
        Err(error) if error.kind() == io::ErrorKind::StorageFull => Err(error),
        _ => file.set_len(len),
    }
}

/// Opens and locks the file: two processes would undo each other's work. One that was given up a
/// moment ago may still be writing down how far it came.
fn lock(path: &Path) -> Result<File, Error> {
    let patience = Instant::now() + PATIENCE;
    loop {
        // What a link leads to is not ours to write.
        if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
            let shown = path.display();
            let message = format!("cannot keep {shown}: there is something that is no file");
            return Err(Error::new(ErrorKind::Io, message));
        }
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options
            .open(path)
            .map_err(|error| failed("cannot keep", path, error))?;
        if let Err(error) = fs4::FileExt::try_lock(&file) {
            if Instant::now() < patience {
                sleep(Duration::from_millis(10));
                continue;
            }
            let shown = path.display();
            let message = format!("cannot keep {shown}: another download is using it");
            return Err(Error::new(ErrorKind::Io, message).with_source(io::Error::from(error)));
        }
        // The one before may have finished in between, and then this is its result.
        if is_at(&file, path) {
            return Ok(file);
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let id = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    let (here, there) = (file.metadata().map(id), fs::symlink_metadata(path).map(id));
    here.is_ok_and(|here| there.is_ok_and(|there| here == there))
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

/// The last state that was written as a whole, if there is one.
fn newest(file: &mut File) -> io::Result<Option<State>> {
    let len = file.metadata()?.len();
    let Some(total) = len.checked_sub(SLOTS * SLOT as u64) else {
        return Ok(None);
    };
    let mut slots = Vec::new();
    file.seek(SeekFrom::Start(total))?;
    file.read_to_end(&mut slots)?;
    let states = slots.chunks_exact(SLOT).filter_map(decode);
    Ok(states
        .filter(|state| state.total == total && state.sequence < u64::MAX)
        .max_by_key(|state| state.sequence))
}

fn decode(slot: &[u8]) -> Option<State> {
    let (hash, rest) = slot.split_at_checked(HASH)?;
    let (len, rest) = rest.split_first_chunk::<4>()?;
    let json = rest.get(..u32::from_le_bytes(*len) as usize)?;
    if Sha256::digest(json)[..] != *hash {
        return None;
    }
    serde_json::from_slice(json).ok()
}

/// Keeps the state up to date.
#[derive(Debug)]
pub(super) struct Recorder {
    etag: String,
    total: u64,
    sequence: u64,
    often: u64,
    unrecorded: u64,
}

impl Recorder {
    /// Records the state now and then.
    pub(super) fn wrote(
        &mut self,
        bytes: u64,
        file: &mut File,
        finished: &Ranges,
    ) -> io::Result<()> {
        self.unrecorded += bytes;
        if self.unrecorded < self.often {
            return Ok(());
        }
        self.record(file, finished)
    }

    pub(super) fn record(&mut self, file: &mut File, finished: &Ranges) -> io::Result<()> {
        self.unrecorded = 0;
        self.sequence += 1;
        let state = State {
            etag: self.etag.clone(),
            total: self.total,
            sequence: self.sequence,
            finished: finished
                .iter()
                .map(|range| (range.start, range.end))
                .collect(),
        };
        let json = serde_json::to_vec(&state)?;
        if json.len() > SLOT - HEAD {
            // So many pieces will be fewer soon; what was recorded before is still true.
            return Ok(());
        }
        // Nothing may be said to be there that a crash of the machine can take away.
        file.sync_data()?;
        let mut slot = Sha256::digest(&json).to_vec();
        slot.extend_from_slice(&(json.len() as u32).to_le_bytes());
        slot.extend_from_slice(&json);
        let place = self.total + (self.sequence % SLOTS) * SLOT as u64;
        file.seek(SeekFrom::Start(place))?;
        file.write_all(&slot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(list: &[(u64, u64)]) -> Ranges {
        let mut ranges = Ranges::default();
        list.iter()
            .for_each(|(start, end)| ranges.insert(*start..*end));
        ranges
    }

    #[test]
    fn goes_on_with_the_last_whole_state() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.part");
        let (mut file, finished, mut recorder) = open(&path, "\"a\"", 1000, 1).unwrap();
        assert_eq!(finished, Ranges::default());
        recorder.record(&mut file, &ranges(&[(0, 10)])).unwrap();
        recorder
            .record(&mut file, &ranges(&[(0, 20), (40, 50)]))
            .unwrap();
        drop(file);

        let (mut file, finished, _) = open(&path, "\"a\"", 1000, 1).unwrap();
        assert_eq!(finished, ranges(&[(0, 20), (40, 50)]));
        // The place of the third state: interrupted in the middle of it.
        file.seek(SeekFrom::Start(1000 + SLOT as u64 + 40)).unwrap();
        file.write_all(b"###").unwrap();
        drop(file);

        let (_file, finished, recorder) = open(&path, "\"a\"", 1000, 1).unwrap();
        assert_eq!(finished, ranges(&[(0, 10)]));
        assert_eq!(recorder.sequence, 2);
    }

    #[test]
    fn starts_over_when_the_content_is_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.part");
        for (etag, total) in [
            ("\"a\"", 1000),
            ("\"b\"", 1000),
            ("\"b\"", 1001),
            ("\"b\"", 1001),
        ] {
            let (mut file, finished, mut recorder) = open(&path, etag, total, 1).unwrap();
            let again = recorder.sequence > 1;
            assert_eq!(
                finished,
                if again {
                    ranges(&[(5, 6)])
                } else {
                    ranges(&[])
                }
            );
            recorder.record(&mut file, &ranges(&[(5, 6)])).unwrap();
        }
        std::fs::write(&path, b"something else").unwrap();
        let (_file, finished, _) = open(&path, "\"b\"", 1001, 1).unwrap();
        assert_eq!(finished, Ranges::default());
    }

    #[test]
    fn is_not_shared() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.part");
        let first = open(&path, "\"a\"", 1000, 1).unwrap();
        let error = open(&path, "\"a\"", 1000, 1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
        assert!(error.to_string().contains("another download"), "{error}");
        let letting_go = std::thread::spawn(move || {
            sleep(Duration::from_millis(100));
            drop(first);
        });
        open(&path, "\"a\"", 1000, 1).unwrap();
        letting_go.join().unwrap();
    }

    #[test]
    fn a_length_that_no_file_has_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.part");
        let error = open(&path, "\"a\"", u64::MAX, 1).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (path, victim) = (folder.path().join("a.part"), folder.path().join("victim"));
        fs::write(&victim, "precious").unwrap();
        std::os::unix::fs::symlink(&victim, &path).unwrap();
        open(&path, "\"a\"", 1000, 1).unwrap_err();
        assert_eq!(fs::read(&victim).unwrap(), b"precious");
    }
}
