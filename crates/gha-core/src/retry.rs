use std::time::Duration;

/// How often and how long a failed request is tried again.
///
/// Connections that fail or fall silent, bodies cut short, and the statuses 408, 500, 502, 503 and
/// 504 are tried again after a random part of a delay that doubles each time
/// ([full jitter](https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/)).
/// That holds for idempotent methods; a POST or PATCH is sent again only if it never reached the
/// server. Waits for rate limits are another matter.
///
/// ```
/// use std::time::Duration;
/// use gha_core::RetryPolicy;
///
/// // For a program that somebody waits for.
/// let hasty = RetryPolicy::default().max_attempts(3).max_total_time(Duration::from_secs(10));
/// # drop(hasty);
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

    /// The number of attempts at most, the first one included.
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

    /// The time after the first attempt within which others may start; waits for rate limits do not
    /// count.
    pub fn max_total_time(mut self, total: Duration) -> Self {
        self.total = total;
        self
    }

    /// The delay before the next attempt, when `failures` have been met in `elapsed`; `asked` is
    /// the server's own wish.
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) fn delay(
        &self,
        failures: u32,
        elapsed: Duration,
        asked: Option<Duration>,
    ) -> Option<Duration> {
        if failures >= self.attempts {
            return None;
        }
        let doubled = 2u32.saturating_pow(failures.saturating_sub(1));
        let ceiling = self.base_delay.saturating_mul(doubled).min(self.max_delay);
        let delay = ceiling
            .mul_f64(fastrand::f64())
            .max(asked.unwrap_or_default());
        (elapsed.saturating_add(delay) <= self.total).then_some(delay)
    }
}
