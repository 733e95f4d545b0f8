//! From the builders' descriptions to what is stored.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, SystemTime};

use super::stored::SETTLED;
use super::{State, StoredArtifact, StoredJob, StoredRepo, StoredRun, check_name, missing};
use crate::error::Error;
use crate::model::{Artifact, Job, Repo, Run, id_of};

/// How far apart artifacts are made that don't say when.
const SPACING: Duration = Duration::from_secs(1);

impl State {
    /// Adds a repository with everything in it, and returns its id.
    ///
    /// # Errors
    ///
    /// When its name is none that GitHub has, or it, the id, or the id of anything in it, is taken.
    pub fn add_repo(&mut self, repo: Repo) -> Result<i64, Error> {
        let name = repo.name;
        check_name(&name)?;
        for former in &repo.former {
            check_name(former)?;
        }
        if self.repo(&name).is_some() {
            return Err(Error::new(format!("there are two repositories {name}")));
        }
        let id = repo.id.unwrap_or(self.next_repo);
        if self.repo_by_id(id).is_some() {
            return Err(taken("repositories", id));
        }
        self.next_repo = self.next_repo.max(id + 1);
        self.repos.push(StoredRepo {
            id,
            name: name.clone(),
            private: repo.private,
            former: repo.former,
        });
        let mut artifacts = Vec::new();
        for run in repo.runs {
            artifacts.extend(self.put_run(&name, run)?);
        }
        artifacts.extend(repo.artifacts);
        // Those that don't say when they were made are spread over the time before now.
        let mut at = self.now() - SPACING * u32::try_from(artifacts.len()).unwrap_or(u32::MAX);
        for artifact in artifacts {
            self.put_artifact(&name, artifact, at)?;
            at += SPACING;
        }
        Ok(id)
    }

    /// Adds a run with everything in it.
    ///
    /// # Errors
    ///
    /// When there is no such repository, or an id is taken.
    pub fn add_run(&mut self, repo: &str, run: Run) -> Result<(), Error> {
        let artifacts = self.put_run(repo, run)?;
        for artifact in artifacts {
            self.add_artifact(repo, artifact)?;
        }
        Ok(())
    }

    /// Adds a job to a run's latest attempt.
    ///
    /// # Errors
    ///
    /// When there is no such repository or run, or the job's id is taken.
    pub fn add_job(&mut self, repo: &str, run_id: i64, job: Job) -> Result<(), Error> {
        let (id, now) = (self.known_repo(repo)?.id, self.now());
        let run = self.runs.get_mut(&run_id).filter(|run| run.repo == id);
        let run = run.ok_or_else(|| missing("run", run_id))?;
        if self.jobs.contains_key(&job.id) {
            return Err(taken("jobs", job.id));
        }
        self.jobs.insert(job.id, run_id);
        let latest = run.attempt();
        let jobs = run.attempts.entry(latest).or_default();
        jobs.push(StoredJob::new(job, latest, now));
        Ok(())
    }

    /// Adds an artifact, the newest unless it says otherwise, and returns its id.
    ///
    /// # Errors
    ///
    /// When there is no such repository, the artifact's run is not one of its runs, or its id is
    /// taken.
    pub fn add_artifact(&mut self, repo: &str, artifact: Artifact) -> Result<i64, Error> {
        let now = self.now();
        self.put_artifact(repo, artifact, now)
    }

    /// Adds a run with its jobs, and returns its artifacts.
    fn put_run(&mut self, repo: &str, mut run: Run) -> Result<Vec<Artifact>, Error> {
        let (repo, now, id) = (self.known_repo(repo)?.id, self.now(), run.id);
        if self.runs.contains_key(&id) {
            return Err(taken("runs", id));
        }
        let artifacts = std::mem::take(&mut run.artifacts);
        let attempts = std::mem::take(&mut run.attempts).into_iter();
        let attempts: BTreeMap<_, Vec<_>> = attempts
            .map(|(number, jobs)| {
                let jobs = jobs.into_iter();
                let stored = jobs.map(|job| StoredJob::new(job, number, now));
                (number, stored.collect())
            })
            .collect();
        let jobs = || attempts.values().flatten();
        let mut seen = HashSet::new();
        let is_taken = |id: &i64| !seen.insert(*id) || self.jobs.contains_key(id);
        if let Some(id) = jobs().map(|job| job.id).find(is_taken) {
            return Err(taken("jobs", id));
        }
        self.jobs.extend(jobs().map(|job| (job.id, id)));
        let made = jobs().map(|job| job.created).min();
        let created = match run.created {
            Some(when) => when.resolve(now),
            None => made.map_or(now - SETTLED, |made| made.min(now)),
        };
        let file = &run.workflow_file;
        let is_same = |r: &&StoredRun| r.repo == repo && r.spec.workflow_file == *file;
        let same = self.runs.values().filter(is_same).count();
        let stored = StoredRun {
            id,
            repo,
            number: run.number.unwrap_or(1 + same as i64),
            workflow_id: id_of(file),
            created,
            attempts,
            spec: run,
        };
        self.runs.insert(id, stored);
        Ok(artifacts)
    }

    fn put_artifact(
        &mut self,
        repo: &str,
        spec: Artifact,
        default_time: SystemTime,
    ) -> Result<i64, Error> {
        let repo_id = self.known_repo(repo)?.id;
        let in_repo = |run: i64| self.run(run).is_some_and(|run| run.repo == repo_id);
        if let Some(run) = spec.run.filter(|run| !in_repo(*run)) {
            let name = &spec.name;
            let message = format!("artifact {name:?} is of run {run}, which {repo} does not have");
            return Err(Error::new(message));
        }
        let id = spec.id.unwrap_or(self.next_artifact);
        if self.artifacts.contains_key(&id) {
            return Err(taken("artifacts", id));
        }
        self.next_artifact = self.next_artifact.max(id + 1);
        let created = spec.created.map(|when| when.resolve(self.now()));
        let created = created.unwrap_or(default_time);
        let artifact = StoredArtifact {
            id,
            repo: repo_id,
            spec,
            created,
            updated: created,
        };
        self.artifacts.insert(id, artifact);
        Ok(id)
    }
}

fn taken(what: &str, id: i64) -> Error {
    Error::new(format!("there are two {what} with id {id}"))
}
