//! The central directory of an archive: what is in it, and where.

mod entry;
mod locate;
mod window;

use std::io::{Read, Seek};
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use gha_core::Error;
use zip::ZipArchive;
use zip::read::{ArchiveOffset, Config, ZipArchiveMetadata};

use crate::error::{damaged, of_entry, of_entry_io, refused};
use window::Window;

pub use entry::{Entry, EntryKind};
pub(crate) use locate::{Location, TAIL, locate};

/// What a local header takes without name and extra fields
/// ([APPNOTE](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT) section 4.3.7).
const LOCAL_HEADER: u64 = 30;
/// The most that its name and extra fields take.
const LONGEST_FIELDS: u64 = 2 * u16::MAX as u64;
/// How much is unpacked at once.
const BUFFER: usize = 128 * 1024;

#[derive(Debug)]
pub(crate) struct Directory {
    zip: Arc<ZipArchiveMetadata>,
    pub(crate) entries: Vec<Entry>,
    /// Where entries begin, in order.
    starts: Vec<u64>,
    start: u64,
}

impl Directory {
    /// Reads the directory from the last bytes of an archive, which hold all of it.
    pub(crate) fn parse(last: Bytes, len: u64, location: &Location) -> Result<Self, Error> {
        let config = Config {
            archive_offset: ArchiveOffset::Known(location.prefix),
        };
        let archive = ZipArchive::with_config(config, Window::new(last, len))
            .map_err(|error| damaged(format!("its directory: {error}")).with_source(error))?;
        let zip = archive.metadata();
        let mut entries = Vec::with_capacity(zip.len());
        for index in 0..zip.len() {
            let unreadable = |error| damaged(format!("entry {index}: {error}"));
            entries.push(Entry::new(zip.entry(index).map_err(unreadable)?).map_err(unreadable)?);
        }
        let mut starts: Vec<_> = entries.iter().map(|entry| entry.start).collect();
        starts.sort_unstable();
        Ok(Self {
            zip,
            entries,
            starts,
            start: location.start,
        })
    }

    /// Whether two entries have the very same name: only the last of them is listed.
    pub(crate) fn has_duplicates(&self) -> bool {
        self.zip.has_duplicate_names()
    }

    /// Entries by their position in the archive.
    pub(crate) fn in_order(&self) -> Vec<usize> {
        let mut order: Vec<_> = (0..self.entries.len()).collect();
        order.sort_by_key(|index| self.entries[*index].start);
        order
    }

    /// Whether an entry reaches into the next one, or into the directory.
    pub(crate) fn overlaps(&self, index: usize) -> bool {
        let entry = &self.entries[index];
        let end = entry.start.saturating_add(LOCAL_HEADER);
        let end = end.saturating_add(entry.compressed_size);
        let next = self.next(entry.start);
        let first = self.starts.partition_point(|start| *start < entry.start);
        let limit = self.starts.get(next).copied().unwrap_or(self.start);
        next - first > 1 || end > limit.min(self.start)
    }

    /// The bytes that hold an entry, and little else.
    pub(crate) fn extent(&self, index: usize) -> Range<u64> {
        let entry = &self.entries[index];
        let next = self.starts.get(self.next(entry.start)).copied();
        let most = entry
            .start
            .saturating_add(LOCAL_HEADER + LONGEST_FIELDS)
            .saturating_add(entry.compressed_size);
        let end = most.min(next.unwrap_or(self.start)).min(self.start);
        entry.start.min(end)..end
    }

    /// Which of the starts is the first behind this one.
    fn next(&self, start: u64) -> usize {
        self.starts.partition_point(|other| *other <= start)
    }

    /// Refuses an entry whose content cannot be had.
    pub(crate) fn readable(&self, index: usize) -> Result<(), Error> {
        let entry = &self.entries[index];
        match entry.unreadable() {
            Some(why) => Err(refused(format!("entry {:?} {why}", entry.name))),
            None => Ok(()),
        }
    }

    /// Unpacks an entry, verified against its size and checksum; `sink` gets it piece by piece.
    pub(crate) fn unpack(
        &self,
        index: usize,
        reader: &mut (impl Read + Seek),
        mut sink: impl FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.readable(index)?;
        let entry = &self.entries[index];
        let zip = self
            .zip
            .entry(index)
            .map_err(|error| of_entry(&entry.name, error))?;
        let mut content = zip
            .with_reader(reader, zip::ZipReadOptions::new())
            .map_err(|error| of_entry(&entry.name, error))?;
        let mut buffer = vec![0; BUFFER.min(entry.size.max(1) as usize)];
        let mut unpacked = 0;
        loop {
            let read = content
                .read(&mut buffer)
                .map_err(|error| of_entry_io(&entry.name, error))?;
            if read == 0 {
                break;
            }
            unpacked += read as u64;
            sink(&buffer[..read])?;
        }
        if unpacked == entry.size {
            Ok(())
        } else {
            let (name, size) = (&entry.name, entry.size);
            Err(damaged(format!(
                "entry {name:?} has {unpacked} bytes instead of {size}"
            )))
        }
    }
}
