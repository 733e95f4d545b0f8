//! Writing on a thread of its own.

use std::fs::File;
use std::io::{self, Seek as _, Write};

use crate::worker::{Task, Worker};

/// A file that can be begun again.
pub(super) trait Target: Write + Send + 'static {
    /// Empties it.
    fn start_over(&mut self) -> io::Result<()>;
    /// Makes sure that what was written outlasts a crash of the machine.
    fn settle(&mut self) -> io::Result<()>;
}

impl Target for File {
    fn start_over(&mut self) -> io::Result<()> {
        self.set_len(0)?;
        self.rewind()
    }

    fn settle(&mut self) -> io::Result<()> {
        self.sync_all()
    }
}

/// Starts a thread that writes; what it writes is settled only when all has come.
pub(super) fn start(mut target: impl Target) -> Worker<io::Result<()>> {
    Worker::start(move |tasks| {
        for task in tasks {
            match task {
                Task::Data(bytes) => target.write_all(&bytes)?,
                Task::StartOver => target.start_over()?,
                Task::End => target.settle()?,
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, Sender, channel};

    use bytes::Bytes;

    use super::*;

    /// A disk with room for so many bytes.
    struct Disk {
        written: Vec<u8>,
        room: usize,
        settled: Sender<Vec<u8>>,
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

    fn disk(room: usize) -> (Worker<io::Result<()>>, Receiver<Vec<u8>>) {
        let (settled, received) = channel();
        let written = Vec::new();
        let disk = Disk {
            written,
            room,
            settled,
        };
        (start(disk), received)
    }

    fn bytes(length: usize) -> Bytes {
        (0..length).map(|at| (at / 7) as u8).collect()
    }

    #[tokio::test]
    async fn pieces_of_any_size_arrive_in_order() {
        let all = bytes(5 << 20);
        for piece in [1000, 100_000, 3 << 20] {
            let (writer, settled) = disk(usize::MAX);
            let mut rest = all.clone();
            while !rest.is_empty() {
                let piece = rest.split_to(piece.min(rest.len()));
                writer.push(piece).await.unwrap();
            }
            writer.finish().await.unwrap().unwrap();
            assert!(settled.recv().unwrap() == all, "{piece}");
        }
    }

    #[tokio::test]
    async fn what_was_written_before_a_new_start_is_gone() {
        let (writer, settled) = disk(usize::MAX);
        writer.push(bytes(5)).await.unwrap();
        writer.start_over().unwrap();
        writer.push(Bytes::from("new")).await.unwrap();
        writer.finish().await.unwrap().unwrap();
        assert_eq!(settled.recv().unwrap(), b"new");
    }

    #[tokio::test]
    async fn what_is_given_up_is_not_settled() {
        let (writer, settled) = disk(usize::MAX);
        writer.push(bytes(5)).await.unwrap();
        drop(writer);
        assert!(settled.recv().is_err());
    }

    #[tokio::test]
    async fn a_full_disk_stops_the_writing_and_says_why() {
        for room in [0, 1, 100_000, 3 << 20] {
            let (writer, settled) = disk(room);
            while writer.push(bytes(100_000)).await.is_ok() {}
            let error = writer.finish().await.unwrap().unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
            assert!(settled.recv().is_err());
        }
    }

    #[tokio::test]
    async fn a_disk_that_fills_up_at_the_end_is_no_success() {
        let (writer, settled) = disk(10);
        writer.push(bytes(11)).await.unwrap();
        let error = writer.finish().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(settled.recv().is_err());
    }
}
