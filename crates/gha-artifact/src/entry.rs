use std::borrow::Cow;
use std::fmt::Display;
use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime};
use gha_core::Error;
use rawzip::extra_fields::ExtraFieldId;
use rawzip::{CompressionMethod, CreatorSystem, ZipFileHeaderRecord};

use crate::error::{damaged, refused};

/// What a zip archive says of one of its members.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The path in the archive, with `/` between its parts, and at its end if it is a directory.
    ///
    /// As the archive has it: it may lead anywhere. UTF-8 where it is valid UTF-8, else code
    /// page 437, as
    /// [APPNOTE](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), appendix D, has it.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// How many bytes it unpacks to.
    pub size: u64,
    /// How many bytes it takes in the archive.
    pub compressed_size: u64,
    /// The CRC-32 of what it unpacks to.
    pub crc32: u32,
    /// When it was last modified, to two seconds, in the time zone of the machine that packed it,
    /// which nobody knows.
    pub modified: Option<NaiveDateTime>,
    /// Its mode in the manner of Unix, type and permissions, where the archive says so.
    pub unix_mode: Option<u32>,
    /// The name as bytes, where `name` has others.
    raw_name: Option<Box<[u8]>>,
    /// The bytes that it may take, local header and all: up to the next one, or to the directory.
    pub(crate) room: Range<u64>,
    pub(crate) method: CompressionMethod,
    pub(crate) is_encrypted: bool,
    /// Whether sizes and checksum follow the content once more.
    pub(crate) has_descriptor: bool,
}

/// What an [`Entry`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryKind {
    /// A regular file, or what came through a pipe.
    File,
    /// A directory.
    Directory,
    /// A symbolic link; its content is where it leads.
    Symlink,
    /// A device or a socket.
    Special,
}

/// What a local header begins with (APPNOTE section 4.3.7).
pub(crate) const LOCAL_SIGNATURE: &[u8] = b"PK\x03\x04";
/// What it takes at least, without name and extra fields.
pub(crate) const LOCAL_HEADER: u64 = 30;
/// Where a header has its sizes and the place of the local one, which a Zip64 field may hold instead
/// (APPNOTE section 4.3.12).
const WIDE: [usize; 3] = [20, 24, 42];
/// The attribute of a directory on DOS and Windows.
const DOS_DIRECTORY: u32 = 0x10;

impl Entry {
    /// `bytes` begins with the header; `prefix` is how much stands before the archive.
    pub(crate) fn new(
        header: &ZipFileHeaderRecord<'_>,
        bytes: &[u8],
        prefix: u64,
    ) -> Result<Self, Error> {
        let file_path = header.file_path();
        let raw = file_path.as_bytes();
        let mut name = decode(raw).into_owned();
        let mut extra = header.extra_fields();
        let mut zip64 = 0;
        for (id, field) in extra.by_ref() {
            if id == ExtraFieldId::ZIP64 {
                zip64 = field.len();
            }
            if id == ExtraFieldId::INFO_ZIP_UNICODE_PATH
                && let Some(path) = unicode_path(raw, field)
            {
                name = path;
            }
        }
        let bad = |what: &str| damaged(format!("entry {name:?}: {what}"));
        // Some packers fill up with zeros.
        if extra.remaining_bytes().iter().any(|byte| *byte != 0) {
            return Err(bad("its extra field is cut off"));
        }
        let refers = |at: &usize| bytes.get(*at..at + 4) == Some(&[0xff; 4]);
        if zip64 < 8 * WIDE.iter().filter(|at| refers(at)).count() {
            return Err(bad("it lacks the Zip64 field that it refers to"));
        }
        let start = header.local_header_offset().checked_add(prefix);
        let start = start.ok_or_else(|| bad("it begins nowhere"))?;
        let unix_mode = match header.version_made_by().creator_system() {
            CreatorSystem::UNIX | CreatorSystem::MACOS => Some(header.external_attributes() >> 16),
            _ => None,
        };
        let is_directory = name.ends_with('/') || header.external_attributes() & DOS_DIRECTORY != 0;
        let kind = match unix_mode.unwrap_or_default() & 0o170_000 {
            0o120_000 => EntryKind::Symlink,
            0o020_000 | 0o060_000 | 0o140_000 => EntryKind::Special,
            0o040_000 => EntryKind::Directory,
            // What Info-ZIP packs from a pipe has the type of a pipe, and is what came through it.
            0o010_000 | 0o100_000 if !name.ends_with('/') => EntryKind::File,
            // No type at all, or none that there is.
            _ if is_directory => EntryKind::Directory,
            _ => EntryKind::File,
        };
        let time = header.last_modified_dos();
        let date =
            NaiveDate::from_ymd_opt(time.year().into(), time.month().into(), time.day().into());
        let (hour, minute, second) = (time.hour(), time.minute(), time.second());
        let modified =
            date.and_then(|date| date.and_hms_opt(hour.into(), minute.into(), second.into()));
        Ok(Self {
            raw_name: (name.as_bytes() != raw).then(|| raw.into()),
            name,
            kind,
            size: header.uncompressed_size_hint(),
            compressed_size: header.compressed_size_hint(),
            crc32: header.crc32(),
            modified,
            unix_mode,
            room: start..start,
            method: header.compression_method(),
            is_encrypted: header.flags().is_encrypted(),
            has_descriptor: header.flags().has_data_descriptor(),
        })
    }

