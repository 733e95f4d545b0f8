use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use crate::{
    Answer, BaseUrl, Body, Context, Error, Operation, RateLimit, RetryPolicy, SignedUrl, Transport,
};

/// An API to call: where it lives, and what carries requests to it. Generated clients are built on
/// one. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    inner: Arc<Inner>,
    timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
}

struct Inner {
    base_url: BaseUrl,
    transport: Box<dyn Transport>,
}

impl Api {
    /// An API at `base_url` whose requests all go through `transport`.
    pub fn new(base_url: BaseUrl, transport: impl Transport + 'static) -> Self {
        Self {
            inner: Arc::new(Inner {
                base_url,
                transport: Box::new(transport),
            }),
            timeout: None,
            retry: None,
        }
    }

    /// The same API with a limit on the time that one attempt of a call may take, its body included,
    /// in place of the transport's own. Downloads have no such limit.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The same API with another policy for attempts that fail, in place of the transport's own; the
    /// plain one repeats nothing. It holds for downloads too.
    #[must_use]
    pub fn with_retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// The policy that [`with_retry`](Self::with_retry) has set.
    pub fn retry(&self) -> Option<&RetryPolicy> {
        self.retry.as_ref()
    }

    /// The place where the API lives.
    pub fn base_url(&self) -> &BaseUrl {
        &self.inner.base_url
    }

    /// What carries the requests.
    pub fn transport(&self) -> &dyn Transport {
        &*self.inner.transport
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
    pub async fn fetch(&self, url: &SignedUrl) -> Result<http::Response<Body>, Error> {
        let fetched = self.transport().fetch(url, HeaderMap::new()).await;
        fetched.map_err(|error| url.attribute(error))
    }

    pub(crate) fn context(&self, operation: &'static Operation, answer: Answer) -> Context {
        Context {
            operation,
            answer,
            timeout: self.timeout,
            retry: self.retry.clone(),
        }
    }
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api")
            .field("base_url", &self.inner.base_url)
            .field("transport", &self.inner.transport)
            .field("timeout", &self.timeout)
            .field("retry", &self.retry)
            .finish()
    }
}
