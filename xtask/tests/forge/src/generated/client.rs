// Written by `cargo xtask codegen`. Do not edit.

use std::time::Duration;

use gha_core::generated::Request;
use gha_core::{AnyRequest, Api, Operation, RateLimit, RetryPolicy};
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

    /// Whose repositories these are.
    ///
    /// Nothing is sent. An argument that cannot stand in a path is an error of each call.
    pub fn owner(&self, owner: impl Into<String>) -> Owner {
        Owner {
            api: self.0.clone(),
            owner: owner.into(),
        }
    }

    /// A run of an owner.
    ///
    /// Nothing is sent. An argument that cannot stand in a path is an error of each call.
    pub fn run_of(&self, owner: impl Into<String>, run_id: i64) -> RunOf {
        RunOf {
            api: self.0.clone(),
            owner: owner.into(),
            run_id,
        }
    }

    pub(super) fn call(&self, operation: &'static Operation) -> Request<'_> {
        Request::new(&self.0, operation)
    }
}

/// Whose repositories these are.
#[derive(Clone, Debug)]
#[must_use]
pub struct Owner {
    api: Api,
    owner: String,
}

impl Owner {
    /// What it says
    pub fn owner(&self) -> &str {
        &self.owner
    }

    pub(super) fn call(&self, operation: &'static Operation) -> Request<'_> {
        Request::new(&self.api, operation).path("owner", &self.owner)
    }

    pub(super) fn api(&self) -> &Api {
        &self.api
    }
}

/// A run of an owner.
#[derive(Clone, Debug)]
#[must_use]
pub struct RunOf {
    api: Api,
    owner: String,
    run_id: i64,
}

impl RunOf {
    /// What it says
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// What it says
    pub fn run_id(&self) -> &i64 {
        &self.run_id
    }

    pub(super) fn call(&self, operation: &'static Operation) -> Request<'_> {
        Request::new(&self.api, operation)
            .path("owner", &self.owner)
            .path("run_id", &self.run_id)
    }

    pub(super) fn api(&self) -> &Api {
        &self.api
    }
}
