//! A file that knows which parts of it are there, and so survives its process.
//!
//! The state follows the content, in two places that take turns: when writing one is interrupted,
//! the other is still good. Each is a checksum, a length and JSON; a file without either is none of ours.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use gha_core::{Error, ErrorKind};
use serde::{Deserialize, Serialize};

use crate::disk::{LONGEST_NAME, fnv, folder_of, is_ours};
use crate::ranges::Ranges;
use crate::target::settle;

/// The room for one state: some 1,500 ranges.
const SLOT: usize = 64 * 1024;
const SLOTS: u64 = 2;
/// A checksum of eight bytes and a length of four.
const HEAD: usize = 12;

const SUFFIX: &str = ".part";

/// Whoever is interrupted loses at most so many bytes.
const OFTEN: u64 = 16 * 1024 * 1024;

#[derive(Debug, Serialize, Deserialize)]
struct State {
    etag: String,
    total: u64,
    sequence: u64,
    finished: Vec<(u64, u64)>,
}

fn cannot_keep(path: &Path, why: impl fmt::Display) -> Error {
    let message = format!("cannot keep {}: {why}", path.display());
    Error::new(ErrorKind::Io, message)
}

/// Where the parts for `path` are kept.
pub(crate) fn path_of(path: &Path) -> Result<PathBuf, Error> {
    let name = path.file_name().unwrap_or_default();
    if name.len() + SUFFIX.len() > LONGEST_NAME {
        let why = format!("the name of the file is too long for `{SUFFIX}` to follow");
        return Err(cannot_keep(path, why));
    }
    let mut name = path.as_os_str().to_owned();
    name.push(SUFFIX);
    Ok(name.into())
}

/// A file to go on with: what is there of the content, and who writes that down.
pub(crate) type Kept = (File, Ranges, Recorder);

/// Opens the file with what is there of this content, or starts it anew; nothing while another
/// download is using it.
pub(crate) fn open(path: &Path, etag: &str, total: u64, often: u64) -> Result<Option<Kept>, Error> {
    let cannot = |error| cannot_keep(path, error);
    let Some(file) = lock(path)? else {
        return Ok(None);
    };
    let newest = newest(&file).map_err(cannot)?;
    if newest.is_none() && file.metadata().map_err(cannot)?.len() > 0 {
        let why = "there is a file that is no download; move it away, or save under another name";
        return Err(cannot_keep(path, why));
    }
    let mut recorder = Recorder {
        etag: etag.to_owned(),
        total,
        sequence: 0,
        often: often.min(OFTEN),
        unrecorded: 0,
    };
    let mut finished = Ranges::default();
    match newest.filter(|state| state.etag == etag && state.total == total) {
        Some(state) => {
            recorder.sequence = state.sequence;
            for (start, end) in state.finished {
                finished.insert(start..end.min(total));
            }
        }
        None => {
            let len = total.checked_add(SLOTS * SLOT as u64);
            let len = len.ok_or_else(|| cannot(io::ErrorKind::FileTooLarge.into()))?;
            // Whoever is interrupted now leaves a file that is empty, or known.
            let begun = file
                .set_len(0)
                .and_then(|()| recorder.record(&file, &finished))
                // The next state has its place on the disk, should that be full by then.
                .and_then(|()| write_all_at(&file, &[0; SLOT], recorder.next_place()))
                .and_then(|()| make_room(&file, path, len))
                // A crash of the machine may leave the length, and none of what is in it.
                .and_then(|()| settle(&file));
            begun.map_err(|error| {
                let _ = file.set_len(0);
                cannot(error)
            })?;
        }
    }
    Ok(Some((file, finished, recorder)))
}

/// The error when another download does not let go of the file.
pub(crate) fn in_use(path: &Path) -> Error {
    cannot_keep(path, "another download is using it")
}

/// Makes a file as long as it will be, unless its disk says that it has no room for that. The room is not
/// taken, for that takes as long as writing where files are in memory.
pub(crate) fn make_room(file: &File, path: &Path, len: u64) -> io::Result<()> {
    // Some file systems say 0 whatever they have.
    let lacks = |free: u64| (1..len).contains(&free);
    if fs4::free_space(folder_of(path)).is_ok_and(lacks) {
        return Err(io::ErrorKind::StorageFull.into());
    }
    file.set_len(len)
}

/// Opens and locks the file, unless another process has: they would undo each other's work.
fn lock(path: &Path) -> Result<Option<File>, Error> {
    // What a link leads to is not ours to write.
    if fs::symlink_metadata(path).is_ok_and(|found| !found.is_file()) {
        return Err(cannot_keep(path, "there is something that is no file"));
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        rustix::fs::OFlags::NOFOLLOW.bits().cast_signed(),
    );
    let opened = options.open(path);
    let file = opened.map_err(|error| cannot_keep(path, error))?;
    // One that finishes just now may have given the file its name.
    Ok(is_ours(&file, path).then_some(file))
}

/// The last state that was written as a whole, if there is one.
fn newest(file: &File) -> io::Result<Option<State>> {
    let Some(total) = file.metadata()?.len().checked_sub(SLOTS * SLOT as u64) else {
        return Ok(None);
    };
    let mut slots = vec![0; SLOTS as usize * SLOT];
    read_exact_at(file, &mut slots, total)?;
    let states = slots.chunks_exact(SLOT).filter_map(decode);
    Ok(states
        .filter(|state| state.total == total && state.sequence < u64::MAX)
        .max_by_key(|state| state.sequence))
}

