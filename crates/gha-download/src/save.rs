//! Saving a content under a name.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use gha_core::blocking::blocking;
use gha_core::{Error, ErrorKind};
use tempfile::TempPath;

use crate::content::Content;
use crate::digest::Verifier;
use crate::pump::{Sink, pump};
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
        target: target.clone(),
    };
    let (Writing { file, .. }, bytes) = pump(content, verifier, writing).await?;
    publish(target, file, bytes, |_| Ok(temporary)).await
}

/// Gives a file with so many bytes its name, unless nobody waits for that any more. What has to be done
/// last is done right before, and tells the name that the file has.
pub(crate) async fn publish(
    target: Target,
    file: File,
    bytes: u64,
    last: impl FnOnce(&File) -> Result<TempPath, Error> + Send + 'static,
) -> Result<Saved, Error> {
    let path = target.path().to_owned();
    let waiting = Arc::new(());
    let watch = Arc::downgrade(&waiting);
    let published = blocking(move || {
        settle(&file).map_err(|error| target.failed(error))?;
        match watch.strong_count() {
            0 => Err(Error::new(ErrorKind::Io, "nobody waits for the download")),
            _ => target.publish(&file, last(&file)?),
        }
    });
    let published = published.await;
    drop(waiting);
    published.map(|()| Saved { path, bytes })
}

struct Writing {
    file: File,
    target: Target,
}

impl Sink for Writing {
    fn write(&mut self, piece: &[u8]) -> Result<(), Error> {
        let written = self.file.write_all(piece);
        written.map_err(|error| self.target.failed(error))
    }

    fn start_over(&mut self, _: Option<u64>) -> Result<(), Error> {
        let emptied = self
            .file
            .set_len(0)
            .and_then(|()| io::Seek::rewind(&mut self.file));
        emptied.map_err(|error| self.target.failed(error))
    }
}
