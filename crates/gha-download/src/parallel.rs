//! Downloads on several connections, and such as go on in another process.

use std::fs::File;
use std::mem;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::try_join;
use gha_core::blocking::{Turns, blocking, outcome};
use gha_core::{Error, ErrorKind};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::content::{Content, OnProgress, Progress};
use crate::digest::Verifier;
use crate::head::Head;
use crate::part_file::{self, Recorder, make_room, read_exact_at, write_all_at};
use crate::pump::Batch;
use crate::ranges::Ranges;
use crate::save::{publish, save};
use crate::target::Target;
use crate::{Saved, Source};

const SMALLEST: u64 = 1024 * 1024;
const LARGEST: u64 = 16 * SMALLEST;
/// Blob stores slow down callers with more.
const MOST_CONNECTIONS: usize = 64;
/// How long to wait for another download to let go of a file, one that was given up a moment ago, say.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often to look whether it did.
const AGAIN: Duration = Duration::from_millis(10);
/// What all connections together hold back to write it at once, and the least that each of them does.
const ENOUGH: usize = 1024 * 1024;
const LEAST: usize = 128 * 1024;
/// How often to look whether the disk waits for bytes.
const TICK: Duration = Duration::from_millis(1);
/// When it has waited for so long at a stretch, more connections are opened.
const STARVED: Duration = Duration::from_millis(8);
/// How many bytes that are there already are hashed at once, beside those that come.
const PORTION: u64 = 1024 * 1024;

/// A download on several connections: see [`connections`](crate::Download::connections).
#[derive(Debug)]
#[must_use = "nothing is downloaded yet"]
pub struct ParallelDownload {
    pub(crate) content: Content,
    pub(crate) head: Head,
    pub(crate) verifier: Option<Verifier>,
    pub(crate) replace: bool,
    pub(crate) connections: usize,
    pub(crate) part_size: Option<u64>,
}

impl ParallelDownload {
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
    /// A disk that has no room for the file is noticed at once, where it tells. The file is hashed from its
    /// beginning while the rest arrives. Where the blob store does not serve ranges, and where the content
    /// is no larger than a part, one connection downloads it all.
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
            make_room(&file, &temporary, total).map_err(|error| place.failed(error))?;
            Ok((file, temporary))
        })
        .await?;
        let file = parts.run(file, Ranges::default(), None).await?;
        publish(target, file, total, |_| Ok(temporary)).await
    }

    /// The same, and what has been received outlives this future and this process: it is kept
    /// beside `path` in a file whose name ends in `.part`, with its `ETag` and what is there of it.
    /// The next call for the same path goes on from there, or starts over when the content is
    /// another. While one runs, others for the same path fail.
    ///
    /// What is kept is taken for the content if the blob store still tells the same strong `ETag` and
    /// length; a [digest](crate::Download::expect_digest) verifies all of it. A file of that name that is no
    /// download is left alone. What fails keeps what came, from a disk that is full as well; whoever is
    /// interrupted loses what came since the state was last written, at most 16 MiB, or twice as much where
    /// the machine crashes. What connections have not written yet is lost besides, but for that of the one
    /// that failed: some 1 MiB of all together, or 128 KiB of each. Where the blob store does not serve
    /// ranges, nothing is kept.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Io`] if the file exists, its folder does not, it cannot be written, or the other file is
    /// in use or none of ours; [`ErrorKind::DigestMismatch`]; [`ErrorKind::Changed`] if the content changes
    /// under way; those of the connection when several attempts in a row have brought nothing new. After a
    /// [`DigestMismatch`](ErrorKind::DigestMismatch) nothing is kept.
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
                room.sweep();
                part_file::open(&place, &etag, total, often)
            });
            match opened.await? {
                Some(opened) => break opened,
                None if Instant::now() < patience => sleep(AGAIN).await,
                None => return Err(part_file::in_use(&kept)),
            }
        };
        // Shares the lock, which nobody gets before all is done.
        let _lock = file.try_clone();
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
        // All at once: whoever drops this before finds everything kept. Nothing slow is in between, for whoever
        // is killed there has to begin anew.
        let adopt = move |file: &File| {
            place.check()?;
            let temporary = place.adopt(file, &kept)?;
            // What is kept beside the content goes.
            let cut = file.set_len(total);
            cut.map_err(|error| place.failed(error))?;
            Ok(temporary)
        };
        publish(target, file, total, adopt).await
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
            connections: self.connections.clamp(1, MOST_CONNECTIONS),
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
        let writing = Arc::new(Mutex::new(Turns::new(Writing {
            file,
            finished,
            recorder,
            total: self.total,
            verifier: self.verifier,
            hashed: 0,
            on_progress: self.on_progress,
            target: self.target,
        })));
        let received = receive(&self.source, missing, sizes.connections, &writing).await;
        let mut turns = writing.lock().await;
        let written = turns.ended().await;
        // What came stays, whatever failed.
        let recorded = async { turns.finish().await?.then(Writing::record).await };
        let recorded = recorded.await;
        written.and(received)?;
        let mut writing = recorded?;
        if writing.finished.prefix() != self.total {
            let (have, total) = (writing.finished.bytes(), self.total);
            return Err(Error::new(
                ErrorKind::Truncated,
                format!("{have} bytes of {total} were received"),
            ));
        }
        while writing.verifier.is_some() && writing.hashed < self.total {
            writing = writing.then(Writing::catch_up).await?;
        }
        if let Some(verifier) = writing.verifier {
            verifier.finish()?;
        }
        Ok(writing.file)
    }
}

