//! Writing parts as they come, on a thread of its own.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::sync::mpsc::Sender;

use bytes::Bytes;
use tokio::sync::mpsc;

use super::part_file::{Recorder, preallocate};
use super::ranges::Ranges;
use crate::Progress;
use crate::progress::Callback;

/// Bytes that belong together.
#[derive(Debug)]
pub(super) struct Batch {
    offset: u64,
    chunks: Vec<Bytes>,
    len: usize,
}

impl Batch {
    pub(super) fn new(offset: u64) -> Self {
        Self {
            offset,
            chunks: Vec::new(),
            len: 0,
        }
    }

    pub(super) fn push(&mut self, chunk: Bytes) {
        self.len += chunk.len();
        self.chunks.push(chunk);
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn end(&self) -> u64 {
        self.offset + self.len as u64
    }
}

pub(super) struct Writer {
    pub(super) file: File,
    pub(super) total: u64,
    pub(super) finished: Ranges,
    pub(super) on_progress: Option<Callback>,
    /// Gets the length of what is whole from the beginning, as it grows.
    pub(super) hasher: Option<Sender<u64>>,
    pub(super) recorder: Option<Recorder>,
}

impl Writer {
    /// Writes until nobody sends any more.
    pub(super) fn run(mut self, mut batches: mpsc::Receiver<Batch>) -> io::Result<(File, Ranges)> {
        if self.recorder.is_none() {
            preallocate(&self.file, self.total)?;
        }
        self.tell_hasher();
        while let Some(batch) = batches.blocking_recv() {
            self.file.seek(SeekFrom::Start(batch.offset))?;
            for chunk in &batch.chunks {
                self.file.write_all(chunk)?;
            }
            self.finished.insert(batch.offset..batch.end());
            self.tell_hasher();
            if let Some(callback) = &mut self.on_progress {
                callback(Progress {
                    received: self.finished.bytes(),
                    total: Some(self.total),
                });
            }
            if let Some(recorder) = &mut self.recorder {
                recorder.wrote(batch.len() as u64, &mut self.file, &self.finished)?;
            }
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.record(&mut self.file, &self.finished)?;
        }
        Ok((self.file, self.finished))
    }

    fn tell_hasher(&self) {
        if let Some(hasher) = &self.hasher {
            // One that is gone has failed, and says so itself.
            let _ = hasher.send(self.finished.prefix());
        }
    }
}
