// Written by `cargo xtask codegen`. Do not edit.

use std::sync::Arc;

use super::{BaseUrl, ClientBuilder, Error, Operation, RateLimit, Request, SignedUrl, Transport};

/// A client of GitHub's API; cheap to clone.
#[derive(Clone, Debug)]
pub struct Client(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    base_url: BaseUrl,
    transport: Box<dyn Transport>,
}

impl Client {
    /// Starts a client with the default transport for the API at `base_url`:
    /// `https://api.github.com`, `https://api.SUBDOMAIN.ghe.com` or `https://HOSTNAME/api/v3`.
    pub fn builder(base_url: &str) -> ClientBuilder {
        ClientBuilder::new(base_url)
    }

    /// A client of the API at `base_url` that sends all its requests through `transport`.
    pub fn with_transport(base_url: BaseUrl, transport: impl Transport + 'static) -> Self {
        Self(Arc::new(Inner {
            base_url,
            transport: Box::new(transport),
        }))
    }

    /// Where the API lives.
    pub fn base_url(&self) -> &BaseUrl {
        &self.0.base_url
    }

    /// What carries the requests.
    pub fn transport(&self) -> &dyn Transport {
        &*self.0.transport
    }

    /// The rate limit that the API told last, where the transport keeps it.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.transport().rate_limit()
    }

    /// Requests what a signed URL leads to, without credentials and without following a redirect.
    ///
    /// Any status is a response: check it before the body is used.
    ///
    /// # Errors
    ///
    /// Those of the connection; none of them shows the URL.
    pub async fn fetch(&self, url: &SignedUrl) -> Result<reqwest::Response, Error> {
        self.transport().fetch(url.request()).await
    }

    pub(crate) fn request(
        &self,
        operation: &'static Operation,
        method: http::Method,
        path: &str,
    ) -> Request<'_> {
        Request::new(self, operation, method, path)
    }
}
