//! What an artifact or a log consists of: bytes in memory, noise made up while it is served, or
//! both, so that an artifact of many gigabytes costs no memory.

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
    parts: Arc<[Part]>,
    /// Which of the parts' bytes.
    range: Range<u64>,
    fingerprint: OnceLock<u64>,
    digest: OnceLock<String>,
}

#[derive(Debug)]
struct Part {
    start: u64,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Bytes(Bytes),
    Noise { seed: u64, len: u64 },
    Content(Content),
}

impl Source {
    fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Noise { len, .. } => *len,
            Self::Content(content) => content.len(),
        }
    }
}

impl Content {
    /// Bytes in memory.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self::from_sources([Source::Bytes(bytes.into())])
    }

    /// Contents one behind the other, which share memory with it; one can be there many times.
    pub fn concat(contents: impl IntoIterator<Item = Self>) -> Self {
        Self::from_sources(contents.into_iter().map(Source::Content))
    }

    /// `len` bytes that do not compress, others for every `seed`, in constant memory.
    pub fn noise(len: u64, seed: u64) -> Self {
        Self::from_sources([Source::Noise { seed, len }])
    }

    /// A zip archive of these members, deflated.
    ///
    /// # Panics
    ///
    /// When two members have one name.
    pub fn zip(members: &[(&str, &[u8])]) -> Self {
        Self::bytes(zip::deflated(members))
    }

    /// A zip archive whose members are noise of the given sizes, stored, in constant memory; their
    /// sizes follow their data, as in GitHub's archives.
    ///
    /// Every member has noise of its own, made from `seed` and its position. Archives and members
    /// beyond 4 GiB, and more than 65,535 members, are written as Zip64.
    ///
    /// # Panics
    ///
    /// When two members have one name.
    pub fn zip_of_noise<N: AsRef<str>>(
        members: impl IntoIterator<Item = (N, u64)>,
        seed: u64,
    ) -> Self {
        Self::from_sources(zip::stored_noise(members, seed))
    }

    fn from_sources(sources: impl IntoIterator<Item = Source>) -> Self {
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
        Self::new(parts, 0..len)
    }

    fn new(parts: Arc<[Part]>, range: Range<u64>) -> Self {
        Self(Arc::new(Inner {
            parts,
            range,
            fingerprint: OnceLock::new(),
            digest: OnceLock::new(),
        }))
    }

    /// The number of bytes.
    pub fn len(&self) -> u64 {
        self.0.range.end - self.0.range.start
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
            let digits = hasher.finalize().into_iter().map(|b| format!("{b:02x}"));
            format!("sha256:{}", digits.collect::<String>())
        })
    }

    /// A copy of a part; what lies beyond the end is left out.
    pub fn read(&self, range: Range<u64>) -> Vec<u8> {
        self.chunks(range).collect::<Vec<_>>().concat()
    }

    /// A part, which shares memory with the whole; what lies beyond the end is left out.
    pub fn slice(&self, range: Range<u64>) -> Self {
        let all = &self.0.range;
        let end = all.end.min(all.start.saturating_add(range.end));
        let start = end.min(all.start.saturating_add(range.start));
        Self::new(self.0.parts.clone(), start..end)
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
        let Inner { parts, range, .. } = &*self.0;
        let (at, end) = (range.start + at, range.start + end);
        let begun = parts.partition_point(|part| part.start <= at);
        let Some(part) = parts[..begun].last() else {
            return Bytes::new();
        };
        let offset = at - part.start;
        let want = (end - at).min(part.source.len().saturating_sub(offset));
        match &part.source {
            Source::Bytes(bytes) => {
                let from = offset as usize;
                bytes.slice(from..from + want as usize)
            }
            Source::Noise { seed, .. } => noise(*seed, offset, want),
            Source::Content(content) => content.chunk(offset, offset + want),
        }
    }

    /// Where it starts in the content that it is a part of.
    pub(crate) fn start(&self) -> u64 {
        self.0.range.start
    }

    /// The same for equal bytes made the same way; what entity tags are made of.
    pub(crate) fn fingerprint(&self) -> u64 {
        *self.0.fingerprint.get_or_init(|| {
            let mut hasher = DefaultHasher::new();
            self.0.range.hash(&mut hasher);
            for part in &*self.0.parts {
                match &part.source {
                    Source::Bytes(bytes) => bytes.hash(&mut hasher),
                    Source::Noise { seed, len } => (seed, len).hash(&mut hasher),
                    Source::Content(content) => content.fingerprint().hash(&mut hasher),
                }
            }
            hasher.finish()
        })
    }
}

/// Every block of noise is a slice of one table, so that serving it copies nothing; which slice
/// depends on seed and block number.
const BLOCK: u64 = 128 * 1024;
const TABLE: usize = 1024 * 1024;

static NOISE: LazyLock<Bytes> = LazyLock::new(|| {
    let mut bytes = Vec::with_capacity(TABLE);
    let mut state = 0x5EED;
    while bytes.len() < TABLE {
        state = mix(state);
        bytes.extend_from_slice(&state.to_le_bytes());
    }
    bytes.into()
});

/// At most `want` bytes of the noise from `offset`.
fn noise(seed: u64, offset: u64, want: u64) -> Bytes {
    let (block, within) = (offset / BLOCK, offset % BLOCK);
    let slices = TABLE as u64 - BLOCK;
    let from = mix(mix(seed).wrapping_add(block)) % slices + within;
    let len = want.min(BLOCK - within);
    NOISE.slice(from as usize..(from + len) as usize)
}

/// One step of [SplitMix64](https://prng.di.unimi.it/splitmix64.c), which is in the public domain.
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
