mod log;

use std::fmt;

use http::{HeaderMap, Method};

pub(crate) use log::{RequestLog, guard};

use crate::Operation;

/// Which of the two listeners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Listener {
    /// The REST API.
    Api,
    /// The blob store that downloads are redirected to.
    Blob,
}

/// A request as the fake received it, whatever it was answered with.
///
/// `Debug` hides `Authorization` and the query of signed URLs.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// Who received it. A signed URL on the API's own origin counts as [`Listener::Blob`].
    pub listener: Listener,
    /// The operation, if the method and path are those of one.
    pub operation: Option<Operation>,
    /// The method.
    pub method: Method,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// The query as sent, without `?`.
    pub query: Option<String>,
    /// All headers.
    pub headers: HeaderMap,
    /// The number of the TCP connection, counted from 0 for each listener.
    pub connection: u64,
}

impl ReceivedRequest {
    /// A header's value, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A query parameter's value, percent-decoded.
    pub fn query_value(&self, name: &str) -> Option<String> {
        query_value(self.query.as_deref().unwrap_or_default(), name)
    }

    /// The `page` asked for: 1 where the parameter is absent or no number.
    pub fn page(&self) -> u64 {
        self.query_value("page")
            .and_then(|page| page.parse().ok())
            .unwrap_or(1)
            .max(1)
    }
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = match (self.listener, &self.query) {
            (Listener::Blob, Some(_)) => Some("[signed]"),
            (_, query) => query.as_deref(),
        };
        f.debug_struct("ReceivedRequest")
            .field("listener", &self.listener)
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &query)
            .field("headers", &self.headers)
            .field("connection", &self.connection)
            .finish()
    }
}

/// The first value of a parameter in a raw query.
pub(crate) fn query_value(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}
