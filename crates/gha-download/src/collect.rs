//! Content in memory.

use gha_core::{Error, ErrorKind};

use crate::content::Content;
use crate::digest::Verifier;
use crate::pump::{Sink, pump};

/// What holds a content in memory.
pub(crate) trait Collect: Default + Send + 'static {
    /// Makes room for so many bytes in all.
    fn reserve(&mut self, total: usize);
    /// Takes in what comes next.
    fn push(&mut self, chunk: &[u8]);
}

impl Collect for Vec<u8> {
    fn reserve(&mut self, total: usize) {
        self.reserve(total.saturating_sub(self.len()));
    }

    fn push(&mut self, chunk: &[u8]) {
        self.extend_from_slice(chunk);
    }
}

/// Reads a content into memory, if it has at most `limit` bytes.
pub(crate) async fn collect<T: Collect>(
    content: Content,
    verifier: Option<Verifier>,
    limit: usize,
) -> Result<T, Error> {
    let mut memory = Memory {
        collected: T::default(),
        left: limit,
        limit,
    };
    memory.start_over(content.total())?;
    let (memory, _) = pump(content, verifier, memory).await?;
    Ok(memory.collected)
}

struct Memory<T> {
    collected: T,
    /// How many more bytes it may have.
    left: usize,
    limit: usize,
}

impl<T: Collect> Sink for Memory<T> {
    fn write(&mut self, piece: &[u8]) -> Result<(), Error> {
        let left = self.left.checked_sub(piece.len());
        self.left = left.ok_or_else(|| too_large(self.limit))?;
        self.collected.push(piece);
        Ok(())
    }

    fn start_over(&mut self, total: Option<u64>) -> Result<(), Error> {
        /// Nobody reserves more for a length that a server merely claims.
        const RESERVED: u64 = 64 * 1024 * 1024;

        let total = total.unwrap_or_default();
        if total > self.limit as u64 {
            return Err(too_large(self.limit));
        }
        (self.collected, self.left) = (T::default(), self.limit);
        self.collected.reserve(total.min(RESERVED) as usize);
        Ok(())
    }
}

fn too_large(limit: usize) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        format!("the content is larger than the limit of {limit} bytes"),
    )
}
