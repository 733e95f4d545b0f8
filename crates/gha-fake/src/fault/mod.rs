//! Answers that go wrong on demand.

mod gate;
mod gzip;
mod kinds;
mod matching;
mod plan;
mod rules;
mod undocumented;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::StatusCode;
use http::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

pub use gate::Gate;
pub use matching::Match;
pub(crate) use plan::{Ending, Plan, Reply, Wire};
pub use rules::FaultHandle;
pub(crate) use rules::Rules;

use crate::answer::{Answer, set};
use crate::clock::{FOREVER, http_date};
use crate::content::Content;
use crate::request::ReceivedRequest;
use plan::Kind;

/// Something that goes wrong with the answers to some requests.
///
/// A fault is for every request that it can apply to (a `Location` only goes wrong in a redirect)
/// until [`on`](Fault::on) narrows that down, and it lasts until [`times`](Fault::times) is used up
/// or [`Fake::clear_faults`](crate::Fake::clear_faults) is called. Faults of different kinds add
/// up, in the order in which they were added; of those that answer in GitHub's place, and of those
/// of one kind, the oldest goes first.
///
/// ```
/// use gha_fake::{Fault, Match, Operation};
///
/// let outage = Fault::status(503).times(2);
/// let cut = Fault::close_after(1000).on(Match::blob()).once();
/// let slow = Fault::delay(std::time::Duration::from_millis(50))
///     .on(Match::operation(Operation::ListArtifacts));
/// # let _ = (outage, cut, slow);
/// ```
#[derive(Clone)]
pub struct Fault {
    kind: Option<Kind>,
    changes: Vec<Change>,
    /// Whether it can do anything to the answer of a request.
    applies: fn(&ReceivedRequest) -> bool,
    on: Match,
    skip: u64,
    times: Option<u64>,
}

/// What a fault does to the plan of an answer.
type Change = Arc<dyn Fn(&mut Plan) + Send + Sync>;

impl Fault {
    fn new(change: impl Fn(&mut Plan) + Send + Sync + 'static) -> Self {
        Self {
            kind: None,
            changes: vec![Arc::new(change)],
            applies: |_| true,
            on: Match::any(),
            skip: 0,
            times: None,
        }
    }

    fn of_kind(mut self, kind: Kind) -> Self {
        self.kind = Some(kind);
        self
    }

    fn only_for(mut self, applies: fn(&ReceivedRequest) -> bool) -> Self {
        self.applies = applies;
        self
    }

    fn then(mut self, change: impl Fn(&mut Plan) + Send + Sync + 'static) -> Self {
        self.changes.push(Arc::new(change));
        self
    }

    fn edit(
        self,
        edit: impl Fn(&ReceivedRequest, &mut Answer, SystemTime) + Send + Sync + 'static,
    ) -> Self {
        let edit: plan::Edit = Arc::new(edit);
        self.then(move |plan| plan.edits.push(edit.clone()))
    }

    fn edit_headers(
        self,
        edit: impl Fn(&ReceivedRequest, &mut HeaderMap) + Send + Sync + 'static,
    ) -> Self {
        self.edit(move |request, answer, _| edit(request, answer.headers_mut()))
    }

    fn is_for(&self, request: &ReceivedRequest) -> bool {
        self.on.matches(request) && (self.applies)(request)
    }

    /// Adds what it does to a plan, unless one of its kind is there already.
    fn strike(&self, plan: &mut Plan) -> bool {
        if let Some(kind) = self.kind {
            if plan.kinds.contains(&kind) {
                return false;
            }
            plan.kinds.push(kind);
        }
        self.changes.iter().for_each(|change| change(plan));
        true
    }
}

/// Which requests a fault strikes.
impl Fault {
    /// Only these requests.
    pub fn on(mut self, matching: Match) -> Self {
        self.on = matching;
        self
    }

    /// Only this many of the requests that match.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Only the next request that matches.
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// Not the first so many requests that match.
    pub fn after(mut self, skip: u64) -> Self {
        self.skip = skip;
        self
    }
}

/// What every fault can do to the answer besides, in the order of the calls.
impl Fault {
    /// Nothing but what is added: the answer is GitHub's own until then.
    pub fn change() -> Self {
        Self::new(|_| ())
    }

    /// Another status.
    ///
    /// # Panics
    ///
    /// When `status` is not between 200 and 999.
    pub fn with_status(self, status: u16) -> Self {
        let status = code(status);
        self.then(move |plan| match &mut plan.reply {
            Some(reply) => reply.status = status,
            None => plan
                .edits
                .push(Arc::new(move |_, answer, _| *answer.status_mut() = status)),
        })
    }

