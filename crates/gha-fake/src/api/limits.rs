//! The primary rate limit, counted by token in windows of one hour.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::errors::Refusal;
use crate::clock::epoch_seconds;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
const USED: HeaderName = HeaderName::from_static("x-ratelimit-used");
const RESOURCE: HeaderName = HeaderName::from_static("x-ratelimit-resource");

const WINDOW: Duration = Duration::from_secs(60 * 60);

#[derive(Debug)]
pub(crate) struct Limits {
    limit: u64,
    windows: Mutex<HashMap<String, Window>>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    used: u64,
    reset: SystemTime,
}

/// How much a caller has used when a request is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    limit: u64,
    used: u64,
    reset: u64,
}

impl Limits {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            limit,
            windows: Mutex::default(),
        }
    }

    /// Counts a request.
    pub(super) fn count(&self, caller: &str, now: SystemTime) -> Usage {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Window {
            used: 0,
            reset: now + WINDOW,
        };
        let window = match windows.get_mut(caller) {
            Some(window) => window,
            None => windows.entry(caller.to_owned()).or_insert(fresh),
        };
        if window.reset <= now {
            *window = fresh;
        }
        window.used += 1;
        Usage {
            limit: self.limit,
            used: window.used,
            reset: epoch_seconds(window.reset),
        }
    }
}

impl Usage {
    /// Nothing used yet of a limit.
    pub(super) fn of_limit(limit: u64) -> Self {
        Self {
            limit,
            used: 0,
            reset: 0,
        }
    }

    /// A limit that a fault says is used up.
    pub(super) fn spent(self, reset: SystemTime) -> Self {
        Self {
            used: self.limit + 1,
            reset: epoch_seconds(reset),
            ..self
        }
    }

    pub(super) fn check(self) -> Result<(), Refusal> {
        if self.used <= self.limit {
            return Ok(());
        }
        Err(primary(StatusCode::FORBIDDEN))
    }

    pub(super) fn write(self, headers: &mut HeaderMap) {
        let used = self.used.min(self.limit);
        headers.insert(LIMIT, decimal(self.limit));
        headers.insert(REMAINING, decimal(self.limit - used));
        headers.insert(RESET, decimal(self.reset));
        headers.insert(USED, decimal(used));
        headers.insert(RESOURCE, HeaderValue::from_static("core"));
    }
}

/// A fifth of the cost of `HeaderValue::from`, and this is done for every answer.
fn decimal(mut number: u64) -> HeaderValue {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    while number > 0 || start == digits.len() {
        start -= 1;
        digits[start] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    HeaderValue::from_bytes(&digits[start..]).unwrap_or_else(|_| HeaderValue::from_static("0"))
}

pub(super) fn primary(status: StatusCode) -> Refusal {
    Refusal::new(status, "API rate limit exceeded for this token")
        .explained_by("/rest/using-the-rest-api/rate-limits-for-the-rest-api")
}

pub(super) fn secondary(status: StatusCode) -> Refusal {
    Refusal::new(
        status,
        "You have exceeded a secondary rate limit. Please wait before you try again.",
    )
    .explained_by(
        "/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits",
    )
}
