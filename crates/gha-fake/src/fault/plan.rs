use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::StatusCode;

use super::Gate;
use crate::answer::Answer;
use crate::request::ReceivedRequest;

/// What the faults that strike a request do to its answer.
#[derive(Clone, Default)]
pub(crate) struct Plan {
    pub(crate) delay: Duration,
    pub(crate) gates: Vec<Gate>,
    pub(crate) reply: Option<Reply>,
    pub(crate) expired_link: bool,
    pub(crate) rewrites: Vec<Rewrite>,
    pub(crate) edits: Vec<Edit>,
    pub(crate) wire: Wire,
    /// The kinds of faults that have struck, of which there is one for each request.
    pub(super) kinds: Vec<Kind>,
}

/// Changes a request before it is answered.
pub(crate) type Rewrite = Arc<dyn Fn(&mut ReceivedRequest) + Send + Sync>;

/// Changes the answer to a request, at a time of the fake's clock.
pub(crate) type Edit = Arc<dyn Fn(&ReceivedRequest, &mut Answer, SystemTime) + Send + Sync>;

/// What an error says about a request.
pub(crate) type Message = Arc<dyn Fn(&ReceivedRequest) -> String + Send + Sync>;

/// Of faults of one kind, one strikes a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Reply,
    Link,
    Location,
    NextLink,
    EntityTag,
    Range,
    Throttle,
    End,
}

/// What is answered instead of what the state says.
#[derive(Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// The reason of the status where there is none.
    pub(crate) message: Option<Message>,
    /// The page of the documentation that explains it: the operation's where there is none.
    pub(crate) docs: Option<&'static str>,
}

impl Reply {
    pub(crate) fn message_to(&self, request: &ReceivedRequest) -> String {
        match &self.message {
            Some(message) => message(request),
            None => self.status.canonical_reason().unwrap_or("Unknown").into(),
        }
    }
}

/// What happens to an answer on its way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wire {
    pub(crate) chunked: bool,
    /// Nothing says where the body ends, but the end of the connection.
    pub(crate) until_close: bool,
    /// How many bytes are written at once.
    pub(crate) piece: Option<u64>,
    /// Where the body waits, and for what.
    pub(crate) holds: Vec<(u64, Gate)>,
    /// After how many bytes of the body it ends, or even before the head, and how.
    pub(crate) end: Option<(Option<u64>, Ending)>,
    /// Bytes of the whole content to invert, wherever a range starts.
    pub(crate) corrupt: Vec<u64>,
    /// Bytes per second.
    pub(crate) throttle: Option<u64>,
}

impl Wire {
    /// Whether hyper can send the answer.
    pub(crate) fn is_clean(&self) -> bool {
        let slow = self.piece.is_some() || self.throttle.is_some() || !self.holds.is_empty();
        let framed = !self.chunked && !self.until_close;
        framed && !slow && self.end.is_none() && self.corrupt.is_empty()
    }
}

/// How an answer ends too early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Nothing more comes, the connection stays open.
    Stall,
    /// The connection is closed in an orderly way (FIN).
    Close,
    /// The connection is reset (RST).
    Reset,
}
