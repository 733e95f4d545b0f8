//! What an artifact or a log consists of: bytes in memory, noise made up while it is served, or
//! both, so that an artifact of many gigabytes costs no memory.

mod noise;
mod zip;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::sync::{Arc, LazyLock, OnceLock};

use bytes::Bytes;
use sha2::{Digest, Sha256};

/// The bytes of an artifact or of a log.
///
/// Clones are cheap and share one digest, which is computed when it is first asked for.
#[derive(Clone, Debug)]
pub struct Content(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    parts: Vec<Part>,
    len: u64,
    fingerprint: OnceLock<u64>,
    digest: OnceLock<String>,
}

#[derive(Debug)]
struct Part {
    start: u64,
    source: Source,
}

#[derive(Debug)]
pub(crate) enum Source {
    Bytes(Bytes),
    Noise { seed: u64, len: u64 },
}

impl Source {
    fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Noise { len, .. } => *len,
        }
    }
}

impl Content {
    /// Bytes in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::from_parts([Source::Bytes(bytes.into())])
    }

    /// `len` bytes that do not compress, different at every offset and for every `seed`, in
    /// constant memory.
    pub fn noise(len: u64, seed: u64) -> Self {
        Self::from_parts([Source::Noise { seed, len }])
    }

    /// A zip archive of these members, deflated.
    ///
    /// # Panics
    ///
    /// When two members have one name.
    pub fn zip(members: &[(&str, &[u8])]) -> Self {
        Self::bytes(zip::deflated(members))
    }

    /// A zip archive whose members are noise of the given sizes, stored, in constant memory.
    ///
    /// Every member has noise of its own, made from `seed` and its position. Archives and members
    /// beyond 4 GiB, and more than 65,535 members, are written as Zip64.
    pub fn zip_of_noise<N: AsRef<str>>(
        members: impl IntoIterator<Item = (N, u64)>,
        seed: u64,
    ) -> Self {
        Self::from_parts(zip::stored_noise(members, seed))
    }

    pub(crate) fn empty() -> Self {
        static EMPTY: LazyLock<Content> = LazyLock::new(|| Content::from_parts([]));
        EMPTY.clone()
    }

    pub(crate) fn from_parts(sources: impl IntoIterator<Item = Source>) -> Self {
        let mut len = 0;
        let parts = sources
            .into_iter()
            .filter(|source| source.len() > 0)
            .map(|source| {
                let start = len;
                len += source.len();
                Part { start, source }
            })
            .collect();
        Self(Arc::new(Inner {
            parts,
            len,
            fingerprint: OnceLock::new(),
            digest: OnceLock::new(),
        }))
    }

    /// The number of bytes.
    pub fn len(&self) -> u64 {
        self.0.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The SHA-256 of all bytes as GitHub writes it: `sha256:` and 64 hexadecimal digits.
    pub fn digest(&self) -> &str {
        self.0.digest.get_or_init(|| {
            let mut hasher = Sha256::new();
            self.chunks(0..self.len())
                .for_each(|chunk| hasher.update(&chunk));
            let mut text = String::from("sha256:");
            for byte in hasher.finalize() {
                text.push_str(&format!("{byte:02x}"));
            }
            text
        })
    }

    /// A copy of a part; what lies beyond the end is left out.
    pub fn read(&self, range: Range<u64>) -> Vec<u8> {
        let mut out = Vec::new();
        self.chunks(range).for_each(|c| out.extend_from_slice(&c));
        out
    }

    /// The bytes of a part, chunk by chunk.
    pub fn chunks(&self, range: Range<u64>) -> impl Iterator<Item = Bytes> + '_ {
        let end = range.end.min(self.len());
        let mut at = range.start;
        std::iter::from_fn(move || {
            let chunk = (at < end).then(|| self.chunk(at, end))?;
            at += chunk.len() as u64;
            Some(chunk)
        })
    }

    /// The longest piece from `at` that needs no copy and stays below `end`; never empty while
    /// `at < end <= len`.
    pub(crate) fn chunk(&self, at: u64, end: u64) -> Bytes {
        let parts = &self.0.parts;
        let Some(part) = parts
            .partition_point(|part| part.start <= at)
            .checked_sub(1)
            .map(|i| &parts[i])
        else {
            return Bytes::new();
        };
        let offset = at - part.start;
        let want = (end - at).min(part.source.len().saturating_sub(offset));
        match &part.source {
            Source::Bytes(bytes) => {
                let from = offset as usize;
                bytes.slice(from..from + want as usize)
            }
            Source::Noise { seed, .. } => noise::chunk(*seed, offset, want),
        }
    }

    /// The same for equal bytes made the same way; what entity tags are made of.
    pub(crate) fn fingerprint(&self) -> u64 {
        *self.0.fingerprint.get_or_init(|| {
            let mut hasher = DefaultHasher::new();
            for part in &self.0.parts {
                match &part.source {
                    Source::Bytes(bytes) => bytes.hash(&mut hasher),
                    Source::Noise { seed, len } => (seed, len).hash(&mut hasher),
                }
            }
            hasher.finish()
        })
    }
}
