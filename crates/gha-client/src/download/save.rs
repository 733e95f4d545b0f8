//! Saving: a file appears under its name only when it is whole and verified.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use gha_api::{Error, ErrorKind};
use tempfile::TempPath;
use tokio::task::{JoinSet, spawn_blocking};

use super::content::Content;
use super::resume::Event;
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

pub(super) async fn save(content: Content, path: PathBuf, replace: bool) -> Result<Saved, Error> {
    let target = path.clone();
    // Held here, and so removed at the moment in which this future is dropped.
    let (file, temporary) = blocking(move || create(&target, replace)).await?;
    let target = path.clone();
    let bytes = spawned(async move { pump(content, writer::start(file), &target).await }).await?;
    let target = path.clone();
    blocking(move || publish(temporary, &target, replace)).await?;
    Ok(Saved { path, bytes })
}

async fn pump(
    mut content: Content,
    writer: Worker<io::Result<()>>,
    path: &Path,
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
    let cannot = |error| failed(error, "cannot write", path);
    let written = writer.finish().await.map_err(|_| shut_down())?;
    written.map_err(cannot)?;
    Ok(content.received())
}

/// An empty file beside the target; it is removed when the returned path is dropped.
fn create(path: &Path, replace: bool) -> Result<(File, TempPath), Error> {
    let cannot = |error| failed(error, "cannot save", path);
    if path.file_name().is_none() || path.is_dir() {
        let error = io::Error::new(io::ErrorKind::IsADirectory, "the path names no file");
        return Err(cannot(error));
    }
    if !replace && fs::symlink_metadata(path).is_ok() {
        return Err(exists(path));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gha-").suffix(".part");
    // What any new file of this process gets, instead of one that only its owner can read.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder_of(path));
    let file = file.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => cannot(io::Error::new(
            io::ErrorKind::NotFound,
            "its folder does not exist; create it first",
        )),
        // Without the name of the temporary file, which would only confuse.
        kind => cannot(kind.into()),
    })?;
    Ok(file.into_parts())
}

fn publish(temporary: TempPath, path: &Path, replace: bool) -> Result<(), Error> {
    let persisted = if replace {
        temporary.persist(path)
    } else {
        temporary.persist_noclobber(path)
    };
    persisted.map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => exists(path),
        _ => failed(error.error, "cannot save", path),
    })?;
    // The name outlasts a crash only when its folder is on disk too.
    #[cfg(unix)]
    File::open(folder_of(path))
        .and_then(|folder| folder.sync_all())
        .map_err(|error| failed(error, "cannot save", path))?;
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn exists(path: &Path) -> Error {
    let error = io::Error::new(
        io::ErrorKind::AlreadyExists,
        "the file exists; replace it with `replace_existing(true)`",
    );
    failed(error, "cannot save", path)
}

pub(super) fn failed(error: io::Error, what: &str, path: &Path) -> Error {
    Error::new(ErrorKind::Io, format!("{what} {}: {error}", path.display())).with_source(error)
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
