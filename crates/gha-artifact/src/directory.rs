//! The central directory of an archive: where it is, what is in it, and whether all of that agrees.

use bytes::{Buf as _, Bytes};
use gha_core::blocking::blocking;
use gha_core::{Error, ErrorKind};
use memchr::memmem;
use rawzip::ZipArchive;

use crate::Entry;
use crate::entry::LOCAL_SIGNATURE;
use crate::error::{damaged, too_large};
use crate::place::Place;

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

/// The entries of an archive, as it lists them; it may list so many.
pub(crate) async fn read(archive: &Place, most: usize) -> Result<Vec<Entry>, Error> {
    let len = archive.len();
    let tail_start = len.saturating_sub(TAIL);
    let tail = archive.bytes(tail_start..len).await?;
    let end = End::find(&tail, len)?;
    // Of an archive that is cut off, the last archive that it holds would pass for it.
    if end.prefix > 0 && archive.bytes(0..4).await? == LOCAL_SIGNATURE {
        return Err(damaged(
            "it begins with entries that its directory does not list: it is cut off, or several in one",
        ));
    }
    let before = archive.bytes(end.start..end.start.max(tail_start)).await?;
    blocking(move || parse(&before, &tail, &end, most)).await
}

/// The directory is what comes before the tail, and the bytes of the tail up to the end records.
fn parse(before: &[u8], tail: &Bytes, end: &End, most: usize) -> Result<Vec<Entry>, Error> {
    let (size, behind) = (end.record.size as usize, end.record.at);
    let rest = &tail[behind - (size - before.len())..behind];
    // To its reader the directory is an archive that holds nothing else.
    let alone = [
        before,
        rest,
        END,
        &[0; 8],
        &(size as u32).to_le_bytes(),
        &[0; 6],
    ]
    .concat();
    let unreadable = |error: rawzip::Error| damaged(format!("its directory: {error}"));
    let archive = ZipArchive::from_slice(&alone).map_err(unreadable)?;
    let mut entries = Vec::new();
    for header in archive.entries() {
        if entries.len() >= most {
            return Err(too_large(format!("it has more than {most} entries")));
        }
        let header = header.map_err(unreadable)?;
        let at = header.central_directory_offset() as usize;
        if entries.is_empty() && at != 0 {
            return Err(damaged("its directory is not where it should be"));
        }
        let bytes = alone.get(at..).unwrap_or_default();
        entries.push(Entry::new(&header, bytes, end.prefix)?);
    }
    end.check_count(entries.len() as u64)?;
    let mut starts: Vec<_> = entries.iter().map(|entry| entry.room.start).collect();
    starts.sort_unstable();
    for entry in &mut entries {
        let start = entry.room.start;
        // One that begins where another does has no room at all.
        let next = starts.partition_point(|other| *other < start) + 1;
        let next = starts.get(next).copied().unwrap_or(end.start);
        entry.room.end = next.min(end.start).max(start);
    }
    Ok(entries)
}

/// What the records at the end say of the directory.
struct End {
    record: Record,
    /// Where the directory begins.
    start: u64,
    /// How many bytes stand before the archive proper, as in one that extracts itself.
    prefix: u64,
}

