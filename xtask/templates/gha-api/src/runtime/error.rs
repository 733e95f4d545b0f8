use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};

use super::{ErrorKind, Operation, limit, platform};
use crate::types::ApiError;

/// How much of a body that is no JSON an error keeps.
const KEPT_TEXT: usize = 2 * 1024;

type Source = Box<dyn StdError + Send + Sync>;

/// Why a call failed.
///
/// Ask [`kind`](Self::kind) to decide what to do and show the [`Display`](fmt::Display) form to a
/// person: it names the operation, the path without its query, GitHub's own message with its
/// documentation link, and the request id. Neither form ever holds a token or a signed URL.
///
/// ```no_run
/// use gha_api::ErrorKind;
///
/// # async fn example(client: gha_api::Client) {
/// let artifact = client.repo("octo-org", "octo-docs").get_artifact(11);
/// match artifact.send().await {
///     Ok(artifact) => println!("{}", artifact.name),
///     Err(error) => match error.kind() {
///         ErrorKind::NotFound | ErrorKind::Expired => println!("gone"),
///         ErrorKind::RateLimited => println!("come back in {:?}", error.retry_after()),
///         _ => println!("{error}"),
///     },
/// }
/// # }
/// ```
///
/// | answer | kind |
/// |---|---|
/// | 400 whose message speaks of the API version | [`UnsupportedApiVersion`](ErrorKind::UnsupportedApiVersion) |
/// | 401 | [`Unauthorized`](ErrorKind::Unauthorized) |
/// | 403 or 429 with `retry-after`, with `x-ratelimit-remaining: 0`, or whose message speaks of a rate limit; any other 429 | [`RateLimited`](ErrorKind::RateLimited) |
/// | any other 403 | [`Forbidden`](ErrorKind::Forbidden) |
/// | 404 | [`NotFound`](ErrorKind::NotFound) |
/// | 410 | [`Expired`](ErrorKind::Expired) |
/// | any other 4xx | [`Refused`](ErrorKind::Refused) |
/// | 5xx | [`Server`](ErrorKind::Server) |
/// | any other status | [`UnexpectedStatus`](ErrorKind::UnexpectedStatus) |
/// | a success whose JSON body ends early | [`Truncated`](ErrorKind::Truncated) |
/// | a success whose body is otherwise not what the operation promises | [`Decode`](ErrorKind::Decode) |
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    operation: Option<&'static Operation>,
    path: Option<String>,
    status: Option<StatusCode>,
    headers: HeaderMap,
    api_error: Option<ApiError>,
    text: Option<String>,
    json_path: Option<String>,
    retry_after: Option<Duration>,
    source: Option<Source>,
}