/// Receives all parts on at most so many connections, the first ones first: what is whole grows from the
/// beginning, and can be hashed. Fails with the first part that cannot be had.
///
/// It begins with one, and there are twice as many whenever the disk has waited for bytes for a while.
/// Where the disk or the digest is what takes the time, others would only drive bytes out of the
/// processor's caches before they are hashed.
async fn receive(
    source: &Source,
    parts: impl Iterator<Item = Range<u64>> + Send + 'static,
    most: usize,
    writing: &Arc<Mutex<Turns<Writing>>>,
) -> Result<(), Error> {
    let parts = Arc::new(std::sync::Mutex::new(parts));
    let mut connections = JoinSet::new();
    let (mut wanted, mut waited) = (1, Duration::ZERO);
    loop {
        while connections.len() < wanted {
            connections.spawn(fetch(source.clone(), parts.clone(), writing.clone()));
        }
        let may_open = (1..most).contains(&wanted);
        let patience = if may_open { TICK } else { Duration::MAX };
        match timeout(patience, connections.join_next()).await {
            Ok(None) => return Ok(()),
            Ok(Some(ended)) => {
                outcome(ended)??;
                // No part is left.
                wanted = 0;
            }
            Err(_) => {
                let is_waiting = writing.try_lock().is_ok_and(|writing| writing.is_idle());
                waited = if is_waiting {
                    waited + TICK
                } else {
                    Duration::ZERO
                };
                if waited >= STARVED {
                    (wanted, waited) = (most.min(2 * wanted), Duration::ZERO);
                }
            }
        }
    }
}

/// Reads one part after the other, until none is left.
async fn fetch(
    source: Source,
    parts: Arc<std::sync::Mutex<impl Iterator<Item = Range<u64>>>>,
    writing: Arc<Mutex<Turns<Writing>>>,
) -> Result<(), Error> {
    let next = || parts.lock().unwrap_or_else(PoisonError::into_inner).next();
    // Each connection has a share in the parts, and so has who opens them.
    let enough = || LEAST.max(ENOUGH / (Arc::strong_count(&parts) - 1).max(1));
    let write = async |(offset, pieces): (u64, Vec<Bytes>)| {
        if pieces.is_empty() {
            return Ok(());
        }
        let mut writing = writing.lock().await;
        writing.start(move |it| it.write(offset, &pieces)).await
    };
    let mut full = (0, Vec::new());
    while let Some(part) = next() {
        let mut stream = source.read(part.clone())?;
        let (mut offset, mut batch) = (part.start, Batch::default());
        let mut ended = false;
        while !ended {
            // While a batch waits its turn, what follows is asked for.
            let chunk = async { Ok(stream.try_next().await) };
            let ((), chunk) = try_join(write(mem::take(&mut full)), chunk).await?;
            if chunk.is_err() {
                // What came before stays.
                write((offset, batch.take())).await?;
            }
            let chunk = chunk?;
            ended = chunk.is_none();
            if let Some(chunk) = chunk {
                batch.push(chunk);
            }
            if ended || batch.is_full(enough()) {
                let end = offset + batch.len() as u64;
                full = (mem::replace(&mut offset, end), batch.take());
            }
        }
    }
    write(full).await
}

struct Writing {
    file: File,
    finished: Ranges,
    recorder: Option<Recorder>,
    total: u64,
    verifier: Option<Verifier>,
    /// How many bytes the verifier has had.
    hashed: u64,
    on_progress: Option<OnProgress>,
    target: Target,
}

impl Writing {
    /// Does work on a blocking thread.
    async fn then(
        mut self,
        work: impl FnOnce(&mut Self) -> Result<(), Error> + Send + 'static,
    ) -> Result<Self, Error> {
        blocking(move || work(&mut self).map(|()| self)).await
    }

    fn write(&mut self, offset: u64, pieces: &[Bytes]) -> Result<(), Error> {
        let mut end = offset;
        for piece in pieces {
            if let Some(verifier) = self.verifier.as_mut().filter(|_| self.hashed == end) {
                verifier.update(piece);
                self.hashed += piece.len() as u64;
            }
            let written = write_all_at(&self.file, piece, end);
            written.map_err(|error| self.target.failed(error))?;
            end += piece.len() as u64;
        }
        self.finished.insert(offset..end);
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
        self.catch_up()
    }

    /// Hashes some of what is whole and was not hashed when it came.
    fn catch_up(&mut self) -> Result<(), Error> {
        let Some(verifier) = &mut self.verifier else {
            return Ok(());
        };
        let end = self.finished.prefix().min(self.hashed + PORTION);
        let mut buffer = Vec::new();
        while self.hashed < end {
            let len = (end - self.hashed).min(128 * 1024) as usize;
            buffer.resize(len, 0);
            let read = read_exact_at(&self.file, &mut buffer, self.hashed);
            read.map_err(|error| self.target.failed(error))?;
            verifier.update(&buffer);
            self.hashed += len as u64;
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
