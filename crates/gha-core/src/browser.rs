//! HTTP where reqwest is a browser's `fetch`, which keeps connections, redirects and the pieces of a
//! body to itself.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{HeaderMap, HeaderValue, LOCATION};

use crate::{Answer, BaseUrl, Body, Context, Error, ErrorKind, SignedUrl};

/// `fetch`.
#[derive(Debug, Clone)]
pub struct Http(reqwest::Client);

impl Http {
    /// A client as configured; timeouts of connections and proxies are the browser's.
    pub fn new(
        _: Duration,
        _: Duration,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
    ) -> Self {
        let client = configure(reqwest::Client::builder()).build();
        Self(client.unwrap_or_default())
    }

    /// The browser is always ready.
    pub(crate) fn prepare(&self, _: &BaseUrl) -> Result<(), Error> {
        Ok(())
    }

    /// Sends a request to the API.
    ///
    /// `fetch` follows redirects unseen, without `Authorization` where they leave the origin. So a
    /// success from elsewhere than the requested path was a redirect, and becomes one again.
    pub async fn call(
        &self,
        request: http::Request<Bytes>,
        context: &Context,
    ) -> Result<http::Response<Body>, Error> {
        let path = request.uri().path().to_owned();
        let mut request: reqwest::Request = request.try_into().map_err(error_of)?;
        *request.timeout_mut() = context.timeout;
        let response = self.0.execute(request).await.map_err(error_of)?;
        let moved = response.status().is_success() && response.url().path() != path;
        if !matches!(context.answer, Answer::Redirect | Answer::Content) || !moved {
            return whole(response).await;
        }
        let mut redirect = http::Response::new(Body::empty());
        *redirect.status_mut() = StatusCode::FOUND;
        *redirect.headers_mut() = response.headers().clone();
        if let Ok(location) = HeaderValue::from_str(response.url().as_str()) {
            redirect.headers_mut().insert(LOCATION, location);
        }
        Ok(redirect)
    }

    /// Requests what a signed URL leads to.
    pub async fn fetch(
        &self,
        url: &SignedUrl,
        headers: HeaderMap,
    ) -> Result<http::Response<Body>, Error> {
        let mut request = reqwest::Request::new(http::Method::GET, url.url().clone());
        *request.headers_mut() = headers;
        whole(self.0.execute(request).await.map_err(error_of)?).await
    }
}

/// The response with its body, in one piece.
async fn whole(mut response: reqwest::Response) -> Result<http::Response<Body>, Error> {
    let mut answer = http::Response::new(Body::empty());
    *answer.status_mut() = response.status();
    *answer.headers_mut() = std::mem::take(response.headers_mut());
    *answer.body_mut() = response.bytes().await.map_err(error_of)?.into();
    Ok(answer)
}

/// The error of `fetch`, which does not tell a connection that could not be made from one that broke.
fn error_of(error: reqwest::Error) -> Error {
    let (kind, message) = if error.is_timeout() {
        (
            ErrorKind::Timeout,
            "the server took too long to answer; try again, or raise the timeout",
        )
    } else if error.is_builder() {
        (ErrorKind::Configuration, "cannot build the HTTP client")
    } else {
        (
            ErrorKind::Network,
            "the connection broke; try again, and check that the server allows this origin (CORS)",
        )
    };
    Error::new(kind, message).with_source(error.without_url())
}
