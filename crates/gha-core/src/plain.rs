use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderName;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT};

use crate::{
    Api, BaseUrl, Body, Context, Error, ErrorKind, Http, SignedUrl, Transport, TransportFuture,
};

const API_VERSION: HeaderName = HeaderName::from_static("x-github-api-version");

/// The largest body that is read: above any answer that these operations give, and small enough to
/// hold.
const BODY_LIMIT: usize = 32 * 1024 * 1024;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);

/// Starts a plain API at `base_url`: `https://api.github.com`, `https://api.SUBDOMAIN.ghe.com` or
/// `https://HOSTNAME/api/v3`. One call makes one request, without retries.
pub fn plain(base_url: &str) -> PlainBuilder {
    PlainBuilder {
        base_url: base_url.to_owned(),
        token: None,
        api_version: None,
        user_agent: concat!("gha-core/", env!("CARGO_PKG_VERSION")).to_owned(),
    }
}

/// Settings of a [plain](plain) [`Api`]: one request for one call, no retries.
///
/// Redirects are not followed, the token goes to the API's origin alone, connecting may take 10 s
/// and silence may last 60 s; there is no limit on a whole response, since artifacts are large. A
/// body may have 32 MiB.
#[must_use]
pub struct PlainBuilder {
    base_url: String,
    token: Option<String>,
    api_version: Option<String>,
    user_agent: String,
}

impl PlainBuilder {
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

    /// Builds the API; nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] if the base URL is invalid, a setting cannot be sent in a
    /// header, the token would travel unencrypted to another machine, or TLS cannot be set up.
    pub fn build(self) -> Result<Api, Error> {
        let base_url = BaseUrl::parse(&self.base_url)?;
        if self.token.is_some() && !base_url.is_confidential() {
            return Err(Error::new(
                ErrorKind::Configuration,
                "the token would travel unencrypted; use an https base URL",
            ));
        }
        let version = self.api_version.as_deref();
        let http = Http::new(CONNECT_TIMEOUT, IDLE_TIMEOUT, |builder| builder);
        http.prepare(&base_url)?;
        let transport = PlainTransport {
            http,
            base_url: base_url.clone(),
            authorization: self.token.as_deref().map(bearer).transpose()?,
            api_version: version.map(|it| header("API version", it)).transpose()?,
            user_agent: header("user agent", &self.user_agent)?,
        };
        Ok(Api::new(base_url, transport))
    }
}

impl fmt::Debug for PlainBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlainBuilder")
            .field("has_token", &self.token.is_some())
            .field("api_version", &self.api_version)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}

/// The value of `Authorization` for a token.
#[doc(hidden)]
pub fn bearer(token: &str) -> Result<HeaderValue, Error> {
    let mut value = header("token", &format!("Bearer {token}"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// A setting as the value of a header.
#[doc(hidden)]
pub fn header(what: &str, value: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(value).map_err(|_| {
        let message = format!(
            "the {what} holds characters that no header can carry; give one of printable ASCII"
        );
        Error::new(ErrorKind::Configuration, message)
    })
}

#[derive(Debug)]
struct PlainTransport {
    http: Http,
    base_url: BaseUrl,
    authorization: Option<HeaderValue>,
    api_version: Option<HeaderValue>,
    user_agent: HeaderValue,
}

impl PlainTransport {
    async fn exchange(
        &self,
        mut request: http::Request<Bytes>,
        context: &Context,
    ) -> Result<http::Response<Bytes>, Error> {
        let same_origin = self.base_url.is_origin_of(request.uri());
        let headers = request.headers_mut();
        headers.insert(USER_AGENT, self.user_agent.clone());
        if let Some(version) = &self.api_version {
            headers.insert(API_VERSION, version.clone());
        }
        if let (Some(authorization), true) = (&self.authorization, same_origin) {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        let (parts, mut body) = self.http.call(request, context).await?.into_parts();
        let read = match parts.status.is_success() {
            true => body.bytes(BODY_LIMIT).await,
            // The head of an error page says enough.
            false => body.head(Error::BODY_LIMIT).await,
        };
        let secret = self.authorization.as_ref();
        match read {
            Ok(bytes) => Ok(redacted(http::Response::from_parts(parts, bytes), secret)),
            Err(error) => Err(error.with_response(parts.status, parts.headers)),
        }
    }
}

impl Transport for PlainTransport {
    fn call<'a>(
        &'a self,
        request: http::Request<Bytes>,
        context: &'a Context,
    ) -> TransportFuture<'a, http::Response<Bytes>> {
        Box::pin(self.exchange(request, context))
    }

    fn fetch<'a>(
        &'a self,
        url: &'a SignedUrl,
        mut headers: HeaderMap,
    ) -> TransportFuture<'a, http::Response<Body>> {
        headers.insert(USER_AGENT, self.user_agent.clone());
        Box::pin(self.http.fetch(url, headers))
    }

    fn is_authenticated(&self) -> Option<bool> {
        Some(self.authorization.is_some())
    }
}

/// The answer without the credentials that were sent for it, where a server repeats them: what is shown
/// of answers are headers, and the bodies of errors.
#[doc(hidden)]
pub fn redacted(
    response: http::Response<Bytes>,
    authorization: Option<&HeaderValue>,
) -> http::Response<Bytes> {
    const REDACTED: &str = "[redacted]";
    /// A shorter secret would be found everywhere.
    const SHORTEST: usize = 8;

    let secret = authorization.and_then(|it| it.to_str().ok());
    let secret = secret.map(|it| it.strip_prefix("Bearer ").unwrap_or(it));
    let Some(secret) = secret.filter(|it| it.len() >= SHORTEST) else {
        return response;
    };
    let holds = |bytes: &[u8]| {
        bytes
            .windows(secret.len())
            .any(|it| it == secret.as_bytes())
    };
    let without = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(secret, REDACTED);
    let (mut parts, mut body) = response.into_parts();
    for value in parts.headers.values_mut() {
        if holds(value.as_bytes()) {
            let clean = HeaderValue::try_from(without(value.as_bytes()));
            *value = clean.unwrap_or_else(|_| HeaderValue::from_static(REDACTED));
        }
    }
    if !parts.status.is_success() && holds(&body) {
        body = without(&body).into();
    }
    http::Response::from_parts(parts, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_that_cannot_work_is_not_built() {
        for url in [
            "",
            "api.github.com",
            "ftp://example.com",
            "https://u:p@example.com",
            "https://x/?a=b",
            "https://",
        ] {
            let error = plain(url).build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{url}");
            assert!(!error.to_string().contains("u:p"), "{error}");
        }
        let unencrypted = plain("http://github.example.com/api/v3");
        let error = unencrypted.token("t0ken").build().unwrap_err();
        assert!(error.to_string().contains("unencrypted"), "{error}");
        let broken = plain("https://api.github.com").token("line\nbreak");
        let error = broken.build().unwrap_err();
        assert!(error.to_string().contains("token") && !error.to_string().contains("break"));
        let with_token = plain("https://api.github.com").token("t0ken");
        assert!(!format!("{with_token:?}").contains("t0ken"));
        assert!(!format!("{:?}", with_token.build().unwrap()).contains("t0ken"));
    }

    #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
    #[test]
    fn a_missing_provider_is_named() {
        let error = plain("https://api.example.com").build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("install_default"), "{error}");
    }
}
