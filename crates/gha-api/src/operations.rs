// Written by `cargo xtask codegen`. Do not edit.

impl crate::Client {
    /// Lists the artifacts of a repository, newest first, one page at a time.
    ///
    /// `GET /repos/{owner}/{repo}/actions/artifacts`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#list-artifacts-for-a-repository).
    pub fn list_artifacts_for_repo(&self) -> crate::builder::ListArtifactsForRepo {
        crate::builder::ListArtifactsForRepo::new(self)
    }

    /// Gets an artifact's description; its content is what `download_artifact` leads to.
    ///
    /// `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#get-an-artifact).
    pub fn get_artifact(&self) -> crate::builder::GetArtifact {
        crate::builder::GetArtifact::new(self)
    }

    /// Deletes an artifact for good.
    ///
    /// `DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#delete-an-artifact).
    pub fn delete_artifact(&self) -> crate::builder::DeleteArtifact {
        crate::builder::DeleteArtifact::new(self)
    }

    /// Gets the signed URL of an artifact's content.
    ///
    /// The URL is good for one minute. An expired artifact answers 410.
    ///
    /// `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#download-an-artifact).
    pub fn download_artifact(&self) -> crate::builder::DownloadArtifact {
        crate::builder::DownloadArtifact::new(self)
    }

    /// Gets a job of a workflow run, with its steps.
    ///
    /// `GET /repos/{owner}/{repo}/actions/jobs/{job_id}`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-jobs#get-a-job-for-a-workflow-run).
    pub fn get_job(&self) -> crate::builder::GetJob {
        crate::builder::GetJob::new(self)
    }

    /// Gets the signed URL of a job's log, a plain text file.
    ///
    /// The URL is good for one minute. A job that has not finished, or never started, answers 404; an
    /// expired log answers 410.
    ///
    /// `GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run).
    pub fn download_job_logs(&self) -> crate::builder::DownloadJobLogs {
        crate::builder::DownloadJobLogs::new(self)
    }

    /// Lists the artifacts of a workflow run, one page at a time.
    ///
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#list-workflow-run-artifacts).
    pub fn list_artifacts_for_run(&self) -> crate::builder::ListArtifactsForRun {
        crate::builder::ListArtifactsForRun::new(self)
    }

    /// Lists the jobs of one attempt of a workflow run, one page at a time.
    ///
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt).
    pub fn list_jobs_for_run_attempt(&self) -> crate::builder::ListJobsForRunAttempt {
        crate::builder::ListJobsForRunAttempt::new(self)
    }

    /// Lists the jobs of a workflow run, of its latest attempt or of all, one page at a time.
    ///
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run).
    pub fn list_jobs_for_run(&self) -> crate::builder::ListJobsForRun {
        crate::builder::ListJobsForRun::new(self)
    }
}