    /// The message of an error: GitHub's, or the blob store's.
    ///
    /// # Panics
    ///
    /// When this fault is none that answers in GitHub's place.
    pub fn message(self, text: impl Into<String>) -> Self {
        assert_eq!(self.kind, Some(Kind::Reply), "only an error has a message");
        let text = text.into();
        self.saying(move |_| text.clone())
    }

    fn saying(self, message: impl Fn(&ReceivedRequest) -> String + Send + Sync + 'static) -> Self {
        let message: plan::Message = Arc::new(message);
        self.then(move |plan| {
            if let Some(reply) = &mut plan.reply {
                reply.message = Some(message.clone());
            }
        })
    }

    /// A header of the answer, in place of those of that name. An explicit `Content-Length` is sent
    /// as it is, whatever the length of the body.
    ///
    /// # Panics
    ///
    /// When it is not a valid header.
    pub fn header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = header(name.as_ref(), value.as_ref());
        self.edit_headers(move |_, headers| set(headers, &name, value.clone()))
    }

    /// A header of the answer, beside those of that name.
    ///
    /// # Panics
    ///
    /// When it is not a valid header.
    pub fn another_header(self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = header(name.as_ref(), value.as_ref());
        self.edit_headers(move |_, headers| {
            headers.append(&name, value.clone());
        })
    }

    /// No header of this name. A body without `Content-Length` ends with the connection, unless it is
    /// [`chunked`](Self::chunked).
    pub fn without_header(self, name: impl Into<String>) -> Self {
        let name = name.into();
        let is_length = name.eq_ignore_ascii_case("content-length");
        self.then(move |plan| plan.wire.until_close |= is_length)
            .edit_headers(move |_, headers| {
                headers.remove(&name);
            })
    }

    /// `Retry-After`, in seconds.
    pub fn retry_after(self, delay: Duration) -> Self {
        self.header("retry-after", delay.as_secs().to_string())
    }

    /// `Retry-After` as a date, so long after the fake's present.
    pub fn retry_after_date(self, delay: Duration) -> Self {
        self.edit(move |_, answer, now| {
            let date = http_date(now + delay.min(FOREVER));
            set(answer.headers_mut(), RETRY_AFTER, date);
        })
    }

    /// The answer's body, in place of its own.
    pub fn body(self, body: impl Into<Bytes>) -> Self {
        let body = Content::bytes(body);
        self.edit(move |_, answer, _| *answer.body_mut() = body.clone())
    }

    /// Bytes before the body, such as a byte-order mark.
    pub fn prefix(self, bytes: impl Into<Bytes>) -> Self {
        let prefix = Content::bytes(bytes);
        self.edit_body(move |body| Content::concat([prefix.clone(), body]))
    }

    /// Bytes behind the body.
    pub fn suffix(self, bytes: impl Into<Bytes>) -> Self {
        let suffix = Content::bytes(bytes);
        self.edit_body(move |body| Content::concat([body, suffix.clone()]))
    }

    /// `Content-Encoding: gzip`, and a body that really is, asked for or not.
    pub fn gzip(self) -> Self {
        self.header("content-encoding", "gzip")
            .edit_body(|body| Content::bytes(gzip::compress(&body.read(0..body.len()))))
    }

    fn edit_body(self, edit: impl Fn(Content) -> Content + Send + Sync + 'static) -> Self {
        self.edit(move |_, answer, _| *answer.body_mut() = edit(answer.body().clone()))
    }

    /// `Transfer-Encoding: chunked`, and no `Content-Length` but an explicit one.
    pub fn chunked(self) -> Self {
        self.then(|plan| plan.wire.chunked = true)
    }

    /// The body is written so many bytes at a time; each is a chunk where it is
    /// [`chunked`](Self::chunked).
    ///
    /// # Panics
    ///
    /// When `bytes` is zero.
    pub fn in_pieces(self, bytes: u64) -> Self {
        assert!(bytes > 0, "pieces of nothing never end");
        self.then(move |plan| plan.wire.piece = Some(bytes))
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("kind", &self.kind)
            .field("on", &self.on)
            .field("skip", &self.skip)
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}

fn code(status: u16) -> StatusCode {
    match StatusCode::from_u16(status) {
        Ok(code) if !code.is_informational() => code,
        _ => panic!("{status} is not the status of an answer"),
    }
}

fn header(name: &str, value: &str) -> (HeaderName, HeaderValue) {
    match (name.parse(), value.parse()) {
        (Ok(name), Ok(value)) => (name, value),
        _ => panic!("invalid header {name:?}: {value:?}"),
    }
}
