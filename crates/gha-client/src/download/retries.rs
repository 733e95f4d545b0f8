//! How often an attempt is made again.

use gha_api::Error;
use tokio::time::{Instant, sleep};

use crate::RetryPolicy;
use crate::retry::retry_after;

/// Counts the attempts in a row that brought no new byte.
#[derive(Debug)]
pub(super) struct Retries {
    policy: RetryPolicy,
    failures: u32,
    since: Instant,
}

impl Retries {
    pub(super) fn new(policy: RetryPolicy) -> Self {
        Self {
            policy,
            failures: 0,
            since: Instant::now(),
        }
    }

    /// There was progress: whatever fails next is the first failure.
    pub(super) fn reset(&mut self) {
        self.failures = 0;
    }

    /// Waits until the next attempt may start, or gives the error back when there is none.
    pub(super) async fn wait(&mut self, error: Error, offset: u64) -> Result<(), Error> {
        if self.failures == 0 {
            self.since = Instant::now();
        }
        self.failures += 1;
        let (failures, elapsed) = (self.failures, self.since.elapsed());
        let asked = error.retry_after().or_else(|| retry_after(error.headers()));
        match self.policy.delay(failures, elapsed, asked) {
            Some(delay) => {
                sleep(delay).await;
                Ok(())
            }
            None => {
                let message = format!(
                    "{}; gave up at byte {offset} after {failures} attempts in a row",
                    error.message()
                );
                let kind = error.kind();
                Err(error.reclassified(kind, message))
            }
        }
    }
}
