//! The one place that every request goes through.

mod call;
mod gate;
mod gzip;
mod moves;
mod trace;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use gha_core::{
    BaseUrl, Body, Context, Error, Http, RateLimit, RetryPolicy, SignedUrl, Transport,
    TransportFuture, Wait,
};
use http::header::{HeaderMap, HeaderValue, USER_AGENT};

use crate::token::TokenSource;
use call::Call;
use gate::Gate;

pub(crate) type OnWait = Arc<dyn Fn(&Wait<'_>) + Send + Sync>;
pub(crate) type ConfigureHttp =
    Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// What the builder decides.
#[derive(Clone)]
pub(crate) struct Settings {
    /// Where tokens come from, unless requests are anonymous.
    pub(crate) auth: Option<TokenSource>,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) max_rate_limit_wait: Duration,
    pub(crate) on_wait: Option<OnWait>,
    pub(crate) body_limit: usize,
    pub(crate) configure_http: Option<ConfigureHttp>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            auth: None,
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(30),
            retry: RetryPolicy::default(),
            max_rate_limit_wait: Duration::from_secs(5 * 60),
            on_wait: None,
            body_limit: 32 * 1024 * 1024,
            configure_http: None,
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("auth", &self.auth)
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("retry", &self.retry)
            .field("max_rate_limit_wait", &self.max_rate_limit_wait)
            .field("body_limit", &self.body_limit)
            .finish_non_exhaustive()
    }
}

/// Carries API requests with credentials, retries and waits, and blob requests with none of them.
pub(crate) struct ApiTransport {
    http: Http,
    base_url: BaseUrl,
    api_version: HeaderValue,
    user_agent: HeaderValue,
    settings: Settings,
    gate: Gate,
}

impl ApiTransport {
    pub(crate) fn new(
        base_url: BaseUrl,
        api_version: HeaderValue,
        user_agent: HeaderValue,
        mut settings: Settings,
    ) -> Result<Self, Error> {
        let configure = settings.configure_http.take();
        let http = Http::new(
            settings.connect_timeout,
            settings.idle_timeout,
            move |builder| match &configure {
                Some(configure) => configure(builder),
                None => builder,
            },
        );
        http.prepare(&base_url)?;
        Ok(Self {
            http,
            base_url,
            api_version,
            user_agent,
            settings,
            gate: Gate::default(),
        })
    }
}

impl Transport for ApiTransport {
    fn call<'a>(
        &'a self,
        request: http::Request<Bytes>,
        context: &'a Context,
    ) -> TransportFuture<'a, http::Response<Bytes>> {
        let mut call = Call::new(self, request, context);
        Box::pin(async move { call.run().await })
    }

    fn open<'a>(
        &'a self,
        request: http::Request<Bytes>,
        context: &'a Context,
    ) -> TransportFuture<'a, http::Response<Body>> {
        Box::pin(Call::new(self, request, context).open())
    }

    fn fetch<'a>(
        &'a self,
        url: &'a SignedUrl,
        mut headers: HeaderMap,
    ) -> TransportFuture<'a, http::Response<Body>> {
        headers.insert(USER_AGENT, self.user_agent.clone());
        Box::pin(self.http.fetch(url, headers))
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

    fn is_authenticated(&self) -> Option<bool> {
        Some(self.settings.auth.is_some())
    }

    fn prefers_serial(&self) -> bool {
        self.gate.prefers_serial()
    }
}

impl fmt::Debug for ApiTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiTransport")
            .field("base_url", &self.base_url)
            .field("api_version", &self.api_version)
            .field("user_agent", &self.user_agent)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
