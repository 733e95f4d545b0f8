//! Archives that stay where they are.

mod member;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use gha_core::{Error, ErrorKind, Redirected};
use gha_download::{RedirectedExt as _, Source};
use tempfile::TempDir;

use crate::directory::{Directory, Entry, EntryKind, TAIL, locate};
use crate::error::failed;
use crate::local;
use crate::task::blocking;

pub use member::Member;

/// A zip archive of which only what is asked for is downloaded.
///
/// The central directory is read by ranges: usually three requests and 128 KiB lead from a redirect
/// to the first bytes of any member, however large the archive is. Expired links are renewed, and
/// requests that fail are repeated, as [`Source`] does. Cheap to clone.
///
/// ```no_run
/// use gha_artifact::RemoteArchive;
///
/// # async fn example(client: gha_client::Client) -> Result<(), gha_client::Error> {
/// let archive = RemoteArchive::open(
///     client.repo("octo-org", "octo-docs").download_artifact(11),
/// ).await?;
/// for entry in archive.entries() {
///     println!("{:>10} {}", entry.size, entry.name);
/// }
/// let coverage = archive.member("coverage/summary.json")?.bytes(1024 * 1024).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct RemoteArchive(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    directory: Arc<Directory>,
    place: Place,
}

/// The archive in a temporary folder.
fn downloaded(folder: &TempDir) -> PathBuf {
    folder.path().join("archive.zip")
}

#[derive(Debug)]
enum Place {
    Store(Source),
    /// The folder is nobody else's, and gone when it is dropped.
    Disk(TempDir),
}

impl RemoteArchive {
    /// Reads the directory of what a redirect operation leads to.
    ///
    /// # Errors
    ///
    /// Those of [`Source::open`]. [`ErrorKind::InvalidRequest`] if the blob store does not serve
    /// ranges: use [`open_or_download`](Self::open_or_download) then. [`ErrorKind::Decode`] if the
    /// content is no zip archive, or a damaged one; [`ErrorKind::TooLarge`] if its directory has
    /// more than 64 MiB.
    pub async fn open(builder: impl Redirected) -> Result<Self, Error> {
        Self::from_source(Source::open(builder).await?).await
    }

    /// The same, and if the blob store does not serve ranges, downloads the archive to a temporary
    /// file, which is deleted with the last clone of the archive and of its members.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), and those of a
    /// [download](gha_download::Download::save).
    pub async fn open_or_download(builder: impl Redirected) -> Result<Self, Error> {
        let source = Source::open(builder.clone()).await?;
        if source.accepts_ranges() {
            return Self::from_source(source).await;
        }
        let folder = tempfile::tempdir().map_err(|error| {
            Error::new(
                ErrorKind::Io,
                format!("cannot make a temporary folder: {error}"),
            )
            .with_source(error)
        })?;
        let path = downloaded(&folder);
        builder.download().await?.save(&path).await?;
        let directory = blocking(move || {
            let mut file =
                File::open(&path).map_err(|error| failed("cannot open", &path, error))?;
            local::directory(&mut file, &path)
        })
        .await?;
        Ok(Self::new(directory, Place::Disk(folder)))
    }

    /// Reads the directory of a content that is open already.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn from_source(source: Source) -> Result<Self, Error> {
        let directory = directory(&source).await?;
        Ok(Self::new(directory, Place::Store(source)))
    }

    fn new(directory: Directory, place: Place) -> Self {
        Self(Arc::new(Inner {
            directory: Arc::new(directory),
            place,
        }))
    }

    /// All entries, in the directory's order. Of several with one name only the last one is here.
    pub fn entries(&self) -> &[Entry] {
        &self.0.directory.entries
    }

    /// The entry of this name.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.name == name)
    }

    /// Whether members are read by ranges, rather than from a temporary file.
    pub fn is_remote(&self) -> bool {
        matches!(self.0.place, Place::Store(_))
    }

    /// Reads one member, beginning when it is first polled. Of a link it gives the target.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] if there is no such entry, [`ErrorKind::InvalidRequest`] if it is a
    /// directory, [`ErrorKind::ArchiveRefused`] if it is encrypted, or neither stored nor deflated.
    pub fn member(&self, name: &str) -> Result<Member, Error> {
        let index = self.entries().iter().position(|entry| entry.name == name);
        let Some(index) = index else {
            return Err(Error::new(
                ErrorKind::NotFound,
                format!("the archive has no entry {name:?}"),
            ));
        };
        if self.entries()[index].kind == EntryKind::Directory {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                format!("entry {name:?} is a directory"),
            ));
        }
        self.0.directory.readable(index)?;
        Ok(Member::new(self.clone(), index))
    }
}

/// Reads the directory of what is at the source.
pub(crate) async fn directory(source: &Source) -> Result<Directory, Error> {
    // Where there are no ranges, reading one fails with the reason; nothing has none.
    let len = source.content_length().unwrap_or_default();
    let tail_start = len.saturating_sub(TAIL);
    let tail = match source.content_length() {
        Some(0) => Bytes::new(),
        _ => collect(source, tail_start, len).await?,
    };
    let location = locate(&tail, len)?;
    let last = if location.start < tail_start {
        let mut last = BytesMut::from(collect(source, location.start, tail_start).await?);
        last.extend_from_slice(&tail);
        last.freeze()
    } else {
        tail
    };
    blocking(move || Directory::parse(last, len, &location)).await
}

async fn collect(source: &Source, start: u64, end: u64) -> Result<Bytes, Error> {
    let mut stream = source.read(start..end)?;
    let mut bytes = BytesMut::with_capacity((end - start) as usize);
    while let Some(chunk) = stream.try_next().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}
