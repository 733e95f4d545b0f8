use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use futures_core::Stream;
use futures_util::TryStreamExt;
use gha_core::{Error, ErrorKind};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::mpsc;
use tokio::task::{JoinSet, spawn_blocking};

use super::{Place, RemoteArchive, downloaded};
use crate::directory::{Directory, Entry};
use crate::error::{failed, shut_down};
use crate::forward::{Forward, QUEUE, Received, send};

/// One member of a [`RemoteArchive`], unpacked: a stream of bytes, and an [`AsyncRead`].
///
/// Its bytes count only when it has ended without an error: then they have the size and the
/// checksum that the archive promises. What is not read any more is not downloaded either, and
/// when it is dropped, its connection is closed.
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
    running: Option<Running>,
    chunk: Bytes,
    ended: bool,
}

struct Running {
    unpacked: mpsc::Receiver<Result<Bytes, Error>>,
    _download: JoinSet<()>,
}

impl Member {
    pub(super) fn new(archive: RemoteArchive, index: usize) -> Self {
        Self {
            archive,
            index,
            running: None,
            chunk: Bytes::new(),
            ended: false,
        }
    }

    /// What the archive says of it.
    pub fn entry(&self) -> &Entry {
        &self.archive.entries()[self.index]
    }

    /// The next bytes; `None` when all are read and as the archive promises.
    ///
    /// # Errors
    ///
    /// As [`bytes`](Self::bytes).
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

    fn start(&self) -> Running {
        let (sender, unpacked) = mpsc::channel(QUEUE);
        let mut download = JoinSet::new();
        let (archive, index) = (self.archive.clone(), self.index);
        match &self.archive.0.place {
            Place::Store(source) => {
                let extent = archive.0.directory.extent(index);
                let at = extent.start;
                let (chunks, received) = mpsc::channel(QUEUE);
                let source = source.clone();
                download.spawn(async move {
                    match source.read(extent) {
                        Ok(stream) => send(stream, chunks).await,
                        // A reader that is gone needs no reason.
                        Err(error) => drop(chunks.send(Err(error)).await),
                    }
                });
                let mut reader = Forward::new(Received::new(received), at);
                spawn_blocking(move || {
                    unpack(&archive.0.directory, index, &mut reader, &sender);
                });
            }
            Place::Disk(folder) => {
                let path = downloaded(folder);
                // It holds the archive, and with it the file.
                spawn_blocking(move || match File::open(&path) {
                    Ok(mut file) => unpack(&archive.0.directory, index, &mut file, &sender),
                    Err(error) => {
                        let error = failed("cannot open", &path, error);
                        drop(sender.blocking_send(Err(error)));
                    }
                });
            }
        }
        Running {
            unpacked,
            _download: download,
        }
    }
}

/// Sends what it unpacks, and an empty piece at the end. Ends early when nobody reads any more.
fn unpack(
    directory: &Arc<Directory>,
    index: usize,
    reader: &mut (impl Read + Seek),
    sender: &mpsc::Sender<Result<Bytes, Error>>,
) {
    let unpacked = directory.unpack(index, reader, |piece| {
        let piece = Bytes::copy_from_slice(piece);
        let gone = |_| Error::new(ErrorKind::Io, "nobody reads the entry any more");
        sender.blocking_send(Ok(piece)).map_err(gone)
    });
    drop(sender.blocking_send(unpacked.map(|()| Bytes::new())));
}

impl Stream for Member {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.chunk.is_empty() {
            return Poll::Ready(Some(Ok(std::mem::take(&mut self.chunk))));
        }
        if self.ended {
            return Poll::Ready(None);
        }
        let mut running = match self.running.take() {
            Some(running) => running,
            None => self.start(),
        };
        let piece = running.unpacked.poll_recv(cx);
        self.running = Some(running);
        // Whoever unpacks may have gone before the end, which must not look like one.
        let piece = ready!(piece).unwrap_or_else(|| Err(shut_down()));
        self.ended = piece.as_ref().is_ok_and(Bytes::is_empty);
        Poll::Ready((!self.ended).then_some(piece))
    }
}

impl AsyncRead for Member {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.chunk.is_empty() {
            match ready!(self.as_mut().poll_next(cx)) {
                Some(Ok(chunk)) => self.chunk = chunk,
                Some(Err(error)) => return Poll::Ready(Err(io::Error::other(error))),
                None => return Poll::Ready(Ok(())),
            }
        }
        let read = self.chunk.len().min(buffer.remaining());
        buffer.put_slice(&self.chunk[..read]);
        self.chunk.advance(read);
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
