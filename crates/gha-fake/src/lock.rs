use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, also what another thread held when it panicked: that is a test's failure, which shall not
/// hide behind this one.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
