//! What exists in the fake, and how it changes.

mod changes;
mod seed;
mod stored;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, SystemTime};

use crate::clock::Clock;
use crate::error::Error;
use crate::limits::Usage;
use crate::model::{JobStatus, Token};
pub(crate) use stored::{StoredArtifact, StoredJob, StoredRepo, StoredRun};

/// What exists in the fake: repositories, runs, jobs and artifacts.
///
/// Reached through [`Fake::state`](crate::Fake::state) and given to hooks. Repositories are named
/// `owner/name`, in any case.
#[derive(Debug)]
pub struct State {
    clock: Clock,
    repos: Vec<StoredRepo>,
    /// By id, as the artifacts are.
    runs: BTreeMap<i64, StoredRun>,
    artifacts: BTreeMap<i64, StoredArtifact>,
    /// The run of each job. Jobs are never taken away.
    jobs: HashMap<i64, i64>,
    next_repo: i64,
    next_artifact: i64,
    next_token: u64,
    tokens: Vec<Token>,
    /// How much of the rate limit each caller has used.
    usage: HashMap<String, Usage>,
}

impl State {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            repos: Vec::new(),
            runs: BTreeMap::new(),
            artifacts: BTreeMap::new(),
            jobs: HashMap::new(),
            next_repo: 1_296_269,
            next_artifact: 11,
            next_token: 1,
            tokens: Vec::new(),
            usage: HashMap::new(),
        }
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// When the clock may change what lists look like, at the earliest.
    pub(crate) fn next_change(&self) -> SystemTime {
        let now = self.now();
        let mut jobs = self.runs.values().flat_map(StoredRun::all_jobs);
        if !jobs.all(|job| job.status(now) == JobStatus::Completed) {
            return now;
        }
        let unexpired = self.artifacts.values().filter(|a| !a.is_expired(now));
        let expiry = unexpired.map(StoredArtifact::expires).min();
        expiry.unwrap_or(now + Duration::from_secs(1 << 32))
    }

    /// The token with this secret, if it is good.
    pub(crate) fn token(&self, secret: &str) -> Option<&Token> {
        let good = |token: &&Token| token.expires.is_none_or(|at| self.now() < at);
        let mut tokens = self.tokens.iter().filter(|token| token.secret == secret);
        tokens.find(good)
    }

    /// Counts a request of a caller, of which so many are allowed in an hour.
    pub(crate) fn count(&mut self, caller: &str, limit: u64) -> Usage {
        let now = self.now();
        let unused = Usage::new(limit, now);
        let usage = self.usage.entry(caller.to_owned()).or_insert(unused);
        usage.count(now);
        *usage
    }

    /// Another number for every token that the fake makes up.
    pub(crate) fn next_token(&mut self) -> u64 {
        self.next_token += 1;
        self.next_token
    }

    /// The repository, if this is its name now.
    pub(crate) fn repo(&self, name: &str) -> Option<&StoredRepo> {
        let mut repos = self.repos.iter();
        repos.find(|repo| repo.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn repo_by_id(&self, id: i64) -> Option<&StoredRepo> {
        self.repos.iter().find(|repo| repo.id == id)
    }

    /// The repository of this name, whoever its owner is.
    pub(crate) fn repo_called(&self, name: &str) -> Option<&StoredRepo> {
        let mut repos = self.repos.iter();
        repos.find(|repo| repo.short_name().eq_ignore_ascii_case(name))
    }

    /// The repository that was called this before.
    pub(crate) fn moved_repo(&self, name: &str) -> Option<&StoredRepo> {
        let was = |repo: &&StoredRepo| repo.former.iter().any(|f| f.eq_ignore_ascii_case(name));
        self.repos.iter().find(was)
    }

    fn known_repo(&self, name: &str) -> Result<&StoredRepo, Error> {
        let none = || Error::new(format!("the fake has no repository {name:?}"));
        self.repo(name).ok_or_else(none)
    }

    pub(crate) fn artifact(&self, id: i64) -> Option<&StoredArtifact> {
        self.artifacts.get(&id)
    }

    /// A repository's artifacts, the newest first.
    pub(crate) fn artifacts_of(&self, repo: i64) -> Vec<&StoredArtifact> {
        let all = self.artifacts.values().rev();
        let mut artifacts: Vec<_> = all.filter(|artifact| artifact.repo == repo).collect();
        artifacts.sort_by_key(|artifact| Reverse((artifact.created, artifact.id)));
        artifacts
    }

    pub(crate) fn run(&self, id: i64) -> Option<&StoredRun> {
        self.runs.get(&id)
    }

    /// A repository's runs, the newest first.
    pub(crate) fn runs_of(&self, repo: i64) -> Vec<&StoredRun> {
        let all = self.runs.values().rev();
        let mut runs: Vec<_> = all.filter(|run| run.repo == repo).collect();
        runs.sort_by_key(|run| Reverse((run.created, run.id)));
        runs
    }

    /// A job and its run.
    pub(crate) fn job(&self, id: i64) -> Option<(&StoredRun, &StoredJob)> {
        let run = self.runs.get(self.jobs.get(&id)?)?;
        Some((run, run.all_jobs().find(|job| job.id == id)?))
    }

    /// The ids of a repository's artifacts, newest first, expired ones included.
    ///
    /// # Errors
    ///
    /// When there is no such repository.
    pub fn artifact_ids(&self, repo: &str) -> Result<Vec<i64>, Error> {
        let artifacts = self.artifacts_of(self.known_repo(repo)?.id);
        Ok(artifacts.iter().map(|artifact| artifact.id).collect())
    }

    /// The ids of all jobs of a run, of all attempts, in the order in which they were added.
    ///
    /// # Errors
    ///
    /// When there is no such repository or run.
    pub fn job_ids(&self, repo: &str, run_id: i64) -> Result<Vec<i64>, Error> {
        let id = self.known_repo(repo)?.id;
        let run = self.run(run_id).filter(|run| run.repo == id);
        let run = run.ok_or_else(|| missing("run", run_id))?;
        Ok(run.all_jobs().map(|job| job.id).collect())
    }

    fn artifact_mut(&mut self, id: i64) -> Result<&mut StoredArtifact, Error> {
        let artifact = self.artifacts.get_mut(&id);
        artifact.ok_or_else(|| missing("artifact", id))
    }

    fn job_mut(&mut self, id: i64) -> Result<&mut StoredJob, Error> {
        let run = self.jobs.get(&id).and_then(|run| self.runs.get_mut(run));
        let jobs = run.map(|run| run.attempts.values_mut().flatten());
        let job = jobs.and_then(|mut jobs| jobs.find(|job| job.id == id));
        job.ok_or_else(|| missing("job", id))
    }
}

/// GitHub's names have letters, digits and a few signs.
fn check_name(name: &str) -> Result<(), Error> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let is_name = |name: &str| !name.trim_matches('.').is_empty() && name.bytes().all(is_plain);
    match name.split_once('/') {
        Some((owner, repo)) if is_name(owner) && is_name(repo) => Ok(()),
        _ => Err(Error::new(format!(
            "no repository is called {name:?}: expected owner/name"
        ))),
    }
}

fn missing(what: &str, id: i64) -> Error {
    Error::new(format!("the fake has no {what} {id}"))
}
