//! The blob store that downloads are redirected to, in the manner of Azure Blob Storage.

use std::ops::Range;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use percent_encoding::utf8_percent_encode;

use crate::answer::{Answer, bare, storage_error};
use crate::clock::http_date;
use crate::content::Content;
use crate::fault::{Plan, Reply};
use crate::model::{Artifact, Log};
use crate::operation::Route;
use crate::request::ReceivedRequest;
use crate::shared::Shared;
use crate::signed_url::{BlobKey, ESCAPED};
use crate::state::{State, StoredJob};

/// A blob and what its headers say.
struct Blob {
    content: Content,
    content_type: String,
    disposition: Option<String>,
    last_modified: String,
}

/// The answer to a request with a signed URL.
pub(crate) fn answer(
    shared: &Shared,
    state: &State,
    request: &ReceivedRequest,
    route: Option<&Route<'_>>,
    plan: &Plan,
) -> Answer {
    let mut answer = match &plan.reply {
        Some(reply) => replied(reply, request),
        None => checked(shared, state, request, route),
    };
    let headers = [
        (
            header::SERVER,
            HeaderValue::from_static("Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"),
        ),
        (
            HeaderName::from_static("x-ms-request-id"),
            shared.request_id(),
        ),
        (
            HeaderName::from_static("x-ms-version"),
            HeaderValue::from_static("2025-11-05"),
        ),
    ];
    answer.headers_mut().extend(headers);
    answer
}

fn replied(reply: &Reply, request: &ReceivedRequest) -> Answer {
    let code = match reply.status {
        StatusCode::NOT_FOUND => "BlobNotFound",
        StatusCode::FORBIDDEN => "AuthenticationFailed",
        StatusCode::SERVICE_UNAVAILABLE => "ServerBusy",
        status if status.as_u16() < 400 => return bare(status),
        _ => "InternalError",
    };
    storage_error(reply.status, code, &reply.message_to(request))
}

fn checked(
    shared: &Shared,
    state: &State,
    request: &ReceivedRequest,
    route: Option<&Route<'_>>,
) -> Answer {
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return storage_error(
            StatusCode::METHOD_NOT_ALLOWED,
            "UnsupportedHttpVerb",
            "The resource doesn't support the specified HTTP verb.",
        );
    }
    if request.headers.contains_key(header::AUTHORIZATION) {
        return forbidden("an Authorization header beside a signed URL");
    }
    let query = request.query.as_deref().unwrap_or_default();
    let key = &shared.signing_key;
    if let Err(reason) = key.verify(&request.path, query, state.now()) {
        return forbidden(reason);
    }
    match route.and_then(|route| find(state, route)) {
        Some(blob) => blob.answer(request),
        None => storage_error(
            StatusCode::NOT_FOUND,
            "BlobNotFound",
            "The specified blob does not exist.",
        ),
    }
}

fn forbidden(reason: &str) -> Answer {
    let message = format!("Server failed to authenticate the request: {reason}.");
    storage_error(StatusCode::FORBIDDEN, "AuthenticationFailed", &message)
}

fn find(state: &State, route: &Route<'_>) -> Option<Blob> {
    match BlobKey::parse(&route.get("kind"), &route.get("id"))? {
        BlobKey::Artifact(id) => {
            let artifact = state.artifact(id)?;
            Some(Blob {
                content: artifact.spec.content.clone(),
                content_type: artifact.spec.content_type.clone(),
                disposition: disposition(&artifact.spec),
                last_modified: http_date(artifact.updated),
            })
        }
        BlobKey::Log(id) => {
            let (_, job) = state.job(id)?;
            Some(Blob {
                content: log_of(job)?,
                content_type: "text/plain; charset=utf-8".into(),
                disposition: None,
                last_modified: http_date(job.completed),
            })
        }
    }
}

/// `filename*` ([RFC 6266](https://www.rfc-editor.org/rfc/rfc6266)) says the name, `filename` what
/// is left of it in plain ASCII.
fn disposition(artifact: &Artifact) -> Option<String> {
    if let Some(given) = &artifact.disposition {
        return (!given.is_empty()).then(|| given.clone());
    }
    let plain: String = artifact
        .file_name
        .chars()
        .map(|c| match c {
            '"' | '\\' => '_',
            c if c.is_ascii() && !c.is_ascii_control() => c,
            _ => '_',
        })
        .collect();
    let extended = utf8_percent_encode(&artifact.file_name, ESCAPED);
    Some(format!(
        "attachment; filename=\"{plain}\"; filename*=UTF-8''{extended}"
    ))
}

