//! Work on tasks and threads of its own, for the crates of this workspace.
//!
//! Nothing that runs on a blocking thread waits for other work that needs one: a runtime may have few of
//! them.

use std::future::pending;

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

/// A state that jobs on blocking threads have in turns: while one runs, the next is prepared. Jobs that
/// fail give it back.
#[derive(Debug)]
pub struct Turns<S> {
    idle: Option<S>,
    running: Option<JoinHandle<(S, Result<(), Error>)>>,
}

impl<S: Send + 'static> Turns<S> {
    /// Nobody has the state yet.
    pub fn new(state: S) -> Self {
        Self {
            idle: Some(state),
            running: None,
        }
    }

    /// Starts a job as soon as the one before has ended; fails if that one did, and nobody was told.
    pub async fn start(
        &mut self,
        job: impl FnOnce(&mut S) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        self.ended().await?;
        let Some(mut state) = self.idle.take() else {
            // It went down with a job that panicked, and whoever waited for that one panics.
            return pending().await;
        };
        self.running = Some(spawn_blocking(move || {
            let done = job(&mut state);
            (state, done)
        }));
        Ok(())
    }

    /// Waits for the job that runs, if there is one; fails if that one does.
    pub async fn ended(&mut self) -> Result<(), Error> {
        let Some(running) = &mut self.running else {
            return Ok(());
        };
        let ended = running.await;
        self.running = None;
        let (state, done) = outcome(ended)?;
        self.idle = Some(state);
        done
    }

    /// The state, when the last job has ended. There is none afterwards.
    pub async fn finish(&mut self) -> Result<S, Error> {
        let ended = self.ended().await;
        let state = self.idle.take();
        ended?;
        state.ok_or_else(shut_down)
    }

    /// Whether a job would start at once.
    pub fn is_idle(&self) -> bool {
        self.running.as_ref().is_none_or(JoinHandle::is_finished)
    }
}
