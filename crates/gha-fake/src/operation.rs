use http::Method;

/// The operations of GitHub's REST API that the fake knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// `GET /repos/{owner}/{repo}/actions/artifacts`
    ListArtifacts,
    /// `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`
    GetArtifact,
    /// `DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`
    DeleteArtifact,
    /// `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}`
    DownloadArtifact,
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts`
    ListRunArtifacts,
    /// `GET /repos/{owner}/{repo}/actions/jobs/{job_id}`
    GetJob,
    /// `GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs`
    DownloadJobLogs,
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs`
    ListRunJobs,
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs`
    ListAttemptJobs,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::ListArtifacts,
        Self::GetArtifact,
        Self::DeleteArtifact,
        Self::DownloadArtifact,
        Self::ListRunArtifacts,
        Self::GetJob,
        Self::DownloadJobLogs,
        Self::ListRunJobs,
        Self::ListAttemptJobs,
    ];

    /// The `operationId` of [GitHub's description](https://github.com/github/rest-api-description).
    pub fn id(self) -> &'static str {
        match self {
            Self::ListArtifacts => "actions/list-artifacts-for-repo",
            Self::GetArtifact => "actions/get-artifact",
            Self::DeleteArtifact => "actions/delete-artifact",
            Self::DownloadArtifact => "actions/download-artifact",
            Self::ListRunArtifacts => "actions/list-workflow-run-artifacts",
            Self::GetJob => "actions/get-job-for-workflow-run",
            Self::DownloadJobLogs => "actions/download-job-logs-for-workflow-run",
            Self::ListRunJobs => "actions/list-jobs-for-workflow-run",
            Self::ListAttemptJobs => "actions/list-jobs-for-workflow-run-attempt",
        }
    }

    /// The HTTP method.
    pub fn method(self) -> Method {
        match self {
            Self::DeleteArtifact => Method::DELETE,
            _ => Method::GET,
        }
    }

    /// Whether it answers page by page.
    pub fn is_list(self) -> bool {
        matches!(
            self,
            Self::ListArtifacts
                | Self::ListRunArtifacts
                | Self::ListRunJobs
                | Self::ListAttemptJobs
        )
    }

    /// Whether it answers with a redirect to the blob store.
    pub fn is_download(self) -> bool {
        matches!(self, Self::DownloadArtifact | Self::DownloadJobLogs)
    }

    /// The path below the repository, segment by segment.
    pub(crate) fn path(self) -> &'static [&'static str] {
        match self {
            Self::ListArtifacts => &["actions", "artifacts"],
            Self::GetArtifact | Self::DeleteArtifact => &["actions", "artifacts", "{artifact_id}"],
            Self::DownloadArtifact => {
                &["actions", "artifacts", "{artifact_id}", "{archive_format}"]
            }
            Self::ListRunArtifacts => &["actions", "runs", "{run_id}", "artifacts"],
            Self::GetJob => &["actions", "jobs", "{job_id}"],
            Self::DownloadJobLogs => &["actions", "jobs", "{job_id}", "logs"],
            Self::ListRunJobs => &["actions", "runs", "{run_id}", "jobs"],
            Self::ListAttemptJobs => &[
                "actions",
                "runs",
                "{run_id}",
                "attempts",
                "{attempt_number}",
                "jobs",
            ],
        }
    }

    /// Where the documentation describes it, below the documentation's base.
    pub(crate) fn docs(self) -> &'static str {
        match self {
            Self::ListArtifacts => "/rest/actions/artifacts#list-artifacts-for-a-repository",
            Self::GetArtifact => "/rest/actions/artifacts#get-an-artifact",
            Self::DeleteArtifact => "/rest/actions/artifacts#delete-an-artifact",
            Self::DownloadArtifact => "/rest/actions/artifacts#download-an-artifact",
            Self::ListRunArtifacts => "/rest/actions/artifacts#list-workflow-run-artifacts",
            Self::GetJob => "/rest/actions/workflow-jobs#get-a-job-for-a-workflow-run",
            Self::DownloadJobLogs => {
                "/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run"
            }
            Self::ListRunJobs => "/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run",
            Self::ListAttemptJobs => {
                "/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt"
            }
        }
    }
}
