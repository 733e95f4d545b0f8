//! Writing on a thread of its own, from a few buffers that go round.

use std::io::{self, Write};

use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

/// Large enough that handing one over costs nothing beside filling it.
const SIZE: usize = 256 * 1024;
const COUNT: usize = 4;

/// A file that can be begun again.
pub(super) trait Target: Write + Send + 'static {
    /// Empties it.
    fn start_over(&mut self) -> io::Result<()>;
    /// Makes sure that what was written outlasts a crash of the machine.
    fn settle(&mut self) -> io::Result<()>;
}

impl Target for std::fs::File {
    fn start_over(&mut self) -> io::Result<()> {
        use std::io::Seek as _;
        self.set_len(0)?;
        self.rewind()
    }

    fn settle(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

#[derive(Debug)]
pub(super) struct Writer {
    current: Vec<u8>,
    full: mpsc::Sender<Message>,
    empty: mpsc::Receiver<Vec<u8>>,
    made: usize,
    task: JoinHandle<io::Result<()>>,
}

enum Message {
    Data(Vec<u8>),
    StartOver,
    Settle,
}

/// The writing thread has ended; [`Writer::finish`] says why.
#[derive(Debug)]
pub(super) struct Stopped;

impl Writer {
    pub(super) fn start(mut target: impl Target) -> Self {
        let (full, mut received) = mpsc::channel(COUNT);
        let (back, empty) = mpsc::channel(COUNT);
        let task = spawn_blocking(move || {
            while let Some(message) = received.blocking_recv() {
                match message {
                    Message::Data(mut buffer) => {
                        target.write_all(&buffer)?;
                        buffer.clear();
                        // There is room for all of them, unless nobody wants them any more.
                        let _ = back.try_send(buffer);
                    }
                    Message::StartOver => target.start_over()?,
                    Message::Settle => target.settle()?,
                }
            }
            Ok(())
        });
        Self {
            current: Vec::with_capacity(SIZE),
            full,
            empty,
            made: 1,
            task,
        }
    }

    pub(super) async fn write(&mut self, mut bytes: &[u8]) -> Result<(), Stopped> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(SIZE - self.current.len()));
            self.current.extend_from_slice(now);
            bytes = later;
            if self.current.len() == SIZE {
                self.hand_over().await?;
            }
        }
        Ok(())
    }

    async fn hand_over(&mut self) -> Result<(), Stopped> {
        let next = match self.empty.try_recv() {
            Ok(buffer) => buffer,
            Err(_) if self.made < COUNT => {
                self.made += 1;
                Vec::with_capacity(SIZE)
            }
            Err(_) => self.empty.recv().await.ok_or(Stopped)?,
        };
        let full = std::mem::replace(&mut self.current, next);
        self.send(Message::Data(full)).await
    }

    pub(super) async fn start_over(&mut self) -> Result<(), Stopped> {
        self.current.clear();
        self.send(Message::StartOver).await
    }

    /// Writes the rest and waits until all is on disk.
    pub(super) async fn finish(mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.current);
        for message in [Message::Data(rest), Message::Settle] {
            // A thread that is gone left its reason.
            let _ = self.send(message).await;
        }
        drop(self.full);
        self.task.await.map_err(io::Error::other)?
    }

    async fn send(&self, message: Message) -> Result<(), Stopped> {
        self.full.send(message).await.map_err(|_| Stopped)
    }
}
