//! HTTP where there are threads and sockets.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use http_body::{Frame, SizeHint};

use crate::{Body, Context, Error, ErrorKind, SignedUrl};

/// `Send`, where there are threads: on `wasm32` it asks for nothing, since a browser's requests
/// belong to the thread that made them.
pub trait MaybeSend: Send {}

impl<T: Send> MaybeSend for T {}

/// The future that a [`Transport`](crate::Transport) returns; it is `Send`, except on `wasm32`.
pub type TransportFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

pub(crate) type BoxBody = Pin<Box<dyn http_body::Body<Data = Bytes, Error = Error> + Send>>;

impl Body {
    /// Wraps a body, for transports that are not built on this crate's HTTP client.
    pub fn new(body: impl http_body::Body<Data = Bytes, Error = Error> + Send + 'static) -> Self {
        Self::from_box(Box::pin(body))
    }
}

/// A client that follows no redirect, sends no `Referer`, decompresses and repeats nothing.
#[derive(Debug, Clone)]
pub struct Http(reqwest::Client);

impl Http {
    /// A client as configured, save for what this crate promises.
    pub fn new(builder: reqwest::ClientBuilder) -> Result<Self, Error> {
        ensure_provider()?;
        let client = builder
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .build()
            .map_err(error_of)?;
        Ok(Self(client))
    }

    /// The settings of the plain client; what is plain http to this machine stays on it.
    pub(crate) fn plain(builder: reqwest::ClientBuilder, is_local: bool) -> reqwest::ClientBuilder {
        let builder = builder
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(60));
        match is_local {
            true => builder.no_proxy(),
            false => builder,
        }
    }

    /// Sends a request to the API; a redirect is its answer.
    pub async fn call(
        &self,
        request: http::Request<Bytes>,
        context: &Context,
    ) -> Result<http::Response<Body>, Error> {
        let mut request: reqwest::Request = request.try_into().map_err(error_of)?;
        *request.timeout_mut() = context.timeout;
        self.execute(request).await
    }

    /// Requests what a signed URL leads to.
    pub async fn fetch(
        &self,
        url: &SignedUrl,
        headers: HeaderMap,
    ) -> Result<http::Response<Body>, Error> {
        let mut request = reqwest::Request::new(http::Method::GET, url.url().clone());
        *request.headers_mut() = headers;
        let identity = HeaderValue::from_static("identity");
        request.headers_mut().insert(ACCEPT_ENCODING, identity);
        self.execute(request).await
    }

    async fn execute(&self, request: reqwest::Request) -> Result<http::Response<Body>, Error> {
        let response = self.0.execute(request).await.map_err(error_of)?;
        Ok(http::Response::from(response).map(|body| Body::new(Incoming(body))))
    }
}

/// The error of the HTTP client, without its URL, which may be a signed one.
fn error_of(error: reqwest::Error) -> Error {
    let (kind, message) = if error.is_timeout() {
        (ErrorKind::Timeout, "the server took too long to answer")
    } else if error.is_connect() {
        (ErrorKind::Connect, "cannot connect to the server")
    } else if error.is_builder() {
        (ErrorKind::Configuration, "cannot build the HTTP client")
    } else {
        (ErrorKind::Network, "the connection broke")
    };
    Error::new(kind, message).with_source(error.without_url())
}

/// A body from the network.
struct Incoming(reqwest::Body);

impl http_body::Body for Incoming {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let frame = Pin::new(&mut self.0).poll_frame(cx);
        frame.map(|frame| frame.map(|frame| frame.map_err(error_of)))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

/// Makes sure that rustls has a cryptography provider before reqwest asks for one, which would
/// panic without. One that the application installed is left alone.
#[cfg(any(feature = "rustls", feature = "rustls-no-provider"))]
fn ensure_provider() -> Result<(), Error> {
    use rustls::crypto::CryptoProvider;

    if CryptoProvider::get_default().is_some() {
        return Ok(());
    }
    #[cfg(feature = "rustls")]
    {
        // Losing a race to another thread leaves a provider installed just the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(())
    }
    #[cfg(not(feature = "rustls"))]
    Err(Error::new(
        ErrorKind::Configuration,
        "rustls has no cryptography provider; call \
         `rustls::crypto::CryptoProvider::install_default` first, or enable feature `rustls`",
    ))
}

#[cfg(not(any(feature = "rustls", feature = "rustls-no-provider")))]
#[expect(clippy::unnecessary_wraps, reason = "with rustls it can fail")]
fn ensure_provider() -> Result<(), Error> {
    Ok(())
}

#[cfg(all(test, feature = "rustls-no-provider", not(feature = "rustls")))]
mod tests {
    use crate::{ErrorKind, plain};

    #[test]
    fn an_error_says_what_is_missing() {
        let error = plain("https://api.example.com").build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("install_default"), "{error}");
    }
}
