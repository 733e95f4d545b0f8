use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;

use crate::{Body, Error, Operation, RateLimit, RetryPolicy, SignedUrl};

/// What carries requests to servers and responses back.
///
/// Every request of an [`Api`](crate::Api) goes through its one transport. It answers with what was
/// decided: what can be mended by asking again is its business, what the answer means is not.
/// Operation and path are added to its errors.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends a request to the API, and answers with the whole body, decompressed.
    ///
    /// The request carries method, URL, `Accept` and body; credentials, `X-GitHub-Api-Version` and
    /// `User-Agent` are the transport's. A redirect with status 302 is the answer of most operations that have
    /// one, and must not be followed but for [`Answer::Check`]. Any status is a response, not an error, unless
    /// the transport gives up on it.
    fn call<'a>(
        &'a self,
        request: http::Request<Bytes>,
        context: &'a Context,
    ) -> TransportFuture<'a, http::Response<Bytes>>;

    /// Sends a request to the API that may answer with a content of any size, and answers with the body as it
    /// arrives, never decompressed. All else is as with [`call`](Self::call), whose whole body is the
    /// default.
    fn open<'a>(
        &'a self,
        request: http::Request<Bytes>,
        context: &'a Context,
    ) -> TransportFuture<'a, http::Response<Body>> {
        let answer = self.call(request, context);
        Box::pin(async move { Ok(answer.await?.map(Body::from)) })
    }

    /// Requests what a signed URL leads to, and answers with the body as it arrives.
    ///
    /// No credentials, `Referer` or `X-GitHub-*` header may be added, whatever its host; no
    /// redirect followed; no body decompressed. No total timeout applies: bodies are large.
    fn fetch<'a>(
        &'a self,
        url: &'a SignedUrl,
        headers: HeaderMap,
    ) -> TransportFuture<'a, http::Response<Body>>;

    /// Is told of each wait when it begins: of calls, and of downloads.
    fn on_wait(&self, wait: &Wait<'_>) {
        let _ = wait;
    }

    /// The rate limit that the API told last, where the transport keeps it.
    fn rate_limit(&self) -> Option<RateLimit> {
        None
    }

    /// Whether calls carry credentials, where that is known.
    fn is_authenticated(&self) -> Option<bool> {
        None
    }

    /// Whether requests had better go one at a time for now, as after a secondary rate limit.
    fn prefers_serial(&self) -> bool {
        false
    }
}

/// The future that a [`Transport`] returns; it is `Send`, except on `wasm32`.
#[cfg(not(target_arch = "wasm32"))]
pub type TransportFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;
/// The future that a [`Transport`] returns; it is `Send`, except on `wasm32`.
#[cfg(target_arch = "wasm32")]
pub type TransportFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

/// `Send`, where there are threads: on `wasm32` it asks for nothing, since a browser's requests
/// belong to the thread that made them.
#[cfg(not(target_arch = "wasm32"))]
pub trait MaybeSend: Send {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send> MaybeSend for T {}

/// `Send`, where there are threads: on `wasm32` it asks for nothing, since a browser's requests
/// belong to the thread that made them.
#[cfg(target_arch = "wasm32")]
pub trait MaybeSend {}
#[cfg(target_arch = "wasm32")]
impl<T> MaybeSend for T {}

/// What a [`Transport`] has to know of a call beside its request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Context {
    /// The operation that is called.
    pub operation: &'static Operation,
    /// What a success of the operation looks like.
    pub answer: Answer,
    /// How long one attempt may take, in place of the transport's own limit.
    pub timeout: Option<Duration>,
    /// How often a failed attempt is repeated, in place of the transport's own policy.
    pub retry: Option<RetryPolicy>,
}

impl Context {
    /// A call with the transport's own settings.
    pub fn new(operation: &'static Operation, answer: Answer) -> Self {
        Self {
            operation,
            answer,
            timeout: None,
            retry: None,
        }
    }
}

/// What a success of an operation looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Answer {
    /// A JSON body.
    Json,
    /// A status alone.
    Empty,
    /// A redirect (302) to a signed URL.
    Redirect,
    /// Text or bytes in another form than JSON.
    Bytes,
    /// A content, or a redirect (302) to the signed URL that it is behind.
    Content,
    /// A status alone that means yes (204), while 404 means no. A redirect (302) leads to who may tell, and
    /// is followed as moves are.
    Check,
}

/// A wait before another attempt, for a rate limit or after a failure.
#[derive(Debug)]
#[non_exhaustive]
pub struct Wait<'a> {
    /// The operation that waits.
    pub operation: &'static Operation,
    /// How many attempts have been made: at a call, or in a row at a download that brought nothing.
    pub attempts: u32,
    /// How long it waits.
    pub delay: Duration,
    /// The reason: [`is_rate_limited`](Error::is_rate_limited) tells limits from failures.
    pub error: &'a Error,
}

impl<'a> Wait<'a> {
    /// A wait that a transport tells of.
    pub fn new(
        operation: &'static Operation,
        attempts: u32,
        delay: Duration,
        error: &'a Error,
    ) -> Self {
        Self {
            operation,
            attempts,
            delay,
            error,
        }
    }
}
