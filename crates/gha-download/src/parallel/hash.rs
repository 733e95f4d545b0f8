//! Hashing a file while it grows, on a thread of its own.

use std::fs::File;
use std::io::{self, Read as _};
use std::sync::mpsc::{Sender, channel};

use sha2::{Digest as _, Sha256};
use tokio::task::{JoinHandle, spawn_blocking};

const BUFFER: usize = 256 * 1024;

/// Hashes as much of the file, from where it stands, as the sender is told of, until that is dropped.
pub(super) fn start(mut file: File) -> (Sender<u64>, JoinHandle<io::Result<[u8; 32]>>) {
    let (sender, whole) = channel::<u64>();
    let task = spawn_blocking(move || {
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; BUFFER];
        let mut hashed = 0;
        while let Ok(end) = whole.recv() {
            while hashed < end {
                let want = (end - hashed).min(BUFFER as u64) as usize;
                file.read_exact(&mut buffer[..want])?;
                hasher.update(&buffer[..want]);
                hashed += want as u64;
            }
        }
        Ok(hasher.finalize().into())
    });
    (sender, task)
}
