//! Downloads on several connections, and such as go on in another process.

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join;
use gha_core::blocking::{Turns, blocking, outcome};
use gha_core::{Error, ErrorKind};
use tempfile::TempPath;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::content::{Content, OnProgress, Progress};
use crate::digest::Verifier;
use crate::head::Head;
use crate::part_file::{self, Recorder, preallocate, read_exact_at, write_all_at};
use crate::ranges::Ranges;
use crate::save::{Batch, publish, save};
use crate::target::{Target, settle};
use crate::{Saved, Source};

const SMALLEST: u64 = 1024 * 1024;
const LARGEST: u64 = 16 * SMALLEST;
/// Blob stores slow down callers with more.
const MOST_CONNECTIONS: usize = 64;
/// How long to wait for another download to let go of a file, one that was given up a moment ago, say.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often to look whether it did.
const AGAIN: Duration = Duration::from_millis(10);
/// How many batches wait to be written.
const QUEUE: usize = 2;
/// What a connection writes at once: little, for there are many.
const ENOUGH: usize = 256 * 1024;

/// A download on several connections: see [`connections`](crate::Download::connections).
#[derive(Debug)]
#[must_use = "nothing is downloaded yet"]
pub struct ParallelDownload {
    content: Content,
    head: Head,
    verifier: Option<Verifier>,
    replace: bool,
    connections: usize,
    part_size: Option<u64>,
}

impl ParallelDownload {
    pub(crate) fn new(
        content: Content,
        head: Head,
        verifier: Option<Verifier>,
        replace: bool,
        connections: usize,
    ) -> Self {
        Self {
            content,
            head,
            verifier,
            replace,
            connections: connections.clamp(1, MOST_CONNECTIONS),
            part_size: None,
        }
    }

    /// How many bytes a connection asks for at a time. By default half of its share of what is left,
    /// between 1 and 16 MiB; one connection alone asks for all.
    pub fn part_size(mut self, bytes: u64) -> Self {
        self.part_size = Some(bytes.max(1));
        self
    }

    /// Saves the content under `path`, with the same guarantees as
    /// [`Download::save`](crate::Download::save): whole and verified, or no file. Parts that fail are
    /// repeated alone, and links that expire are renewed.
    ///
    /// The file is allocated at once, and hashed from its beginning while the rest arrives. Where
    /// the blob store does not serve ranges, and where the content is no larger than a part, one
    /// connection downloads it all.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if the file exists, its folder does not, or it cannot be written;
    /// [`ErrorKind::DigestMismatch`]; [`ErrorKind::Changed`] if the content changes under way, as parts of two
    /// contents make none; those of the connection when several attempts in a row have brought nothing new.
    ///
    /// # Panics
    ///
    /// If the progress callback panics.
    pub async fn save(self, path: impl AsRef<Path>) -> Result<Saved, Error> {
        let (blob, path) = (self.content.blob(), path.as_ref().to_owned());
        let saved = self.save_at_once(path).await;
        saved.map_err(|error| blob.attribute(error))
    }

    async fn save_at_once(self, path: PathBuf) -> Result<Saved, Error> {
        let sizes = self.sizes();
        let is_small = |total| total <= sizes.next(total);
        if self.head.total.is_none_or(is_small) {
            return self.save_on_one(path).await;
        }
        let Some((source, total)) = self.ranges().await? else {
            return self.save_on_one(path).await;
        };
        let (target, parts) = self.begin(path, source, total);
        let place = target.clone();
        let (file, temporary) = blocking(move || {
            let (file, temporary) = place.temporary()?;
            preallocate(&file, total).map_err(|error| place.failed(error))?;
            Ok((file, temporary))
        })
        .await?;
        let file = parts.run(file, Ranges::default(), None).await?;
        finish(target, file, temporary, total).await
    }

