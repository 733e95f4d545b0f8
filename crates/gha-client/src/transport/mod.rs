//! The one place that every request goes through.

mod attempt;
mod body;
mod call;
mod inner;
mod pace;
mod redirect;
mod trace;

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use gha_api::{BaseUrl, Error, ExplainMissing, Operation, RateLimit, Transport, TransportFuture};
use http::header::{ACCEPT_ENCODING, HeaderValue, USER_AGENT};

use crate::retry::{RetryPolicy, Wait};
use crate::token::Auth;
use call::{Call, Count};
use inner::Proxies;
pub(crate) use inner::{ConfigureHttp, Http};
use pace::Pace;

pub(crate) type OnWait = Arc<dyn Fn(&Wait<'_>) + Send + Sync>;

/// What the builder decides.
pub(crate) struct Settings {
    pub(crate) base_url: BaseUrl,
    pub(crate) auth: Auth,
    pub(crate) api_version: HeaderValue,
    pub(crate) user_agent: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) max_rate_limit_wait: Duration,
    pub(crate) on_wait: Option<OnWait>,
    pub(crate) body_limit: usize,
}

/// Carries API requests with credentials, retries and waits, and blob requests with none of them.
pub(crate) struct ApiTransport {
    api: reqwest::Client,
    /// Built for the first download: reading the platform's certificates takes its time.
    blobs: OnceLock<reqwest::Client>,
    http: Http,
    settings: Settings,
    pace: Pace,
}

impl ApiTransport {
    pub(crate) fn new(http: Http, settings: Settings) -> Result<Self, Error> {
        let base_url = &settings.base_url;
        let local = base_url.url().scheme() == "http" && base_url.is_confidential();
        let proxies = match local {
            true => Proxies::AsConfigured,
            false => Proxies::All,
        };
        Ok(Self {
            api: http.client(proxies)?,
            blobs: OnceLock::new(),
            http,
            settings,
            pace: Pace::default(),
        })
    }

    fn blobs(&self) -> Result<&reqwest::Client, Error> {
        if let Some(client) = self.blobs.get() {
            return Ok(client);
        }
        let client = self.http.client(Proxies::All)?;
        Ok(self.blobs.get_or_init(|| client))
    }
}

impl Transport for ApiTransport {
    fn call(
        &self,
        request: reqwest::Request,
        operation: &'static Operation,
    ) -> TransportFuture<'_> {
        Box::pin(Call::new(self, request, operation, Count::new()).run())
    }

    fn call_again(
        &self,
        request: reqwest::Request,
        operation: &'static Operation,
        previous: &http::Extensions,
    ) -> Option<TransportFuture<'_>> {
        let call = Call::new(self, request, operation, *previous.get()?);
        Some(Box::pin(call.again()?))
    }

    fn fetch(&self, mut request: reqwest::Request) -> TransportFuture<'_> {
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, self.settings.user_agent.clone());
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        Box::pin(async { Ok(self.blobs()?.execute(request).await?) })
    }

    fn explain_missing(&self) -> Option<ExplainMissing> {
        Some(crate::download::explain::explain_missing)
    }

    fn rate_limit(&self) -> Option<RateLimit> {
        self.pace.last()
    }

    fn body_limit(&self) -> usize {
        self.settings.body_limit
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
