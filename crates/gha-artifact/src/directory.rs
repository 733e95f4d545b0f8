//! The central directory of an archive: where it is, what is in it, and whether all of that agrees.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;

use bytes::{Bytes, BytesMut};
use gha_core::{Error, ErrorKind};
use gha_download::Source;
use memchr::memmem;
use rawzip::ZipArchive;

use crate::Entry;
use crate::error::{damaged, failed};

/// How much of an archive's end is read at first: the end record with the longest comment, and
/// with a usual one the directory of 1,000 entries.
const TAIL: u64 = 128 * 1024;
/// The largest directory that is read: 64 MiB.
const LARGEST: u64 = 64 * 1024 * 1024;

// APPNOTE sections 4.3.14 to 4.3.16.
const END: &[u8] = b"PK\x05\x06";
const END_LEN: usize = 22;
const END64: &[u8] = b"PK\x06\x06";
const END64_LEN: usize = 56;
const LOCATOR: &[u8] = b"PK\x06\x07";
const LOCATOR_LEN: usize = 20;

/// What a local header takes at least, without name and extra fields (APPNOTE section 4.3.7).
pub(crate) const LOCAL_HEADER: u64 = 30;
/// The most that its name and extra fields take.
const LONGEST_FIELDS: u64 = 2 * u16::MAX as u64;

#[derive(Debug)]
pub(crate) struct Directory {
    /// As the archive lists them.
    pub(crate) entries: Vec<Entry>,
    /// Where entries begin, in order.
    starts: Vec<u64>,
    /// Where the directory begins.
    start: u64,
}

impl Directory {
    /// Reads the directory of the archive at a source; it may list so many entries.
    pub(crate) async fn of_source(source: &Source, most: usize) -> Result<Self, Error> {
        // Where there are no ranges, reading one fails with the reason; nothing has none.
        let len = source.content_length().unwrap_or_default();
        let tail_start = len.saturating_sub(TAIL);
        let tail = match source.content_length() {
            Some(0) => Bytes::new(),
            _ => collect(source, tail_start, len).await?,
        };
        let end = End::find(&tail, len)?;
        let directory = match end.start < tail_start {
            true => {
                let behind = tail_start.min(end.start + end.size);
                let mut directory = BytesMut::from(collect(source, end.start, behind).await?);
                directory.extend_from_slice(&tail[..(end.start + end.size - behind) as usize]);
                directory.freeze()
            }
            false => tail.slice((end.start - tail_start) as usize..),
        };
        gha_core::blocking::blocking(move || Self::parse(&directory, &end, most)).await
    }

    /// Reads the directory of the archive in a file; it may list so many entries.
    pub(crate) fn of_file(file: &mut File, path: &Path, most: usize) -> Result<Self, Error> {
        let cannot = |error| failed("cannot read", path, error);
        let len = file.metadata().map_err(cannot)?.len();
        let mut read = |range: Range<u64>| {
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(range.start)).map_err(cannot)?;
            let mut part = file.take(range.end - range.start);
            part.read_to_end(&mut bytes).map_err(cannot)?;
            Ok::<_, Error>(bytes)
        };
        let end = End::find(&read(len.saturating_sub(TAIL)..len)?, len)?;
        let directory = read(end.start..end.start + end.size)?;
        Self::parse(&directory, &end, most)
    }

    /// `bytes` begins with the directory.
    fn parse(bytes: &[u8], end: &End, most: usize) -> Result<Self, Error> {
        let directory = bytes
            .get(..end.size as usize)
            .ok_or_else(|| damaged("it is cut off"))?;
        // To its reader the directory is an archive that holds nothing else.
        let mut alone = Vec::with_capacity(directory.len() + END_LEN);
        alone.extend_from_slice(directory);
        alone.extend_from_slice(END);
        alone.extend_from_slice(&[0; 8]);
        alone.extend_from_slice(&(directory.len() as u32).to_le_bytes());
        alone.extend_from_slice(&[0; 6]);
        let unreadable = |error: rawzip::Error| damaged(format!("its directory: {error}"));
        let archive = ZipArchive::from_slice(&alone).map_err(unreadable)?;
        let mut entries = Vec::new();
        for header in archive.entries() {
            if entries.len() >= most {
                return Err(Error::new(
                    ErrorKind::TooLarge,
                    format!("the archive has more than {most} entries"),
                ));
            }
            let header = header.map_err(unreadable)?;
            let at = header.central_directory_offset() as usize;
            if entries.is_empty() && at != 0 {
                return Err(damaged("its directory is not where it should be"));
            }
            let bytes = directory.get(at..).unwrap_or_default();
            entries.push(Entry::new(&header, bytes, end.prefix)?);
        }
        end.check_count(entries.len() as u64)?;
        let mut starts: Vec<_> = entries.iter().map(|entry| entry.start).collect();
        starts.sort_unstable();
        Ok(Self {
            entries,
            starts,
            start: end.start,
        })
    }

    /// Entries by their position in the archive.
    pub(crate) fn in_order(&self) -> Vec<usize> {
        let mut order: Vec<_> = (0..self.entries.len()).collect();
        order.sort_by_key(|index| self.entries[*index].start);
        order
    }

    /// Whether another entry begins where this one does.
    pub(crate) fn shares_its_start(&self, index: usize) -> bool {
        let start = self.entries[index].start;
        let first = self.starts.partition_point(|other| *other < start);
        self.starts.get(first + 1) == Some(&start)
    }

    /// The bytes that an entry may take: up to the next one, or to the directory.
    pub(crate) fn room(&self, index: usize) -> Range<u64> {
        let start = self.entries[index].start;
        let next = self.starts.partition_point(|other| *other <= start);
        let end = self.starts.get(next).copied().unwrap_or(self.start);
        start..end.min(self.start).max(start)
    }

    /// The bytes that hold an entry, and little else.
    pub(crate) fn extent(&self, index: usize) -> Range<u64> {
        let room = self.room(index);
        let most = self.entries[index]
            .compressed_size
            .saturating_add(room.start)
            .saturating_add(LOCAL_HEADER + LONGEST_FIELDS);
        room.start..room.end.min(most)
    }
}

