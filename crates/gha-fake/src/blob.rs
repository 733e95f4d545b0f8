//! The blob store that downloads are redirected to, in the manner of Azure Blob Storage.

use std::ops::Range;

use http::{Method, StatusCode, header};
use percent_encoding::utf8_percent_encode;

use crate::answer::{Answer, bare, blob_not_found, set, storage_error};
use crate::clock::http_date;
use crate::content::Content;
use crate::fault::Reply;
use crate::model::{Artifact, Log};
use crate::request::ReceivedRequest;
use crate::shared::Call;
use crate::signed_url::{ESCAPED, blob_at};
use crate::state::{State, StoredJob};

/// A blob and what its headers say.
struct Blob {
    content: Content,
    content_type: String,
    disposition: Option<String>,
    last_modified: String,
}

/// The answer to a request with a signed URL.
pub(crate) fn answer(call: &Call<'_>, state: &State) -> Answer {
    let mut answer = match &call.plan.reply {
        Some(reply) => replied(reply, call.request),
        None => checked(call, state),
    };
    let headers = answer.headers_mut();
    let server = "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0";
    set(headers, header::SERVER, server);
    set(headers, "x-ms-request-id", call.shared.request_id());
    set(headers, "x-ms-version", "2025-11-05");
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

fn checked(call: &Call<'_>, state: &State) -> Answer {
    let request = call.request;
    if !matches!(request.method, Method::GET | Method::HEAD) {
        let message = "The resource doesn't support the specified HTTP verb.";
        let status = StatusCode::METHOD_NOT_ALLOWED;
        return storage_error(status, "UnsupportedHttpVerb", message);
    }
    if let Some(name) = request.repeated_header() {
        let message = format!("{name} is given twice.");
        return storage_error(StatusCode::BAD_REQUEST, "InvalidHeaderValue", &message);
    }
    if request.headers.contains_key(header::AUTHORIZATION) {
        return forbidden("an Authorization header beside a signed URL");
    }
    let key = &call.shared.signing_key;
    if let Err(reason) = key.verify(&request.path, call.query(), state.now()) {
        return forbidden(reason);
    }
    match find(state, &request.path) {
        Some(blob) => blob.answer(request),
        None => blob_not_found(),
    }
}

fn forbidden(reason: &str) -> Answer {
    let message = format!("Server failed to authenticate the request: {reason}.");
    storage_error(StatusCode::FORBIDDEN, "AuthenticationFailed", &message)
}

fn find(state: &State, path: &str) -> Option<Blob> {
    let (kind, id) = blob_at(path)?;
    match kind {
        "artifacts" => {
            let artifact = state.artifact(id)?;
            Some(Blob {
                content: artifact.spec.content.clone(),
                content_type: artifact.spec.content_type.clone(),
                disposition: disposition(&artifact.spec),
                last_modified: http_date(artifact.updated),
            })
        }
        "logs" => {
            let (_, job) = state.job(id)?;
            Some(Blob {
                content: log_of(job)?,
                content_type: "text/plain; charset=utf-8".into(),
                disposition: None,
                last_modified: http_date(job.completed),
            })
        }
        _ => None,
    }
}

/// `filename*` ([RFC 6266](https://www.rfc-editor.org/rfc/rfc6266)) says the name, `filename` what
/// is left of it in plain ASCII.
fn disposition(artifact: &Artifact) -> Option<String> {
    if let Some(given) = &artifact.disposition {
        return (!given.is_empty()).then(|| given.clone());
    }
    let is_plain = |c: char| matches!(c, ' '..='~') && !matches!(c, '"' | '\\');
    let plain = artifact.file_name.replace(|c| !is_plain(c), "_");
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
                text += &format!("{time} ##[group]{}\n", step.name);
                text += &format!("{time} {}\n{time} ##[endgroup]\n", job.spec.name);
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
        let wanted = request.header("if-match").unwrap_or("*");
        if wanted != "*" && wanted != tag {
            let message = "The condition specified using HTTP conditional header(s) is not met.";
            let status = StatusCode::PRECONDITION_FAILED;
            return storage_error(status, "ConditionNotMet", message);
        }
        let condition = request.header("if-range");
        let holds = condition.is_none_or(|c| c == tag || c == self.last_modified);
        // Of HEAD, ranges are not defined (RFC 9110, section 14.2).
        let holds = holds && request.method == Method::GET;
        let range = request.header("range").filter(|_| holds);
        let part = range.and_then(|range| part(range, total));
        if part.as_ref().is_some_and(Range::is_empty) {
            let message = "The range specified is invalid for the current size of the resource.";
            let status = StatusCode::RANGE_NOT_SATISFIABLE;
            let mut answer = storage_error(status, "InvalidRange", message);
            let named = format!("bytes */{total}");
            set(answer.headers_mut(), header::CONTENT_RANGE, named);
            return answer;
        }
        let mut answer = bare(StatusCode::OK);
        if let Some(part) = &part {
            *answer.status_mut() = StatusCode::PARTIAL_CONTENT;
            let named = format!("bytes {}-{}/{total}", part.start, part.end - 1);
            set(answer.headers_mut(), header::CONTENT_RANGE, named);
        }
        let headers = answer.headers_mut();
        set(headers, header::ACCEPT_RANGES, "bytes");
        if !self.content_type.is_empty() {
            set(headers, header::CONTENT_TYPE, self.content_type);
        }
        if let Some(disposition) = self.disposition {
            set(headers, header::CONTENT_DISPOSITION, disposition);
        }
        set(headers, header::LAST_MODIFIED, self.last_modified);
        set(headers, header::ETAG, tag);
        set(headers, "x-ms-blob-type", "BlockBlob");
        *answer.body_mut() = self.content.slice(part.unwrap_or(0..total));
        answer
    }
}

/// The range that a request asks for ([RFC 9110, section 14](https://www.rfc-editor.org/rfc/rfc9110#section-14)),
/// cut at the end; an empty one cannot be satisfied. Several, other units and nonsense are ignored, and
/// so are suffixes (`bytes=-5`), which
/// [Azure does not know](https://learn.microsoft.com/en-us/rest/api/storageservices/specifying-the-range-header-for-blob-service-operations).
fn part(header: &str, len: u64) -> Option<Range<u64>> {
    let (first, last) = header.strip_prefix("bytes=")?.trim().split_once('-')?;
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => Some(first..last.saturating_add(1).min(len)),
        (Ok(first), Err(_)) if last.is_empty() => Some(first..len),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        assert_eq!(part("bytes=0-0", 10), Some(0..1));
        assert_eq!(part("bytes=3-", 10), Some(3..10));
        assert_eq!(part("bytes=3-99", 10), Some(3..10));
        assert_eq!(part("bytes=9-9", 10), Some(9..10));
        for unsatisfiable in ["bytes=10-", "bytes=11-", "bytes=10-20"] {
            assert!(part(unsatisfiable, 10).expect("a range").is_empty());
        }
        assert!(part("bytes=0-0", 0).expect("a range").is_empty());
        for ignored in [
            "bytes=-4",
            "bytes=4-3",
            "bytes=0-1,3-4",
            "lines=1-2",
            "bytes=-",
            "x",
        ] {
            assert_eq!(part(ignored, 10), None, "{ignored}");
        }
    }
}
