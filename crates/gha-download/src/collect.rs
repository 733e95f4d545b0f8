//! Content in memory.

use gha_core::{Error, ErrorKind};

use crate::content::{Content, Event};
use crate::digest::Verifier;

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
    mut content: Content,
    mut verifier: Option<Verifier>,
    limit: usize,
) -> Result<T, Error> {
    /// Nobody reserves more for a length that a server merely claims.
    const RESERVED: u64 = 64 * 1024 * 1024;

    let (mut collected, mut received) = (T::default(), 0);
    loop {
        let total = content.total().unwrap_or_default();
        if total > limit as u64 {
            return Err(content.attribute(too_large(limit)));
        }
        collected.reserve(total.min(RESERVED) as usize);
        match content.next().await? {
            Some(Event::Data(chunk)) if chunk.len() > limit - received => {
                return Err(content.attribute(too_large(limit)));
            }
            Some(Event::Data(chunk)) => {
                if let Some(verifier) = &mut verifier {
                    verifier.update(&chunk);
                }
                received += chunk.len();
                collected.push(&chunk);
            }
            Some(Event::StartOver) => {
                if let Some(verifier) = &mut verifier {
                    verifier.start_over()?;
                }
                (collected, received) = (T::default(), 0);
            }
            None => break,
        }
    }
    match verifier.map(Verifier::finish) {
        Some(Err(error)) => Err(content.attribute(error)),
        _ => Ok(collected),
    }
}

fn too_large(limit: usize) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        format!("the content is larger than the limit of {limit} bytes"),
    )
}
