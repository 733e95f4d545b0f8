use gha_core::Error;

use crate::error::too_large;

/// What an archive may at most unpack to. All of it is checked before the first file is written,
/// and what an archive says of its entries binds it.
///
/// ```
/// use gha_artifact::Limits;
///
/// let strict = Limits::default().max_entries(1_000).max_size(100 * 1024 * 1024);
/// # let _ = strict;
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Limits {
    pub(super) entries: usize,
    size: u64,
    ratio: u64,
    pub(super) path: usize,
}

/// Small archives of logs and zeros compress to almost nothing, and harm nobody.
const HARMLESS: u64 = 64 * 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 100_000,
            size: 32 * 1024 * 1024 * 1024,
            ratio: 200,
            path: 1024,
        }
    }
}

impl Limits {
    /// How many entries an archive may have, directories among them, and how many more folders its
    /// paths may name; 100,000 by default.
    pub fn max_entries(mut self, entries: usize) -> Self {
        self.entries = entries;
        self
    }

    /// How many bytes all files together may have; 32 GiB by default.
    pub fn max_size(mut self, bytes: u64) -> Self {
        self.size = bytes;
        self
    }

    /// How many times larger than what it takes in the archive an entry may be, and all of them
    /// together; 200 by default. Up to 64 MiB of files no ratio is too large.
    pub fn max_ratio(mut self, ratio: u64) -> Self {
        self.ratio = ratio;
        self
    }

    /// How many bytes a path within the folder may have, as UTF-8; 1,024 by default.
    pub fn max_path(mut self, bytes: usize) -> Self {
        self.path = bytes;
        self
    }

    /// Checks an entry, named, or all of them.
    pub(super) fn check_size(&self, what: &str, packed: u64, size: u64) -> Result<(), Error> {
        let (limit, ratio) = (self.size, self.ratio);
        if size > limit {
            return Err(too_large(format!(
                "{what} would unpack to {size} bytes, more than {limit}"
            )));
        }
        if size > HARMLESS && size / ratio.max(1) > packed {
            return Err(too_large(format!(
                "{what} would unpack from {packed} to {size} bytes, more than {ratio} times as much"
            )));
        }
        Ok(())
    }
}
