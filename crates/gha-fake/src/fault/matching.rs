use std::fmt;
use std::sync::Arc;

use http::Method;

use crate::operation::Operation;
use crate::request::{Listener, ReceivedRequest};

type Predicate = dyn Fn(&ReceivedRequest) -> bool + Send + Sync;

/// Which requests a fault or a hook is for. Conditions add up.
///
/// ```
/// use gha_fake::{Match, Operation};
///
/// let second_page = Match::operation(Operation::ListArtifacts).page(2);
/// let archive = Match::blob().path("/artifacts/11");
/// # let _ = (second_page, archive);
/// ```
#[derive(Clone, Default)]
pub struct Match {
    listener: Option<Listener>,
    operation: Option<Operation>,
    method: Option<Method>,
    path: Option<String>,
    headers: Vec<String>,
    query: Vec<(String, String)>,
    page: Option<u64>,
    predicates: Vec<Arc<Predicate>>,
}

impl Match {
    /// Every request.
    pub fn any() -> Self {
        Self::default()
    }

    /// Requests to the API.
    pub fn api() -> Self {
        Self {
            listener: Some(Listener::Api),
            ..Self::default()
        }
    }

    /// Requests with signed URLs.
    pub fn blob() -> Self {
        Self {
            listener: Some(Listener::Blob),
            ..Self::default()
        }
    }

    /// Requests for an operation.
    pub fn operation(operation: Operation) -> Self {
        Self {
            operation: Some(operation),
            ..Self::default()
        }
    }

    /// Only requests with this method.
    pub fn method(mut self, method: Method) -> Self {
        self.method = Some(method);
        self
    }

    /// Only requests whose path contains this text. Paths of signed URLs end in `/artifacts/{id}` or
    /// `/logs/{id}`.
    pub fn path(mut self, contains: impl Into<String>) -> Self {
        self.path = Some(contains.into());
        self
    }

    /// Only requests that have this header, such as `Range`.
    pub fn header(mut self, name: impl Into<String>) -> Self {
        self.headers.push(name.into());
        self
    }

    /// Only requests with this query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Only requests for this page; one without `page` is for page 1.
    pub fn page(mut self, page: u64) -> Self {
        self.page = Some(page);
        self
    }

    /// Only requests for which `predicate` holds.
    pub fn when(
        mut self,
        predicate: impl Fn(&ReceivedRequest) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.predicates.push(Arc::new(predicate));
        self
    }

    /// Whether it matches a request.
    pub fn matches(&self, request: &ReceivedRequest) -> bool {
        self.listener.is_none_or(|l| l == request.listener)
            && (self.operation.is_none() || self.operation == request.operation)
            && self.method.as_ref().is_none_or(|m| *m == request.method)
            && self.path.as_ref().is_none_or(|p| request.path.contains(p))
            && self
                .headers
                .iter()
                .all(|name| request.headers.contains_key(name))
            && self
                .query
                .iter()
                .all(|(name, value)| request.query_value(name).as_ref() == Some(value))
            && self.page.is_none_or(|page| page == request.page())
            && self.predicates.iter().all(|holds| holds(request))
    }
}

impl fmt::Debug for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Match")
            .field("listener", &self.listener)
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &self.headers)
            .field("query", &self.query)
            .field("page", &self.page)
            .field("predicates", &self.predicates.len())
            .finish()
    }
}
