use std::fmt;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, header};

use crate::operation::Operation;

/// The header that asks for a version of the API.
pub(crate) const API_VERSION: &str = "x-github-api-version";

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
    /// The body.
    pub body: Bytes,
    /// The number of the TCP connection, counted from 0 for each listener.
    pub connection: u64,
}

impl ReceivedRequest {
    pub(crate) fn new(listener: Listener, parts: Parts, body: Bytes, connection: u64) -> Self {
        let mut headers = HeaderMap::with_capacity(parts.headers.len());
        for (name, value) in &parts.headers {
            // A copy: the value is a slice of a read buffer, which the log would keep alive.
            let mut copy = HeaderValue::from_bytes(value.as_bytes()).unwrap_or(value.clone());
            copy.set_sensitive(CREDENTIALS.contains(name));
            headers.append(name, copy);
        }
        Self {
            listener,
            operation: None,
            method: parts.method,
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers,
            body,
            connection,
        }
    }

    /// A header's value, if it is there and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A header that is there twice, though it is no list
    /// ([RFC 9110, section 5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3)).
    pub(crate) fn repeated_header(&self) -> Option<&'static str> {
        let single = [
            "host",
            "authorization",
            "user-agent",
            API_VERSION,
            "range",
            "if-range",
        ];
        let mut single = single.into_iter();
        single.find(|name| self.headers.get_all(*name).iter().count() > 1)
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

    /// Path and query.
    pub(crate) fn target(&self) -> String {
        let query = self.query.as_ref();
        let query = query.map_or(String::new(), |query| format!("?{query}"));
        format!("{}{query}", self.path)
    }
}

const CREDENTIALS: [header::HeaderName; 3] = [
    header::AUTHORIZATION,
    header::PROXY_AUTHORIZATION,
    header::COOKIE,
];

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
            .field("body", &self.body.len())
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

/// The query with this value of a parameter: in place where there was one, else at the end.
pub(crate) fn with_query_value(query: &str, name: &str, value: &str) -> String {
    let new: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
    let new = format!("{name}={new}");
    let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    match pairs
        .iter_mut()
        .find(|pair| query_value(pair, name).is_some())
    {
        Some(pair) => *pair = &new,
        None => pairs.push(&new),
    }
    pairs.join("&")
}
