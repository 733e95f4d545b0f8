//! Work on threads of its own, and how it ends.

use gha_core::Error;
use tokio::task::spawn_blocking;

use crate::error::shut_down;

/// Runs work that blocks; a panic goes on where it is awaited.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Err(shut_down()),
        },
    }
}
