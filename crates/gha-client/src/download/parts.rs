//! What a download consists of, for crates that read it in their own way.

use std::fmt;

use gha_api::Error;

use super::digest::Expected;
use super::progress::Callback;
use super::{Body, Download, Source, read_already};

/// What was asked of a [`Download`], taken apart by [`Download::into_parts`].
#[non_exhaustive]
pub struct Parts {
    /// The SHA-256 to verify the content against, if one is
    /// [expected](Download::expect_digest).
    pub sha256: Option<[u8; 32]>,
    /// What to [call back](Download::on_progress) with each piece that arrives.
    pub on_progress: Option<Callback>,
    /// Whether a file that exists may be [replaced](Download::replace_existing).
    pub replace_existing: bool,
}

impl Download {
    /// The same content to read ranges of, beside the download; its links are shared. One more
    /// request tells whether the blob store [serves ranges](Source::accepts_ranges).
    ///
    /// # Errors
    ///
    /// As [`Source::open`]; [`Changed`](gha_api::ErrorKind::Changed) if the content is no longer
    /// the same; [`InvalidRequest`](gha_api::ErrorKind::InvalidRequest) if a part of the download
    /// was read already.
    pub fn source(&self) -> impl Future<Output = Result<Source, Error>> + Send + use<> {
        let blob = match &self.body {
            Body::Unread(content) => Ok(content.blob()),
            Body::Streaming(_) => Err(read_already()),
        };
        let head = self.head.clone();
        async move { Source::probe(blob?, Some(head)).await }
    }

    /// Gives up the connection of the download and tells what was asked of it, for a reader of its
    /// [`source`](Self::source) that does the same in another way.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_api::ErrorKind::InvalidRequest) if a part of it was read already.
    pub fn into_parts(self) -> Result<Parts, Error> {
        let replace_existing = self.replace;
        let mut content = self.unread()?;
        Ok(Parts {
            sha256: content.expected.take().map(Expected::sha256),
            on_progress: content.progress.take(),
            replace_existing,
        })
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts")
            .field("sha256", &self.sha256)
            .field("replace_existing", &self.replace_existing)
            .finish_non_exhaustive()
    }
}
