use chrono::{NaiveDate, NaiveDateTime};
use zip::CompressionMethod;
use zip::read::ZipFileEntry;
use zip::result::ZipError;

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
    pub(crate) start: u64,
    encrypted: bool,
    compression: CompressionMethod,
}

/// What an [`Entry`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link; its content is where it leads.
    Symlink,
    /// A device, a pipe or a socket.
    Special,
}

impl Entry {
    pub(super) fn new(zip: ZipFileEntry<'_>) -> Result<Self, ZipError> {
        let kind = match zip.unix_mode().unwrap_or_default() & 0o170_000 {
            0o120_000 => EntryKind::Symlink,
            0 | 0o040_000 | 0o100_000 if zip.is_dir() => EntryKind::Directory,
            0 | 0o100_000 => EntryKind::File,
            _ => EntryKind::Special,
        };
        let modified = zip.last_modified().and_then(|time| {
            NaiveDate::from_ymd_opt(time.year().into(), time.month().into(), time.day().into())?
                .and_hms_opt(
                    time.hour().into(),
                    time.minute().into(),
                    time.second().into(),
                )
        });
        Ok(Self {
            name: zip.name()?.into_owned(),
            kind,
            size: zip.size(),
            compressed_size: zip.compressed_size(),
            crc32: zip.crc32(),
            modified,
            unix_mode: zip.unix_mode(),
            start: zip.header_start(),
            encrypted: zip.encrypted(),
            compression: zip.compression(),
        })
    }

    /// Why its content cannot be had.
    pub(crate) fn unreadable(&self) -> Option<String> {
        if self.encrypted {
            return Some("is encrypted".into());
        }
        match self.compression {
            CompressionMethod::Stored | CompressionMethod::Deflated => None,
            other => Some(format!(
                "is compressed with {other}; only stored and deflated entries can be read"
            )),
        }
    }
}
