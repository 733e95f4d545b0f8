//! Where the bytes of an archive are.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::stream::{TryStreamExt as _, empty, try_unfold};
use gha_core::Error;
use gha_core::blocking::blocking;
use gha_download::Source;
use tempfile::TempDir;

use crate::error::{damaged, failed};

/// How much of a file is read at once.
const PIECE: u64 = 256 * 1024;

/// The bytes of a part of an archive.
pub(crate) type Packed = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// An archive that can be read from anywhere in it. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    Store(Source),
    Disk(Arc<OnDisk>),
}

#[derive(Debug)]
pub(crate) struct OnDisk {
    file: Mutex<File>,
    path: PathBuf,
    len: u64,
    /// The folder that goes with the archive.
    _folder: Option<TempDir>,
}

impl Place {
    /// An archive in a file, and the folder to remove with it.
    pub(crate) async fn open(path: PathBuf, folder: Option<TempDir>) -> Result<Self, Error> {
        let opened = blocking(move || {
            let cannot = |error| failed("cannot read", &path, error);
            let file = File::open(&path).map_err(cannot)?;
            let len = file.metadata().map_err(cannot)?.len();
            Ok(OnDisk {
                file: Mutex::new(file),
                path,
                len,
                _folder: folder,
            })
        });
        Ok(Self::Disk(Arc::new(opened.await?)))
    }

    /// How many bytes there are; none where a blob store does not say so, and serves no ranges.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Store(source) => source.content_length().unwrap_or_default(),
            Self::Disk(disk) => disk.len,
        }
    }

    /// The bytes of a range, as they come.
    pub(crate) fn read(&self, range: Range<u64>) -> Result<Packed, Error> {
        Ok(match self {
            // Of an empty content stores serve no ranges.
            Self::Store(source) if source.content_length() == Some(0) => Box::pin(empty()),
            Self::Store(source) => Box::pin(source.read(range)?),
            Self::Disk(disk) => Box::pin(try_unfold((disk.clone(), range), |(disk, range)| {
                blocking(move || {
                    let read = disk.read(&range);
                    let bytes = read.map_err(|error| failed("cannot read", &disk.path, error))?;
                    let rest = range.start + bytes.len() as u64..range.end;
                    Ok((!bytes.is_empty()).then_some((bytes, (disk, rest))))
                })
            })),
        })
    }

    /// The bytes of a range, all at once.
    pub(crate) async fn bytes(&self, range: Range<u64>) -> Result<Bytes, Error> {
        let len = (range.end - range.start) as usize;
        let mut stream = self.read(range)?;
        let mut bytes = BytesMut::with_capacity(len);
        while bytes.len() < len {
            let chunk = stream.try_next().await?;
            let chunk = chunk.ok_or_else(|| damaged("it is cut off"))?;
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }

    /// Names in an error where the archive is, unless that is named already.
    pub(crate) fn attribute(&self, error: Error) -> Error {
        match self {
            Self::Store(source) => source.attribute(error),
            Self::Disk(_) => error,
        }
    }
}

impl OnDisk {
    /// Reads the first bytes of a range.
    fn read(&self, range: &Range<u64>) -> io::Result<Bytes> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(range.start))?;
        let mut bytes = Vec::new();
        let mut part = file.by_ref().take(PIECE.min(range.end - range.start));
        part.read_to_end(&mut bytes)?;
        Ok(bytes.into())
    }
}
