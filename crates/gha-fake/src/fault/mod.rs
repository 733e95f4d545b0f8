//! Answers that go wrong on demand.

mod bomb;
mod gate;
mod kinds;
mod matching;
mod plan;
mod rules;

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

pub use gate::Gate;
pub use matching::Match;
pub(crate) use plan::{
    Cut, End, Ending, EntityTag, LocationFault, NextLink, Plan, Ranges, Reply, Wire,
};
pub use rules::FaultHandle;
pub(crate) use rules::Rules;

use crate::{Listener, Operation, ReceivedRequest};

/// Something that goes wrong with the answers to some requests.
///
/// A fault is for every request that it can apply to (a `Location` only goes wrong in a redirect)
/// until [`on`](Fault::on) narrows that down, and it lasts until [`times`](Fault::times) is used up
/// or [`Fake::clear_faults`](crate::Fake::clear_faults) is called. Faults of different kinds add
/// up; of those that answer in GitHub's place, and of those of one kind, the oldest goes first.
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
#[derive(Clone, Debug)]
pub struct Fault {
    effect: Effect,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<Bytes>,
    on: Match,
    skip: u64,
    times: Option<u64>,
}

#[derive(Clone, Debug)]
enum Effect {
    Nothing,
    Delay(Duration),
    Hold(Gate),
    HangUp,
    Reply(Reply),
    ExpiredLink,
    Location(LocationFault),
    NextLink(NextLink),
    EntityTag(EntityTag),
    Ranges(Ranges),
    End(End),
    Corrupt(u64),
    Throttle(u64),
}

impl Effect {
    /// Whether it can do anything to the answer of this request.
    fn applies_to(&self, request: &ReceivedRequest) -> bool {
        match self {
            Self::ExpiredLink | Self::Location(_) => {
                request.operation.is_some_and(Operation::is_download)
            }
            Self::NextLink(_) => request.operation.is_some_and(Operation::is_list),
            Self::EntityTag(_) | Self::Ranges(_) => request.listener == Listener::Blob,
            Self::Reply(Reply::PrimaryLimit { .. } | Reply::SecondaryLimit { .. }) => {
                request.listener == Listener::Api
            }
            _ => true,
        }
    }

    /// Adds itself to the plan unless an older fault has taken its place there.
    fn join(&self, plan: &mut Plan) -> bool {
        match self {
            Self::Nothing => {}
            Self::Delay(delay) => plan.delay += *delay,
            Self::Hold(gate) => plan.gates.push(gate.clone()),
            Self::HangUp => return !std::mem::replace(&mut plan.hang_up, true),
            Self::Reply(reply) => return fill(&mut plan.reply, reply),
            Self::ExpiredLink => return !std::mem::replace(&mut plan.expired_link, true),
            Self::Location(location) => return fill(&mut plan.location, location),
            Self::NextLink(link) => return fill(&mut plan.next_link, link),
            Self::EntityTag(tag) => return replace_default(&mut plan.entity_tag, *tag),
            Self::Ranges(ranges) => return replace_default(&mut plan.ranges, *ranges),
            Self::End(end) => return fill(&mut plan.wire.end, end),
            Self::Corrupt(at) => plan.wire.corrupt.push(*at),
            Self::Throttle(rate) => return fill(&mut plan.wire.throttle, rate),
        }
        true
    }
}

fn fill<T: Clone>(slot: &mut Option<T>, value: &T) -> bool {
    let free = slot.is_none();
    if free {
        *slot = Some(value.clone());
    }
    free
}

fn replace_default<T: Default + PartialEq>(slot: &mut T, value: T) -> bool {
    let free = *slot == T::default();
    if free {
        *slot = value;
    }
    free
}

/// What every fault can be told.
impl Fault {
    /// Nothing but what [`header`](Self::header) and [`body`](Self::body) add.
    pub fn change() -> Self {
        Self::new(Effect::Nothing)
    }

    fn new(effect: Effect) -> Self {
        Self {
            effect,
            headers: Vec::new(),
            body: None,
            on: Match::any(),
            skip: 0,
            times: None,
        }
    }

    fn reply(reply: Reply) -> Self {
        Self::new(Effect::Reply(reply))
    }

    /// The answer's body, in place of its own.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// A header of the answer, in place of one of that name.
    ///
    /// # Panics
    ///
    /// When it is not a valid header.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = (name.as_ref(), value.as_ref());
        let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value))
        else {
            panic!("invalid header {name:?}: {value:?}");
        };
        self.headers.push((name, value));
        self
    }

    /// Only for these requests.
    pub fn on(mut self, matching: Match) -> Self {
        self.on = matching;
        self
    }

    /// Only for this many of the requests that match.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Only for the next request that matches.
    pub fn once(self) -> Self {
        self.times(1)
    }

    /// Not for the first so many requests that match.
    pub fn after(mut self, skip: u64) -> Self {
        self.skip = skip;
        self
    }
}
