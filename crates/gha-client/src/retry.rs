use std::time::Duration;

use gha_api::{Error, Operation};
use http::header::{HeaderMap, RETRY_AFTER};

/// How often and how long a failed request is tried again.
///
/// Connections that fail or fall silent, JSON bodies cut short, and the statuses 408, 500, 502, 503
/// and 504 are tried again after a random part of a delay that doubles each time
/// ([full jitter](https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/)).
/// That holds for GET, HEAD, PUT and DELETE; a POST or PATCH is sent again only if it never reached
/// the server. Waits for rate limits are
/// [another matter](crate::ClientBuilder::max_rate_limit_wait).
///
/// ```
/// use std::time::Duration;
/// use gha_client::RetryPolicy;
///
/// // For a program that somebody waits for.
/// let hasty = RetryPolicy::default().max_attempts(3).max_total_time(Duration::from_secs(10));
/// # drop(gha_client::builder().retry(hasty));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
    total: Duration,
}

impl Default for RetryPolicy {
    /// Five attempts within two minutes; delays of up to 0.5, 1, 2 and 4 s.
    fn default() -> Self {
        Self {
            attempts: 5,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(30),
            total: Duration::from_secs(120),
        }
    }
}

impl RetryPolicy {
    /// One attempt and no more.
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// How many times a request is sent at most, the first time included.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// The longest delay before the second attempt; it doubles with each further one.
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// The longest delay before any attempt.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// No attempt starts later than this after the first one; waits for rate limits do not count.
    pub fn max_total_time(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// The delay before the next attempt, when `attempts` have been made in `elapsed`; `asked` is
    /// the server's own wish.
    pub(crate) fn delay(
        &self,
        attempts: u32,
        elapsed: Duration,
        asked: Option<Duration>,
    ) -> Option<Duration> {
        if attempts >= self.attempts {
            return None;
        }
        let doubled = 2u32.saturating_pow(attempts.saturating_sub(1));
        let ceiling = self.base_delay.saturating_mul(doubled).min(self.max_delay);
        let delay = ceiling
            .mul_f64(fastrand::f64())
            .max(asked.unwrap_or_default());
        (elapsed.saturating_add(delay) <= self.total).then_some(delay)
    }
}

/// What a request is about to wait for; given to the callback of
/// [`ClientBuilder::on_wait`](crate::ClientBuilder::on_wait).
#[derive(Debug)]
#[non_exhaustive]
pub struct Wait<'a> {
    /// The operation that waits.
    pub operation: &'static Operation,
    /// How many times its request has been sent so far.
    pub attempts: u32,
    /// How long it waits.
    pub delay: Duration,
    /// Why: [`is_rate_limited`](Error::is_rate_limited) tells limits from failures.
    pub error: &'a Error,
}

/// The seconds that a failing server asks to wait.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}
