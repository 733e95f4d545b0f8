// Written by `cargo xtask codegen`. Do not edit.

use std::time::Duration;

use gha_core::generated::Request;
use gha_core::{AnyRequest, Api, Error, Operation, RateLimit, RetryPolicy};
use http::Method;

/// A client of the API; cheap to clone.
#[derive(Clone, Debug)]
pub struct Client(Api);

impl Client {
    /// A client of the API, whatever carries its requests.
    pub fn new(api: Api) -> Self {
        Self(api)
    }

    /// The API that is called.
    pub fn api(&self) -> &Api {
        &self.0
    }

    /// The same client with a limit on the time that one attempt of a call may take; see
    /// [`Api::with_timeout`].
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self(self.0.with_timeout(timeout))
    }

    /// The same client with another policy for attempts that fail; see [`Api::with_retry`].
    #[must_use]
    pub fn with_retry(self, policy: RetryPolicy) -> Self {
        Self(self.0.with_retry(policy))
    }

    /// The rate limit that the API told last, where the transport keeps it.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        self.0.rate_limit()
    }

    /// A request of any other path, with the same credentials, retries and limits; see
    /// [`Api::request`].
    pub fn request(&self, method: Method, path: impl Into<String>) -> AnyRequest {
        self.0.request(method, path)
    }

    /// A repository.
    ///
    /// Nothing is sent. An argument that cannot stand in a path is an error of each call.
    pub fn repo(&self, owner: impl Into<String>, repo: impl Into<String>) -> Repo {
        Repo {
            api: self.0.clone(),
            owner: owner.into(),
            repo: repo.into(),
        }
    }

    /// The same from one text, `OWNER/REPO`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if the text has another form.
    pub fn parse_repo(&self, text: &str) -> Result<Repo, Error> {
        let [owner, repo] = ::gha_core::generated::split(text, "OWNER/REPO")?;
        Ok(self.repo(owner, repo))
    }
}

/// A repository.
#[derive(Clone, Debug)]
#[must_use]
pub struct Repo {
    api: Api,
    owner: String,
    repo: String,
}

impl Repo {
    /// The account that owns the repository; case is ignored.
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// The name of the repository, without `.git`; case is ignored.
    pub fn repo(&self) -> &str {
        &self.repo
    }

    pub(super) fn call(&self, operation: &'static Operation) -> Request<'_> {
        Request::new(&self.api, operation)
            .path("owner", &self.owner)
            .path("repo", &self.repo)
    }

    pub(super) fn api(&self) -> &Api {
        &self.api
    }
}
