//! The blob store that downloads are redirected to, in the manner of Azure Blob Storage.

mod range;
mod sign;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

pub(crate) use sign::{Link, Secret, Target};

use crate::api::{Answer, storage_error};
use crate::clock::http_date;
use crate::fault::{EntityTag, Plan, Ranges, Reply};
use crate::model::{Artifact, Log};
use crate::route::Route;
use crate::server::Shared;
use crate::state::StoredJob;
use crate::{Content, ReceivedRequest, State};
use range::Asked;

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
    let answer = match &plan.reply {
        Some(reply) => replied(shared, request, reply),
        None => checked(shared, state, request, route, plan).unwrap_or_else(|refusal| *refusal),
    };
    answer
        .with(
            header::SERVER,
            HeaderValue::from_static("Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0"),
        )
        .with(
            HeaderName::from_static("x-ms-request-id"),
            shared.request_id(),
        )
        .with(
            HeaderName::from_static("x-ms-version"),
            HeaderValue::from_static("2025-11-05"),
        )
}

fn replied(shared: &Shared, request: &ReceivedRequest, reply: &Reply) -> Answer {
    match reply {
        Reply::Html => Answer::html(),
        Reply::GzipBomb(bomb) => Answer::gzip("application/zip", bomb),
        Reply::Redirect { status, to } => {
            let own = || {
                let query = request.query.as_deref().unwrap_or_default();
                format!("{}{}?{query}", shared.blob_origin, request.path)
            };
            Answer::empty(*status).location(to.clone().unwrap_or_else(own))
        }
        Reply::Status(status)
        | Reply::PrimaryLimit { status, .. }
        | Reply::SecondaryLimit { status } => {
            let code = match *status {
                StatusCode::NOT_FOUND => "BlobNotFound",
                StatusCode::FORBIDDEN => "AuthenticationFailed",
                StatusCode::SERVICE_UNAVAILABLE => "ServerBusy",
                _ => "InternalError",
            };
            storage_error(
                *status,
                code,
                status.canonical_reason().unwrap_or("Unknown"),
            )
        }
    }
}

/// Boxed, as answers are large beside the blob's reference that they make way for.
type Refused = Box<Answer>;

fn checked(
    shared: &Shared,
    state: &State,
    request: &ReceivedRequest,
    route: Option<&Route<'_>>,
    plan: &Plan,
) -> Result<Answer, Refused> {
    if !matches!(request.method, Method::GET | Method::HEAD) {
        return Err(refuse(
            StatusCode::METHOD_NOT_ALLOWED,
            "UnsupportedHttpVerb",
            "The resource doesn't support the specified HTTP verb.",
        ));
    }
    if request.headers.contains_key(header::AUTHORIZATION) {
        return Err(forbidden("an Authorization header beside a signed URL"));
    }
    let query = request.query.as_deref().unwrap_or_default();
    shared
        .secret
        .verify(&request.path, query, state.now())
        .map_err(forbidden)?;
    let blob = route.and_then(|route| find(state, route)).ok_or_else(|| {
        refuse(
            StatusCode::NOT_FOUND,
            "BlobNotFound",
            "The specified blob does not exist.",
        )
    })?;
    blob.answer(shared, request, plan)
}

fn forbidden(reason: &str) -> Refused {
    let message = format!("Server failed to authenticate the request: {reason}.");
    refuse(StatusCode::FORBIDDEN, "AuthenticationFailed", &message)
}

fn refuse(status: StatusCode, code: &'static str, message: &str) -> Refused {
    Box::new(storage_error(status, code, message))
}

fn find(state: &State, route: &Route<'_>) -> Option<Blob> {
    let id = route.get("id").parse().ok()?;
    match &*route.get("kind") {
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
            let job = state.job(id)?;
            Some(Blob {
                content: log_of(job)?,
                content_type: "text/plain; charset=utf-8".into(),
                disposition: None,
                last_modified: http_date(job.completed?),
            })
        }
        _ => None,
    }
}

/// `filename*` ([RFC 6266](https://www.rfc-editor.org/rfc/rfc6266)) says the name, `filename` what
/// is left of it in plain ASCII.
fn disposition(artifact: &Artifact) -> Option<String> {
    /// All but the `attr-char` of [RFC 5987](https://www.rfc-editor.org/rfc/rfc5987#section-3.2.1).
    const EXTENDED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'!')
        .remove(b'#')
        .remove(b'$')
        .remove(b'&')
        .remove(b'+')
        .remove(b'-')
        .remove(b'.')
        .remove(b'^')
        .remove(b'_')
        .remove(b'`')
        .remove(b'|')
        .remove(b'~');
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
    let extended = utf8_percent_encode(&artifact.file_name, EXTENDED);
    Some(format!(
        "attachment; filename=\"{plain}\"; filename*=UTF-8''{extended}"
    ))
}

