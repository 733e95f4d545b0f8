use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use http::header::{CONTENT_TYPE, LOCATION};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use url::Url;

use crate::{Operation, rate_limit};

/// How much of a body that is no JSON an error keeps.
const KEPT_TEXT: usize = 2 * 1024;
/// How much of a server's text is shown, in characters.
const SHOWN: usize = 500;

type Source = Box<dyn StdError + Send + Sync>;

/// Why a call failed.
///
/// Ask [`kind`](Self::kind) to decide what to do and show the [`Display`](fmt::Display) form to a
/// person: it names the operation, the path without its query, GitHub's own message with its
/// documentation link, and the request id. Texts of servers are cut after 500 characters, and without
/// control characters. Neither form ever holds a token or a signed URL. A cause is told once: either the
/// message has it, or [`source`](StdError::source).
///
/// | answer | kind |
/// |---|---|
/// | 400 whose message speaks of the API version | [`UnsupportedApiVersion`](ErrorKind::UnsupportedApiVersion) |
/// | 401 | [`Unauthorized`](ErrorKind::Unauthorized) |
/// | 403 or 429 with `retry-after` or `gh-limited-by`, with `x-ratelimit-remaining: 0`, or whose message speaks of a rate limit; any other 429 | [`RateLimited`](ErrorKind::RateLimited) |
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
    /// How much of an error page a transport has to read, in bytes: above any error that GitHub
    /// writes; the rest of a longer page says nothing more.
    pub const BODY_LIMIT: usize = 1024 * 1024;

    /// An error of the given kind; for implementations of [`Transport`](crate::Transport) and for
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
        let api_error = ApiError::parse(body);
        let message = api_error.as_ref().and_then(message_of);
        let lower = message.as_deref().unwrap_or_default().to_lowercase();
        let limited = rate_limit::refused(status, &headers, &lower);
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
        let mut message = message.unwrap_or_else(|| match oddity(&headers, body) {
            _ if body.is_empty() => "the body is empty".to_owned(),
            Some(odd) => odd.to_owned(),
            None => "the body carries no message".to_owned(),
        });
        if let Some(url) = sso(&headers).filter(|_| status == StatusCode::FORBIDDEN) {
            message.push_str(&format!(
                "; authorize the token for single sign-on at {url}"
            ));
        }
        if let Some(place) = leads_to(&headers).filter(|_| status.is_redirection()) {
            message =
                format!("it redirects to {place}; a proxy or a sign-in page may have answered");
        }
        let mut error = Self::new(kind, message);
        error.0.retry_after = rate_limit::retry_after(&headers);
        if api_error.is_none() && !body.is_empty() {
            let kept = String::from_utf8_lossy(&body[..body.len().min(KEPT_TEXT)]);
            error.0.text = Some(kept.into_owned());
        }
        error.0.api_error = api_error;
        error.with_response(status, headers)
    }

    /// The error of a success that needs no body, and has one that the API never sends.
    pub(crate) fn foreign_body(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let odd = oddity(headers, body).filter(|_| !body.is_empty())?;
        let what = format!("{odd} in place of an empty body, and nothing may have been done");
        Some(Self::foreign(&what))
    }

    /// The error of what the API does not send.
    fn foreign(what: &str) -> Self {
        let help = "check the URL of the API, and what stands before it";
        Self::new(ErrorKind::Decode, format!("{what}; {help}"))
    }

    /// The error of a success whose body is not what was promised; `path` is where in it, if known.
    pub(crate) fn undecodable(
        error: &serde_json::Error,
        path: Option<String>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        let what = match &path {
            Some(path) => format!("cannot decode `{}`: ", shown(path)),
            None => "cannot decode the body: ".to_owned(),
        };
        let mut this = if let Some(odd) = oddity(headers, body) {
            Self::foreign(&format!("{odd} in place of JSON"))
        } else if error.is_eof() {
            let what = if body.is_empty() {
                "is empty"
            } else {
                "ended early"
            };
            let message =
                format!("the body {what}; try again, or look for a proxy that cuts it off");
            Self::new(ErrorKind::Truncated, message)
        } else {
            let why = without_values(error);
            let message = format!(
                "{what}{why}; the API may have changed: see whether a newer version of this client knows it"
            );
            Self::new(ErrorKind::Decode, message)
        };
        this.0.json_path = path;
        this
    }

    /// The error of a success in a form that nobody asked for: a web page that is not GitHub's, or the JSON that
    /// the API answers with unless it is asked for another form.
    pub(crate) fn of_another_form(accept: &str, headers: &HeaderMap) -> Option<Self> {
        let is = |form| media_type(headers).contains(form) && !accept.contains(form);
        let is_apis = || {
            let said = headers.get("x-github-media-type");
            said.is_some_and(|it| it.as_bytes().starts_with(b"github."))
        };
        let came = if is("html") && !headers.contains_key("x-github-request-id") {
            format!("{PAGE}, as of a proxy or for signing in,")
        } else if is("json") && is_apis() {
            "JSON".to_owned()
        } else {
            return None;
        };
        Some(Self::foreign(&format!("{came} came in place of {accept}")))
    }

    /// Adds to the message what else helps.
    #[doc(hidden)]
    #[must_use]
    pub fn with_hint(mut self, hint: &str) -> Self {
        let message = self.0.message.to_mut();
        message.push_str("; ");
        message.push_str(hint);
        self
    }

    /// Whether a web page came where the API should have answered.
    pub(crate) fn is_page(&self) -> bool {
        self.0.message.contains(PAGE)
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

    /// Adds the cause, which must print neither a token nor a signed URL.
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
        rate_limit::date(&self.0.headers)
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

    /// Whether GitHub itself says that there is no such thing: a 404 in its own form, or with its request id one
    /// that says nothing more (no body, or `{}`). That of a proxy says nothing.
    #[doc(hidden)]
    pub fn is_githubs_not_found(&self) -> bool {
        let is_its_form = |it: &ApiError| it.message.is_some() && it.documentation_url.is_some();
        let is_its_own = match &self.0.api_error {
            Some(said) if *said != ApiError::default() => is_its_form(said),
            _ => self.0.text.is_none() && self.request_id().is_some(),
        };
        self.is_not_found() && is_its_own
    }

    /// Whether the artifact or the log has expired; it never comes back.
    pub fn is_expired(&self) -> bool {
        self.kind() == ErrorKind::Expired
    }

    /// Whether a primary or secondary rate limit was hit.
    pub fn is_rate_limited(&self) -> bool {
        self.kind() == ErrorKind::RateLimited
    }

    /// Whether no complete answer came, which another attempt may mend: no connection, a broken one, or a
    /// timeout.
    pub fn is_network(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Connect | ErrorKind::Network | ErrorKind::Timeout
        )
    }
}

