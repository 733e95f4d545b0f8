//! Reading an archive from its start to its end, once.

use std::io::{self, Read, Seek, SeekFrom};

use bytes::{Buf as _, Bytes};
use futures_core::Stream;
use futures_util::StreamExt as _;
use gha_core::Error;
use tokio::sync::mpsc;

use crate::error::refused;

/// A reader that goes to later positions only.
#[derive(Debug)]
pub(crate) struct Forward<R> {
    inner: R,
    at: u64,
}

impl<R: Read> Forward<R> {
    /// `inner` stands at offset `at` of the archive.
    pub(crate) fn new(inner: R, at: u64) -> Self {
        Self { inner, at }
    }
}

impl<R: Read> Read for Forward<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<R: Read> Seek for Forward<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(_) => None,
        };
        let target = target.ok_or(io::ErrorKind::Unsupported)?;
        // Entries are read by their positions: whoever has to go back shares bytes with another.
        let Some(ahead) = target.checked_sub(self.at) else {
            return Err(io::Error::other(refused("entries overlap")));
        };
        let skipped = io::copy(&mut self.by_ref().take(ahead), &mut io::sink())?;
        if skipped < ahead {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(self.at)
    }
}

/// How many pieces wait between a task and a thread.
pub(crate) const QUEUE: usize = 4;

/// Sends what a stream gives, until an error or its end, which is an empty piece.
pub(crate) async fn send(
    mut stream: impl Stream<Item = Result<Bytes, Error>> + Unpin,
    chunks: mpsc::Sender<Result<Bytes, Error>>,
) {
    while let Some(chunk) = stream.next().await {
        if chunk.as_ref().is_ok_and(Bytes::is_empty) {
            continue;
        }
        let failed = chunk.is_err();
        if chunks.send(chunk).await.is_err() || failed {
            return;
        }
    }
    // A reader that is gone needs no end.
    let _ = chunks.send(Ok(Bytes::new())).await;
}

/// What [`send`] sends, read on a thread.
#[derive(Debug)]
pub(crate) struct Received {
    chunks: mpsc::Receiver<Result<Bytes, Error>>,
    chunk: Bytes,
    ended: bool,
}

impl Received {
    pub(crate) fn new(chunks: mpsc::Receiver<Result<Bytes, Error>>) -> Self {
        Self {
            chunks,
            chunk: Bytes::new(),
            ended: false,
        }
    }
}

impl Read for Received {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.is_empty() && !self.ended {
            match self.chunks.blocking_recv() {
                Some(chunk) => self.chunk = chunk.map_err(io::Error::other)?,
                // Whoever sends has gone before the end, which must not look like one.
                None => return Err(io::ErrorKind::BrokenPipe.into()),
            }
            self.ended = self.chunk.is_empty();
        }
        let read = self.chunk.len().min(buffer.len());
        self.chunk.copy_to_slice(&mut buffer[..read]);
        Ok(read)
    }
}
