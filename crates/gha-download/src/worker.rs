//! Threads that work on bytes while the next ones are read.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{JoinError, JoinHandle, spawn_blocking};

/// How many bytes may wait: a few reads of plain http, many records of TLS.
const ROOM: usize = 1024 * 1024;

#[derive(Debug)]
pub(super) enum Task {
    Data(Bytes),
    /// What came so far counts no more.
    StartOver,
    /// All has come. Without it, the download was given up.
    End,
}

type Message = (Task, Option<OwnedSemaphorePermit>);

/// A thread with a queue that holds bytes in memory up to a limit.
#[derive(Debug)]
pub(super) struct Worker<T> {
    queue: UnboundedSender<Message>,
    room: Arc<Semaphore>,
    thread: JoinHandle<T>,
}

/// The thread has ended early; [`Worker::finish`] tells its result.
#[derive(Debug)]
pub(super) struct Stopped;

impl<T: Send + 'static> Worker<T> {
    pub(super) fn start(work: impl FnOnce(Tasks) -> T + Send + 'static) -> Self {
        let (queue, received) = unbounded_channel();
        let tasks = Tasks {
            queue: received,
            held: None,
        };
        Self {
            queue,
            room: Arc::new(Semaphore::new(ROOM)),
            thread: spawn_blocking(move || work(tasks)),
        }
    }

    /// Queues bytes when there is room for them.
    pub(super) async fn push(&self, bytes: Bytes) -> Result<(), Stopped> {
        let needed = bytes.len().min(ROOM) as u32;
        let room = self.room.clone().acquire_many_owned(needed).await;
        self.send((Task::Data(bytes), room.ok()))
    }

    pub(super) fn start_over(&self) -> Result<(), Stopped> {
        self.send((Task::StartOver, None))
    }

    pub(super) async fn finish(self) -> Result<T, JoinError> {
        // A thread that ended early has a result as well.
        let _ = self.send((Task::End, None));
        drop(self.queue);
        self.thread.await
    }

    fn send(&self, message: Message) -> Result<(), Stopped> {
        self.queue.send(message).map_err(|_| Stopped)
    }
}

/// What a thread has to do; blocks until there is more.
#[derive(Debug)]
pub(super) struct Tasks {
    queue: UnboundedReceiver<Message>,
    /// The room of the task in work.
    held: Option<OwnedSemaphorePermit>,
}

impl Iterator for Tasks {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        self.held = None;
        let (task, room) = self.queue.blocking_recv()?;
        self.held = room;
        Some(task)
    }
}
