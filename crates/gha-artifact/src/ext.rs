use std::path::Path;

use gha_core::Error;
use gha_download::Download;

use crate::{Extracted, Extractor};

/// What this crate adds to a [`Download`].
pub trait DownloadExt: Sized {
    /// Extracts the artifact while it is downloaded: see [`Extractor::extract`].
    ///
    /// # Errors
    ///
    /// Those of [`Extractor::extract`].
    fn extract(
        self,
        folder: impl AsRef<Path> + Send,
    ) -> impl Future<Output = Result<Extracted, Error>> + Send;
}

impl DownloadExt for Download {
    fn extract(
        self,
        folder: impl AsRef<Path> + Send,
    ) -> impl Future<Output = Result<Extracted, Error>> + Send {
        let folder = folder.as_ref().to_owned();
        Extractor::new().extract(self, folder)
    }
}
