//! What exists in the fake, and how it changes.

mod changes;
mod seed;
mod stored;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use crate::clock::Clock;
use crate::error::Error;
use crate::model::{JobStatus, Token};
use stored::ArtifactKey;
pub(crate) use stored::{StoredArtifact, StoredJob, StoredRepo, StoredRun};

/// What exists in the fake: repositories, runs, jobs and artifacts.
///
/// Reached through [`Fake::state`](crate::Fake::state) and given to hooks. Repositories are named
/// `owner/name`, in any case.
#[derive(Debug)]
pub struct State {
    clock: Clock,
    repos: Vec<StoredRepo>,
    /// Where an artifact is: its repository's index, and its key there.
    artifacts: HashMap<i64, (usize, ArtifactKey)>,
    jobs: HashMap<i64, JobKey>,
    next_repo: i64,
    next_artifact: i64,
    next_token: u64,
    tokens: Vec<Arc<Token>>,
    /// How often lists may have changed.
    revision: u64,
}

/// Where a job is. Jobs are never taken away, so that it stays there.
#[derive(Clone, Copy, Debug)]
struct JobKey {
    repo: usize,
    run: i64,
    attempt: i64,
    position: usize,
}

impl State {
    pub(crate) fn new(clock: Clock) -> Self {
        Self {
            clock,
            repos: Vec::new(),
            artifacts: HashMap::new(),
            jobs: HashMap::new(),
            next_repo: 1_296_269,
            next_artifact: 11,
            next_token: 1,
            tokens: Vec::new(),
            revision: 0,
        }
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// Another number whenever lists may have changed.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// The token with this secret, if it is good.
    pub(crate) fn token(&self, secret: &str) -> Option<&Arc<Token>> {
        let good = |token: &&Arc<Token>| token.expires.is_none_or(|at| self.now() < at);
        let mut tokens = self.tokens.iter().filter(|token| token.secret == secret);
        tokens.find(good)
    }

    /// Another number for every token that the fake makes up.
    pub(crate) fn next_token(&mut self) -> u64 {
        self.next_token += 1;
        self.next_token
    }

    /// The repository, if this is its name now.
    pub(crate) fn repo(&self, owner: &str, name: &str) -> Option<&StoredRepo> {
        self.repos
            .iter()
            .find(|r| r.owner.eq_ignore_ascii_case(owner) && r.name.eq_ignore_ascii_case(name))
    }

    pub(crate) fn repo_by_id(&self, id: i64) -> Option<&StoredRepo> {
        self.repos.iter().find(|r| r.id == id)
    }

    /// The repository of this name, whoever its owner is.
    pub(crate) fn repo_called(&self, name: &str) -> Option<&StoredRepo> {
        self.repos
            .iter()
            .find(|r| r.name.eq_ignore_ascii_case(name))
    }

    /// The repository that was called this before, and the status to say so with.
    pub(crate) fn moved_repo(&self, owner: &str, name: &str) -> Option<(&StoredRepo, Option<u16>)> {
        let full = format!("{owner}/{name}");
        self.repos.iter().find_map(|repo| {
            let (_, status) = repo
                .former
                .iter()
                .find(|(former, _)| former.eq_ignore_ascii_case(&full))?;
            Some((repo, *status))
        })
    }

    pub(crate) fn artifact(&self, id: i64) -> Option<&StoredArtifact> {
        let (repo, key) = self.artifacts.get(&id)?;
        self.repos[*repo].artifacts.get(key)
    }

    pub(crate) fn artifact_of<'r>(
        &self,
        repo: &'r StoredRepo,
        id: i64,
    ) -> Option<&'r StoredArtifact> {
        let (_, key) = self.artifacts.get(&id)?;
        repo.artifacts.get(key)
    }

    pub(crate) fn job(&self, id: i64) -> Option<&StoredJob> {
        let key = self.jobs.get(&id)?;
        let run = self.repos[key.repo].runs.get(&key.run)?;
        run.attempts.get(&key.attempt)?.get(key.position)
    }

    /// The ids of a repository's artifacts, newest first, expired ones included.
    ///
    /// # Errors
    ///
    /// When there is no such repository.
    pub fn artifact_ids(&self, repo: &str) -> Result<Vec<i64>, Error> {
        let index = self.repo_index(repo)?;
        Ok(self.repos[index]
            .artifacts
            .keys()
            .rev()
            .map(|k| k.1)
            .collect())
    }

    /// The ids of all jobs of a run, of all attempts, in the order in which they were added.
    ///
    /// # Errors
    ///
    /// When there is no such repository or run.
    pub fn job_ids(&self, repo: &str, run_id: i64) -> Result<Vec<i64>, Error> {
        let index = self.repo_index(repo)?;
        let run = self.repos[index]
            .runs
            .get(&run_id)
            .ok_or_else(|| Error::new(format!("{repo} has no run {run_id}")))?;
        Ok(run.attempts.values().flatten().map(|job| job.id).collect())
    }

    pub(crate) fn job_of(&self, repo: &StoredRepo, id: i64) -> Option<&StoredJob> {
        let key = self.jobs.get(&id)?;
        (self.repos[key.repo].id == repo.id)
            .then(|| self.job(id))
            .flatten()
    }

    /// Whether the run of a job is not completed.
    pub(crate) fn is_running(&self, job: i64) -> bool {
        let run = self.jobs.get(&job);
        let run = run.and_then(|key| self.repos[key.repo].runs.get(&key.run));
        run.is_some_and(|run| run.status(self.now()) != JobStatus::Completed)
    }

    fn repo_index(&self, full: &str) -> Result<usize, Error> {
        full.split_once('/')
            .and_then(|(owner, name)| {
                self.repos.iter().position(|r| {
                    r.owner.eq_ignore_ascii_case(owner) && r.name.eq_ignore_ascii_case(name)
                })
            })
            .ok_or_else(|| Error::new(format!("the fake has no repository {full:?}")))
    }

    fn artifact_mut(&mut self, id: i64) -> Result<&mut StoredArtifact, Error> {
        self.revision += 1;
        self.artifacts
            .get(&id)
            .and_then(|(repo, key)| self.repos[*repo].artifacts.get_mut(key))
            .ok_or_else(|| no_artifact(id))
    }

    fn job_mut(&mut self, id: i64) -> Result<&mut StoredJob, Error> {
        self.revision += 1;
        self.jobs
            .get(&id)
            .and_then(|key| {
                let run = self.repos[key.repo].runs.get_mut(&key.run)?;
                run.attempts.get_mut(&key.attempt)?.get_mut(key.position)
            })
            .ok_or_else(|| no_job(id))
    }
}

fn no_job(id: i64) -> Error {
    Error::new(format!("the fake has no job {id}"))
}

fn no_artifact(id: i64) -> Error {
    Error::new(format!("the fake has no artifact {id}"))
}
