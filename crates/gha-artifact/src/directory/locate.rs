//! Where the directory of an archive is, from the archive's last bytes.
//!
//! The zip crate finds it too, but reads on in small steps from wherever a record points to; here
//! one look tells the one range that is worth requesting, and what is not worth it is refused.

use gha_core::{Error, ErrorKind};
use memchr::memmem;

use crate::error::damaged;

/// How much of an archive's end is read at first: the end record with the longest comment, and
/// with a usual one the directory of 1,000 entries.
pub(crate) const TAIL: u64 = 128 * 1024;

/// The largest directory that is read: 64 MiB, about 600,000 entries.
const LARGEST: u64 = 64 * 1024 * 1024;

// APPNOTE sections 4.3.12 and 4.3.14 to 4.3.16.
const SMALLEST_HEADER: u64 = 46;
const END: &[u8] = b"PK\x05\x06";
const END_LEN: usize = 22;
const END64: &[u8] = b"PK\x06\x06";
const END64_LEN: usize = 56;
const LOCATOR: &[u8] = b"PK\x06\x07";
const LOCATOR_LEN: usize = 20;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Location {
    /// The offset of the directory's first byte.
    pub(crate) start: u64,
    /// How many bytes stand before the archive proper, as in one that extracts itself.
    pub(crate) prefix: u64,
}

/// `tail` holds the last bytes of an archive of `len` bytes: [`TAIL`] of them, or all.
pub(crate) fn locate(tail: &[u8], len: u64) -> Result<Location, Error> {
    let end = find_end(tail).ok_or_else(|| {
        Error::new(
            ErrorKind::Decode,
            "the content is no zip archive: it has no end of a central directory",
        )
    })?;
    let base = len - tail.len() as u64;
    let disks = (u16_at(tail, end + 4), u16_at(tail, end + 6));
    let mut entries = u64::from(u16_at(tail, end + 8));
    let mut size = u64::from(u32_at(tail, end + 12));
    let mut offset = u64::from(u32_at(tail, end + 16));
    let mut behind = base + end as u64;
    let narrow = u64::from(u32::MAX);
    let full = entries == u64::from(u16::MAX) || size == narrow || offset == narrow;
    let locator = end.checked_sub(LOCATOR_LEN);
    let mut stated = None;
    if let Some(locator) = locator.filter(|at| full && tail[*at..].starts_with(LOCATOR)) {
        let record = locator
            .checked_sub(END64_LEN)
            .filter(|at| tail[*at..].starts_with(END64))
            .ok_or_else(|| damaged("its Zip64 record is not before the locator"))?;
        entries = u64_at(tail, record + 32);
        size = u64_at(tail, record + 40);
        offset = u64_at(tail, record + 48);
        stated = Some(u64_at(tail, locator + 8));
        behind = base + record as u64;
    } else if disks != (0, 0) {
        return Err(damaged("it is one of several disks"));
    }
    let start = behind.checked_sub(size);
    let prefix = start.and_then(|start| start.checked_sub(offset));
    let (Some(start), Some(prefix)) = (start, prefix) else {
        return Err(damaged("its directory is not where it should be"));
    };
    if stated.is_some_and(|stated| stated.checked_add(prefix) != Some(behind)) {
        return Err(damaged("its Zip64 record is not where it should be"));
    }
    if entries > size / SMALLEST_HEADER {
        return Err(damaged("its directory is too small for its entries"));
    }
    if size > LARGEST {
        return Err(Error::new(
            ErrorKind::TooLarge,
            format!("the archive's directory has {size} bytes, more than {LARGEST}"),
        ));
    }
    Ok(Location { start, prefix })
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
