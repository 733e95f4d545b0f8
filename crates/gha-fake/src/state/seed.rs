//! From the builders' descriptions to what is stored.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, SystemTime};

use super::{JobKey, State, StoredArtifact, StoredJob, StoredRepo, StoredRun};
use crate::error::Error;
use crate::model::{Artifact, Job, JobStatus, Repo, Run, When};

/// How far apart artifacts are made that don't say when.
const SPACING: Duration = Duration::from_secs(1);
/// How long everything has been over that does not say when it was.
const SETTLED: Duration = Duration::from_secs(500);
const FIRST_WORKFLOW: i64 = 159_038;

impl State {
    /// Adds a repository with everything in it, and returns its id.
    ///
    /// # Errors
    ///
    /// When its name or id, or the id of anything in it, is taken.
    pub fn add_repo(&mut self, repo: Repo) -> Result<i64, Error> {
        let full = format!("{}/{}", repo.owner, repo.name);
        if self.repo(&repo.owner, &repo.name).is_some() {
            return Err(Error::new(format!("there are two repositories {full}")));
        }
        let id = repo.id.unwrap_or(self.next_repo);
        if self.repo_by_id(id).is_some() {
            return Err(Error::new(format!(
                "there are two repositories with id {id}"
            )));
        }
        self.next_repo = self.next_repo.max(id + 1);
        self.repos.push(StoredRepo {
            owner: repo.owner,
            name: repo.name,
            id,
            private: repo.private,
            former: repo.former,
            runs: BTreeMap::new(),
            artifacts: BTreeMap::new(),
        });
        // Those that don't say when they were made are spread over the time before now.
        let count =
            repo.artifacts.len() + repo.runs.iter().map(|r| r.artifacts.len()).sum::<usize>();
        let mut at = self.now() - SPACING * u32::try_from(count).unwrap_or(u32::MAX);
        for run in repo.runs {
            let artifacts = self.put_run(&full, run)?;
            for artifact in artifacts {
                self.put_artifact(&full, artifact, at)?;
                at += SPACING;
            }
        }
        for artifact in repo.artifacts {
            self.put_artifact(&full, artifact, at)?;
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
        let index = self.repo_index(repo)?;
        let Some(run) = self.repos[index].runs.get(&run_id) else {
            return Err(Error::new(format!("{repo} has no run {run_id}")));
        };
        if self.jobs.contains_key(&job.id) {
            return Err(taken_job(job.id));
        }
        let latest = run.attempt();
        self.put_job(index, run_id, latest, job);
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

    fn put_run(&mut self, repo: &str, mut run: Run) -> Result<Vec<Artifact>, Error> {
        let index = self.repo_index(repo)?;
        if self.repos.iter().any(|r| r.runs.contains_key(&run.id)) {
            return Err(Error::new(format!("there are two runs with id {}", run.id)));
        }
        let mut seen = HashSet::new();
        for job in run.attempts.iter().flat_map(|attempt| &attempt.jobs) {
            if !seen.insert(job.id) || self.jobs.contains_key(&job.id) {
                return Err(taken_job(job.id));
            }
        }
        let id = run.id;
        let attempts = std::mem::take(&mut run.attempts);
        let artifacts = std::mem::take(&mut run.artifacts);
        let now = self.now();
        let made = attempts.iter().flat_map(|attempt| &attempt.jobs);
        let made = made.map(|job| timetable(job, now)[0]).min();
        let created = match run.created {
            Some(when) => when.resolve(now),
            None => made.map_or(now - SETTLED, |made| made.min(now)),
        };
        let runs = &mut self.repos[index].runs;
        let same = runs
            .values()
            .filter(|r| r.spec.workflow_file == run.workflow_file);
        let same: Vec<i64> = same.map(|r| r.workflow_id).collect();
        let number = run.number.unwrap_or(1 + same.len() as i64);
        let last = runs.values().map(|r| r.workflow_id).max();
        let new = last.map_or(FIRST_WORKFLOW, |last| last + 1);
        let workflow_id = same.first().copied().unwrap_or(new);
        let made_up = u128::from(id.unsigned_abs()) * 0x9E37_79B9_7F4A_7C15_F39C;
        let head_sha = run.head_sha.clone().unwrap_or(format!("{made_up:040x}"));
        let check_suite_id = run.check_suite_id.unwrap_or(id + 1);
        runs.insert(
            id,
            StoredRun {
                id,
                spec: run,
                number,
                workflow_id,
                head_sha,
                check_suite_id,
                created,
                attempts: BTreeMap::new(),
            },
        );
        for attempt in attempts {
            if let Some(run) = self.repos[index].runs.get_mut(&id) {
                run.attempts.entry(attempt.number).or_default();
            }
            // Jobs of two attempts with one number become those of one attempt.
            for job in attempt.jobs {
                self.put_job(index, id, attempt.number, job);
            }
        }
        self.revision += 1;
        Ok(artifacts)
    }

    pub(super) fn put_job(&mut self, repo: usize, run: i64, attempt: i64, job: Job) {
        let [created, started, completed] = timetable(&job, self.now());
        self.revision += 1;
        let Some(stored) = self.repos[repo].runs.get_mut(&run) else {
            return;
        };
        let jobs = stored.attempts.entry(attempt).or_default();
        let position = jobs.len();
        self.jobs.insert(
            job.id,
            JobKey {
                repo,
                run,
                attempt,
                position,
            },
        );
        jobs.push(StoredJob {
            id: job.id,
            run,
            attempt,
            spec: job,
            created,
            started,
            completed,
        });
    }

    fn put_artifact(
        &mut self,
        repo: &str,
        spec: Artifact,
        default_time: SystemTime,
    ) -> Result<i64, Error> {
        let index = self.repo_index(repo)?;
        if let Some(run) = spec.run
            && !self.repos[index].runs.contains_key(&run)
        {
            return Err(Error::new(format!(
                "artifact {:?} is of run {run}, which {repo} does not have",
                spec.name
            )));
        }
        let id = spec.id.unwrap_or(self.next_artifact);
        if self.artifacts.contains_key(&id) {
            return Err(Error::new(format!("there are two artifacts with id {id}")));
        }
        self.next_artifact = self.next_artifact.max(id + 1);
        let created = spec
            .created
            .map_or(default_time, |when| when.resolve(self.now()));
        self.revision += 1;
        self.artifacts.insert(id, (index, (created, id)));
        self.repos[index].artifacts.insert(
            (created, id),
            StoredArtifact {
                id,
                spec,
                created,
                updated: created,
            },
        );
        Ok(id)
    }
}

fn taken_job(id: i64) -> Error {
    Error::new(format!("there are two jobs with id {id}"))
}

/// When a job is made, starts and is completed.
fn timetable(job: &Job, now: SystemTime) -> [SystemTime; 3] {
    let ago = match job.status {
        Some(JobStatus::InProgress) => job.queued_for + job.duration() / 2,
        _ => job.queued_for + job.duration() + SETTLED,
    };
    let created = job.created.unwrap_or(When::Ago(ago)).resolve(now);
    let started = created + job.queued_for;
    [created, started, started + job.duration()]
}
