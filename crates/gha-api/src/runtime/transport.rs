// Written by `cargo xtask codegen`. Do not edit.

use std::any::Any;
use std::fmt;

use super::platform::BoxFuture;
use super::{Error, Operation, RateLimit, body};

/// The future that a [`Transport`] returns.
///
/// It is `Send`, except on `wasm32`.
pub type TransportFuture<'a> = BoxFuture<'a, Result<reqwest::Response, Error>>;

/// Makes the error of a missing redirect more precise, given its subject.
pub type ExplainMissing = fn(Error, &dyn Any) -> Error;

/// What carries requests to servers and responses back.
///
/// Every request of a [`Client`](super::Client) goes through its one transport. Operation and path
/// are added to its errors.
pub trait Transport: fmt::Debug + Send + Sync {
    /// Sends a request to the API.
    ///
    /// The request carries method, URL, `Accept` and body; credentials, `X-GitHub-Api-Version` and
    /// `User-Agent` are the transport's. A redirect (302) is the answer of some operations and must
    /// not be followed. Any status is a response, not an error, unless the transport gives up on it.
    fn call(&self, request: reqwest::Request, operation: &'static Operation)
    -> TransportFuture<'_>;

    /// Sends a request to the API once more because its JSON body ended early, although HTTP called
    /// it complete: broken proxies pass on a part as if it were the whole.
    ///
    /// `previous` are the extensions of that response, in which a transport can keep count. `None`,
    /// the default, gives up.
    fn call_again(
        &self,
        request: reqwest::Request,
        operation: &'static Operation,
        previous: &http::Extensions,
    ) -> Option<TransportFuture<'_>> {
        let _ = (request, operation, previous);
        None
    }

    /// Sends a request to a signed URL.
    ///
    /// No credentials, `Referer` or `X-GitHub-*` header may be added, whatever its host; no
    /// redirect followed; no body decompressed. No total timeout applies: bodies are large.
    fn fetch(&self, request: reqwest::Request) -> TransportFuture<'_>;

    /// How to tell why the content of a redirect is missing (404) from what it belongs to, the
    /// [`Subject`](super::Redirected::Subject) of the operation.
    ///
    /// With an answer here, a redirect operation that meets 404 requests its subject once, and the
    /// function makes the error more precise. `None`, the default, leaves the error as it is.
    fn explain_missing(&self) -> Option<ExplainMissing> {
        None
    }

    /// The rate limit that the API told last, where the transport keeps it.
    fn rate_limit(&self) -> Option<RateLimit> {
        None
    }

    /// The largest JSON body that is read, in bytes: 32 MiB unless the transport says otherwise.
    fn body_limit(&self) -> usize {
        body::LIMIT
    }
}
