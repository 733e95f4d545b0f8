//! Work that blocks, on threads for it, and how tasks end.

use gha_api::Error;
use tokio::task::{JoinError, spawn_blocking};

use crate::error::shut_down;

/// What a task gave; a panic goes on where it is awaited.
pub(crate) fn outcome<T>(ended: Result<T, JoinError>) -> Result<T, Error> {
    ended.map_err(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => shut_down(),
    })
}

pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    outcome(spawn_blocking(work).await)?
}
