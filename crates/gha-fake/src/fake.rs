use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use tokio::net::TcpListener;
use tokio::runtime::Builder as Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::exchange::Endpoint;
use crate::fault::FaultHandle;
use crate::hooks::Moment;
use crate::model::{Artifact, Conclusion};
use crate::route::SERVER_PREFIX;
use crate::server::{Shared, serve};
use crate::{
    Builder, Clock, Content, Edition, Error, Fault, Listener, Match, ReceivedRequest, State,
};

/// A GitHub of one's own, served on 127.0.0.1 until it is dropped.
///
/// The [crate's page](crate) shows it at work.
#[derive(Debug)]
pub struct Fake {
    shared: Arc<Shared>,
    api_url: String,
    _running: Running,
}

/// What serves, until it is dropped.
#[derive(Debug)]
enum Running {
    /// Aborted when dropped, and with them all connections.
    Tasks {
        _tasks: JoinSet<()>,
    },
    Thread {
        _thread: Thread,
    },
}

/// A thread with a runtime of its own.
#[derive(Debug)]
struct Thread {
    /// The thread ends when it is dropped.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // If it panicked, the test has seen the consequences.
            let _ = thread.join();
        }
    }
}

impl Fake {
    /// A github.com without repositories and tokens.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(crate) fn serve(shared: Arc<Shared>, api: TcpListener, blob: TcpListener) -> Self {
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(api, Endpoint::new(&shared, Listener::Api)));
        tasks.spawn(serve(blob, Endpoint::new(&shared, Listener::Blob)));
        Self::new(shared, Running::Tasks { _tasks: tasks })
    }

    fn new(shared: Arc<Shared>, running: Running) -> Self {
        let prefix = match shared.edition {
            Edition::GitHub => "",
            Edition::EnterpriseServer => SERVER_PREFIX,
        };
        Self {
            api_url: format!("{}{prefix}", shared.api_origin),
            shared,
            _running: running,
        }
    }

    /// Starts `builder` on a thread of its own, and returns when it serves.
    pub(crate) fn on_thread(builder: Builder) -> Result<Self, Error> {
        let runtime = Runtime::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Error::io("cannot start a runtime", error))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let (started, result) = mpsc::channel();
        let thread = std::thread::Builder::new().name("gha-fake".into());
        let thread = thread.spawn(move || {
            runtime.block_on(async move {
                let fake = builder.start().await;
                let shared = fake.as_ref().map(|fake| fake.shared.clone());
                // Nobody waits for it any more only if the caller panicked.
                let _ = started.send(shared.map_err(ToString::to_string));
                let _ = stopped.await;
            });
        });
        let thread = thread.map_err(|error| Error::io("cannot start a thread", error))?;
        let running = Thread {
            stop: Some(stop),
            thread: Some(thread),
        };
        let shared = result
            .recv()
            .map_err(|_| Error::new("the fake's thread panicked"))?
            .map_err(Error::new)?;
        Ok(Self::new(shared, Running::Thread { _thread: running }))
    }

    /// Where the API is, without a slash at the end. Whatever the edition, it is found under `/`
    /// and under `/api/v3`.
    pub fn api_url(&self) -> &str {
        &self.api_url
    }

    /// Where the blob store is, without a slash at the end: another port, hence another origin,
    /// unless [`Builder::blobs_on_api_origin`] was told.
    pub fn blob_url(&self) -> &str {
        &self.shared.blob_origin
    }

    /// The fake's clock.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// All requests received, oldest first, up to [`Builder::request_log_limit`].
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        self.shared.log.all()
    }

    /// Those of the requests received that match.
    pub fn requests_for(&self, matching: &Match) -> Vec<ReceivedRequest> {
        let mut requests = self.requests();
        requests.retain(|request| matching.matches(request));
        requests
    }

    /// Forgets the requests received.
    pub fn clear_requests(&self) {
        self.shared.log.clear();
    }

    /// Lets answers go wrong from now on. The handle tells how often it struck.
    pub fn fault(&self, fault: Fault) -> FaultHandle {
        self.shared.rules.add(fault)
    }

    /// Takes all faults back.
    pub fn clear_faults(&self) {
        self.shared.rules.clear();
    }

    /// Runs `action` each time before a request that matches is answered; what it changes, the
    /// answer shows. Nothing is answered meanwhile: it must change things through the [`State`]
    /// that it is given, not through this handle.
    pub fn before_answer(
        &self,
        on: Match,
        action: impl FnMut(&ReceivedRequest, &mut State) + Send + 'static,
    ) {
        self.shared.hooks.add(Moment::Before, on, Box::new(action));
    }

    /// Runs `action` each time when the answer to a request that matches is made, and before it is
    /// sent: the answer does not show what it changes, and the client's next request sees all of
    /// it. The way to change lists while a client goes through their pages:
    ///
    /// ```
    /// # use gha_fake::{Fake, Match, Operation};
    /// # fn example(fake: &Fake) {
    /// let page_1 = Match::operation(Operation::ListArtifacts).page(1);
    /// fake.after_answer(page_1, |_, state| {
    ///     let newest = state.artifact_ids("octo-org/octo-docs").expect("it is there");
    ///     for id in &newest[..10] {
    ///         state.delete_artifact(*id).expect("it was listed");
    ///     }
    /// });
    /// # }
    /// ```
    ///
    /// Nothing is answered meanwhile: it must change things through the [`State`] that it is given,
    /// not through this handle.
    pub fn after_answer(
        &self,
        on: Match,
        action: impl FnMut(&ReceivedRequest, &mut State) + Send + 'static,
    ) {
        self.shared.hooks.add(Moment::After, on, Box::new(action));
    }

    /// Looks at what exists, or changes it, at one moment between two answers.
    pub fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.shared.state())
    }

    /// See [`State::add_artifact`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn add_artifact(&self, repo: &str, artifact: Artifact) -> Result<i64, Error> {
        self.state(|state| state.add_artifact(repo, artifact))
    }

    /// See [`State::delete_artifact`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn delete_artifact(&self, id: i64) -> Result<(), Error> {
        self.state(|state| state.delete_artifact(id))
    }

    /// See [`State::expire_artifact`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn expire_artifact(&self, id: i64) -> Result<(), Error> {
        self.state(|state| state.expire_artifact(id))
    }

    /// See [`State::replace_content`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn replace_content(&self, id: i64, content: Content) -> Result<(), Error> {
        self.state(|state| state.replace_content(id, content))
    }

    /// See [`State::artifact_ids`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn artifact_ids(&self, repo: &str) -> Result<Vec<i64>, Error> {
        self.state(|state| state.artifact_ids(repo))
    }

    /// See [`State::finish_job`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn finish_job(&self, id: i64, conclusion: Conclusion) -> Result<(), Error> {
        self.state(|state| state.finish_job(id, conclusion))
    }
}
