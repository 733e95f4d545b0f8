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

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk with room for so many bytes.
    struct Disk {
        written: Vec<u8>,
        room: usize,
        settled: std::sync::mpsc::Sender<Vec<u8>>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let length = bytes.len().min(self.room - self.written.len());
            if length == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.written.extend_from_slice(&bytes[..length]);
            Ok(length)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Target for Disk {
        fn start_over(&mut self) -> io::Result<()> {
            self.written.clear();
            Ok(())
        }

        fn settle(&mut self) -> io::Result<()> {
            let _ = self.settled.send(std::mem::take(&mut self.written));
            Ok(())
        }
    }

    fn disk(room: usize) -> (Writer, std::sync::mpsc::Receiver<Vec<u8>>) {
        let (settled, received) = std::sync::mpsc::channel();
        let written = Vec::new();
        let disk = Disk {
            written,
            room,
            settled,
        };
        (Writer::start(disk), received)
    }

    fn bytes(length: usize) -> Vec<u8> {
        (0..length).map(|at| (at / 7) as u8).collect()
    }

    #[tokio::test]
    async fn pieces_of_any_size_arrive_in_order() {
        for piece in [1000, SIZE - 1, SIZE, SIZE + 1, 3 * SIZE] {
            let all = bytes(3 * COUNT * SIZE + 5);
            let (mut writer, settled) = disk(usize::MAX);
            for piece in all.chunks(piece) {
                writer.write(piece).await.unwrap();
            }
            writer.finish().await.unwrap();
            assert!(settled.recv().unwrap() == all, "{piece}");
        }
    }

    #[tokio::test]
    async fn what_was_written_before_a_new_start_is_gone() {
        let (mut writer, settled) = disk(usize::MAX);
        writer.write(&bytes(2 * SIZE + 5)).await.unwrap();
        writer.start_over().await.unwrap();
        writer.write(b"new").await.unwrap();
        writer.finish().await.unwrap();
        assert_eq!(settled.recv().unwrap(), b"new");
    }

    #[tokio::test]
    async fn a_full_disk_stops_the_writing_and_says_why() {
        for room in [0, 1, SIZE, 2 * SIZE + 1] {
            let (mut writer, settled) = disk(room);
            while writer.write(&bytes(SIZE)).await.is_ok() {}
            let error = writer.finish().await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
            assert!(settled.recv().is_err());
        }
    }

    #[tokio::test]
    async fn a_disk_that_fills_up_at_the_end_is_no_success() {
        let (mut writer, settled) = disk(10);
        writer.write(&bytes(11)).await.unwrap();
        let error = writer.finish().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(settled.recv().is_err());
    }
}