    /// The same, and what has been received outlives this future and this process: it is kept
    /// beside `path` in a file whose name ends in `.part`, with its `ETag` and what is there of it.
    /// The next call for the same path goes on from there, or starts over when the content is
    /// another. While one runs, others for the same path fail.
    ///
    /// What is kept is taken for the content if the blob store still tells the same strong `ETag` and
    /// length; a [digest](crate::Download::expect_digest) verifies all of it. A file of that name that is no
    /// download is left alone. Whoever is interrupted loses what came since the state was last
    /// written, at most 16 MiB; a machine that crashes loses no more. Where the blob store does not
    /// serve ranges, nothing is kept.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if the file exists, its folder does not, it cannot be written, or the other file is
    /// in use or none of ours; [`ErrorKind::DigestMismatch`]; [`ErrorKind::Changed`] if the content changes
    /// under way; those of the connection when several attempts in a row have brought nothing new. After a [`DigestMismatch`](ErrorKind::DigestMismatch) nothing is kept.
    ///
    /// # Panics
    ///
    /// If the progress callback panics.
    pub async fn save_resumable(self, path: impl AsRef<Path>) -> Result<Saved, Error> {
        let (blob, path) = (self.content.blob(), path.as_ref().to_owned());
        let saved = self.save_and_keep(path).await;
        saved.map_err(|error| blob.attribute(error))
    }

    async fn save_and_keep(self, path: PathBuf) -> Result<Saved, Error> {
        let kept = part_file::path_of(&path)?;
        let Some((source, total)) = self.ranges().await? else {
            return self.save_on_one(path).await;
        };
        let etag = source.etag().unwrap_or_default().to_owned();
        let often = self.sizes().next(total);
        let (target, parts) = self.begin(path, source, total);
        let patience = Instant::now() + PATIENCE;
        let (file, finished, recorder) = loop {
            let (room, place, etag) = (target.clone(), kept.clone(), etag.clone());
            let opened = blocking(move || {
                room.check()?;
                part_file::open(&place, &etag, total, often)
            });
            match opened.await? {
                Some(opened) => break opened,
                None if Instant::now() < patience => sleep(AGAIN).await,
                None => return Err(part_file::in_use(&kept)),
            }
        };
        let file = parts.run(file, finished, Some(recorder)).await;
        if file
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::DigestMismatch)
        {
            // Nobody knows which part is wrong.
            let _ = std::fs::remove_file(&kept);
        }
        let file = file?;
        let place = target.clone();
        let temporary = blocking(move || {
            // While what was received can still be kept.
            place.check()?;
            place.adopt(&kept)
        });
        finish(target, file, temporary.await?, total).await
    }

    async fn save_on_one(self, path: PathBuf) -> Result<Saved, Error> {
        let target = Target::new(path, self.replace);
        save(self.content, self.verifier, target).await
    }

    /// The source and its length, where it serves ranges.
    fn ranges(&self) -> impl Future<Output = Result<Option<(Source, u64)>, Error>> + Send + use<> {
        let source = Source::probe(self.content.blob(), Some(self.head.clone()));
        async move {
            let source = source.await?;
            let total = source.content_length().filter(|_| source.accepts_ranges());
            Ok(total.map(|total| (source, total)))
        }
    }

    fn sizes(&self) -> Sizes {
        Sizes {
            connections: self.connections,
            fixed: self.part_size,
        }
    }

    fn begin(self, path: PathBuf, source: Source, total: u64) -> (Target, Parts) {
        let target = Target::new(path, self.replace);
        let parts = Parts {
            source,
            total,
            sizes: self.sizes(),
            verifier: self.verifier,
            on_progress: self.content.into_on_progress(),
            target: target.clone(),
        };
        (target, parts)
    }
}

/// How large parts are.
#[derive(Debug, Clone, Copy)]
struct Sizes {
    connections: usize,
    fixed: Option<u64>,
}