async fn collect(source: &Source, start: u64, end: u64) -> Result<Bytes, Error> {
    let mut stream = source.read(start..end)?;
    let mut bytes = BytesMut::with_capacity((end - start) as usize);
    while let Some(chunk) = stream.try_next().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// What the records at the end say of the directory.
#[derive(Debug, PartialEq, Eq)]
struct End {
    start: u64,
    size: u64,
    /// How many bytes stand before the archive proper, as in one that extracts itself.
    prefix: u64,
    entries: u64,
    is_zip64: bool,
}

impl End {
    /// `tail` holds the last bytes of an archive of `len` bytes: [`TAIL`] of them, or all.
    fn find(tail: &[u8], len: u64) -> Result<Self, Error> {
        let end = find_end(tail).ok_or_else(|| {
            Error::new(
                ErrorKind::Decode,
                "the content is no zip archive: it has no end of a central directory",
            )
        })?;
        let record = End64::find(tail, end)?;
        let at = |field| u64::from(u16_at(tail, end + field));
        let disks = (at(4), at(6));
        let (on_disk, entries) = (at(8), at(10));
        let (size, offset) = (u32_at(tail, end + 12), u32_at(tail, end + 16));
        let (size, offset) = (u64::from(size), u64::from(offset));
        let (narrow, wide) = (u64::from(u16::MAX), u64::from(u32::MAX));
        let base = len - tail.len() as u64;
        let (behind, found) = match record {
            None => {
                if disks != (0, 0) || on_disk != entries {
                    return Err(damaged("it is one of several disks"));
                }
                let classic = (entries, size, offset, false);
                (base + end as u64, classic)
            }
            Some(record) => {
                // A field of the old record is what the new one says, or refers to it.
                let agree = |old: u64, none: u64, new: u64| old == none || old == new;
                if !(agree(entries, narrow, record.entries)
                    && agree(size, wide, record.size)
                    && agree(offset, wide, record.offset))
                {
                    return Err(damaged("its two end records contradict each other"));
                }
                let wide = (record.entries, record.size, record.offset, true);
                (base + record.at as u64, wide)
            }
        };
        let (entries, size, offset, is_zip64) = found;
        let start = behind.checked_sub(size);
        let prefix = start.and_then(|start| start.checked_sub(offset));
        let (Some(start), Some(prefix)) = (start, prefix) else {
            return Err(damaged("its directory is not where it should be"));
        };
        if let Some(record) = record
            && record.stated.checked_add(prefix) != Some(behind)
        {
            return Err(damaged("its Zip64 record is not where it should be"));
        }
        if size > LARGEST {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("the archive's directory has {size} bytes, more than {LARGEST}"),
            ));
        }
        Ok(Self {
            start,
            size,
            prefix,
            entries,
            is_zip64,
        })
    }

    /// The count is what there is. Old packers count to 65,535 and begin anew.
    fn check_count(&self, found: u64) -> Result<(), Error> {
        let wraps = !self.is_zip64 && found > u64::from(u16::MAX);
        let expected = match wraps {
            true => found % (u64::from(u16::MAX) + 1),
            false => found,
        };
        if self.entries == expected {
            return Ok(());
        }
        let entries = self.entries;
        Err(damaged(format!(
            "it says that it has {entries} entries, and its directory lists {found}"
        )))
    }
}

/// The Zip64 record, which some packers write although there is no need to.
#[derive(Clone, Copy, Debug)]
struct End64 {
    /// Where it begins in the tail.
    at: usize,
    /// Where the locator says that it begins.
    stated: u64,
    entries: u64,
    size: u64,
    offset: u64,
}

impl End64 {
    fn find(tail: &[u8], end: usize) -> Result<Option<Self>, Error> {
        let locator = end.checked_sub(LOCATOR_LEN);
        let Some(locator) = locator.filter(|at| tail[*at..].starts_with(LOCATOR)) else {
            return Ok(None);
        };
        // It ends where the locator begins; how long it is, it says itself.
        let fits = |at: &usize| {
            at + END64_LEN <= locator
                && u64_at(tail, at + 4).checked_add(12) == Some((locator - at) as u64)
        };
        let found = memmem::rfind_iter(&tail[..locator], END64).find(fits);
        let Some(at) = found else {
            return Err(damaged("its Zip64 record is not before the locator"));
        };
        let disks = (u32_at(tail, at + 16), u32_at(tail, at + 20));
        if disks != (0, 0) || u64_at(tail, at + 24) != u64_at(tail, at + 32) {
            return Err(damaged("it is one of several disks"));
        }
        Ok(Some(Self {
            at,
            stated: u64_at(tail, locator + 8),
            entries: u64_at(tail, at + 32),
            size: u64_at(tail, at + 40),
            offset: u64_at(tail, at + 48),
        }))
    }
}

/// The last end record whose comment fits.
fn find_end(tail: &[u8]) -> Option<usize> {
    let farthest = tail.len().saturating_sub(END_LEN + usize::from(u16::MAX));
    memmem::rfind_iter(&tail[farthest..], END)
        .map(|at| farthest + at)
        .find(|at| {
            let fixed = at + END_LEN;
            fixed <= tail.len() && fixed + usize::from(u16_at(tail, at + 20)) <= tail.len()
        })
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
