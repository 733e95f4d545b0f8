use std::sync::Arc;

use tokio::sync::watch;

/// Holds answers back until a test opens it: see [`Fault::hold`](crate::Fault::hold).
///
/// With it a test decides the order of events instead of hoping for it.
///
/// ```
/// use gha_fake::{Fake, Fault, Gate, Match, Repo};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let repo = Repo::new("octo-org", "octo-docs");
/// let fake = Fake::builder().repo(repo).start_on_thread()?;
/// let gate = Gate::new();
/// fake.fault(Fault::hold(&gate));
///
/// let url = format!("{}/repos/octo-org/octo-docs/actions/artifacts", fake.api_url());
/// let client = std::thread::spawn(move || ureq::get(url).call().map(|answer| answer.status()));
/// while fake.requests_for(&Match::api()).is_empty() {
///     std::thread::yield_now();
/// }
/// // Here the request has arrived, and is not answered.
/// gate.open();
/// assert_eq!(client.join().unwrap()?, 200);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<watch::Sender<bool>>);

impl Gate {
    /// A closed gate.
    pub fn new() -> Self {
        Self::default()
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
