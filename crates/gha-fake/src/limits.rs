//! The primary rate limit: how many requests a token makes in an hour.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

use crate::answer::{set, text};
use crate::clock::epoch_seconds;

const LIMIT: &str = "x-ratelimit-limit";
const HOUR: Duration = Duration::from_secs(60 * 60);

/// How much of a limit a caller has used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Usage {
    limit: u64,
    used: u64,
    reset: SystemTime,
}

impl Usage {
    pub(crate) fn new(limit: u64, now: SystemTime) -> Self {
        Self {
            limit,
            used: 0,
            reset: now + HOUR,
        }
    }

    /// Counts a request.
    pub(crate) fn count(&mut self, now: SystemTime) {
        if self.reset <= now {
            *self = Self::new(self.limit, now);
        }
        self.used += 1;
    }

    pub(crate) fn is_exceeded(self) -> bool {
        self.used > self.limit
    }

    pub(crate) fn write(self, headers: &mut HeaderMap) {
        let used = self.used.min(self.limit);
        set(headers, LIMIT, self.limit);
        set(headers, "x-ratelimit-remaining", self.limit - used);
        set(headers, "x-ratelimit-reset", epoch_seconds(self.reset));
        set(headers, "x-ratelimit-used", used);
        set(headers, "x-ratelimit-resource", "core");
    }
}

/// Says that a limit is used up, until `reset`.
pub(crate) fn write_exhausted(headers: &mut HeaderMap, reset: SystemTime) {
    let limit = text(headers, LIMIT).and_then(|limit| limit.parse().ok());
    let limit = limit.unwrap_or(5000);
    let used = limit;
    Usage { limit, used, reset }.write(headers);
}

/// What GitHub says to a caller that is over the limit, and where it explains it.
pub(crate) const PRIMARY: &str = "API rate limit exceeded for this token";
pub(crate) const DOCS: &str = "/rest/using-the-rest-api/rate-limits-for-the-rest-api";
pub(crate) const SECONDARY_DOCS: &str =
    "/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits";
