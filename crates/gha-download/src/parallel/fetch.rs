//! Reading parts of a content on several connections at once.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use gha_core::Error;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::write::Batch;
use crate::Source;
use crate::task::outcome;

/// How many bytes are handed to the writing thread at once: fewer cost more than they weigh.
const BATCH: usize = 256 * 1024;

/// Sends all parts to the writer, or fails with the first part that cannot be had.
pub(super) async fn fetch(
    source: &Source,
    parts: impl Iterator<Item = Range<u64>> + Send + 'static,
    connections: usize,
    writer: mpsc::Sender<Batch>,
) -> Result<(), Error> {
    let mut workers = JoinSet::new();
    let parts = Arc::new(Mutex::new(parts));
    for _ in 0..connections {
        workers.spawn(work(source.clone(), parts.clone(), writer.clone()));
    }
    while let Some(worker) = workers.join_next().await {
        outcome(worker)??;
    }
    Ok(())
}

/// Reads one part after the other, the first ones first, so that what is whole grows from the
/// beginning and can be hashed.
async fn work(
    source: Source,
    parts: Arc<Mutex<impl Iterator<Item = Range<u64>>>>,
    writer: mpsc::Sender<Batch>,
) -> Result<(), Error> {
    let next = || parts.lock().unwrap_or_else(PoisonError::into_inner).next();
    while let Some(part) = next() {
        let mut stream = source.read(part.clone())?;
        let mut batch = Batch::new(part.start);
        while let Some(chunk) = stream.try_next().await? {
            batch.push(chunk);
            if batch.len() >= BATCH {
                let next = Batch::new(batch.end());
                if writer
                    .send(std::mem::replace(&mut batch, next))
                    .await
                    .is_err()
                {
                    // The writer is gone and says why.
                    return Ok(());
                }
            }
        }
        if writer.send(batch).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}
