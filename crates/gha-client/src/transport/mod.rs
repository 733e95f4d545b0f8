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

/// Carries API requests with credentials, retries and waits, and blob requests with none of them.
pub(crate) struct ApiTransport {
    http: Http,
    settings: Settings,
    gate: Gate,
}

impl ApiTransport {
    pub(crate) fn new(mut settings: Settings) -> Result<Self, Error> {
        let configure = settings.configure_http.take();
        let http = Http::new(
            settings.connect_timeout,
            settings.idle_timeout,
            move |builder| match &configure {
                Some(configure) => configure(builder),
                None => builder,
            },
        );
        http.prepare(&settings.base_url)?;
        Ok(Self {
            http,
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
        headers.insert(USER_AGENT, self.settings.user_agent.clone());
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
        Some(!self.settings.auth.is_anonymous())
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
