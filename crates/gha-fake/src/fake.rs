use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::clock::{Clock, FOREVER};
use crate::content::Content;
use crate::edition::Edition;
use crate::error::Error;
use crate::fault::{Fault, FaultHandle, Match, Rules};
use crate::hooks::Hooks;
use crate::lock::lock;
use crate::model::{Artifact, Conclusion, Repo, Token, setters};
use crate::request::{Listener, ReceivedRequest};
use crate::server;
use crate::shared::{Config, Shared};
use crate::signed_url::SigningKey;
use crate::state::State;

/// A GitHub of one's own, served on 127.0.0.1 until it is dropped.
///
/// The [crate's page](crate) shows it at work.
pub struct Fake {
    shared: Arc<Shared>,
    api_url: String,
    /// Aborted when dropped, and with them all connections.
    _tasks: JoinSet<()>,
    /// Whose runtime they are on, if they have one of their own: it ends when the sender is dropped.
    thread: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.thread.take() {
            drop(stop);
            // If it panicked, the test has seen the consequences.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Fake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fake")
            .field("api_url", &self.api_url)
            .field("blob_url", &self.shared.blob_origin)
            .finish_non_exhaustive()
    }
}

impl Fake {
    /// A github.com without repositories and tokens.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Where the API is, without a slash at the end: on Enterprise Server it ends in `/api/v3`.
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
        &self.shared.config.clock
    }

    /// All requests received, oldest first, up to [`Builder::request_log_limit`].
    pub fn requests(&self) -> Vec<ReceivedRequest> {
        let requests = lock(&self.shared.log);
        requests.iter().map(|request| (**request).clone()).collect()
    }

    /// Those of the requests received that match.
    pub fn requests_for(&self, matching: &Match) -> Vec<ReceivedRequest> {
        let mut requests = self.requests();
        requests.retain(|request| matching.matches(request));
        requests
    }

    /// Forgets the requests received.
    pub fn clear_requests(&self) {
        lock(&self.shared.log).clear();
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
        self.shared.before_answer.add(on, Box::new(action));
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
        self.shared.after_answer.add(on, Box::new(action));
    }

    /// Looks at what exists, or changes it, at one moment between two answers.
    pub fn state<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        let mut state = lock(&self.shared.state);
        lock(&self.shared.pages).clear();
        look(&mut state)
    }

    /// Short for [`State::add_artifact`].
    ///
    /// # Errors
    ///
    /// Those of [`State::add_artifact`].
    pub fn add_artifact(&self, repo: &str, artifact: Artifact) -> Result<i64, Error> {
        self.state(|state| state.add_artifact(repo, artifact))
    }

    /// Short for [`State::delete_artifact`].
    ///
    /// # Errors
    ///
    /// Those of [`State::delete_artifact`].
    pub fn delete_artifact(&self, id: i64) -> Result<(), Error> {
        self.state(|state| state.delete_artifact(id))
    }

    /// Short for [`State::replace_content`].
    ///
    /// # Errors
    ///
    /// Those of [`State::replace_content`].
    pub fn replace_content(&self, id: i64, content: Content) -> Result<(), Error> {
        self.state(|state| state.replace_content(id, content))
    }

    /// Short for [`State::artifact_ids`].
    ///
    /// # Errors
    ///
    /// Those of [`State::artifact_ids`].
    pub fn artifact_ids(&self, repo: &str) -> Result<Vec<i64>, Error> {
        self.state(|state| state.artifact_ids(repo))
    }

    /// Short for [`State::finish_job`].
    ///
    /// # Errors
    ///
    /// Those of [`State::finish_job`].
    pub fn finish_job(&self, id: i64, conclusion: Conclusion) -> Result<(), Error> {
        self.state(|state| state.finish_job(id, conclusion))
    }
}

/// What a [`Fake`] is made from: see [`Fake::builder`].
#[derive(Debug, Default)]
#[must_use = "nothing is served until it is started"]
pub struct Builder {
    config: Config,
    repos: Vec<Repo>,
    tokens: Vec<Token>,
    rules: Rules,
}

impl Builder {
    setters! {
        /// Which GitHub it behaves as: github.com by default.
        edition(edition: Edition) config.edition = edition;

        /// How many requests a token, or all callers without one together, may make in an hour of the
        /// fake's clock. By default a million on github.com, so that tests don't meet it by accident,
        /// and no limit at all on Enterprise Server.
        rate_limit(requests_per_hour: u64) config.rate_limit = Some(requests_per_hour);

        /// The fake's clock: the system's by default.
        clock(clock: Clock) config.clock = clock;

        /// How long signed URLs are good for, by the fake's clock in whole seconds: 60 by default.
        link_lifetime(lifetime: Duration) config.link_lifetime = Some(lifetime.min(FOREVER));

        /// Lets signed URLs lead to the API's own origin, as on some Enterprise Servers.
        /// [`blob_url`](Fake::blob_url) is that origin then.
        blobs_on_api_origin(same: bool) config.blobs_on_api_origin = same;

        /// How many requests are kept for [`Fake::requests`], the newest: 10,000 by default. With 0
        /// none is.
        request_log_limit(requests: usize) config.request_log_limit = Some(requests);
    }