/// A line for each step unless a log was given.
fn log_of(job: &StoredJob) -> Option<Content> {
    match &job.spec.log {
        Log::Given(content) => Some(content.clone()),
        Log::Never | Log::Expired => None,
        Log::Default => {
            let mut at = job.started;
            let mut text = String::from("\u{feff}");
            for step in &job.spec.steps {
                let time = chrono::DateTime::<chrono::Utc>::from(at);
                let time = time.format("%Y-%m-%dT%H:%M:%S%.9f");
                // GitHub's times have seven digits.
                let time = time.to_string();
                let time = &time[..time.len().min(27)];
                text.push_str(&format!("{time}Z ##[group]{}\n", step.name));
                text.push_str(&format!("{time}Z {}\n", job.spec.name));
                text.push_str(&format!("{time}Z ##[endgroup]\n"));
                at += step.duration;
            }
            Some(Content::bytes(text))
        }
    }
}

impl Blob {
    fn answer(
        self,
        shared: &Shared,
        request: &ReceivedRequest,
        plan: &Plan,
    ) -> Result<Answer, Refused> {
        let total = self.content.len();
        let tag = self.entity_tag(plan.entity_tag);
        if let Some(wanted) = request.header("if-match")
            && wanted != "*"
            && Some(wanted) != tag.as_deref()
        {
            return Err(refuse(
                StatusCode::PRECONDITION_FAILED,
                "ConditionNotMet",
                "The condition specified using HTTP conditional header(s) is not met.",
            ));
        }
        let asked = self.asked(shared, request, plan, tag.as_deref());
        let (range, named) = match asked {
            Asked::Whole => (0..total, None),
            Asked::Part(range) => match plan.ranges {
                Ranges::Misnamed(by) => {
                    let named = range.start + by..range.end + by;
                    (range, Some(named))
                }
                Ranges::Shifted(by) => {
                    let start = (range.start + by).min(total - 1);
                    let shifted = start..range.end.max(start + 1);
                    (shifted.clone(), Some(shifted))
                }
                _ => (range.clone(), Some(range)),
            },
            Asked::Unsatisfiable => return Err(unsatisfiable(total)),
        };
        let status = if named.is_some() {
            StatusCode::PARTIAL_CONTENT
        } else {
            StatusCode::OK
        };
        let mut answer = Answer::empty(status);
        answer.body = self.content;
        answer.range = range;
        let accepts = match plan.ranges {
            Ranges::Refused => "none",
            _ => "bytes",
        };
        let content_range =
            named.map(|named| format!("bytes {}-{}/{total}", named.start, named.end - 1));
        let headers = [
            (header::ACCEPT_RANGES, Some(accepts.to_owned())),
            (header::CONTENT_TYPE, Some(self.content_type)),
            (header::CONTENT_RANGE, content_range),
            (header::CONTENT_DISPOSITION, self.disposition),
            (header::LAST_MODIFIED, Some(self.last_modified)),
            (header::ETAG, tag),
            (
                HeaderName::from_static("x-ms-blob-type"),
                Some("BlockBlob".into()),
            ),
        ];
        for (name, value) in headers {
            let value = value.and_then(|v| HeaderValue::from_maybe_shared(Bytes::from(v)).ok());
            if let Some(value) = value {
                answer.headers.insert(name, value);
            }
        }
        Ok(answer)
    }

    fn entity_tag(&self, mode: EntityTag) -> Option<String> {
        let strong = format!("\"0x{:016X}\"", self.content.fingerprint());
        match mode {
            EntityTag::Strong => Some(strong),
            EntityTag::Weak => Some(format!("W/{strong}")),
            EntityTag::Missing => None,
        }
    }

    fn asked(
        &self,
        shared: &Shared,
        request: &ReceivedRequest,
        plan: &Plan,
        tag: Option<&str>,
    ) -> Asked {
        let Some(range) = request.header("range") else {
            return Asked::Whole;
        };
        match plan.ranges {
            Ranges::Refused => return Asked::Whole,
            Ranges::Unsatisfiable => return Asked::Unsatisfiable,
            Ranges::Honoured | Ranges::Misnamed(_) | Ranges::Shifted(_) => {}
        }
        if let Some(condition) = request.header("if-range") {
            // Weak tags never match (RFC 9110, section 13.1.5).
            let strong = tag.filter(|tag| !tag.starts_with("W/"));
            if Some(condition) != strong && condition != self.last_modified {
                return Asked::Whole;
            }
        }
        range::parse(range, self.content.len(), shared.suffix_ranges)
    }
}

fn unsatisfiable(total: u64) -> Refused {
    let mut answer = refuse(
        StatusCode::RANGE_NOT_SATISFIABLE,
        "InvalidRange",
        "The range specified is invalid for the current size of the resource.",
    );
    if let Ok(value) = HeaderValue::from_str(&format!("bytes */{total}")) {
        answer.headers.insert(header::CONTENT_RANGE, value);
    }
    answer
}
