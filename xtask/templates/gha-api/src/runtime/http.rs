use std::fmt;

use http::HeaderName;
use http::header::{ACCEPT_ENCODING, AUTHORIZATION, HeaderValue, USER_AGENT};

use super::{BaseUrl, Client, Error, ErrorKind, Operation, Transport, TransportFuture, platform};

const API_VERSION: HeaderName = HeaderName::from_static("x-github-api-version");

/// Settings of a [`Client`] with the default transport: one request for one call, no retries.
///
/// Redirects are not followed, the token goes to the API's origin alone, connecting may take 10 s
/// and silence may last 60 s; there is no limit on a whole response, since artifacts are large.
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    token: Option<String>,
    api_version: Option<String>,
    user_agent: String,
}

impl ClientBuilder {
    pub(crate) fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            token: None,
            api_version: None,
            user_agent: concat!("gha-api/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// The bearer token; without one, public repositories can still be read.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// The value of
    /// [`X-GitHub-Api-Version`](https://docs.github.com/rest/about-the-rest-api/api-versions), for
    /// example `2026-03-10`. By default none is sent, which servers take for 2022-11-28.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = Some(version.into());
        self
    }

    /// The `User-Agent`, which GitHub requires; by default this crate's name and version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if the base URL is invalid, a setting cannot be sent in a
    /// header, the token would travel unencrypted to another machine, or TLS cannot be set up.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = BaseUrl::parse(&self.base_url)?;
        if self.token.is_some() && !base_url.is_confidential() {
            return Err(Error::new(
                ErrorKind::Configuration,
                "the token would travel unencrypted; use an https base URL",
            ));
        }
        super::tls::ensure_provider()?;
        let transport = HttpTransport {
            client: platform::client()?,
            base_url: base_url.clone(),
            authorization: match self.token {
                Some(token) => {
                    let mut value = header("token", &format!("Bearer {token}"))?;
                    value.set_sensitive(true);
                    Some(value)
                }
                None => None,
            },
            api_version: match self.api_version {
                Some(version) => Some(header("API version", &version)?),
                None => None,
            },
            user_agent: header("user agent", &self.user_agent)?,
        };
        Ok(Client::with_transport(base_url, transport))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("has_token", &self.token.is_some())
            .field("api_version", &self.api_version)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

fn header(what: &str, value: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(value).map_err(|_| {
        Error::new(
            ErrorKind::Configuration,
            format!("the {what} holds characters that no header can carry"),
        )
    })
}

/// The default transport: plain reqwest.
#[derive(Debug)]
struct HttpTransport {
    client: reqwest::Client,
    base_url: BaseUrl,
    authorization: Option<HeaderValue>,
    api_version: Option<HeaderValue>,
    user_agent: HeaderValue,
}

impl Transport for HttpTransport {
    fn call(&self, mut request: reqwest::Request, _: &'static Operation) -> TransportFuture<'_> {
        let same_origin = self.base_url.same_origin(request.url());
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, self.user_agent.clone());
        if let Some(version) = &self.api_version {
            headers.insert(API_VERSION, version.clone());
        }
        if let (Some(authorization), true) = (&self.authorization, same_origin) {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        Box::pin(async { Ok(self.client.execute(request).await?) })
    }

    fn fetch(&self, mut request: reqwest::Request) -> TransportFuture<'_> {
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, self.user_agent.clone());
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        Box::pin(async { Ok(self.client.execute(request).await?) })
    }
}
