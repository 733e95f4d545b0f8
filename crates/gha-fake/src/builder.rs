use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::api::Limits;
use crate::blob::Secret;
use crate::fault::Rules;
use crate::hooks::{Hooks, Moment};
use crate::model::{Repo, Token};
use crate::request::RequestLog;
use crate::server::Shared;
use crate::{Clock, Error, Fake, Fault, Match, ReceivedRequest, State};

/// Which GitHub a fake behaves as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edition {
    /// github.com: versions 2022-11-28 and 2026-03-10, rate limits, digests.
    #[default]
    GitHub,
    /// Enterprise Server: version 2022-11-28 alone, no rate limits, no digests, and an
    /// [`api_url`](Fake::api_url) that ends in `/api/v3`.
    EnterpriseServer,
}

/// What a [`Fake`] is made from: see [`Fake::builder`].
#[derive(Debug)]
#[must_use = "nothing is served until it is started"]
pub struct Builder {
    edition: Edition,
    repos: Vec<Repo>,
    tokens: Vec<Token>,
    versions: Option<Vec<String>>,
    rate_limit: Option<u64>,
    clock: Clock,
    link_lifetime: Duration,
    latency: Duration,
    throttle: Option<u64>,
    odd: bool,
    suffix_ranges: bool,
    one_origin: bool,
    log_limit: usize,
    ports: (u16, u16),
    rules: Arc<Rules>,
    hooks: Hooks,
}

/// Tests that count requests seldom come near it.
const LOG_LIMIT: usize = 100_000;

impl Default for Builder {
    fn default() -> Self {
        Self {
            edition: Edition::default(),
            repos: Vec::new(),
            tokens: Vec::new(),
            versions: None,
            rate_limit: None,
            clock: Clock::default(),
            link_lifetime: Duration::from_secs(60),
            latency: Duration::ZERO,
            throttle: None,
            odd: false,
            suffix_ranges: false,
            one_origin: false,
            log_limit: LOG_LIMIT,
            ports: (0, 0),
            rules: Arc::default(),
            hooks: Hooks::default(),
        }
    }
}

