//! Failures in a row, and the waits between them.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::{Error, Operation, RetryPolicy, Transport, Wait};

/// The failures in a row of one call, or of one download since it last brought something.
///
/// For crates that call and download; tokio's clock has to run.
#[derive(Debug)]
pub struct Retries {
    policy: RetryPolicy,
    attempts: u32,
    failures: u32,
    /// The first attempt, or else the first failure.
    since: Option<Instant>,
}

impl Retries {
    /// Starts with no failure.
    pub fn new(policy: RetryPolicy) -> Self {
        Self {
            policy,
            attempts: 0,
            failures: 0,
            since: None,
        }
    }

    /// Counts an attempt, and returns its number, from 1.
    pub fn attempt(&mut self) -> u32 {
        self.since.get_or_insert_with(Instant::now);
        self.attempts += 1;
        self.attempts
    }

    /// The number of attempts since the start, or since the last [`reset`](Self::reset).
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Starts anew after progress: what fails next is the first failure.
    pub fn reset(&mut self) {
        self.attempts = 0;
        self.failures = 0;
        self.since = None;
    }

    /// Waits until the next attempt may start, after telling the transport; a server that asks
    /// for a longer wait gets it.
    ///
    /// # Errors
    ///
    /// The error itself, when there is to be no other attempt.
    pub async fn wait(
        &mut self,
        error: Error,
        operation: &'static Operation,
        transport: &dyn Transport,
    ) -> Result<(), Error> {
        self.failures += 1;
        // A body that broke after progress was an attempt, too.
        self.attempts = self.attempts.max(self.failures);
        let elapsed = self.since.get_or_insert_with(Instant::now).elapsed();
        let asked = error.retry_after();
        let Some(delay) = self.policy.delay(self.failures, elapsed, asked) else {
            return Err(error);
        };
        transport.on_wait(&Wait::new(operation, self.attempts, delay, &error));
        sleep(delay).await;
        Ok(())
    }

    /// Waits for a rate limit, after telling the transport; it counts as no failure, and its time
    /// not against the policy.
    pub async fn wait_for_limit(
        &mut self,
        delay: Duration,
        error: &Error,
        operation: &'static Operation,
        transport: &dyn Transport,
    ) {
        transport.on_wait(&Wait::new(operation, self.attempts, delay, error));
        sleep(delay).await;
        self.since = self.since.map(|since| since + delay);
    }
}
