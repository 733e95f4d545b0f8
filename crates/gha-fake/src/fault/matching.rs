use std::fmt;
use std::sync::Arc;

use http::Method;

use crate::operation::Operation;
use crate::request::{Listener, ReceivedRequest};

type Condition = dyn Fn(&ReceivedRequest) -> bool + Send + Sync;

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
pub struct Match(Vec<Arc<Condition>>);

impl Match {
    /// Every request.
    pub fn any() -> Self {
        Self::default()
    }

    /// Requests to the API.
    pub fn api() -> Self {
        Self::any().when(|request| request.listener == Listener::Api)
    }

    /// Requests with signed URLs.
    pub fn blob() -> Self {
        Self::any().when(|request| request.listener == Listener::Blob)
    }

    /// Requests for an operation.
    pub fn operation(operation: Operation) -> Self {
        Self::any().when(move |request| request.operation == Some(operation))
    }

    /// Only requests with this method.
    pub fn method(self, method: Method) -> Self {
        self.when(move |request| request.method == method)
    }

    /// Only requests whose path has these segments somewhere, each as a whole and as it is sent:
    /// `/artifacts/1` is not in `/artifacts/11/zip`. Paths of signed URLs have `/artifacts/{id}` or
    /// `/logs/{id}`.
    pub fn path(self, segments: impl AsRef<str>) -> Self {
        let segments = format!("/{}/", segments.as_ref().trim_matches('/'));
        self.when(move |request| format!("{}/", request.path).contains(&segments))
    }

    /// Only requests that have this header, such as `Range`.
    pub fn header(self, name: impl Into<String>) -> Self {
        let name = name.into();
        self.when(move |request| request.headers.contains_key(&name))
    }

    /// Only requests with this query parameter.
    pub fn query(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.when(move |request| request.query_value(&name).as_ref() == Some(&value))
    }

    /// Only requests for this page; one without `page` is for page 1.
    pub fn page(self, page: u64) -> Self {
        self.when(move |request| request.page() == page)
    }

    /// Only requests for which `predicate` holds.
    pub fn when(
        mut self,
        predicate: impl Fn(&ReceivedRequest) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.0.push(Arc::new(predicate));
        self
    }

    /// Whether it matches a request.
    pub fn matches(&self, request: &ReceivedRequest) -> bool {
        self.0.iter().all(|holds| holds(request))
    }
}

impl fmt::Debug for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Match({} conditions)", self.0.len())
    }
}
