//! Changes under way.

use std::sync::Arc;
use std::time::SystemTime;

use super::{State, no_artifact, no_job};
use crate::content::Content;
use crate::error::Error;
use crate::model::{Conclusion, Job, JobStatus, Log, Token, When};

impl State {
    /// Accepts a token from now on.
    pub fn add_token(&mut self, token: impl Into<Token>) {
        self.tokens.push(Arc::new(token.into()));
    }

    /// Refuses a token from now on: 401.
    pub fn revoke_token(&mut self, secret: &str) {
        self.tokens.retain(|token| token.secret != secret);
    }

    /// Deletes an artifact.
    ///
    /// # Errors
    ///
    /// When there is no artifact with this id.
    pub fn delete_artifact(&mut self, id: i64) -> Result<(), Error> {
        let (repo, key) = self.artifacts.remove(&id).ok_or_else(|| no_artifact(id))?;
        self.repos[repo].artifacts.remove(&key);
        self.revision += 1;
        Ok(())
    }

    /// Lets an artifact expire, whatever the clock says: 410 for its download.
    ///
    /// # Errors
    ///
    /// When there is no artifact with this id.
    pub fn expire_artifact(&mut self, id: i64) -> Result<(), Error> {
        self.artifact_mut(id)?.spec.expired = true;
        Ok(())
    }

    /// Gives an artifact another content, and with it another entity tag; its digest follows where
    /// it was the true one.
    ///
    /// # Errors
    ///
    /// When there is no artifact with this id.
    pub fn replace_content(&mut self, id: i64, content: Content) -> Result<(), Error> {
        let now = self.now();
        let artifact = self.artifact_mut(id)?;
        artifact.spec.content = content;
        artifact.updated = now;
        Ok(())
    }

    /// Lets a job be in progress, on a runner, until [`finish_job`](Self::finish_job).
    ///
    /// # Errors
    ///
    /// When there is no job with this id.
    pub fn start_job(&mut self, id: i64) -> Result<(), Error> {
        let now = self.now();
        let job = self.job_mut(id)?;
        job.spec.status = Some(JobStatus::InProgress);
        job.spec.has_runner = true;
        job.started = now;
        Ok(())
    }

    /// Completes a job now, and its steps; its log can be read from now on.
    ///
    /// # Errors
    ///
    /// When there is no job with this id.
    pub fn finish_job(&mut self, id: i64, conclusion: Conclusion) -> Result<(), Error> {
        let now = self.now();
        let job = self.job_mut(id)?;
        job.spec.status = None;
        job.spec.conclusion = conclusion;
        job.created = job.created.min(now);
        job.started = job.started.min(now);
        job.completed = now;
        Ok(())
    }

    /// Gives a job another status, whatever the clock says; [`finish_job`](Self::finish_job)
    /// completes it.
    ///
    /// # Errors
    ///
    /// When there is no job with this id.
    pub fn set_job_status(&mut self, id: i64, status: JobStatus) -> Result<(), Error> {
        self.job_mut(id)?.spec.status = Some(status);
        Ok(())
    }

    /// Runs a job of a completed run once more, as the API does: in a new attempt, to which the
    /// other jobs of the latest one are taken along. All have new ids; that of the job is returned.
    /// It is queued now, and comes to the conclusion that it came to before unless it is told
    /// another.
    ///
    /// # Errors
    ///
    /// When there is no job with this id, its run is not completed, or it is of an older attempt.
    pub fn rerun_job(&mut self, id: i64) -> Result<i64, Error> {
        let Some(key) = self.jobs.get(&id).copied() else {
            return Err(no_job(id));
        };
        let now = self.now();
        let run = self.repos[key.repo].runs.get(&key.run);
        let run = run.ok_or_else(|| no_job(id))?;
        let latest = run.attempt();
        if run.status(now) != JobStatus::Completed || key.attempt != latest {
            let message = format!("job {id} is of a run that goes on, or of an older attempt");
            return Err(Error::new(message));
        }
        let jobs = run.attempts[&latest].iter().map(|job| {
            let mut spec = job.spec.clone();
            if job.id == id {
                spec.has_runner = true;
                spec.created = Some(When::At(now));
            } else {
                let since = |at: SystemTime, start| at.duration_since(start).unwrap_or_default();
                spec.created = Some(When::At(job.created));
                spec.queued_for = since(job.started, job.created);
                spec.takes = Some(since(job.completed, job.started));
            }
            spec
        });
        let jobs: Vec<Job> = jobs.collect();
        let first = 1 + self.jobs.keys().max().copied().unwrap_or_default();
        for (mut job, new) in jobs.into_iter().zip(first..) {
            job.id = new;
            self.put_job(key.repo, key.run, latest + 1, job);
        }
        Ok(first + key.position as i64)
    }

    /// Gives a job another log.
    ///
    /// # Errors
    ///
    /// When there is no job with this id.
    pub fn set_job_log(&mut self, id: i64, log: Content) -> Result<(), Error> {
        self.job_mut(id)?.spec.log = Log::Given(log);
        Ok(())
    }

    /// Lets a job's log expire: 410.
    ///
    /// # Errors
    ///
    /// When there is no job with this id.
    pub fn expire_job_log(&mut self, id: i64) -> Result<(), Error> {
        self.job_mut(id)?.spec.log = Log::Expired;
        Ok(())
    }

    /// Renames or transfers a repository to `to`, `owner/name`. Requests for the old name are
    /// answered with a move: 301 for GET, 307 for other methods.
    ///
    /// # Errors
    ///
    /// When there is no such repository, or `to` is taken or not of that form.
    pub fn rename_repo(&mut self, repo: &str, to: &str) -> Result<(), Error> {
        let index = self.repo_index(repo)?;
        let Some((owner, name)) = to.split_once('/') else {
            return Err(Error::new(format!("{to:?} is not of the form owner/name")));
        };
        if self.repo(owner, name).is_some() {
            return Err(Error::new(format!("there is a repository {to} already")));
        }
        let repo = &mut self.repos[index];
        let old = repo.full_name();
        repo.former.push((old, None));
        repo.owner = owner.into();
        repo.name = name.into();
        self.revision += 1;
        Ok(())
    }
}