impl Builder {
    /// Which GitHub it behaves as: github.com by default.
    pub fn edition(mut self, edition: Edition) -> Self {
        self.edition = edition;
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

    /// The values of `X-GitHub-Api-Version` that it accepts, in place of its edition's.
    pub fn versions<V: Into<String>>(mut self, versions: impl IntoIterator<Item = V>) -> Self {
        self.versions = Some(versions.into_iter().map(Into::into).collect());
        self
    }

    /// How many requests a token, or all callers without one together, may make in an hour of the
    /// fake's clock. By default a million on github.com, so that tests don't meet it by accident,
    /// and no limit at all on Enterprise Server.
    pub fn rate_limit(mut self, requests_per_hour: u64) -> Self {
        self.rate_limit = Some(requests_per_hour);
        self
    }

    /// Its clock: the system's by default.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// How long signed URLs are good for, by the fake's clock in whole seconds: 60 by default.
    pub fn link_lifetime(mut self, lifetime: Duration) -> Self {
        self.link_lifetime = lifetime;
        self
    }

    /// How long, in real time, every answer waits before its head is sent.
    pub fn latency(mut self, latency: Duration) -> Self {
        self.latency = latency;
        self
    }

    /// How many bytes per second, in real time, a connection to the blob store carries.
    ///
    /// # Panics
    ///
    /// When the speed is zero.
    pub fn throttle(mut self, bytes_per_second: u64) -> Self {
        assert!(bytes_per_second > 0, "a throttle of zero never ends");
        self.throttle = Some(bytes_per_second);
        self
    }

    /// Sends the payloads that differ from GitHub's description, as real servers have: members
    /// that are missing, null or of unknown words, and error bodies of many forms. Every item has
    /// one oddity, and they take turns.
    pub fn odd_payloads(mut self, odd: bool) -> Self {
        self.odd = odd;
        self
    }

    /// Whether the blob store honours suffix ranges, `Range: bytes=-500`. Azure's, which GitHub
    /// uses, [does not know them](https://learn.microsoft.com/en-us/rest/api/storageservices/specifying-the-range-header-for-blob-service-operations)
    /// and sends everything: the default here.
    pub fn suffix_ranges(mut self, honoured: bool) -> Self {
        self.suffix_ranges = honoured;
        self
    }

    /// Lets signed URLs lead to the API's own origin, as on some Enterprise Servers.
    /// [`blob_url`](Fake::blob_url) is that origin then.
    pub fn blobs_on_api_origin(mut self, same: bool) -> Self {
        self.one_origin = same;
        self
    }

    /// How many requests are kept for [`Fake::requests`], the newest: 100,000 by default. With 0
    /// none is.
    pub fn request_log_limit(mut self, requests: usize) -> Self {
        self.log_limit = requests;
        self
    }

    /// The ports of API and blob store; 0, the default, is any that is free.
    pub fn ports(mut self, api: u16, blob: u16) -> Self {
        self.ports = (api, blob);
        self
    }

    /// Starts with a fault: see [`Fake::fault`].
    pub fn fault(self, fault: Fault) -> Self {
        self.rules.add(fault);
        self
    }

    /// Runs `action` before requests are answered: see [`Fake::before_answer`].
    pub fn before_answer(
        self,
        on: Match,
        action: impl FnMut(&ReceivedRequest, &mut State) + Send + 'static,
    ) -> Self {
        self.hooks.add(Moment::Before, on, Box::new(action));
        self
    }

    /// Runs `action` after answers are made: see [`Fake::after_answer`].
    pub fn after_answer(
        self,
        on: Match,
        action: impl FnMut(&ReceivedRequest, &mut State) + Send + 'static,
    ) -> Self {
        self.hooks.add(Moment::After, on, Box::new(action));
        self
    }

    /// Starts serving on 127.0.0.1, on a thread and runtime of its own: for tests without a
    /// runtime, and for measurements that the fake's work shall not disturb.
    ///
    /// # Errors
    ///
    /// As of [`start`](Self::start).
    pub fn start_on_thread(self) -> Result<Fake, Error> {
        Fake::on_thread(self)
    }

    /// Starts serving on 127.0.0.1, on the runtime that this is called on.
    ///
    /// # Errors
    ///
    /// When a port is taken, or two things have one id.
    pub async fn start(self) -> Result<Fake, Error> {
        let mut state = State::new(self.clock.clone());
        for repo in self.repos {
            state.add_repo(repo)?;
        }
        let api = bind(self.ports.0).await?;
        let blob = bind(self.ports.1).await?;
        let api_origin = origin(&api)?;
        let blob_origin = if self.one_origin {
            api_origin.clone()
        } else {
            origin(&blob)?
        };
        let default_limit = match self.edition {
            Edition::GitHub => Some(1_000_000),
            Edition::EnterpriseServer => None,
        };
        let default_versions: &[&str] = match self.edition {
            Edition::GitHub => &["2022-11-28", "2026-03-10"],
            Edition::EnterpriseServer => &["2022-11-28"],
        };
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            clock: self.clock,
            tokens: self.tokens,
            limits: self.rate_limit.or(default_limit).map(Limits::new),
            rules: self.rules,
            hooks: self.hooks,
            log: RequestLog::new(self.log_limit),
            edition: self.edition,
            versions: self
                .versions
                .unwrap_or_else(|| default_versions.iter().map(ToString::to_string).collect()),
            odd: self.odd,
            suffix_ranges: self.suffix_ranges,
            link_lifetime: self.link_lifetime,
            latency: self.latency,
            throttle: self.throttle,
            // A link of one fake is no link of another.
            secret: Secret::new(format!("{api_origin} {blob_origin}")),
            api_origin,
            blob_origin,
            answers: AtomicU64::new(1),
            errors: AtomicU64::new(0),
        });
        Ok(Fake::serve(shared, api, blob))
    }
}

async fn bind(port: u16) -> Result<TcpListener, Error> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .map_err(|error| Error::io(format!("cannot listen on 127.0.0.1:{port}"), error))?;
    // Connections inherit it. A default such as BBR guesses at a bandwidth and holds answers back to
    // fit it, by chance and by much; on this machine there is no network to be kind to. Where it
    // cannot be set, the default works too.
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(&listener).set_tcp_congestion(b"reno");
    Ok(listener)
}

fn origin(listener: &TcpListener) -> Result<String, Error> {
    let address = listener
        .local_addr()
        .map_err(|error| Error::io("cannot tell the listener's address", error))?;
    Ok(format!("http://{address}"))
}
