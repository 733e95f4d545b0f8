//! A download as `AsyncRead`.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use futures_core::Stream as _;
use gha_core::{Error, ErrorKind};
use tokio::io::{AsyncBufRead, AsyncRead, ReadBuf};

use crate::ByteStream;

/// A [`Download`](super::Download) as [`AsyncRead`] and [`AsyncBufRead`].
///
/// Its errors hold the [`Error`] of the download, see [`io::Error::get_ref`]. Bytes count only when
/// the end has been read.
#[derive(Debug)]
pub struct Reader {
    stream: ByteStream,
    chunk: Bytes,
}

impl Reader {
    pub(super) fn new(stream: ByteStream) -> Self {
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
