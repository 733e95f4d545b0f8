//! When requests may be sent: what one request learns of a rate limit holds for all.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gha_api::RateLimit;
use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::time::{Instant, timeout};

/// How long requests go one at a time after a secondary limit, which is
/// [what GitHub asks for](https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#avoid-concurrent-requests).
const SERIAL: Duration = Duration::from_secs(5 * 60);

/// Longer than this requests are not held back, whatever a server says:
/// [windows last an hour](https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-primary-rate-limits).
const LONGEST: Duration = Duration::from_secs(60 * 60);

#[derive(Debug, Default)]
pub(super) struct Pace {
    state: Mutex<State>,
    turn: RwLock<()>,
    /// How many turns there have been.
    turns: AtomicU64,
}

#[derive(Debug, Default)]
struct State {
    last: Option<RateLimit>,
    held_until: Option<Instant>,
    serial_until: Option<Instant>,
}

/// Permission to have a request in flight, alone or beside others.
#[expect(
    dead_code,
    reason = "the guards are held for what their Drop does, not read"
)]
pub(super) enum Turn<'a> {
    Beside(RwLockReadGuard<'a, ()>),
    Alone(RwLockWriteGuard<'a, ()>),
}

impl Pace {
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
    pub(super) fn hold(&self, delay: Duration, secondary: bool) {
        let end = Instant::now() + delay.min(LONGEST);
        let mut state = self.state();
        state.held_until = state.held_until.max(Some(end));
        if secondary {
            state.serial_until = Some(end + SERIAL);
        }
    }

    /// How long requests are held back from now on.
    pub(super) fn held(&self) -> Option<Duration> {
        let until = self.state().held_until?;
        let left = until.saturating_duration_since(Instant::now());
        (!left.is_zero()).then_some(left)
    }

    /// Waits for the turn to send; `None` if for so long nobody has had one. Whoever has it then may
    /// be a future that is kept and not polled, and waiting for it could last for ever.
    pub(super) async fn turn(&self, patience: Duration) -> Option<Turn<'_>> {
        loop {
            let turns = self.turns.load(Relaxed);
            if let Ok(turn) = timeout(patience, self.next_turn()).await {
                self.turns.fetch_add(1, Relaxed);
                return Some(turn);
            }
            if self.turns.load(Relaxed) == turns {
                return None;
            }
        }
    }

    async fn next_turn(&self) -> Turn<'_> {
        let serial = self.state().serial_until;
        if serial.is_some_and(|until| until > Instant::now()) {
            Turn::Alone(self.turn.write().await)
        } else {
            Turn::Beside(self.turn.read().await)
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
