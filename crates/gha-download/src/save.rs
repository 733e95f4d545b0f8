//! Saving on one connection: while a batch is hashed and written, the next one is read.

use std::fs::File;
use std::io::{self, Write as _};
use std::mem;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use gha_core::blocking::{Turns, blocking, spawned};
use gha_core::{Error, ErrorKind};

use crate::content::{Content, Event};
use crate::digest::Verifier;
use crate::target::{Target, settle};

/// A file that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Saved {
    /// Where it is, as asked for.
    pub path: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
}

impl Saved {
    pub(crate) fn new(path: impl Into<PathBuf>, bytes: u64) -> Self {
        let path = path.into();
        Self { path, bytes }
    }
}

pub(crate) async fn save(
    content: Content,
    verifier: Option<Verifier>,
    target: Target,
) -> Result<Saved, Error> {
    let place = target.clone();
    // Held here, and so removed at the moment in which this future is dropped.
    let (file, temporary) = blocking(move || place.temporary()).await?;
    let writing = Writing {
        file,
        verifier,
        target: target.clone(),
    };
    let (bytes, file) = spawned(pump(content, writing)).await?;
    publish(target.clone(), file, temporary).await?;
    Ok(Saved::new(target.path(), bytes))
}

/// Gives a file its name, unless nobody waits for that any more.
pub(crate) async fn publish(
    target: Target,
    file: File,
    temporary: tempfile::TempPath,
) -> Result<(), Error> {
    let waiting = Arc::new(());
    let watch = Arc::downgrade(&waiting);
    let published = blocking(move || match watch.strong_count() {
        0 => Err(Error::new(ErrorKind::Io, "nobody waits for the download")),
        _ => target.publish(&file, temporary),
    });
    let published = published.await;
    drop(waiting);
    published
}

async fn pump(mut content: Content, writing: Writing) -> Result<(u64, File), Error> {
    let mut turns = Turns::new(writing);
    let mut batch = Batch::default();
    while let Some(event) = content.next().await? {
        match event {
            Event::Data(chunk) => batch.push(chunk),
            Event::StartOver => {
                batch = Batch::default();
                turns.start(Writing::start_over).await?;
            }
        }
        if batch.is_full(ENOUGH) {
            let full = batch.take();
            turns.start(move |writing| writing.write(full)).await?;
        }
    }
    let rest = batch.take();
    turns
        .start(move |writing| {
            writing.write(rest)?;
            writing.finish()
        })
        .await?;
    let Writing { file, .. } = turns.finish().await.map_err(|it| content.attribute(it))?;
    Ok((content.received(), file))
}

struct Writing {
    file: File,
    verifier: Option<Verifier>,
    target: Target,
}

impl Writing {
    fn write(&mut self, pieces: Vec<Bytes>) -> Result<(), Error> {
        for piece in pieces {
            if let Some(verifier) = &mut self.verifier {
                verifier.update(&piece);
            }
            let written = self.file.write_all(&piece);
            written.map_err(|error| self.target.failed(error))?;
        }
        Ok(())
    }

    fn start_over(&mut self) -> Result<(), Error> {
        if let Some(verifier) = &mut self.verifier {
            verifier.start_over()?;
        }
        let emptied = self
            .file
            .set_len(0)
            .and_then(|()| io::Seek::rewind(&mut self.file));
        emptied.map_err(|error| self.target.failed(error))
    }

    fn finish(&mut self) -> Result<(), Error> {
        if let Some(verifier) = self.verifier.take() {
            verifier.finish()?;
        }
        settle(&self.file).map_err(|error| self.target.failed(error))
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
