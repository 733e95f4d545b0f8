use std::path::Path;

use gha_api::Error;
use gha_client::download::{Download, Saved};

use crate::{Extracted, Extractor, ParallelDownload};

/// What this crate adds to a [`Download`].
pub trait DownloadExt: Sized {
    /// Downloads on so many connections at once, between 1 and 64.
    ///
    /// ```no_run
    /// use gha_artifact::DownloadExt as _;
    /// use gha_client::prelude::*;
    ///
    /// # async fn example(client: gha_client::Client) -> Result<(), gha_client::Error> {
    /// let archive = client.download_artifact().owner("octo-org").repo("octo-docs")
    ///     .artifact_id(11).archive_format("zip");
    /// archive.download().await?.connections(8).save("dist.zip").await?;
    /// # Ok(())
    /// # }
    /// ```
    fn connections(self, connections: usize) -> ParallelDownload;

    /// Saves the content on one connection, and keeps what there is of it for the next attempt: see
    /// [`ParallelDownload::save_resumable`].
    ///
    /// # Errors
    ///
    /// As there.
    fn save_resumable(
        self,
        path: impl AsRef<Path> + Send,
    ) -> impl Future<Output = Result<Saved, Error>> + Send;

    /// Extracts the artifact while it is downloaded: see [`Extractor::extract`].
    ///
    /// # Errors
    ///
    /// As there.
    fn extract(
        self,
        folder: impl AsRef<Path> + Send,
    ) -> impl Future<Output = Result<Extracted, Error>> + Send;
}

impl DownloadExt for Download {
    fn connections(self, connections: usize) -> ParallelDownload {
        ParallelDownload::new(self, connections)
    }

    fn save_resumable(
        self,
        path: impl AsRef<Path> + Send,
    ) -> impl Future<Output = Result<Saved, Error>> + Send {
        let path = path.as_ref().to_owned();
        self.connections(1).save_resumable(path)
    }

    fn extract(
        self,
        folder: impl AsRef<Path> + Send,
    ) -> impl Future<Output = Result<Extracted, Error>> + Send {
        let folder = folder.as_ref().to_owned();
        Extractor::new().extract(self, folder)
    }
}