impl End {
    /// `tail` holds the last bytes of an archive of `len` bytes: [`TAIL`] of them, or all.
    fn find(tail: &[u8], len: u64) -> Result<Self, Error> {
        let end = find_end(tail).ok_or_else(|| {
            Error::new(
                ErrorKind::Decode,
                "the content is no zip archive, or one that is cut off: it has no end of a central directory; \
                 get it once more, or save it as a file instead",
            )
        })?;
        let classic = Record::classic(tail, end);
        let wide = Record::wide(tail, end)?;
        let (narrow_count, narrow) = (u64::from(u16::MAX), u64::from(u32::MAX));
        // A field of the old record is what the new one says, or refers to it.
        let agree = |old: u64, none: u64, new: u64| old == none || old == new;
        if let Some(wide) = &wide
            && !(agree(classic.entries, narrow_count, wide.entries)
                && agree(classic.size, narrow, wide.size)
                && agree(classic.offset, narrow, wide.offset))
        {
            return Err(damaged("its two end records contradict each other"));
        }
        let record = wide.unwrap_or(classic);
        if record.is_split {
            return Err(damaged("it is one of several disks"));
        }
        let behind = len - (tail.len() - record.at) as u64;
        let start = behind.checked_sub(record.size);
        let prefix = start.and_then(|start| start.checked_sub(record.offset));
        let (Some(start), Some(prefix)) = (start, prefix) else {
            return Err(damaged("its directory is not where it should be"));
        };
        if let Some(stated) = record.stated
            && stated.checked_add(prefix) != Some(behind)
        {
            return Err(damaged("its Zip64 record is not where it should be"));
        }
        if record.size > LARGEST {
            return Err(too_large(format!(
                "its directory has {} bytes, more than {LARGEST}",
                record.size
            )));
        }
        Ok(Self {
            record,
            start,
            prefix,
        })
    }

    /// The count is what there is. Old packers count to 65,535 and begin anew.
    fn check_count(&self, found: u64) -> Result<(), Error> {
        let counted = match self.record.stated {
            Some(_) => found,
            None => found % (u64::from(u16::MAX) + 1),
        };
        let said = self.record.entries;
        if said == counted {
            return Ok(());
        }
        Err(damaged(format!(
            "it says that it has {said} entries, and its directory lists {found}"
        )))
    }
}

/// One of the records at the end.
struct Record {
    /// Where it begins in the tail.
    at: usize,
    /// Where the locator says that it begins, if this is the Zip64 one.
    stated: Option<u64>,
    /// Whether there are other disks.
    is_split: bool,
    entries: u64,
    size: u64,
    offset: u64,
}

impl Record {
    fn classic(tail: &[u8], at: usize) -> Self {
        let mut fields = &tail[at + 4..];
        let disks = (fields.get_u16_le(), fields.get_u16_le());
        let counts = (fields.get_u16_le(), fields.get_u16_le());
        Self {
            at,
            stated: None,
            is_split: disks != (0, 0) || counts.0 != counts.1,
            entries: counts.0.into(),
            size: fields.get_u32_le().into(),
            offset: fields.get_u32_le().into(),
        }
    }

    /// The Zip64 record, which some packers write although there is no need to.
    fn wide(tail: &[u8], end: usize) -> Result<Option<Self>, Error> {
        let locator = end.checked_sub(LOCATOR_LEN);
        let Some(locator) = locator.filter(|at| tail[*at..].starts_with(LOCATOR)) else {
            return Ok(None);
        };
        // It ends where the locator begins; how long it is, it says itself.
        let fits = |at: &usize| {
            at + END64_LEN <= locator
                && (&tail[at + 4..]).get_u64_le().checked_add(12) == Some((locator - at) as u64)
        };
        let at = memmem::rfind_iter(&tail[..locator], END64).find(fits);
        let at = at.ok_or_else(|| damaged("its Zip64 record is not before the locator"))?;
        let mut fields = &tail[at + 16..];
        let disks = (fields.get_u32_le(), fields.get_u32_le());
        let counts = (fields.get_u64_le(), fields.get_u64_le());
        Ok(Some(Self {
            at,
            stated: Some((&tail[locator + 8..]).get_u64_le()),
            is_split: disks != (0, 0) || counts.0 != counts.1,
            entries: counts.0,
            size: fields.get_u64_le(),
            offset: fields.get_u64_le(),
        }))
    }
}

/// The last end record whose comment fits.
fn find_end(tail: &[u8]) -> Option<usize> {
    let farthest = tail.len().saturating_sub(END_LEN + usize::from(u16::MAX));
    let mut ends = memmem::rfind_iter(&tail[farthest..], END).map(|at| farthest + at);
    ends.find(|at| {
        let mut rest = tail.get(at + END_LEN - 2..).unwrap_or_default();
        let comment = rest.try_get_u16_le();
        comment.is_ok_and(|len| usize::from(len) <= rest.len())
    })
}
