//! When requests may be sent: what one request learns of a rate limit holds for all.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gha_core::RateLimit;
use tokio::time::Instant;

/// How long requests had better go one at a time after a secondary limit, which is
/// [what GitHub asks for](https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#avoid-concurrent-requests).
const SERIAL: Duration = Duration::from_secs(5 * 60);

/// Longer than this requests are not held back, whatever a server says:
/// [windows last an hour](https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-primary-rate-limits).
const LONGEST: Duration = Duration::from_secs(60 * 60);

#[derive(Debug, Default)]
pub(super) struct Gate(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: Option<RateLimit>,
    closed_until: Option<Instant>,
    serial_until: Option<Instant>,
}

impl Gate {
    /// Keeps what a response tells of the limit.
    pub(super) fn saw(&self, limit: Option<RateLimit>) {
        if limit.is_some() {
            self.state().last = limit;
        }
    }

    pub(super) fn last(&self) -> Option<RateLimit> {
        self.state().last.clone()
    }

    /// No request shall be sent for so long.
    pub(super) fn close(&self, delay: Duration, secondary: bool) {
        let end = Instant::now() + delay.min(LONGEST);
        let mut state = self.state();
        state.closed_until = state.closed_until.max(Some(end));
        if secondary {
            state.serial_until = state.serial_until.max(Some(end + SERIAL));
        }
    }

    /// How long it stays closed from now on.
    pub(super) fn closed(&self) -> Option<Duration> {
        let until = self.state().closed_until?;
        let left = until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    pub(super) fn prefers_serial(&self) -> bool {
        let until = self.state().serial_until;
        until.is_some_and(|until| until > Instant::now())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_longest_limit_holds() {
        let (gate, long) = (Gate::default(), Duration::from_secs(1800));
        gate.close(long, true);
        gate.close(Duration::from_secs(1), true);
        tokio::time::advance(long - Duration::from_secs(1)).await;
        assert!(gate.closed().is_some());
        tokio::time::advance(SERIAL).await;
        assert!(gate.closed().is_none() && gate.prefers_serial());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(!gate.prefers_serial());
    }
}