impl Sizes {
    /// The size of the next part: they shrink towards the end, so that all connections finish at
    /// about the same time, and little is left to hash then.
    fn next(self, left: u64) -> u64 {
        let share = match self.connections {
            1 => u64::MAX,
            n => (left / (2 * n as u64)).clamp(SMALLEST, LARGEST),
        };
        self.fixed.unwrap_or(share)
    }
}

/// A content that comes in parts.
struct Parts {
    source: Source,
    total: u64,
    sizes: Sizes,
    verifier: Option<Verifier>,
    on_progress: Option<OnProgress>,
    target: Target,
}

impl Parts {
    /// Completes a file, verified.
    async fn run(
        self,
        file: File,
        finished: Ranges,
        recorder: Option<Recorder>,
    ) -> Result<File, Error> {
        let sizes = self.sizes;
        let missing = finished.missing(self.total, move |left| sizes.next(left));
        let file = Arc::new(file);
        let mut hashing = self
            .verifier
            .map(|verifier| Hashing::new(verifier, file.clone(), self.target.clone()));
        let writing = Writing {
            file,
            whole: Arc::new(AtomicU64::new(finished.prefix())),
            finished,
            recorder,
            total: self.total,
            on_progress: self.on_progress,
            target: self.target,
        };
        let whole = writing.whole.clone();
        let mut turns = Turns::new(writing);
        let (sender, mut batches) = mpsc::channel::<(u64, Vec<Bytes>)>(QUEUE);
        let fetching = fetch(&self.source, missing, sizes.connections, sender);
        let write = async {
            while let Some((offset, pieces)) = batches.recv().await {
                turns
                    .start(move |writing| writing.write(offset, pieces))
                    .await?;
                if let Some(hashing) = &mut hashing {
                    hashing.catch_up(whole.load(Ordering::Acquire)).await?;
                }
            }
            turns.start(Writing::record).await?;
            let written = turns.finish().await;
            drop(batches);
            written
        };
        let (fetched, written) = join(fetching, write).await;
        let writing = written?;
        fetched?;
        if writing.finished.prefix() != self.total {
            let (have, total) = (writing.finished.bytes(), self.total);
            return Err(Error::new(
                ErrorKind::Truncated,
                format!("{have} bytes of {total} were received"),
            ));
        }
        if let Some(hashing) = hashing {
            hashing.finish(self.total).await?;
        }
        Arc::into_inner(writing.file).ok_or_else(|| Error::new(ErrorKind::Io, "the file is in use"))
    }
}

/// Reads all parts, or fails with the first that cannot be had.
async fn fetch(
    source: &Source,
    parts: impl Iterator<Item = Range<u64>> + Send + 'static,
    connections: usize,
    batches: mpsc::Sender<(u64, Vec<Bytes>)>,
) -> Result<(), Error> {
    let mut workers = JoinSet::new();
    let parts = Arc::new(Mutex::new(parts));
    for _ in 0..connections {
        workers.spawn(fetch_one_by_one(
            source.clone(),
            parts.clone(),
            batches.clone(),
        ));
    }
    drop(batches);
    while let Some(worker) = workers.join_next().await {
        outcome(worker)??;
    }
    Ok(())
}

/// Reads one part after the other, the first ones first, so that what is whole grows from the
/// beginning and can be hashed.
async fn fetch_one_by_one(
    source: Source,
    parts: Arc<Mutex<impl Iterator<Item = Range<u64>>>>,
    batches: mpsc::Sender<(u64, Vec<Bytes>)>,
) -> Result<(), Error> {
    let next = || parts.lock().unwrap_or_else(PoisonError::into_inner).next();
    while let Some(part) = next() {
        let mut stream = source.read(part.clone())?;
        let (mut offset, mut batch) = (part.start, Batch::default());
        loop {
            let chunk = stream.try_next().await?;
            let ended = chunk.is_none();
            if let Some(chunk) = chunk {
                batch.push(chunk);
            }
            if ended || batch.is_full(ENOUGH) {
                let len = batch.len() as u64;
                if batches.send((offset, batch.take())).await.is_err() {
                    // Whoever writes is gone and says why.
                    return Ok(());
                }
                offset += len;
            }
            if ended {
                break;
            }
        }
    }
    Ok(())
}

