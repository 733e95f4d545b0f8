use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};

/// `Send`, where there are threads: on `wasm32` it asks for nothing, since a browser's requests
/// belong to the thread that made them.
pub trait MaybeSend: Send {}

impl<T: Send> MaybeSend for T {}

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

pub(crate) fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(Duration::from_secs(60))
        .build()
}

pub(crate) fn is_connect(error: &reqwest::Error) -> bool {
    error.is_connect()
}

/// Whether the answer to a request of `_path` is a redirect (302).
pub(crate) fn is_redirect(response: &reqwest::Response, _path: &str) -> bool {
    response.status() == StatusCode::FOUND
}

/// Where a redirect leads, if it says so.
pub(crate) fn location(response: &reqwest::Response) -> Option<HeaderValue> {
    response.headers().get(LOCATION).cloned()
}

pub(crate) fn take_extensions(response: &mut reqwest::Response) -> http::Extensions {
    std::mem::take(response.extensions_mut())
}

/// A body, piece by piece.
pub(crate) struct Chunks(reqwest::Response);

impl Chunks {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        Self(response)
    }

    pub(crate) async fn next(&mut self) -> reqwest::Result<Option<Bytes>> {
        self.0.chunk().await
    }
}