/// What GitHub says of a failed request; any part may be missing.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ApiError {
    /// What went wrong, in a sentence.
    pub message: Option<String>,
    /// The page that explains the operation or the error.
    pub documentation_url: Option<String>,
    /// The status code again, as text.
    pub status: Option<String>,
    /// What went wrong, where a proxy of GitHub's answers instead of the API.
    pub error: Option<String>,
    /// Details, each a text or an object with `resource`, `field` and `code`.
    pub errors: Vec<Value>,
}

impl ApiError {
    /// Reads an error body; a part of another type than usual counts as missing.
    fn parse(body: &[u8]) -> Option<Self> {
        let Value::Object(mut object) = serde_json::from_slice(body).ok()? else {
            return None;
        };
        let mut text = |key: &str| match object.remove(key) {
            Some(Value::String(text)) => Some(text),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        Some(Self {
            message: text("message"),
            documentation_url: text("documentation_url"),
            status: text("status"),
            error: text("error"),
            errors: match object.remove("errors") {
                Some(Value::Array(errors)) => errors,
                _ => Vec::new(),
            },
        })
    }
}

/// GitHub's words, with the link that explains them.
fn message_of(error: &ApiError) -> Option<String> {
    let message = shown(error.message.as_deref().or(error.error.as_deref())?);
    Some(match error.documentation_url.as_deref() {
        Some(link) => format!("{message} (see {})", shown(link)),
        None => message,
    })
}

/// The head of a server's text, such that it harms no terminal and no log.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (count, char) in text.chars().enumerate() {
        if count == SHOWN {
            shown.push('…');
            break;
        }
        match char {
            // What turns or hides text is no better than control characters.
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                shown.extend(char.escape_unicode());
            }
            char if char.is_control() => shown.extend(char.escape_default()),
            char => shown.push(char),
        }
    }
    shown
}

