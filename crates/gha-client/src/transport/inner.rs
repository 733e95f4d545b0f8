//! The inner clients: one for the API, one for blobs, of the same settings.

use std::sync::Arc;
use std::time::Duration;

use gha_api::Error;

pub(crate) type ConfigureHttp =
    Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// Which proxies requests may go through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proxies {
    /// Those of the environment, and those that the caller configures.
    All,
    /// Those that the caller configures: what is plain http to this machine stays on it.
    AsConfigured,
}

/// How inner clients are built.
pub(crate) struct Http {
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) configure: Option<ConfigureHttp>,
}

impl Http {
    /// A client as the caller configured it, save for what the promises of this crate rest on.
    pub(super) fn client(&self, proxies: Proxies) -> Result<reqwest::Client, Error> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.idle_timeout);
        if proxies == Proxies::AsConfigured {
            builder = builder.no_proxy();
        }
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