impl Error {
    /// An error of the given kind; for implementations of [`Transport`](super::Transport) and for
    /// crates built on this one.
    ///
    /// The message says what failed and what to do next, without a token or a signed URL in it.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            operation: None,
            path: None,
            status: None,
            headers: HeaderMap::new(),
            api_error: None,
            text: None,
            json_path: None,
            retry_after: None,
            source: None,
        }))
    }

    /// The error that a response stands for whose status is no success; see the table above.
    pub fn from_response(status: StatusCode, headers: HeaderMap, body: &[u8]) -> Self {
        let api_error = serde_json::from_slice::<ApiError>(body).ok();
        let message = api_error.as_ref().and_then(message_of);
        let lower = message.as_deref().unwrap_or_default().to_lowercase();
        let limited = limit::refused(status, &headers, &lower);
        let kind = match status.as_u16() {
            400 if lower.contains("api version") || lower.contains("x-github-api-version") => {
                ErrorKind::UnsupportedApiVersion
            }
            401 => ErrorKind::Unauthorized,
            403 | 429 if limited => ErrorKind::RateLimited,
            403 => ErrorKind::Forbidden,
            404 => ErrorKind::NotFound,
            410 => ErrorKind::Expired,
            400..=499 => ErrorKind::Refused,
            500..=599 => ErrorKind::Server,
            _ => ErrorKind::UnexpectedStatus,
        };
        let message = message.unwrap_or_else(|| describe_body(&headers, body).to_owned());
        let mut error = Self::new(kind, message);
        if limited {
            error.0.retry_after = limit::retry_after(&headers);
        }
        if api_error.is_none() && !body.is_empty() {
            let kept = String::from_utf8_lossy(&body[..body.len().min(KEPT_TEXT)]);
            error.0.text = Some(kept.into_owned());
        }
        error.0.api_error = api_error;
        error.with_response(status, headers)
    }

    pub(crate) fn undecodable(error: serde_path_to_error::Error<serde_json::Error>) -> Self {
        let path = error.path().to_string();
        let mut this = if error.inner().is_eof() {
            Self::new(ErrorKind::Truncated, "the body ended early")
        } else {
            Self::new(ErrorKind::Decode, format!("cannot decode `{path}`"))
        };
        this.0.json_path = Some(path);
        this.with_source(error.into_inner())
    }

    /// Names the operation, unless one is named already.
    #[must_use]
    pub fn with_operation(mut self, operation: &'static Operation) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Names the path of the request, without its query, unless one is named already.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<String>) -> Self {
        self.0.path.get_or_insert_with(|| path.into());
        self
    }

    /// Adds what is known of the response; `Location` is marked sensitive.
    #[must_use]
    pub fn with_response(mut self, status: StatusCode, mut headers: HeaderMap) -> Self {
        let locations = headers.iter_mut().filter(|(name, _)| *name == LOCATION);
        locations.for_each(|(_, location)| location.set_sensitive(true));
        self.0.status = Some(status);
        self.0.headers = headers;
        self
    }

    /// Says how long to wait before the same request can succeed.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    /// Adds the cause. It must not print a signed URL: strip a [`reqwest::Error`] of its URL, or
    /// convert it with [`From`].
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Source>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Changes the kind and the message and keeps the rest.
    #[must_use]
    pub fn reclassified(mut self, kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        self.0.kind = kind;
        self.0.message = message.into();
        self
    }

    /// What sort of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What failed, in words, without the operation and the path.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The operation that failed.
    pub fn operation(&self) -> Option<&'static Operation> {
        self.0.operation
    }

    /// The path of the request that failed, without its query.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The headers of the response; empty if there was none.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// GitHub's `x-github-request-id`, which its support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.0.headers.get("x-github-request-id")?.to_str().ok()
    }

    /// When the server answered, by its own clock
    /// ([`Date`](https://www.rfc-editor.org/rfc/rfc9110#section-6.6.1)).
    pub fn answered_at(&self) -> Option<DateTime<Utc>> {
        limit::date(&self.0.headers)
    }

    /// The error body, if it was JSON of the usual form.
    pub fn api_error(&self) -> Option<&ApiError> {
        self.0.api_error.as_ref()
    }

    /// The head of an error body that was no such JSON (at most 2 KiB).
    pub fn body_text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    /// Where in the JSON body decoding failed, for example `jobs[3].started_at`.
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// How long to wait before the same request can succeed, if the server said so.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the resource does not exist or is hidden from the caller.
    pub fn is_not_found(&self) -> bool {
        self.kind() == ErrorKind::NotFound
    }

    /// Whether the artifact or the log has expired; it never comes back.
    pub fn is_expired(&self) -> bool {
        self.kind() == ErrorKind::Expired
    }

    /// Whether a primary or secondary rate limit was hit.
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// Whether no complete answer came: no connection, a broken one, or a timeout.
    pub fn is_network(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Connect | ErrorKind::Network | ErrorKind::Timeout
        )
    }
}

/// GitHub's words, with the link that explains them.
fn message_of(error: &ApiError) -> Option<String> {
    let message = error.message.as_deref().or(error.error.as_deref())?;
    Some(match error.documentation_url.as_deref() {
        Some(link) => format!("{message} (see {link})"),
        None => message.to_owned(),
    })
}

fn describe_body(headers: &HeaderMap, body: &[u8]) -> &'static str {
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    if body.is_empty() {
        "the body is empty"
    } else if media_type.contains("html") {
        "the body is an HTML page; a proxy may have answered"
    } else if media_type.contains("xml") {
        "the body is XML, as blob stores answer"
    } else {
        "the body carries no message"
    }
}

impl From<reqwest::Error> for Error {
    /// Classifies the error and strips it of its URL, which may be a signed one.
    fn from(error: reqwest::Error) -> Self {
        let (kind, message) = if error.is_timeout() {
            (ErrorKind::Timeout, "the server took too long to answer")
        } else if platform::is_connect(&error) {
            (ErrorKind::Connect, "cannot connect to the server")
        } else if error.is_builder() {
            (ErrorKind::Configuration, "cannot build the HTTP client")
        } else {
            (ErrorKind::Network, "the connection broke")
        };
        Self::new(kind, message).with_source(error.without_url())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        if let Some(operation) = inner.operation {
            write!(f, "{}: ", operation.id)?;
            if let Some(path) = &inner.path {
                write!(f, "{} {path}: ", operation.method)?;
            }
        }
        if let Some(status) = inner.status {
            write!(f, "{status}: ")?;
        }
        f.write_str(&inner.message)?;
        if let Some(wait) = inner.retry_after {
            write!(f, ", try again in {} s", wait.as_secs())?;
        }
        if let Some(id) = self.request_id() {
            write!(f, " [request {id}]")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("Error")
            .field("kind", &inner.kind)
            .field("message", &inner.message)
            .field("operation", &inner.operation.map(|operation| operation.id))
            .field("path", &inner.path)
            .field("status", &inner.status)
            .field("request_id", &self.request_id())
            .field("json_path", &inner.json_path)
            .field("retry_after", &inner.retry_after)
            .field("source", &inner.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}
