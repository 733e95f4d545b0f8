//! Downloads on several connections, and such as go on in another process.

mod fetch;
mod hash;
mod part_file;
mod ranges;
mod write;

use std::fs::File;
use std::io::{self, Seek as _};
use std::path::{Path, PathBuf};

use gha_core::{Error, ErrorKind};
use tempfile::TempPath;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::digest::Expected;
use crate::progress::Callback;
use crate::target::Target;
use crate::task::{blocking, outcome};
use crate::{Download, Saved, Source};
use part_file::Recorder;
use ranges::Ranges;
use write::Writer;

const SMALLEST: u64 = 1024 * 1024;
const LARGEST: u64 = 16 * SMALLEST;
/// Blob stores slow down callers with more.
const MOST_CONNECTIONS: usize = 64;
/// How many batches wait to be written.
const QUEUE: usize = 8;

/// A [`Download`] on several connections: see [`connections`](Download::connections).
#[derive(Debug)]
#[must_use = "nothing is downloaded yet"]
pub struct ParallelDownload {
    download: Download,
    connections: usize,
    part_size: Option<u64>,
}

impl ParallelDownload {
    pub(crate) fn new(download: Download, connections: usize) -> Self {
        Self {
            download,
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
    /// [`Download::save`]: whole and verified, or no file. Parts that fail are
    /// repeated alone, and links that expire are renewed.
    ///
    /// The file is allocated at once, and hashed from its beginning while the rest arrives. Where
    /// the blob store does not serve ranges, and where the content is no larger than a part, one
    /// connection downloads it all.
    ///
    /// # Errors
    ///
    /// As [`Download::save`], and [`ErrorKind::Changed`] if the content changes under way, as parts
    /// of two contents make none.
    ///
    /// # Panics
    ///
    /// If the progress callback panics.
    pub async fn save(self, path: impl AsRef<Path>) -> Result<Saved, Error> {
        let path = path.as_ref().to_owned();
        let sizes = self.sizes();
        let is_small = |total| total <= sizes.next(total);
        if self.download.content_length().is_none_or(is_small) {
            return self.download.save(path).await;
        }
        let Some((source, total)) = self.ranges().await? else {
            return self.download.save(path).await;
        };
        let target = Target::new(path, self.download.replace);
        let place = target.clone();
        let (file, temporary) = blocking(move || place.temporary()).await?;
        let content = self.download.content;
        let job = Job {
            source,
            total,
            sizes,
            expected: content.expected,
            on_progress: content.progress,
            target,
        };
        let kept = temporary.to_path_buf();
        let file = job.run(file, kept, Ranges::default(), None);
        let (target, file) = file.await?;
        finish(target, file, temporary, total).await
    }

    /// The same, and what has been received outlives this future and this process: it is kept
    /// beside `path` in a file whose name ends in `.part`, with its `ETag` and what is there of it.
    /// The next call for the same path goes on from there, or starts over when the content is
    /// another. While one runs, others for the same path fail.
    ///
    /// A process that is killed loses what it has received since the state was last written, at
    /// most 16 MiB; a machine that crashes loses no more. Where the blob store does not serve
    /// ranges, nothing is kept.
    ///
    /// # Errors
    ///
    /// As [`save`](Self::save). After a [`DigestMismatch`](ErrorKind::DigestMismatch) nothing is
    /// kept.
    ///
    /// # Panics
    ///
    /// If the progress callback panics.
    pub async fn save_resumable(self, path: impl AsRef<Path>) -> Result<Saved, Error> {
        let path = path.as_ref().to_owned();
        let Some((source, total)) = self.ranges().await? else {
            return self.download.save(path).await;
        };
        let sizes = self.sizes();
        let target = Target::new(path, self.download.replace);
        let kept = part_file::path_of(target.path());
        let (room, place) = (target.clone(), kept.clone());
        let etag = source.etag().unwrap_or_default().to_owned();
        let (file, finished, recorder) = blocking(move || {
            room.check()?;
            part_file::open(&place, &etag, total, sizes.next(total))
        })
        .await?;
        let content = self.download.content;
        let job = Job {
            source,
            total,
            sizes,
            expected: content.expected,
            on_progress: content.progress,
            target,
        };
        let file = job.run(file, kept.clone(), finished, Some(recorder)).await;
        if file
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::DigestMismatch)
        {
            // Nobody knows which part is wrong.
            let _ = std::fs::remove_file(&kept);
        }
        let (target, file) = file?;
        // While what was received can still be kept.
        let place = target.clone();
        blocking(move || place.check()).await?;
        let temporary = TempPath::try_from_path(kept).map_err(|error| target.failed(error))?;
        finish(target, file, temporary, total).await
    }

    /// The source and its length, where it serves ranges.
    fn ranges(&self) -> impl Future<Output = Result<Option<(Source, u64)>, Error>> + Send + use<> {
        let source = self.download.source();
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

struct Job {
    source: Source,
    total: u64,
    sizes: Sizes,
    expected: Option<Expected>,
    on_progress: Option<Callback>,
    target: Target,
}

impl Job {
    /// Completes a file, verified.
    async fn run(
        self,
        file: File,
        path: PathBuf,
        finished: Ranges,
        recorder: Option<Recorder>,
    ) -> Result<(Target, File), Error> {
        let sizes = self.sizes;
        let missing = finished.missing(self.total, move |left| sizes.next(left));
        // Windows lets nobody read beside a lock, the one who holds it neither.
        let beside = self.expected.is_some() && (recorder.is_none() || cfg!(not(windows)));
        let (hasher, hash) = if beside {
            let place = self.target.clone();
            let file = blocking(move || File::open(&path).map_err(|error| place.failed(error)));
            let (hasher, hash) = hash::start(file.await?);
            (Some(hasher), Some(hash))
        } else {
            (None, None)
        };
        let writer = Writer {
            file,
            total: self.total,
            finished,
            on_progress: self.on_progress,
            hasher,
            recorder,
        };
        let (batches, received) = mpsc::channel(QUEUE);
        let writing = spawn_blocking(move || writer.run(received));
        let fetched = fetch::fetch(&self.source, missing, self.sizes.connections, batches).await;
        let (file, finished) =
            outcome(writing.await)?.map_err(|error| self.target.failed(error))?;
        fetched?;
        if finished.prefix() != self.total {
            let (have, total) = (finished.bytes(), self.total);
            return Err(Error::new(
                ErrorKind::Truncated,
                format!("{have} bytes of {total} were received"),
            ));
        }
        if let Some(expected) = self.expected {
            let hash = match hash {
                Some(hash) => hash,
                None => hash_whole(&file, self.total).map_err(|error| self.target.failed(error))?,
            };
            let actual = outcome(hash.await)?.map_err(|error| self.target.failed(error))?;
            expected.compare(actual)?;
        }
        Ok((self.target, file))
    }
}

fn hash_whole(mut file: &File, total: u64) -> io::Result<JoinHandle<io::Result<[u8; 32]>>> {
    file.rewind()?;
    let (hasher, hash) = hash::start(file.try_clone()?);
    // One that is gone has failed, and says so itself.
    let _ = hasher.send(total);
    Ok(hash)
}

/// Cuts off what follows the content, and gives it its name.
async fn finish(
    target: Target,
    file: File,
    temporary: TempPath,
    total: u64,
) -> Result<Saved, Error> {
    blocking(move || {
        file.set_len(total)
            .and_then(|()| file.sync_all())
            .map_err(|error| target.failed(error))?;
        target.publish(temporary)?;
        Ok(Saved::new(target.path(), total))
    })
    .await
}
