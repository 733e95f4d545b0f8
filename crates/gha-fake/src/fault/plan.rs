use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode};

use super::Gate;
use crate::Content;

/// What the faults that match a request do to its answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    pub(crate) delay: Duration,
    pub(crate) gates: Vec<Gate>,
    pub(crate) hang_up: bool,
    pub(crate) reply: Option<Reply>,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Option<Bytes>,
    pub(crate) expired_link: bool,
    pub(crate) location: Option<LocationFault>,
    pub(crate) next_link: Option<NextLink>,
    pub(crate) entity_tag: EntityTag,
    pub(crate) ranges: Ranges,
    pub(crate) wire: Wire,
}

/// What is answered instead of what the state says.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    Status(StatusCode),
    PrimaryLimit {
        status: StatusCode,
        reset_in: Duration,
    },
    SecondaryLimit {
        status: StatusCode,
    },
    Redirect {
        status: StatusCode,
        /// `None`: the URL that was asked for.
        to: Option<String>,
    },
    Html,
    GzipBomb(Content),
}

#[derive(Clone, Debug)]
pub(crate) enum LocationFault {
    Missing,
    Given(Bytes),
}

#[derive(Clone, Debug)]
pub(crate) enum NextLink {
    Missing,
    Itself,
    /// Another origin, the same path.
    Origin(String),
    Given(String),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum EntityTag {
    #[default]
    Strong,
    Weak,
    Missing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Ranges {
    #[default]
    Honoured,
    /// 200 with everything, `Accept-Ranges: none`.
    Refused,
    /// 206 from the right byte, with a `Content-Range` that is off by this much.
    Misnamed(u64),
    /// 206 whose bytes start this much later than asked for, as its `Content-Range` says.
    Shifted(u64),
    /// 416, whatever was asked for.
    Unsatisfiable,
}

/// What happens to the bytes of a body on their way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wire {
    pub(crate) end: Option<End>,
    /// Bytes of the whole content to invert, wherever a range starts.
    pub(crate) corrupt: Vec<u64>,
    /// Bytes per second.
    pub(crate) throttle: Option<u64>,
}

/// A body that does not end where it should.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    /// How many bytes of this body are sent.
    pub(crate) after: Cut,
    pub(crate) how: Ending,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Cut {
    At(u64),
    Half,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Nothing more comes, the connection stays open.
    Stall,
    /// The connection is closed in an orderly way (FIN).
    Close,
    /// The connection is reset (RST).
    Reset,
    /// `Content-Length` fits the bytes that are sent.
    Complete,
}
