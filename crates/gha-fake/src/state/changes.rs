//! Changes under way.

use super::{State, StoredJob, check_name, missing};
use crate::content::Content;
use crate::error::Error;
use crate::model::{Conclusion, JobStatus, Log, Token, When};

impl State {
    /// Accepts a token from now on.
    pub fn add_token(&mut self, token: impl Into<Token>) {
        self.tokens.push(token.into());
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
        let deleted = self.artifacts.remove(&id);
        deleted.map(drop).ok_or_else(|| missing("artifact", id))
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
        job.created = job.created.min(now);
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
    /// other jobs of the latest one are taken along, as they ended. All are made now and have new
    /// ids; that of the job is returned. It is queued now, and comes to the conclusion that it came
    /// to before unless it is told another.
    ///
    /// # Errors
    ///
    /// When there is no job with this id, its run is not completed, or it is of an older attempt.
    pub fn rerun_job(&mut self, id: i64) -> Result<i64, Error> {
        let now = self.now();
        let first = 1 + self.jobs.keys().max().copied().unwrap_or_default();
        let run = self.jobs.get(&id).and_then(|run| self.runs.get_mut(run));
        let run = run.ok_or_else(|| missing("job", id))?;
        let latest = run.attempt();
        let mut jobs = run.attempts.get(&latest).cloned().unwrap_or_default();
        let position = jobs.iter().position(|job| job.id == id);
        let (JobStatus::Completed, Some(position)) = (run.status(now), position) else {
            let message = format!("job {id} is of a run that goes on, or of an older attempt");
            return Err(Error::new(message));
        };
        let mut again = jobs[position].spec.clone();
        again.has_runner = true;
        again.created = Some(When::At(now));
        jobs[position] = StoredJob::new(again, latest, now);
        for (job, new) in jobs.iter_mut().zip(first..) {
            (job.id, job.attempt, job.created) = (new, latest + 1, now);
            self.jobs.insert(new, run.id);
        }
        let new = jobs[position].id;
        run.attempts.insert(latest + 1, jobs);
        Ok(new)
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
    /// When there is no such repository, or `to` is taken or no such name.
    pub fn rename_repo(&mut self, repo: &str, to: &str) -> Result<(), Error> {
        let id = self.known_repo(repo)?.id;
        check_name(to)?;
        if self.repo(to).is_some() {
            return Err(Error::new(format!("there is a repository {to} already")));
        }
        for repo in self.repos.iter_mut().filter(|repo| repo.id == id) {
            let old = std::mem::replace(&mut repo.name, to.to_owned());
            repo.former.push(old);
        }
        Ok(())
    }
}
