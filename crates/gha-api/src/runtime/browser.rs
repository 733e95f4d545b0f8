// Written by `cargo xtask codegen`. Do not edit.

//! What differs where reqwest is a browser's `fetch`: it keeps connections, redirects and the pieces
//! of a body to itself.

use std::pin::Pin;

use bytes::Bytes;
use http::HeaderValue;

/// `Send`, where there are threads: on `wasm32` it asks for nothing, since a browser's requests
/// belong to the thread that made them.
pub trait MaybeSend {}

impl<T> MaybeSend for T {}

pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

pub(crate) fn client() -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder().build()
}

/// `fetch` does not tell.
pub(crate) fn is_connect(_: &reqwest::Error) -> bool {
    false
}

/// `fetch` follows redirects unseen, without `Authorization` where they leave the origin: a success
/// from elsewhere than the requested path was one.
pub(crate) fn is_redirect(response: &reqwest::Response, path: &str) -> bool {
    response.status().is_success() && response.url().path() != path
}

/// Where `fetch` was led.
pub(crate) fn location(response: &reqwest::Response) -> Option<HeaderValue> {
    HeaderValue::from_str(response.url().as_str()).ok()
}

pub(crate) fn take_extensions(_: &mut reqwest::Response) -> http::Extensions {
    http::Extensions::new()
}

/// A body, in one piece.
pub(crate) struct Chunks(Option<reqwest::Response>);

impl Chunks {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        Self(Some(response))
    }

    pub(crate) async fn next(&mut self) -> reqwest::Result<Option<Bytes>> {
        match self.0.take() {
            Some(response) => response.bytes().await.map(Some),
            None => Ok(None),
        }
    }
}
