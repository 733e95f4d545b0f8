use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use httpdate::fmt_http_date;

use crate::lock::lock;

/// The time that a [`Fake`](crate::Fake) believes in: links expire, artifacts age and rate limits
/// reset by it.
///
/// It runs with the system's clock until a test [freezes](Clock::freeze), [sets](Clock::set) or
/// [advances](Clock::advance) it. Clones share one time.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use gha_fake::{Clock, Fake};
///
/// # fn main() -> Result<(), gha_fake::Error> {
/// let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_773_144_000); // 10 March 2026
/// let clock = Clock::frozen_at(noon);
/// let fake = Fake::builder().clock(clock.clone()).start_on_thread()?;
/// clock.advance(Duration::from_secs(61)); // links that were given out at noon are expired now
/// assert_eq!(fake.clock().now(), noon + Duration::from_secs(61));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mutex<Time>>);

/// The most that a time is moved by: `Duration::MAX` is what a test gives for "never", and Windows has no
/// time before 1601.
pub(crate) const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

#[derive(Clone, Copy, Debug)]
struct Time {
    /// What the fake's time was …
    at: SystemTime,
    /// … when the system's was this; `None` while frozen.
    since: Option<SystemTime>,
}

impl Default for Clock {
    fn default() -> Self {
        let now = SystemTime::now();
        let since = Some(now);
        Self(Arc::new(Mutex::new(Time { at: now, since })))
    }
}

impl Clock {
    /// A clock that stands still at `at` until it is advanced or set.
    pub fn frozen_at(at: SystemTime) -> Self {
        Self(Arc::new(Mutex::new(Time { at, since: None })))
    }

    /// The fake's time.
    pub fn now(&self) -> SystemTime {
        let time = *lock(&self.0);
        let elapsed = time.since.map(|since| since.elapsed().unwrap_or_default());
        time.at + elapsed.unwrap_or_default()
    }

    /// Moves the time forward.
    pub fn advance(&self, by: Duration) {
        self.set(self.now() + by.min(FOREVER));
    }

    /// Sets the time; a running clock runs on from there.
    pub fn set(&self, to: SystemTime) {
        let mut time = lock(&self.0);
        time.at = to;
        time.since = time.since.map(|_| SystemTime::now());
    }

    /// Stops the clock at the present time.
    pub fn freeze(&self) {
        let (at, since) = (self.now(), None);
        *lock(&self.0) = Time { at, since };
    }
}

/// `2026-03-10T12:00:00Z`, as GitHub writes times.
pub(crate) fn rfc3339(at: SystemTime) -> String {
    DateTime::<Utc>::from(at).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// `Tue, 10 Mar 2026 12:00:00 GMT`, as headers have it; 1970 for what was before.
pub(crate) fn http_date(at: SystemTime) -> String {
    fmt_http_date(at.max(SystemTime::UNIX_EPOCH))
}

/// Whole seconds since 1970.
pub(crate) fn epoch_seconds(at: SystemTime) -> u64 {
    at.duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |d| d.as_secs())
}
