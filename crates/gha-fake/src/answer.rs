//! Answers before faults change them and the connection carries them.

use bytes::Bytes;
use http::header::{HeaderMap, HeaderValue, IntoHeaderName};
use http::{Response, StatusCode, header};
use serde_json::Value;

use crate::content::Content;

pub(crate) type Answer = Response<Content>;

pub(crate) fn answer(status: StatusCode, content_type: &'static str, body: Content) -> Answer {
    let mut answer = bare(status);
    let content_type = HeaderValue::from_static(content_type);
    set(answer.headers_mut(), header::CONTENT_TYPE, content_type);
    *answer.body_mut() = body;
    answer
}

/// Without body and headers.
pub(crate) fn bare(status: StatusCode) -> Answer {
    let mut answer = Response::new(Content::bytes(Bytes::new()));
    *answer.status_mut() = status;
    answer
}

pub(crate) fn json(status: StatusCode, body: &Value) -> Answer {
    let body = Content::bytes(body.to_string());
    answer(status, "application/json; charset=utf-8", body)
}

/// Sets a header. One that cannot be sent is left out.
pub(crate) fn set<V>(headers: &mut HeaderMap, name: impl IntoHeaderName, value: V)
where
    HeaderValue: TryFrom<V>,
{
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(name, value);
    }
}

/// A header's value, if it is there and is text.
pub(crate) fn text(headers: &HeaderMap, name: impl header::AsHeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// An error in the blob store's form
/// ([status and error codes](https://learn.microsoft.com/en-us/rest/api/storageservices/status-and-error-codes2)).
pub(crate) fn storage_error(status: StatusCode, code: &'static str, message: &str) -> Answer {
    let message = message.replace('&', "&amp;").replace('<', "&lt;");
    let body = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    let mut answer = answer(status, "application/xml", Content::bytes(body));
    set(answer.headers_mut(), "x-ms-error-code", code);
    answer
}

pub(crate) fn blob_not_found() -> Answer {
    let message = "The specified blob does not exist.";
    storage_error(StatusCode::NOT_FOUND, "BlobNotFound", message)
}
