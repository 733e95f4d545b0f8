use http::Method;

/// An operation of the API, as the OpenAPI description names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Operation {
    /// The name, for example `list_artifacts`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, for example `/repos/{owner}/{repo}/actions/artifacts`.
    pub path: &'static str,
}

impl Operation {
    /// An operation of a generated client.
    #[doc(hidden)]
    pub const fn new(id: &'static str, method: Method, path: &'static str) -> Self {
        Self { id, method, path }
    }
}
