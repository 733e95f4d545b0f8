//! Content as a stream and as a reader: neither can start over, and nobody has all of it before it is
//! verified.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use futures_core::Stream;
use futures_util::stream::{TryStreamExt as _, try_unfold};
use gha_core::{Error, ErrorKind};
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use crate::content::{Content, Event};
use crate::digest::Verifier;

/// The bytes of a [`Download`](super::Download), of a part of a [`Source`](super::Source) or of a member of an
/// archive.
///
/// The last of them come only when all are received and, where a digest is expected, verified: whoever
/// has as many bytes as were promised has the right ones.
#[must_use = "streams do nothing unless polled"]
pub struct ByteStream(Pin<Box<dyn Stream<Item = Result<Bytes, Error>> + Send>>);

impl ByteStream {
    pub(crate) fn new(content: Content, verifier: Option<Verifier>) -> Self {
        let verified = Verified::new(content, verifier);
        Self::from_verified(try_unfold(verified, |mut verified| async move {
            Ok(verified.chunk().await?.map(|chunk| (chunk, verified)))
        }))
    }

    /// Takes bytes that hold the last of them back until all are verified.
    #[doc(hidden)]
    pub fn from_verified(
        stream: impl Stream<Item = Result<Bytes, Error>> + Send + 'static,
    ) -> Self {
        Self(Box::pin(stream))
    }

    /// The next bytes; `None` when all have come.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DigestMismatch`]; [`ErrorKind::Changed`] if it has to start over; [`ErrorKind::Decode`] if a
    /// member is not as its archive promises; those of the connection when several attempts in a row have brought
    /// nothing new.
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        self.0.try_next().await
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ByteStream").finish_non_exhaustive()
    }
}

/// Content whose last bytes are held back until everything is verified.
pub(crate) struct Verified {
    content: Content,
    verifier: Option<Verifier>,
    /// What came last, where nobody knows whether more comes.
    held: Option<Bytes>,
}

impl Verified {
    pub(crate) fn new(content: Content, verifier: Option<Verifier>) -> Self {
        Self {
            content: content.never_starting_over(),
            verifier,
            held: None,
        }
    }

    pub(crate) fn received(&self) -> u64 {
        self.content.received()
    }

    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            match self.content.next().await? {
                Some(Event::Data(chunk)) => {
                    if let Some(verifier) = &mut self.verifier {
                        verifier.update(&chunk);
                    }
                    let more_will_come = self.content.total() > Some(self.content.received());
                    let before = self.held.replace(chunk);
                    if before.is_some() {
                        return Ok(before);
                    }
                    if more_will_come {
                        return Ok(self.held.take());
                    }
                }
                Some(Event::StartOver) => {
                    let message = "the download started over while it was read";
                    let error = Error::new(ErrorKind::Changed, message);
                    return Err(self.content.attribute(error));
                }
                None => {
                    if let Some(verifier) = self.verifier.take() {
                        let verified = verifier.finish();
                        verified.map_err(|error| self.content.attribute(error))?;
                    }
                    return Ok(self.held.take());
                }
            }
        }
    }
}

/// A [`ByteStream`] as `AsyncRead` and `AsyncBufRead`. Its errors hold those of the stream, see
/// [`io::Error::get_ref`].
#[derive(Debug)]
pub struct Reader {
    stream: ByteStream,
    chunk: Bytes,
}

impl From<ByteStream> for Reader {
    fn from(stream: ByteStream) -> Self {
        Self {
            stream,
            chunk: Bytes::new(),
        }
    }
}

impl AsyncBufRead for Reader {
    fn poll_fill_buf(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        while self.chunk.is_empty() {
            match ready!(Pin::new(&mut self.stream).poll_next(cx)) {
                Some(chunk) => self.chunk = chunk.map_err(into_io)?,
                None => break,
            }
        }
        Poll::Ready(Ok(&self.get_mut().chunk))
    }

    fn consume(mut self: Pin<&mut Self>, amount: usize) {
        self.chunk.advance(amount);
    }
}

impl AsyncRead for Reader {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let available = ready!(self.as_mut().poll_fill_buf(cx))?;
        let amount = available.len().min(buffer.remaining());
        buffer.put_slice(&available[..amount]);
        self.consume(amount);
        Poll::Ready(Ok(()))
    }
}

fn into_io(error: Error) -> io::Error {
    let kind = match error.kind() {
        ErrorKind::Truncated => io::ErrorKind::UnexpectedEof,
        ErrorKind::Timeout => io::ErrorKind::TimedOut,
        ErrorKind::DigestMismatch | ErrorKind::Changed => io::ErrorKind::InvalidData,
        _ => io::ErrorKind::Other,
    };
    io::Error::new(kind, error)
}
