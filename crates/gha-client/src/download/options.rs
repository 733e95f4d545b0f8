use std::time::Duration;

/// How a download deals with connections that break, stall or are refused.
///
/// ```
/// use std::time::Duration;
/// use gha_client::download::DownloadOptions;
///
/// let patient = DownloadOptions::default()
///     .attempts(10)
///     .idle_timeout(Duration::from_secs(120));
/// # let _ = patient;
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct DownloadOptions {
    pub(super) attempts: u32,
    pub(super) idle_timeout: Duration,
    pub(super) backoff: Duration,
}

impl Default for DownloadOptions {
    fn default() -> Self {
        Self {
            attempts: 6,
            idle_timeout: Duration::from_secs(30),
            backoff: Duration::from_millis(500),
        }
    }
}

impl DownloadOptions {
    /// How many attempts in a row may fail without a new byte, at least one; 6 by default.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// How long the blob store may stay silent before the attempt has failed; 30 s by default.
    ///
    /// There is no limit on the whole download.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// How long to wait before the second attempt; 500 ms by default. The wait doubles with each
    /// further attempt, up to 16 times this one, and each is cut by up to a half at random.
    pub fn backoff(mut self, wait: Duration) -> Self {
        self.backoff = wait;
        self
    }

    /// The wait after so many failures in a row, between a half and the whole of it.
    pub(super) fn wait(&self, failures: u32) -> Duration {
        let longest = self.backoff * (1 << failures.saturating_sub(1).min(4));
        longest.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}
