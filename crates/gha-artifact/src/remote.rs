//! Archives that stay where they are.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use futures_core::Stream;
use futures_util::TryStreamExt;
use futures_util::stream::try_unfold;
use gha_core::blocking::blocking;
use gha_core::{Error, ErrorKind, Redirected};
use gha_download::{RedirectedExt as _, Source};
use tempfile::TempDir;
use tokio::io::{AsyncRead, ReadBuf};

use crate::directory::Directory;
use crate::error::{damaged, failed};
use crate::unpack::{PIECE, Step, Unpacker};
use crate::{Entry, EntryKind};

/// More entries than any artifact has; each costs memory.
const MOST_ENTRIES: usize = 500_000;

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
    directory: Directory,
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
    /// more than 64 MiB or 500,000 entries.
    pub async fn open(builder: impl Redirected) -> Result<Self, Error> {
        Self::from_source(Source::open(builder).await?).await
    }

    /// The same, and if the blob store does not serve ranges, downloads the archive to a temporary
    /// file, which is deleted with the last clone of the archive and of its members.
    ///
    /// # Errors
    ///
    /// Those of the operation, the blob store and the connection; [`ErrorKind::Io`] if the temporary file
    /// cannot be written; [`ErrorKind::Decode`] if the
    /// content is no zip archive, or a damaged one; [`ErrorKind::TooLarge`] if its directory has more than
    /// 64 MiB or 500,000 entries.
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
        })?;
        let path = downloaded(&folder);
        builder.download().await?.save(&path).await?;
        let directory = blocking(move || {
            let mut file =
                File::open(&path).map_err(|error| failed("cannot open", &path, error))?;
            Directory::of_file(&mut file, &path, MOST_ENTRIES)
        });
        Ok(Self::new(directory.await?, Place::Disk(folder)))
    }

    /// Reads the directory of a content that is open already.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] if the blob store does not serve ranges; those of the blob store and
    /// the connection; [`ErrorKind::Decode`] if the
    /// content is no zip archive, or a damaged one; [`ErrorKind::TooLarge`] if its directory has more than
    /// 64 MiB or 500,000 entries.
    pub async fn from_source(source: Source) -> Result<Self, Error> {
        let directory = Directory::of_source(&source, MOST_ENTRIES).await;
        let directory = directory.map_err(|error| source.attribute(error))?;
        Ok(Self::new(directory, Place::Store(source)))
    }

    fn new(directory: Directory, place: Place) -> Self {
        Self(Arc::new(Inner { directory, place }))
    }

    /// All entries, in the directory's order.
    pub fn entries(&self) -> &[Entry] {
        &self.0.directory.entries
    }

    /// The entry of this name, the last one if there are several.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries().iter().rfind(|entry| entry.name == name)
    }

    /// Whether members are read by ranges, rather than from a temporary file.
    pub fn is_remote(&self) -> bool {
        matches!(self.0.place, Place::Store(_))
    }

    /// Reads one member, the last one of this name, beginning when it is first polled. Of a link it
    /// gives the target.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`] if there is no such entry, [`ErrorKind::InvalidRequest`] if it is a
    /// directory, [`ErrorKind::ArchiveRefused`] if it is encrypted, or neither stored nor deflated.
    pub fn member(&self, name: &str) -> Result<Member, Error> {
        let index = self.entries().iter().rposition(|entry| entry.name == name);
        let Some(index) = index else {
            return Err(Error::new(
                ErrorKind::NotFound,
                format!("the archive has no entry {name:?}"),
            ));
        };
        let entry = &self.entries()[index];
        if entry.kind == EntryKind::Directory {
            return Err(Error::new(
                ErrorKind::InvalidRequest,
                format!("entry {name:?} is a directory"),
            ));
        }
        let room = self.0.directory.room(index);
        Ok(Member {
            unpacker: Unpacker::new(entry, room.end - room.start)?,
            archive: self.clone(),
            index,
            packed: None,
            input: Bytes::new(),
            output: Bytes::new(),
            ended: false,
        })
    }

    /// Names in an error where the archive is.
    fn attribute(&self, error: Error) -> Error {
        match &self.0.place {
            Place::Store(source) => source.attribute(error),
            Place::Disk(_) => error,
        }
    }

    /// The bytes of a range of the archive.
    fn packed(&self, range: Range<u64>) -> Result<Packed, Error> {
        match &self.0.place {
            Place::Store(source) => Ok(Box::pin(source.read(range)?)),
            Place::Disk(folder) => {
                // It holds the archive, and with it the file.
                let reading = (self.clone(), downloaded(folder), range);
                Ok(Box::pin(try_unfold(reading, |(archive, path, range)| {
                    blocking(move || {
                        let read = read_at(&path, &range);
                        let bytes = read.map_err(|error| failed("cannot read", &path, error))?;
                        let rest = range.start + bytes.len() as u64..range.end;
                        Ok((!bytes.is_empty()).then_some((bytes, (archive, path, rest))))
                    })
                })))
            }
        }
    }
}

