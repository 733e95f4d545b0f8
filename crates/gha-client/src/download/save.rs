//! Saving: reading, hashing and writing at once.

use std::io;
use std::path::PathBuf;

use gha_api::{Error, ErrorKind};
use tokio::task::{JoinSet, spawn_blocking};

use super::content::Content;
use super::resume::Event;
use super::target::Target;
use super::worker::Worker;
use super::writer;

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
    /// For crates that save downloads in their own way.
    pub fn new(path: impl Into<PathBuf>, bytes: u64) -> Self {
        let path = path.into();
        Self { path, bytes }
    }
}

pub(super) async fn save(content: Content, target: Target) -> Result<Saved, Error> {
    let place = target.clone();
    // Held here, and so removed at the moment in which this future is dropped.
    let (file, temporary) = blocking(move || place.temporary()).await?;
    let place = target.clone();
    let bytes = spawned(async move { pump(content, writer::start(file), &place).await }).await?;
    let place = target.clone();
    blocking(move || place.publish(temporary)).await?;
    Ok(Saved::new(target.path(), bytes))
}

async fn pump(
    mut content: Content,
    writer: Worker<io::Result<()>>,
    target: &Target,
) -> Result<u64, Error> {
    loop {
        let written = match content.next().await? {
            Some(Event::Data(chunk)) => writer.push(chunk).await,
            Some(Event::StartOver) => writer.start_over(),
            None => break,
        };
        if written.is_err() {
            break;
        }
    }
    let written = writer.finish().await.map_err(|_| shut_down())?;
    written.map_err(|error| target.failed(error))?;
    Ok(content.received())
}

/// Runs on a task of its own, which is faster than polling sockets from `block_on`; ends with the
/// returned future.
pub(super) async fn spawned<T: Send + 'static>(
    future: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let mut tasks = JoinSet::new();
    tasks.spawn(future);
    match tasks.join_next().await {
        Some(Ok(result)) => result,
        Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        _ => Err(shut_down()),
    }
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work)
        .await
        .unwrap_or_else(|_| Err(shut_down()))
}

fn shut_down() -> Error {
    Error::new(ErrorKind::Io, "the runtime is shutting down")
}
