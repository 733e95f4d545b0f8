//! Saving: reading, hashing and writing at once.

use std::io;
use std::path::PathBuf;

use gha_core::Error;

use crate::content::Content;
use crate::resume::Event;
use crate::target::Target;
use crate::task::{blocking, outcome, spawned};
use crate::worker::Worker;
use crate::writer;

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
    let written = outcome(writer.finish().await)?;
    written.map_err(|error| target.failed(error))?;
    Ok(content.received())
}