/// A line for each step unless a log was given.
fn log_of(job: &StoredJob) -> Option<Content> {
    match &job.spec.log {
        Log::Given(content) => Some(content.clone()),
        Log::Never | Log::Expired | Log::NotStored | Log::Deleted => None,
        Log::Default => {
            let mut at = job.started;
            let mut text = String::from("\u{feff}");
            for step in job.spec.all_steps() {
                let time = chrono::DateTime::<chrono::Utc>::from(at);
                // GitHub's times have seven digits.
                let time = time.format("%Y-%m-%dT%H:%M:%S%.6f0Z");
                text.push_str(&format!("{time} ##[group]{}\n", step.name));
                text.push_str(&format!("{time} {}\n", job.spec.name));
                text.push_str(&format!("{time} ##[endgroup]\n"));
                at += step.duration;
            }
            Some(Content::bytes(text))
        }
    }
}

impl Blob {
    fn answer(self, request: &ReceivedRequest) -> Answer {
        let total = self.content.len();
        let tag = format!("\"0x{:016X}\"", self.content.fingerprint());
        if let Some(wanted) = request.header("if-match")
            && wanted != "*"
            && wanted != tag
        {
            return storage_error(
                StatusCode::PRECONDITION_FAILED,
                "ConditionNotMet",
                "The condition specified using HTTP conditional header(s) is not met.",
            );
        }
        let (mut answer, range) = match self.asked(request, &tag) {
            Asked::Whole => (bare(StatusCode::OK), 0..total),
            Asked::Part(range) => (bare(StatusCode::PARTIAL_CONTENT), range),
            Asked::Unsatisfiable => {
                let mut answer = storage_error(
                    StatusCode::RANGE_NOT_SATISFIABLE,
                    "InvalidRange",
                    "The range specified is invalid for the current size of the resource.",
                );
                insert(
                    &mut answer,
                    header::CONTENT_RANGE,
                    format!("bytes */{total}"),
                );
                return answer;
            }
        };
        if answer.status() == StatusCode::PARTIAL_CONTENT {
            let named = format!("bytes {}-{}/{total}", range.start, range.end - 1);
            insert(&mut answer, header::CONTENT_RANGE, named);
        }
        insert(&mut answer, header::ACCEPT_RANGES, "bytes".into());
        if !self.content_type.is_empty() {
            insert(&mut answer, header::CONTENT_TYPE, self.content_type);
        }
        if let Some(disposition) = self.disposition {
            insert(&mut answer, header::CONTENT_DISPOSITION, disposition);
        }
        insert(&mut answer, header::LAST_MODIFIED, self.last_modified);
        insert(&mut answer, header::ETAG, tag);
        let kind = HeaderName::from_static("x-ms-blob-type");
        insert(&mut answer, kind, "BlockBlob".into());
        *answer.body_mut() = self.content.slice(range);
        answer
    }

    fn asked(&self, request: &ReceivedRequest, tag: &str) -> Asked {
        let Some(range) = request.header("range") else {
            return Asked::Whole;
        };
        match request.header("if-range") {
            Some(condition) if condition != tag && condition != self.last_modified => Asked::Whole,
            _ => Asked::parse(range, self.content.len()),
        }
    }
}

/// Leaves out what cannot be sent.
fn insert(answer: &mut Answer, name: HeaderName, value: String) {
    if let Ok(value) = HeaderValue::from_maybe_shared(Bytes::from(value)) {
        answer.headers_mut().insert(name, value);
    }
}

/// What a request wants of a blob.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Whole,
    Part(Range<u64>),
    Unsatisfiable,
}

impl Asked {
    /// Reads one range ([RFC 9110, section 14](https://www.rfc-editor.org/rfc/rfc9110#section-14)).
    /// Several, other units and nonsense are ignored, and so are suffixes (`bytes=-5`), which
    /// [Azure does not know](https://learn.microsoft.com/en-us/rest/api/storageservices/specifying-the-range-header-for-blob-service-operations).
    fn parse(header: &str, len: u64) -> Self {
        let Some((first, last)) = header
            .strip_prefix("bytes=")
            .and_then(|range| range.trim().split_once('-'))
        else {
            return Self::Whole;
        };
        let range = match (first.parse::<u64>(), last.parse::<u64>()) {
            (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(len),
            (Ok(first), Err(_)) if last.is_empty() => first..len,
            _ => return Self::Whole,
        };
        match range.start < range.end {
            true => Self::Part(range),
            false => Self::Unsatisfiable,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let parse = Asked::parse;
        assert_eq!(parse("bytes=0-0", 10), Asked::Part(0..1));
        assert_eq!(parse("bytes=3-", 10), Asked::Part(3..10));
        assert_eq!(parse("bytes=3-99", 10), Asked::Part(3..10));
        assert_eq!(parse("bytes=9-9", 10), Asked::Part(9..10));
        assert_eq!(parse("bytes=10-", 10), Asked::Unsatisfiable);
        assert_eq!(parse("bytes=0-0", 0), Asked::Unsatisfiable);
        for ignored in [
            "bytes=-4",
            "bytes=4-3",
            "bytes=0-1,3-4",
            "lines=1-2",
            "bytes=-",
            "x",
        ] {
            assert_eq!(parse(ignored, 10), Asked::Whole, "{ignored}");
        }
    }
}
