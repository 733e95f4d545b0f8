//! The inner clients: one for the API, one for blobs, of the same settings.

use std::sync::Arc;
use std::time::Duration;

use gha_api::Error;

pub(crate) type ConfigureHttp =
    Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// How inner clients are built.
pub(crate) struct Http {
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) configure: Option<ConfigureHttp>,
}

impl Http {
    /// A client as the caller configured it, save for what the promises of this crate rest on.
    pub(super) fn client(&self) -> Result<reqwest::Client, Error> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.idle_timeout);
        if let Some(configure) = &self.configure {
            builder = configure(builder);
        }
        let client = builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .build()?;
        Ok(client)
    }
}