fn read_at(path: &PathBuf, range: &Range<u64>) -> io::Result<Bytes> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(range.start))?;
    let mut bytes = Vec::new();
    let len = (range.end - range.start).min(PIECE as u64);
    file.take(len).read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

type Packed = Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>;

/// One member of a [`RemoteArchive`], unpacked: a stream of bytes, and an `AsyncRead`.
///
/// Its last bytes come only when all have the size and the checksum that the archive promises. What is
/// not read any more is not downloaded either, and when it is dropped, its connection is closed.
///
/// ```
/// use gha_artifact::RemoteArchive;
/// # use gha_fake::{Artifact, Fake, Repo};
///
/// # #[tokio::main]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let artifact = Artifact::zip("logs", &[("test.log", b"ok 1\nok 2\n")]).id(11);
/// # let repo = Repo::new("octo-org", "octo-docs").artifact(artifact);
/// # let fake = Fake::builder().token("t").repo(repo).start().await?;
/// # let host = gha_client::Host::url(fake.api_url())?;
/// # let client = gha_client::builder().host(host).token("t").build()?;
/// # let archive = client.repo("octo-org", "octo-docs").download_artifact(11);
/// let mut log = RemoteArchive::open(archive).await?.member("test.log")?;
/// assert_eq!(log.entry().size, 10);
/// let mut text = Vec::new();
/// tokio::io::copy(&mut log, &mut text).await?;
/// assert_eq!(text, b"ok 1\nok 2\n");
/// # Ok(())
/// # }
/// ```
#[must_use = "a member does nothing unless it is read"]
pub struct Member {
    archive: RemoteArchive,
    index: usize,
    unpacker: Unpacker,
    packed: Option<Packed>,
    input: Bytes,
    /// What is unpacked, and not read yet.
    output: Bytes,
    ended: bool,
}

impl Member {
    /// What the archive says of it.
    pub fn entry(&self) -> &Entry {
        &self.archive.entries()[self.index]
    }

    /// The next bytes; `None` when all are read and as the archive promises.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] if it is not as the archive promises; those of the blob store and the
    /// connection.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        TryStreamExt::try_next(self).await
    }

    /// Reads it into memory, if it has at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::TooLarge`] before anything is requested; [`ErrorKind::Decode`] if it is not as
    /// the archive promises; those of the connection, as of
    /// [`Source::read`](gha_download::Source::read).
    pub async fn bytes(mut self, limit: usize) -> Result<Bytes, Error> {
        let (name, size) = (&self.entry().name, self.entry().size);
        if size > limit as u64 {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("entry {name:?} has {size} bytes, more than the limit of {limit}"),
            ));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = self.try_next().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.into())
    }

    fn poll_unpacked(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Error>> {
        let mut output = vec![0; PIECE.min(self.entry().size.max(1) as usize)];
        loop {
            match self.unpacker.step(&mut self.input, &mut output)? {
                Step::Unpacked(len) => {
                    output.truncate(len);
                    return Poll::Ready(Ok(Some(output.into())));
                }
                Step::Complete => return Poll::Ready(Ok(None)),
                Step::Hungry => {}
            }
            let packed = match &mut self.packed {
                Some(packed) => packed,
                None => {
                    let extent = self.archive.0.directory.extent(self.index);
                    self.packed.insert(self.archive.packed(extent)?)
                }
            };
            self.input = match ready!(packed.as_mut().poll_next(cx)) {
                Some(bytes) => bytes?,
                None => {
                    let name = &self.entry().name;
                    return Poll::Ready(Err(damaged(format!("entry {name:?} is cut off"))));
                }
            };
        }
    }
}

impl Stream for Member {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.output.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.output))));
        }
        if self.ended {
            return Poll::Ready(None);
        }
        let unpacked = ready!(self.poll_unpacked(cx));
        let unpacked = unpacked
            .map_err(|error| self.archive.attribute(error))
            .transpose();
        self.ended = !matches!(unpacked, Some(Ok(_)));
        Poll::Ready(unpacked)
    }
}

impl AsyncRead for Member {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.output.is_empty() {
            match ready!(self.as_mut().poll_next(cx)) {
                Some(Ok(output)) => self.output = output,
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                None => return Poll::Ready(Ok(())),
            }
        }
        let read = self.output.len().min(buffer.remaining());
        buffer.put_slice(&self.output[..read]);
        self.output.advance(read);
        Poll::Ready(Ok(()))
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Member")
            .field("entry", self.entry())
            .finish_non_exhaustive()
    }
}
