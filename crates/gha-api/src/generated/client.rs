// Written by `cargo xtask codegen`. Do not edit.

use std::time::Duration;

use gha_core::generated::{Request, split};
use gha_core::{Api, Error, Operation, RateLimit, RetryPolicy};

use super::operations;

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
        let [owner, repo] = split(text, "OWNER/REPO")?;
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

    /// Lists the artifacts of a repository, newest first, one page at a time.
    ///
    /// `GET /repos/{owner}/{repo}/actions/artifacts`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#list-artifacts-for-a-repository).
    pub fn list_artifacts(&self) -> operations::ListArtifacts {
        operations::ListArtifacts::new(self.clone())
    }

    /// Gets an artifact's description; its content is what `download_artifact` leads to.
    ///
    /// `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#get-an-artifact).
    pub fn get_artifact(&self, artifact_id: i64) -> operations::GetArtifact {
        operations::GetArtifact::new(self.clone(), artifact_id)
    }

    /// Deletes an artifact for good.
    ///
    /// `DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#delete-an-artifact).
    pub fn delete_artifact(&self, artifact_id: i64) -> operations::DeleteArtifact {
        operations::DeleteArtifact::new(self.clone(), artifact_id)
    }

    /// Gets the signed URL of an artifact's content.
    ///
    /// The URL is good for one minute. An expired artifact answers 410.
    ///
    /// `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#download-an-artifact).
    pub fn download_artifact(&self, artifact_id: i64) -> operations::DownloadArtifact {
        operations::DownloadArtifact::new(self.clone(), artifact_id)
    }

    /// Gets a job of a workflow run, with its steps.
    ///
    /// `GET /repos/{owner}/{repo}/actions/jobs/{job_id}`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-jobs#get-a-job-for-a-workflow-run).
    pub fn get_job(&self, job_id: i64) -> operations::GetJob {
        operations::GetJob::new(self.clone(), job_id)
    }

    /// Gets the signed URL of a job's log, a plain text file.
    ///
    /// The URL is good for one minute. A job that has not finished, or never started, answers 404; an
    /// expired log answers 410.
    ///
    /// `GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run).
    pub fn download_job_logs(&self, job_id: i64) -> operations::DownloadJobLogs {
        operations::DownloadJobLogs::new(self.clone(), job_id)
    }

    /// Lists the artifacts of a workflow run, one page at a time.
    ///
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#list-workflow-run-artifacts).
    pub fn list_run_artifacts(&self, run_id: i64) -> operations::ListRunArtifacts {
        operations::ListRunArtifacts::new(self.clone(), run_id)
    }

    /// Lists the jobs of one attempt of a workflow run, one page at a time.
    ///
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt).
    pub fn list_attempt_jobs(
        &self,
        run_id: i64,
        attempt_number: i64,
    ) -> operations::ListAttemptJobs {
        operations::ListAttemptJobs::new(self.clone(), run_id, attempt_number)
    }

    /// Lists the jobs of a workflow run, of its latest attempt or of all, one page at a time.
    ///
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run).
    pub fn list_run_jobs(&self, run_id: i64) -> operations::ListRunJobs {
        operations::ListRunJobs::new(self.clone(), run_id)
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
