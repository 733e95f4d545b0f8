use std::sync::Arc;

use tokio::sync::watch;

/// Holds answers back until a test opens it: see [`Fault::hold`](crate::Fault::hold).
///
/// With it a test decides the order of events instead of hoping for it.
#[derive(Clone, Debug)]
pub struct Gate(Arc<watch::Sender<bool>>);

impl Default for Gate {
    fn default() -> Self {
        Self::new()
    }
}

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Lets all held answers go, and all that come.
    pub fn open(&self) {
        self.0.send_replace(true);
    }

    /// Holds answers from now on.
    pub fn close(&self) {
        self.0.send_replace(false);
    }

    pub(crate) async fn passed(&self) {
        // The sender lives as long as this gate: there is always an answer.
        let _ = self.0.subscribe().wait_for(|open| *open).await;
    }
}
