//! A seeded fake and clients of it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gha_client::{Client, ClientBuilder, Host, RetryPolicy, operations};
use gha_fake::{Artifact, Content, Fake, Job, Match, ReceivedRequest, Repo, Run};

pub const TOKEN: &str = "t0ken-of-the-tests";
pub const OWNER: &str = "octo-org";
pub const NAME: &str = "octo-docs";
pub const REPO: &str = "octo-org/octo-docs";
pub const RUN: i64 = 7;
pub const JOB: i64 = 42;
pub const ARTIFACT: i64 = 11;

/// One artifact and one job, both of run 7.
pub fn seeded() -> gha_fake::Builder {
    let artifact = Artifact::zip("dist", &[("a.txt", b"hello")])
        .id(ARTIFACT)
        .run(RUN);
    let run = Run::new(RUN).job(Job::new(JOB)).artifact(artifact);
    Fake::builder()
        .token(TOKEN)
        .repo(Repo::new(OWNER, NAME).run(run))
}

/// So many artifacts, with the ids 1, 2 and so on; the last is the newest and comes first.
pub fn with_artifacts(count: i64) -> gha_fake::Builder {
    let content = Content::bytes("x");
    let artifacts = (1..=count).map(|id| {
        Artifact::new(format!("artifact-{id}"), content.clone())
            .id(id)
            .without_digest()
    });
    Fake::builder()
        .token(TOKEN)
        .repo(Repo::new(OWNER, NAME).artifacts(artifacts))
}

/// A client of the fake; it retries at once.
pub fn builder(fake: &Fake) -> ClientBuilder {
    gha_client::builder()
        .host(Host::url(fake.api_url()).unwrap())
        .token(TOKEN)
        .retry(RetryPolicy::default().base_delay(Duration::ZERO))
}

pub fn client(fake: &Fake) -> Client {
    builder(fake).build().unwrap()
}

pub fn list(client: &Client) -> operations::ListArtifacts {
    client.repo(OWNER, NAME).list_artifacts()
}

pub fn get(client: &Client) -> operations::GetArtifact {
    client.repo(OWNER, NAME).get_artifact(11)
}

pub fn delete(client: &Client, id: i64) -> operations::DeleteArtifact {
    client.repo(OWNER, NAME).delete_artifact(id)
}

/// The pages asked for, in order.
pub fn pages_asked(fake: &Fake) -> Vec<u64> {
    let requests = fake.requests_for(&Match::api());
    requests.iter().map(ReceivedRequest::page).collect()
}

/// Collects what a callback is given.
#[derive(Clone, Debug)]
pub struct Log<T>(Arc<Mutex<Vec<T>>>);

impl<T: Clone> Log<T> {
    pub fn new() -> Self {
        Self(Arc::default())
    }

    pub fn push(&self, entry: T) {
        self.0.lock().unwrap().push(entry);
    }

    pub fn all(&self) -> Vec<T> {
        self.0.lock().unwrap().clone()
    }
}
