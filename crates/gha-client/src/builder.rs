use std::sync::Arc;
use std::time::Duration;

use gha_api::Client;
use gha_core::{Api, BaseUrl, Error, ErrorKind, RetryPolicy, Wait, header};

use crate::Host;
use crate::token::{Token, TokenSource};
use crate::transport::{ApiTransport, Settings};

/// Our own product, behind the caller's.
const PRODUCT: &str = concat!("gha-client/", env!("CARGO_PKG_VERSION"));

/// Settings of a [`Client`]; see [`builder`](crate::builder).
///
/// | setting | by default |
/// |---|---|
/// | [`host`](Self::host) | github.com |
/// | [`token`](Self::token) | none: public repositories only, and no downloads |
/// | [`api_version`](Self::api_version) | that of the host |
/// | [`timeout`](Self::timeout) | 60 s for a JSON call |
/// | [`connect_timeout`](Self::connect_timeout) | 10 s |
/// | [`idle_timeout`](Self::idle_timeout) | 30 s |
/// | [`retry`](Self::retry) | up to 5 attempts in 2 minutes |
/// | [`max_rate_limit_wait`](Self::max_rate_limit_wait) | 5 minutes |
/// | [`body_limit`](Self::body_limit) | 32 MiB |
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ClientBuilder {
    host: Host,
    /// The host that the token was taken for, and the variable that it was taken from.
    only_for: Option<(Host, &'static str)>,
    allow_plain_http: bool,
    api_version: Option<String>,
    user_agent: Option<String>,
    settings: Settings,
}

impl ClientBuilder {
    /// Where the API lives.
    pub fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// The token that authenticates requests, in place of a source.
    pub fn token(mut self, token: impl Into<Token>) -> Self {
        self.settings.auth = Some(TokenSource::fixed(token.into()));
        self.only_for = None;
        self
    }

    /// Where tokens come from that expire before the client does, in place of a fixed one.
    pub fn token_source(mut self, source: TokenSource) -> Self {
        self.settings.auth = Some(source);
        self.only_for = None;
        self
    }

    /// Says that the token, which a variable held, is for this host and no other.
    pub(crate) fn only_for(mut self, host: Host, variable: &'static str) -> Self {
        self.only_for = Some((host, variable));
        self
    }

    /// Lets a token travel unencrypted to a host other than this machine, for an API behind a proxy
    /// that adds TLS.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = allow;
        self
    }

    /// The value of
    /// [`X-GitHub-Api-Version`](https://docs.github.com/rest/about-the-rest-api/api-versions), in
    /// place of the [host's default](Host::default_api_version).
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = Some(version.into());
        self
    }

    /// The caller's product, such as `my-tool/1.0`, which `User-Agent` names before ours;
    /// [GitHub asks for one](https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent).
    pub fn user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// How long one attempt of a JSON call may take, its body included. Downloads have no such
    /// limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// How long connecting may take, TLS included.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// How long a server may be silent while somebody waits for it, before its answer and within a body.
    /// A reader that takes its time costs nothing.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.settings.idle_timeout = timeout;
        self
    }

    /// How often failed calls are sent again; downloads follow [`Client::with_retry`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// The longest that one call waits for
    /// [rate limits](https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api),
    /// in all; zero refuses every wait.
    ///
    /// Where a limit asks for more, the call fails with
    /// [`RateLimited`](ErrorKind::RateLimited), and
    /// [`retry_after`](Error::retry_after) says when to come back.
    pub fn max_rate_limit_wait(mut self, wait: Duration) -> Self {
        self.settings.max_rate_limit_wait = wait;
        self
    }

    /// Is told of every wait, for a limit or before a retry, of calls and of downloads, when it begins.
    pub fn on_wait(mut self, callback: impl Fn(&Wait<'_>) + Send + Sync + 'static) -> Self {
        self.settings.on_wait = Some(Arc::new(callback));
        self
    }

    /// The largest JSON body that is read, in bytes after decompression.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.settings.body_limit = bytes;
        self
    }

    /// Configures proxies, certificates and connection pools.
    ///
    /// It is called for each inner client, one each for https, for http, and for http to this machine,
    /// when that is needed first; that of the API when this one is built. They serve the API and
    /// downloads, so credentials do not belong in default headers. What this crate's promises rest on is
    /// set afterwards: no automatic redirects, no `Referer`, no automatic decompression and retries.
    /// Proxies and certificates of the environment (`HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`) count
    /// without it.
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.settings.configure_http = Some(Arc::new(configure));
        self
    }

    /// Builds the client; nothing is sent.
    ///
    /// Build one for each runtime, and clone it there: clones share connections, which stand still while
    /// the runtime that opened them is not driven.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if a setting cannot be sent in a header, the token would travel
    /// unencrypted to another machine, or TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        Ok(Client::new(self.build_api()?))
    }

    /// Builds what generated clients of other descriptions are made of; nothing is sent.
    ///
    /// # Errors
    ///
    /// Those of [`build`](Self::build).
    pub fn build_api(self) -> Result<Api, Error> {
        let base_url = BaseUrl::parse(self.host.base_url())?;
        if let Some((host, variable)) = &self.only_for
            && *host != self.host
        {
            return Err(Error::new(
                ErrorKind::Configuration,
                format!(
                    "the token of `{variable}` is for {}, and not for {base_url}: give that one its own \
                     with `token`, or name the host in `GH_HOST`",
                    host.base_url()
                ),
            ));
        }
        if let Some(auth) = &self.settings.auth {
            auth.check()?;
            if !base_url.is_confidential() && !self.allow_plain_http {
                return Err(Error::new(
                    ErrorKind::Configuration,
                    "the token would travel unencrypted; use an https URL, or allow plain http",
                ));
            }
        }
        let user_agent = match &self.user_agent {
            Some(product) => format!("{} {PRODUCT}", product.trim()),
            None => PRODUCT.to_owned(),
        };
        let user_agent = header("user agent", &user_agent)?;
        let version = self.api_version.as_deref();
        let version = version.unwrap_or(self.host.default_api_version());
        let version = header("API version", version)?;
        let transport = ApiTransport::new(base_url.clone(), version, user_agent, self.settings)?;
        Ok(Api::new(base_url, transport))
    }
}
