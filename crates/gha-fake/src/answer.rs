//! Answers before faults change them and the connection carries them.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;

use crate::content::Content;

pub(crate) type Answer = Response<Content>;

pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// Room for the headers of most answers.
const HEADERS: usize = 16;

pub(crate) fn answer(status: StatusCode, content_type: &'static str, body: Content) -> Answer {
    let mut answer = bare(status);
    let content_type = HeaderValue::from_static(content_type);
    answer
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    *answer.body_mut() = body;
    answer
}

/// Without body and headers.
pub(crate) fn bare(status: StatusCode) -> Answer {
    let mut answer = Response::new(Content::bytes(Bytes::new()));
    *answer.status_mut() = status;
    answer.headers_mut().reserve(HEADERS);
    answer
}

pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Answer {
    // Values and our own objects always serialize.
    let body = serde_json::to_vec(body).unwrap_or_default();
    answer(status, JSON, Content::bytes(body))
}

/// Adds `Location`. One that cannot be sent is left out.
pub(crate) fn leading_to(mut answer: Answer, url: &str) -> Answer {
    if let Ok(value) = HeaderValue::from_bytes(url.as_bytes()) {
        answer.headers_mut().insert(header::LOCATION, value);
    }
    answer
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
    let code = HeaderValue::from_static(code);
    answer.headers_mut().insert("x-ms-error-code", code);
    answer
}
