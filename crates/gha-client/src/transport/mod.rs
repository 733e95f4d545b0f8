//! The one place that every request goes through.

mod call;
mod gate;
mod gzip;
mod moves;
mod trace;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::Bytes;
use gha_core::{
    BaseUrl, Body, Context, Error, Http, RateLimit, RetryPolicy, SignedUrl, Transport,
    TransportFuture, Wait,
};
use http::header::{HeaderMap, HeaderValue, USER_AGENT};

use crate::token::Auth;
use call::Call;
use gate::Gate;

pub(crate) type OnWait = Arc<dyn Fn(&Wait<'_>) + Send + Sync>;
pub(crate) type ConfigureHttp =
    Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// What the builder decides.
pub(crate) struct Settings {
    pub(crate) base_url: BaseUrl,
    pub(crate) auth: Auth,
    pub(crate) api_version: HeaderValue,
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) max_rate_limit_wait: Duration,
    pub(crate) on_wait: Option<OnWait>,
    pub(crate) body_limit: usize,
    pub(crate) configure_http: Option<ConfigureHttp>,
}

impl Settings {
    /// A client as the caller configured it, with proxies of the environment or without: what is
    /// plain http to this machine stays on it, unless the caller configures a proxy.
    fn http(&self, use_proxies: bool) -> Result<Http, Error> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .read_timeout(self.idle_timeout);
        if !use_proxies {
            builder = builder.no_proxy();
        }
        if let Some(configure) = &self.configure_http {
            builder = configure(builder);
        }
        Http::new(builder)
    }
}

/// Carries API requests with credentials, retries and waits, and blob requests with none of them.
pub(crate) struct ApiTransport {
    api: Http,
    /// Built for the first download: reading the platform's certificates takes its time.
    blobs: OnceLock<Http>,
    settings: Settings,
    gate: Gate,
}

impl ApiTransport {
    pub(crate) fn new(settings: Settings) -> Result<Self, Error> {
        Ok(Self {
            api: settings.http(!settings.base_url.is_local())?,
            blobs: OnceLock::new(),
            settings,
            gate: Gate::default(),
        })
    }

    fn blobs(&self) -> Result<&Http, Error> {
        if let Some(http) = self.blobs.get() {
            return Ok(http);
        }
        let http = self.settings.http(true)?;
        Ok(self.blobs.get_or_init(|| http))
    }
}

impl Transport for ApiTransport {
    fn call<'a>(
        &'a self,
        request: http::Request<Bytes>,
        context: &'a Context,
    ) -> TransportFuture<'a, http::Response<Bytes>> {
        Box::pin(Call::new(self, request, context).run())
    }

    fn fetch<'a>(
        &'a self,
        url: &'a SignedUrl,
        mut headers: HeaderMap,
    ) -> TransportFuture<'a, http::Response<Body>> {
        headers.insert(USER_AGENT, self.settings.user_agent.clone());
        Box::pin(async { self.blobs()?.fetch(url, headers).await })
    }

    fn on_wait(&self, wait: &Wait<'_>) {
        trace::waits(wait);
        if let Some(on_wait) = &self.settings.on_wait {
            on_wait(wait);
        }
    }

    fn rate_limit(&self) -> Option<RateLimit> {
        self.gate.last()
    }

    fn prefers_serial(&self) -> bool {
        self.gate.prefers_serial()
    }
}

impl fmt::Debug for ApiTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiTransport")
            .field("base_url", &self.settings.base_url)
            .field("auth", &self.settings.auth)
            .field("api_version", &self.settings.api_version)
            .field("user_agent", &self.settings.user_agent)
            .field("retry", &self.settings.retry)
            .finish_non_exhaustive()
    }
}
