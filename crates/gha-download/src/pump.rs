//! Reading on one connection: while a batch is hashed and written, the next one is read.

use std::mem;

use bytes::{Bytes, BytesMut};
use gha_core::Error;
use gha_core::blocking::{Turns, spawned};

use crate::content::{Content, Event};
use crate::digest::Verifier;

/// Where a content goes that may have to start over. It works on a blocking thread.
pub(crate) trait Sink: Send + 'static {
    /// Takes what comes next.
    fn write(&mut self, piece: &[u8]) -> Result<(), Error>;

    /// Forgets what came; `total` is how much will come, where that is known.
    fn start_over(&mut self, total: Option<u64>) -> Result<(), Error>;
}

/// Reads a content to its end, verified. Returns the sink and the number of bytes.
pub(crate) async fn pump<S: Sink>(
    mut content: Content,
    verifier: Option<Verifier>,
    sink: S,
) -> Result<(S, u64), Error> {
    let mut turns = Turns::new(Hashing { verifier, sink });
    let reading = async move {
        let mut batch = Batch::default();
        while let Some(event) = content.next().await? {
            match event {
                Event::Data(chunk) => batch.push(chunk),
                Event::StartOver => {
                    batch = Batch::default();
                    let total = content.total();
                    turns.start(move |it| it.start_over(total)).await?;
                }
            }
            if batch.is_full(ENOUGH) {
                let full = batch.take();
                turns.start(move |it| it.write(full)).await?;
            }
        }
        let rest = batch.take();
        turns.start(move |it| it.write(rest)).await?;
        turns.start(Hashing::finish).await?;
        Ok((turns.finish().await?.sink, content.received()))
    };
    spawned(reading).await
}

struct Hashing<S> {
    verifier: Option<Verifier>,
    sink: S,
}

impl<S: Sink> Hashing<S> {
    fn write(&mut self, pieces: Vec<Bytes>) -> Result<(), Error> {
        for piece in pieces {
            if let Some(verifier) = &mut self.verifier {
                verifier.update(&piece);
            }
            self.sink.write(&piece)?;
        }
        Ok(())
    }

    fn start_over(&mut self, total: Option<u64>) -> Result<(), Error> {
        if let Some(verifier) = &mut self.verifier {
            verifier.start_over()?;
        }
        self.sink.start_over(total)
    }

    fn finish(&mut self) -> Result<(), Error> {
        self.verifier.take().map_or(Ok(()), Verifier::finish)
    }
}

/// Pieces that are written at once.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pieces: Vec<Bytes>,
    /// Pieces too small to stay what they are: each keeps a whole buffer of its connection.
    small: BytesMut,
    len: usize,
}

/// Writing fewer bytes at once costs a wake-up too many.
const ENOUGH: usize = 1024 * 1024;
/// What is smaller than this is copied.
const SMALL: usize = 16 * 1024;
const MOST_PIECES: usize = 16;

impl Batch {
    pub(crate) fn push(&mut self, piece: Bytes) {
        self.len += piece.len();
        if piece.len() < SMALL {
            self.small.extend_from_slice(&piece);
            return;
        }
        self.settle_small();
        self.pieces.push(piece);
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Whether it holds enough bytes to be written, or as many pieces as it may.
    pub(crate) fn is_full(&self, enough: usize) -> bool {
        self.len >= enough || self.pieces.len() >= MOST_PIECES
    }

    /// What is in it, which is empty afterwards.
    pub(crate) fn take(&mut self) -> Vec<Bytes> {
        self.settle_small();
        self.len = 0;
        mem::take(&mut self.pieces)
    }

    fn settle_small(&mut self) {
        if !self.small.is_empty() {
            self.pieces.push(self.small.split().freeze());
        }
    }
}
