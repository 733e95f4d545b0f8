//! Work on tasks and threads of its own, and how it ends.

use gha_core::{Error, ErrorKind};
use tokio::task::{JoinError, JoinSet, spawn_blocking};

/// What a task gave; a panic goes on where it is awaited.
pub(crate) fn outcome<T>(ended: Result<T, JoinError>) -> Result<T, Error> {
    ended.map_err(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => shut_down(),
    })
}

fn shut_down() -> Error {
    Error::new(ErrorKind::Io, "the runtime is shutting down")
}

/// Runs work that blocks on a thread for it.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    outcome(spawn_blocking(work).await)?
}

/// Runs on a task of its own, which is faster than polling sockets from `block_on`; ends with the
/// returned future.
pub(crate) async fn spawned<T: Send + 'static>(
    future: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let mut tasks = JoinSet::new();
    tasks.spawn(future);
    match tasks.join_next().await {
        Some(ended) => outcome(ended)?,
        None => Err(shut_down()),
    }
}