struct Writing {
    file: Arc<File>,
    finished: Ranges,
    /// How many bytes there are from the first one on without a gap.
    whole: Arc<AtomicU64>,
    recorder: Option<Recorder>,
    total: u64,
    on_progress: Option<OnProgress>,
    target: Target,
}

impl Writing {
    fn write(&mut self, offset: u64, pieces: Vec<Bytes>) -> Result<(), Error> {
        let mut end = offset;
        for piece in pieces {
            let written = write_all_at(&self.file, &piece, end);
            written.map_err(|error| self.target.failed(error))?;
            end += piece.len() as u64;
        }
        self.finished.insert(offset..end);
        self.whole.store(self.finished.prefix(), Ordering::Release);
        if let Some(on_progress) = &mut self.on_progress {
            on_progress(Progress {
                received: self.finished.bytes(),
                total: Some(self.total),
            });
        }
        if let Some(recorder) = &mut self.recorder {
            let recorded = recorder.wrote(end - offset, &self.file, &self.finished);
            recorded.map_err(|error| self.target.failed(error))?;
        }
        Ok(())
    }

    fn record(&mut self) -> Result<(), Error> {
        if let Some(recorder) = &mut self.recorder {
            let recorded = recorder.record(&self.file, &self.finished);
            recorded.map_err(|error| self.target.failed(error))?;
        }
        Ok(())
    }
}

/// Hashes a file from its beginning, as far as it is whole.
struct Hashing {
    turns: Turns<Hashed>,
    started: u64,
}

struct Hashed {
    verifier: Verifier,
    file: Arc<File>,
    target: Target,
    at: u64,
    buffer: Vec<u8>,
}

impl Hashing {
    /// How much one job hashes.
    const PORTION: u64 = 4 * 1024 * 1024;

    fn new(verifier: Verifier, file: Arc<File>, target: Target) -> Self {
        Self {
            turns: Turns::new(Hashed {
                verifier,
                file,
                target,
                at: 0,
                buffer: vec![0; 256 * 1024],
            }),
            started: 0,
        }
    }

    /// Hashes more of what is whole, unless that is being done.
    async fn catch_up(&mut self, whole: u64) -> Result<(), Error> {
        match self.turns.is_idle() {
            true => self.advance(whole).await,
            false => Ok(()),
        }
    }

    async fn advance(&mut self, whole: u64) -> Result<(), Error> {
        let end = whole.min(self.started.saturating_add(Self::PORTION));
        if end > self.started {
            self.started = end;
            self.turns.start(move |hashed| hashed.read(end)).await?;
        }
        Ok(())
    }

    async fn finish(mut self, total: u64) -> Result<(), Error> {
        while self.started < total {
            self.advance(total).await?;
        }
        self.turns.finish().await?.verifier.finish()
    }
}

impl Hashed {
    fn read(&mut self, end: u64) -> Result<(), Error> {
        while self.at < end {
            let len = (end - self.at).min(self.buffer.len() as u64) as usize;
            let bytes = &mut self.buffer[..len];
            let read = read_exact_at(&self.file, bytes, self.at);
            read.map_err(|error| self.target.failed(error))?;
            self.verifier.update(bytes);
            self.at += len as u64;
        }
        Ok(())
    }
}

/// Cuts off what follows the content, and gives it its name.
async fn finish(
    target: Target,
    file: File,
    temporary: TempPath,
    total: u64,
) -> Result<Saved, Error> {
    let place = target.clone();
    let file = blocking(move || {
        file.set_len(total)
            .and_then(|()| settle(&file))
            .map_err(|error| place.failed(error))?;
        Ok(file)
    })
    .await?;
    publish(target.clone(), file, temporary).await?;
    Ok(Saved::new(target.path(), total))
}