/// What serde says, without the values that it quotes: they may be anything, and of any length.
fn without_values(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match (text.find(['"', '`']), text.rfind(", expected")) {
        (Some(start), Some(end)) if start < end => {
            format!("{}{}", text[..start].trim_end(), shown(&text[end..]))
        }
        _ => shown(&text),
    }
}

const PAGE: &str = "an HTML page";

/// What came that the API does not send, if that can be told.
fn oddity(headers: &HeaderMap, body: &[u8]) -> Option<&'static str> {
    let text = body.trim_ascii_start();
    if body.starts_with(b"\xef\xbb\xbf") {
        Some("a byte-order mark, as a proxy or a sign-in page may have answered,")
    } else if media_type(headers).contains("html") || text.starts_with(b"<!") {
        Some("an HTML page, as of a proxy or for signing in, came")
    } else if text.starts_with(b"<") {
        Some("XML, as of a blob store, came")
    } else {
        None
    }
}

fn media_type(headers: &HeaderMap) -> &str {
    let value = headers.get(CONTENT_TYPE);
    value.and_then(|it| it.to_str().ok()).unwrap_or_default()
}

/// Where a token is authorized for an organization
/// ([SAML single sign-on](https://docs.github.com/rest/authentication/authenticating-to-the-rest-api#personal-access-tokens-and-saml-sso)).
fn sso(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("x-github-sso")?.to_str().ok()?;
    let (_, url) = value.split_once("url=")?;
    Some(shown(url.trim()))
}

