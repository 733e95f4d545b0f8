//! From the builders' descriptions to what is stored.

use std::collections::{BTreeMap, HashSet};
use std::time::{Duration, SystemTime};

use super::{JobKey, State, StoredArtifact, StoredJob, StoredRepo, StoredRun};
use crate::error::Error;
use crate::model::{
    Artifact, Attempt, Conclusion, Job, JobStatus, Repo, Run, Step, StepStatus, When,
};

/// How far apart artifacts are made that don't say when.
const SPACING: Duration = Duration::from_secs(1);

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
        let latest = run.attempts.keys().next_back().copied().unwrap_or(1);
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

    fn put_run(&mut self, repo: &str, run: Run) -> Result<Vec<Artifact>, Error> {
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
        let head_sha = run.head_sha.unwrap_or_else(|| {
            format!(
                "{:040x}",
                u128::from(run.id.unsigned_abs()) * 0x9E37_79B9_7F4A_7C15_F39C
            )
        });
        self.repos[index].runs.insert(
            run.id,
            StoredRun {
                id: run.id,
                workflow_name: run.workflow_name,
                head_branch: run.head_branch,
                head_sha,
                attempts: BTreeMap::new(),
            },
        );
        for attempt in run.attempts {
            self.put_attempt(index, run.id, attempt);
        }
        self.revision += 1;
        Ok(run.artifacts)
    }

    /// Jobs of two attempts with one number become those of one attempt.
    fn put_attempt(&mut self, repo: usize, run: i64, attempt: Attempt) {
        if let Some(run) = self.repos[repo].runs.get_mut(&run) {
            run.attempts.entry(attempt.number).or_default();
        }
        for job in attempt.jobs {
            self.put_job(repo, run, attempt.number, job);
        }
    }

    fn put_job(&mut self, repo: usize, run: i64, attempt: i64, job: Job) {
        let job = self.stored_job(run, attempt, job);
        let Some(run) = self.repos[repo].runs.get_mut(&run) else {
            return;
        };
        let jobs = run.attempts.entry(attempt).or_default();
        self.jobs.insert(
            job.id,
            JobKey {
                repo,
                run: run.id,
                attempt,
                position: jobs.len(),
            },
        );
        jobs.push(job);
    }

    fn stored_job(&mut self, run: i64, attempt: i64, mut job: Job) -> StoredJob {
        let now = self.now();
        let created = job
            .created
            .unwrap_or(When::Ago(Duration::from_secs(600)))
            .resolve(now);
        let started = job
            .started
            .map_or(created + Duration::from_secs(5), |when| when.resolve(now));
        if job.steps.is_empty() && job.runner.is_some() {
            job.steps = default_steps(&job.status, job.conclusion.as_ref());
        }
        let completed = (job.status == JobStatus::Completed).then(|| {
            job.completed
                .map_or_else(|| started + duration(&job.steps), |when| when.resolve(now))
        });
        self.revision += 1;
        self.added += 1;
        StoredJob {
            id: job.id,
            run,
            attempt,
            spec: job,
            created,
            started,
            completed,
            ordinal: self.added,
        }
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
        self.added += 1;
        self.artifacts.insert(id, (index, (created, id)));
        self.repos[index].artifacts.insert(
            (created, id),
            StoredArtifact {
                id,
                spec,
                created,
                updated: created,
                ordinal: self.added,
            },
        );
        Ok(id)
    }
}

fn taken_job(id: i64) -> Error {
    Error::new(format!("there are two jobs with id {id}"))
}

fn default_steps(status: &JobStatus, conclusion: Option<&Conclusion>) -> Vec<Step> {
    let thirty = Duration::from_secs(30);
    let first = Step::new("Set up job").duration(thirty);
    let middle = Step::new("Run make all").duration(thirty);
    let last = Step::new("Complete job").duration(thirty);
    match (status, conclusion) {
        (JobStatus::Completed, Some(conclusion)) => {
            vec![first, middle.concluded(conclusion.clone()), last]
        }
        (JobStatus::Completed, None) => vec![first, middle, last],
        (JobStatus::InProgress, _) => vec![
            first.concluded(Conclusion::Success),
            middle.status(StepStatus::InProgress),
            last.status(StepStatus::Queued),
        ],
        _ => Vec::new(),
    }
}

fn duration(steps: &[Step]) -> Duration {
    steps.iter().map(|step| step.duration).sum()
}