fn decode(slot: &[u8]) -> Option<State> {
    let (checksum, rest) = slot.split_first_chunk::<8>()?;
    let (len, rest) = rest.split_first_chunk::<4>()?;
    let json = rest.get(..u32::from_le_bytes(*len) as usize)?;
    if fnv(json).to_le_bytes() != *checksum {
        return None;
    }
    serde_json::from_slice(json).ok()
}

/// Keeps the state up to date.
#[derive(Debug)]
pub(crate) struct Recorder {
    etag: String,
    total: u64,
    sequence: u64,
    often: u64,
    unrecorded: u64,
}

impl Recorder {
    /// Records the state now and then.
    pub(crate) fn wrote(&mut self, bytes: u64, file: &File, finished: &Ranges) -> io::Result<()> {
        self.unrecorded += bytes;
        if self.unrecorded < self.often {
            return Ok(());
        }
        self.record(file, finished)
    }

    pub(crate) fn record(&mut self, file: &File, finished: &Ranges) -> io::Result<()> {
        self.unrecorded = 0;
        let place = self.next_place();
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
        settle(file)?;
        let mut slot = fnv(&json).to_le_bytes().to_vec();
        slot.extend_from_slice(&(json.len() as u32).to_le_bytes());
        slot.extend_from_slice(&json);
        slot.resize(SLOT, 0);
        write_all_at(file, &slot, place)
    }

    fn next_place(&self) -> u64 {
        self.total + ((self.sequence + 1) % SLOTS) * SLOT as u64
    }
}

/// Writes at an offset, wherever the file stands.
pub(crate) fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::write_all_at(file, bytes, offset);
    #[cfg(windows)]
    {
        let (mut bytes, mut offset) = (bytes, offset);
        while !bytes.is_empty() {
            match std::os::windows::fs::FileExt::seek_write(file, bytes, offset)? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                written => (bytes, offset) = (&bytes[written..], offset + written as u64),
            }
        }
        Ok(())
    }
}

/// Fills the buffer from an offset, wherever the file stands.
pub(crate) fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    #[cfg(unix)]
    return std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset);
    #[cfg(windows)]
    {
        let (mut bytes, mut offset) = (bytes, offset);
        while !bytes.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(file, bytes, offset)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                read => (bytes, offset) = (&mut bytes[read..], offset + read as u64),
            }
        }
        Ok(())
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
        let (file, finished, mut recorder) = open(&path, "\"a\"", 1000, 1).unwrap().unwrap();
        assert_eq!(finished, Ranges::default());
        recorder.record(&file, &ranges(&[(0, 10)])).unwrap();
        recorder
            .record(&file, &ranges(&[(0, 20), (40, 50)]))
            .unwrap();
        drop(file);

        let (file, finished, _) = open(&path, "\"a\"", 1000, 1).unwrap().unwrap();
        assert_eq!(finished, ranges(&[(0, 20), (40, 50)]));
        // The place of the third state: interrupted in the middle of it.
        write_all_at(&file, b"###", 1000 + SLOT as u64 + 40).unwrap();
        drop(file);

        let (_file, finished, recorder) = open(&path, "\"a\"", 1000, 1).unwrap().unwrap();
        assert_eq!(finished, ranges(&[(0, 10)]));
        assert_eq!(recorder.sequence, 2);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn states_have_their_places_on_the_disk_from_the_beginning() {
        use std::os::unix::fs::MetadataExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.part");
        let (file, ..) = open(&path, "\"a\"", 1 << 30, 1).unwrap().unwrap();
        // The room for the content is not taken.
        let taken = 512 * file.metadata().unwrap().blocks();
        assert!(
            (SLOTS * SLOT as u64..1 << 29).contains(&taken),
            "{taken} bytes"
        );
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
            let (file, finished, mut recorder) = open(&path, etag, total, 1).unwrap().unwrap();
            let again = recorder.sequence > 1;
            assert_eq!(
                finished,
                if again {
                    ranges(&[(5, 6)])
                } else {
                    ranges(&[])
                }
            );
            recorder.record(&file, &ranges(&[(5, 6)])).unwrap();
        }
    }

    #[test]
    fn what_is_no_download_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.part");
        for content in [&b"mine"[..], &[0; 3 * SLOT]] {
            fs::write(&path, content).unwrap();
            let error = open(&path, "\"a\"", 1000, 1).unwrap_err();
            assert!(error.to_string().contains("no download"), "{error}");
            assert_eq!(fs::read(&path).unwrap(), content);
        }
        // Nothing is lost of a file that is empty.
        fs::write(&path, b"").unwrap();
        open(&path, "\"a\"", 1000, 1).unwrap();
    }

    #[test]
    fn a_name_that_leaves_no_room_is_refused() {
        path_of(Path::new(&"a".repeat(250))).unwrap();
        for length in [251, 255] {
            let error = path_of(Path::new(&"a".repeat(length))).unwrap_err();
            assert!(error.to_string().contains("too long"), "{error}");
        }
    }

    #[test]
    fn is_not_shared() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.part");
        let first = open(&path, "\"a\"", 1000, 1).unwrap();
        assert!(open(&path, "\"a\"", 1000, 1).unwrap().is_none());
        drop(first);
        assert!(open(&path, "\"a\"", 1000, 1).unwrap().is_some());
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