    /// The values of `X-GitHub-Api-Version` that it accepts, in place of its edition's.
    pub fn versions<V: Into<String>>(mut self, versions: impl IntoIterator<Item = V>) -> Self {
        self.config.versions = Some(versions.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a repository with everything in it.
    pub fn repo(mut self, repo: Repo) -> Self {
        self.repos.push(repo);
        self
    }

    /// Accepts a token; without any, only public repositories can be read, and nothing
    /// downloaded.
    pub fn token(mut self, token: impl Into<Token>) -> Self {
        self.tokens.push(token.into());
        self
    }

    /// Adds an installation of a GitHub App, for which `POST
    /// /app/installations/{installation_id}/access_tokens` makes tokens. The app's assertion, a JSON
    /// web token, is checked for all but its signature.
    pub fn installation(mut self, id: i64) -> Self {
        self.config.installations.push(id);
        self
    }

    /// The ports of API and blob store; 0, the default, is any that is free.
    pub fn ports(mut self, api: u16, blob: u16) -> Self {
        (self.config.api_port, self.config.blob_port) = (api, blob);
        self
    }

    /// Starts with a fault: see [`Fake::fault`].
    pub fn fault(self, fault: Fault) -> Self {
        self.rules.add(fault);
        self
    }

    /// Starts serving on 127.0.0.1, on the runtime that this is called on.
    ///
    /// # Errors
    ///
    /// When a port is taken, two things have one id, or a repository has a name that GitHub has not.
    pub async fn start(self) -> Result<Fake, Error> {
        let config = self.config;
        let mut state = State::new(config.clock.clone());
        for repo in self.repos {
            state.add_repo(repo)?;
        }
        for token in self.tokens {
            state.add_token(token);
        }
        let api = bind(config.api_port).await?;
        let blob = bind(config.blob_port).await?;
        let api_origin = origin(&api)?;
        let blob_origin = match config.blobs_on_api_origin {
            true => api_origin.clone(),
            false => origin(&blob)?,
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            pages: Mutex::default(),
            rules: self.rules,
            before_answer: Hooks::default(),
            after_answer: Hooks::default(),
            log: Mutex::default(),
            // A link of one fake is no link of another.
            signing_key: SigningKey(format!("{api_origin} {blob_origin}")),
            api_origin,
            blob_origin,
            answers: AtomicU64::new(1),
            config,
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(server::serve(shared.clone(), Listener::Api, api));
        tasks.spawn(server::serve(shared.clone(), Listener::Blob, blob));
        Ok(Fake {
            api_url: shared.api_url(),
            shared,
            _tasks: tasks,
            thread: None,
        })
    }

    /// Starts serving on 127.0.0.1, on a thread and runtime of its own: for tests without a
    /// runtime, and for measurements that the fake's work shall not disturb.
    ///
    /// # Errors
    ///
    /// When a port is taken, two things have one id, or a repository has a name that GitHub has not.
    pub fn start_on_thread(self) -> Result<Fake, Error> {
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Error::cannot("start a runtime", error))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let (started, result) = mpsc::channel();
        let thread = std::thread::Builder::new().name("gha-fake".into());
        let thread = thread.spawn(move || {
            runtime.block_on(async move {
                // Nobody waits for it any more only if the caller panicked.
                let _ = started.send(self.start().await);
                let _ = stopped.await;
            });
        });
        let thread = thread.map_err(|error| Error::cannot("start a thread", error))?;
        let fake = result.recv();
        let mut fake = fake.map_err(|_| Error::new("the fake's thread panicked"))??;
        fake.thread = Some((stop, thread));
        Ok(fake)
    }
}

async fn bind(port: u16) -> Result<TcpListener, Error> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener
        .map_err(|error| Error::cannot(format_args!("listen on 127.0.0.1:{port}"), error))?;
    // Connections inherit it. A default such as BBR guesses at a bandwidth and holds answers back to
    // fit it, by chance and by much; on this machine there is no network to be kind to. Where it
    // cannot be set, the default works too.
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(&listener).set_tcp_congestion(b"reno");
    Ok(listener)
}

fn origin(listener: &TcpListener) -> Result<String, Error> {
    let address = listener.local_addr();
    let address = address.map_err(|error| Error::cannot("tell the listener's address", error))?;
    Ok(format!("http://{address}"))
}