    /// The bytes of the name, which the local header repeats.
    pub(crate) fn raw_name(&self) -> &[u8] {
        self.raw_name.as_deref().unwrap_or(self.name.as_bytes())
    }

    /// Refuses an entry whose content cannot be had.
    pub(crate) fn ensure_readable(&self) -> Result<(), Error> {
        if self.is_encrypted {
            return Err(self.refused("is encrypted"));
        }
        if self.room.end - self.room.start < LOCAL_HEADER {
            return Err(self.overlaps());
        }
        match self.method {
            CompressionMethod::STORE | CompressionMethod::DEFLATE => Ok(()),
            other => Err(self.refused(format!(
                "is compressed by method {}; only stored and deflated entries can be read",
                other.as_u16()
            ))),
        }
    }

    pub(crate) fn overlaps(&self) -> Error {
        self.refused("overlaps with another or with the directory")
    }

    pub(crate) fn refused(&self, why: impl Display) -> Error {
        let name = &self.name;
        refused(format!(
            "entry {name:?} {why}; have it packed in another way"
        ))
    }

    pub(crate) fn damaged(&self, what: impl Display) -> Error {
        damaged(format!("entry {:?}: {what}", self.name))
    }
}

/// [Info-ZIP's Unicode path](https://libzip.org/specifications/extrafld.txt), beside a name in the
/// packer's own character set, if it is of this name.
fn unicode_path(raw: &[u8], field: &[u8]) -> Option<String> {
    let (version, field) = field.split_first()?;
    let (crc, path) = field.split_first_chunk()?;
    let is_of_name = *version == 1 && u32::from_le_bytes(*crc) == rawzip::crc32(raw);
    String::from_utf8(path.to_vec()).ok().filter(|_| is_of_name)
}

fn decode(name: &[u8]) -> Cow<'_, str> {
    /// The upper half of code page 437.
    const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

    match std::str::from_utf8(name) {
        Ok(name) => name.into(),
        Err(_) => {
            let upper: Vec<char> = UPPER.chars().collect();
            let char_of = |byte: &u8| match byte.checked_sub(128) {
                None => char::from(*byte),
                Some(index) => upper.get(usize::from(index)).copied().unwrap_or_default(),
            };
            name.iter().map(char_of).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn old_names_are_those_of_dos() {
        assert_eq!(decode("ä→".as_bytes()), "ä→");
        assert_eq!(decode(b"\x84\x94\x81.txt"), "äöü.txt");
        assert_eq!(decode(b"a\xe1\xff"), "aß\u{a0}");
    }
}