/// Where a redirect leads, without its query.
fn leads_to(headers: &HeaderMap) -> Option<String> {
    let location = headers.get(LOCATION)?.to_str().ok()?;
    let place = match Url::parse(location) {
        Ok(url) => format!("{}{}", url.host_str().unwrap_or_default(), url.path()),
        Err(_) => location.split(['?', '#']).next()?.to_owned(),
    };
    Some(shown(&place))
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
            write!(f, " [request {}]", shown(id))?;
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
            .field("request_id", &self.request_id().map(shown))
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
/// What sort of failure an [`Error`] is, by what a caller can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built as configured: a bad URL, an unusable token, no TLS provider.
    Configuration,
    /// An argument is missing or unusable; nothing was sent.
    InvalidRequest,
    /// The server does not know the API version asked for; the message lists those it knows.
    UnsupportedApiVersion,
    /// The token is missing, expired or wrong (401).
    Unauthorized,
    /// The token lacks a permission (403).
    Forbidden,
    /// The resource does not exist, or the token may not see it (404).
    NotFound,
    /// The artifact or the log has expired (410) and never comes back.
    Expired,
    /// The job has not finished, or only just, so its log cannot be read yet.
    LogNotReady,
    /// The job was skipped, or cancelled before it started: it never wrote a log.
    LogNeverWritten,
    /// The job is completed and its log is not stored: it was deleted, or never uploaded.
    LogNotStored,
    /// A primary or secondary rate limit was hit; see [`Error::retry_after`].
    RateLimited,
    /// The server refused the request for another reason (4xx).
    Refused,
    /// The server failed (5xx).
    Server,
    /// A status that the operation does not speak of.
    UnexpectedStatus,
    /// A body that is not what the operation promises.
    Decode,
    /// The redirect led nowhere safe: no `Location`, no https, credentials in it, too many hops, or a
    /// URL that cannot be requested byte for byte.
    LinkRefused,
    /// No connection could be made; nothing was sent.
    Connect,
    /// The server's certificate is refused, so nothing was sent, nor will be by another attempt.
    Certificate,
    /// The connection broke.
    Network,
    /// The server did not answer, or stopped sending, for too long.
    Timeout,
    /// The body ended early.
    Truncated,
    /// The content is not what its digest promises.
    DigestMismatch,
    /// What was being downloaded changed under way.
    Changed,
    /// The content is larger than the limit that the caller set.
    TooLarge,
    /// The archive cannot or must not be unpacked: unsafe names or links, entries that overlap,
    /// encryption, an unknown compression.
    ArchiveRefused,
    /// Pages that cannot be read on: a loop, or a list that changes faster than it is read.
    Pagination,
    /// The local file system or the caller's writer failed.
    Io,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(body: Value) -> ApiError {
        ApiError::parse(body.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn texts_of_servers_are_short_and_harmless() {
        assert_eq!(shown("Not Found"), "Not Found");
        assert_eq!(shown("a\u{1b}[31m\r\nb"), "a\\u{1b}[31m\\r\\nb");
        assert_eq!(shown("\u{202e}gnp"), "\\u{202e}gnp");
        assert_eq!(shown("größer"), "größer");
        assert_eq!(shown(&"x".repeat(1 << 20)).chars().count(), SHOWN + 1);
    }

    #[test]
    fn values_are_not_quoted() {
        type Numbers = std::collections::BTreeMap<String, i64>;
        for (json, said) in [
            (
                r#"{"a": "s3cret, expected"}"#,
                "invalid type: string, expected i64 at line 1 column 24",
            ),
            (
                r#"{"a": 1.5}"#,
                "invalid type: floating point `1.5`, expected i64 at line 1 column 9",
            ),
            (
                r#"{"a": [}"#,
                "invalid type: sequence, expected i64 at line 1 column 6",
            ),
            (
                r#"{"a": 1"#,
                "EOF while parsing an object at line 1 column 7",
            ),
        ] {
            let error = serde_json::from_str::<Numbers>(json).unwrap_err();
            let text = without_values(&error);
            assert!(!text.contains("s3cret"), "{text}");
            if !json.contains("1.5") {
                assert_eq!(text, said);
            }
        }
    }

    #[test]
    fn error_bodies_of_every_form() {
        let whole = parse(json!({
            "message": "Not Found",
            "documentation_url": "https://docs.github.com/rest/actions/artifacts#get-an-artifact",
            "status": "404"
        }));
        assert_eq!(whole.message.as_deref(), Some("Not Found"));
        assert_eq!(whole.status.as_deref(), Some("404"));
        assert_eq!(parse(json!({})), ApiError::default());
        let server = parse(json!({"error": "Server Error"}));
        assert_eq!(server.error.as_deref(), Some("Server Error"));
        for errors in [
            json!(["name is too long"]),
            json!([{"resource": "Artifact", "field": "name", "code": "invalid"}]),
            json!([]),
        ] {
            let error = parse(json!({"message": "Validation Failed", "errors": errors}));
            assert_eq!(json!(error.errors), errors);
        }
        let nothing = json!({"message": null, "errors": null, "status": null});
        assert_eq!(parse(nothing), ApiError::default());
        // A part of another type is no reason to lose the others.
        let odd = parse(json!({"message": "Gone", "status": 410, "errors": "no", "error": {}}));
        assert_eq!(odd.message.as_deref(), Some("Gone"));
        assert_eq!(odd.status.as_deref(), Some("410"));
        for other in ["[]", "\"text\"", "", "<html>", "{"] {
            assert_eq!(ApiError::parse(other.as_bytes()), None);
        }
    }
}
