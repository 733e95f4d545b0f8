//! Work on tasks and threads of its own, for the crates of this workspace.
//!
//! Nothing that runs on a blocking thread waits for other work that needs one: a runtime may have few of
//! them.

use tokio::task::{JoinError, JoinHandle, JoinSet, spawn_blocking};

use crate::{Error, ErrorKind};

/// Runs work that blocks; a panic of it goes on where it is awaited.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    outcome(spawn_blocking(work).await)?
}

/// Runs on a task of its own, which is faster than polling sockets from `block_on`; ends with the
/// returned future.
pub async fn spawned<T: Send + 'static>(
    future: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let mut tasks = JoinSet::new();
    tasks.spawn(future);
    match tasks.join_next().await {
        Some(ended) => outcome(ended)?,
        None => Err(shut_down()),
    }
}

/// What a task gave; a panic goes on where it is awaited.
pub fn outcome<T>(ended: Result<T, JoinError>) -> Result<T, Error> {
    ended.map_err(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => shut_down(),
    })
}

fn shut_down() -> Error {
    Error::new(
        ErrorKind::Io,
        "the runtime is shutting down; await all calls before that",
    )
}

/// A state that jobs on blocking threads have in turns: while one runs, the next is prepared.
#[derive(Debug)]
pub struct Turns<S> {
    idle: Option<S>,
    running: Option<JoinHandle<Result<S, Error>>>,
}

impl<S: Send + 'static> Turns<S> {
    /// Nobody has the state yet.
    pub fn new(state: S) -> Self {
        Self {
            idle: Some(state),
            running: None,
        }
    }

    /// Starts a job as soon as the one before has ended; fails if that one did.
    pub async fn start(
        &mut self,
        job: impl FnOnce(&mut S) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        let mut state = self.take().await?;
        self.running = Some(spawn_blocking(move || job(&mut state).map(|()| state)));
        Ok(())
    }

    /// The state, when the last job has ended. There is none afterwards.
    pub async fn finish(&mut self) -> Result<S, Error> {
        self.take().await
    }

    /// Whether a job would start at once.
    pub fn is_idle(&self) -> bool {
        self.running.as_ref().is_none_or(JoinHandle::is_finished)
    }

    async fn take(&mut self) -> Result<S, Error> {
        if let Some(state) = self.idle.take() {
            return Ok(state);
        }
        let running = self.running.as_mut().ok_or_else(shut_down)?;
        let ended = running.await;
        self.running = None;
        outcome(ended)?
    }
}
