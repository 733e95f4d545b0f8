// Written by `cargo xtask codegen`. Do not edit.

//! A builder for each operation: set what it may be given, then send it.

use gha_core::generated::Sealed;
use gha_core::{Api, Error, Operation, PageBody, Paginated, Redirected, Response, SignedUrl};
use http::Method;

use super::client::Repo;
use super::types;

impl Repo {
    /// Lists the artifacts of a repository, newest first, one page at a time.
    ///
    /// `GET /repos/{owner}/{repo}/actions/artifacts`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#list-artifacts-for-a-repository).
    pub fn list_artifacts(&self) -> ListArtifacts {
        ListArtifacts::new(self.clone())
    }

    /// Gets an artifact's description; its content is what `download_artifact` leads to.
    ///
    /// `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#get-an-artifact).
    pub fn get_artifact(&self, artifact_id: i64) -> GetArtifact {
        GetArtifact::new(self.clone(), artifact_id)
    }

    /// Deletes an artifact for good.
    ///
    /// `DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#delete-an-artifact).
    pub fn delete_artifact(&self, artifact_id: i64) -> DeleteArtifact {
        DeleteArtifact::new(self.clone(), artifact_id)
    }

    /// Gets the signed URL of an artifact's content.
    ///
    /// The URL is good for one minute. An expired artifact answers 410.
    ///
    /// `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#download-an-artifact).
    pub fn download_artifact(&self, artifact_id: i64) -> DownloadArtifact {
        DownloadArtifact::new(self.clone(), artifact_id)
    }

    /// Gets a job of a workflow run, with its steps.
    ///
    /// `GET /repos/{owner}/{repo}/actions/jobs/{job_id}`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-jobs#get-a-job-for-a-workflow-run).
    pub fn get_job(&self, job_id: i64) -> GetJob {
        GetJob::new(self.clone(), job_id)
    }

    /// Gets the signed URL of a job's log, a plain text file.
    ///
    /// The URL is good for one minute. A job that has not finished, or never started, answers 404; an
    /// expired log answers 410.
    ///
    /// `GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-jobs#download-job-logs-for-a-workflow-run).
    pub fn download_job_logs(&self, job_id: i64) -> DownloadJobLogs {
        DownloadJobLogs::new(self.clone(), job_id)
    }

    /// Runs a job of a completed run again, and the jobs that depend on it, in a new attempt.
    ///
    /// All jobs of the new attempt have new ids. A run that is not completed answers 403.
    ///
    /// `POST /repos/{owner}/{repo}/actions/jobs/{job_id}/rerun`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-runs#re-run-a-job-from-a-workflow-run).
    pub fn rerun_job(&self, job_id: i64) -> RerunJob {
        RerunJob::new(self.clone(), job_id)
    }

    /// Lists the workflow runs of a repository, newest first, one page at a time.
    ///
    /// With a filter, GitHub lists the first 1,000 that match.
    ///
    /// `GET /repos/{owner}/{repo}/actions/runs`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-runs#list-workflow-runs-for-a-repository).
    pub fn list_runs(&self) -> ListRuns {
        ListRuns::new(self.clone())
    }

    /// Gets a workflow run, in its latest attempt.
    ///
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-runs#get-a-workflow-run).
    pub fn get_run(&self, run_id: i64) -> GetRun {
        GetRun::new(self.clone(), run_id)
    }

    /// Lists the artifacts of a workflow run, one page at a time.
    ///
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts`, see [GitHub's documentation](https://docs.github.com/rest/actions/artifacts#list-workflow-run-artifacts).
    pub fn list_run_artifacts(&self, run_id: i64) -> ListRunArtifacts {
        ListRunArtifacts::new(self.clone(), run_id)
    }

    /// Lists the jobs of one attempt of a workflow run, one page at a time.
    ///
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run-attempt).
    pub fn list_attempt_jobs(
        &self,
        run_id: i64,
        attempt_number: i64,
    ) -> ListAttemptJobs {
        ListAttemptJobs::new(self.clone(), run_id, attempt_number)
    }

    /// Lists the jobs of a workflow run, of its latest attempt or of all, one page at a time.
    ///
    /// `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run).
    pub fn list_run_jobs(&self, run_id: i64) -> ListRunJobs {
        ListRunJobs::new(self.clone(), run_id)
    }

    /// Lists the runs of one workflow, newest first, one page at a time.
    ///
    /// With a filter, GitHub lists the first 1,000 that match.
    ///
    /// `GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs`, see [GitHub's documentation](https://docs.github.com/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow).
    pub fn list_workflow_runs(
        &self,
        workflow_id: impl Into<types::WorkflowId>,
    ) -> ListWorkflowRuns {
        ListWorkflowRuns::new(self.clone(), workflow_id)
    }
}

/// A request of [`Repo::list_artifacts`].
///
/// - `repo.list_artifacts().send().await?` is one page.
/// - `repo.list_artifacts().stream()` gives the items of all pages, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct ListArtifacts {
    handle: Repo,
    name: Option<String>,
    page: Option<i64>,
    per_page: Option<i64>,
}

impl ListArtifacts {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "list_artifacts",
        Method::GET,
        "/repos/{owner}/{repo}/actions/artifacts",
    );

    fn new(handle: Repo) -> Self {
        Self {
            handle,
            name: None,
            page: None,
            per_page: None,
        }
    }

    /// Only artifacts of exactly this name; the server filters.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The page, counted from 1.
    pub fn page(mut self, page: i64) -> Self {
        self.page = Some(page);
        self
    }

    /// Items on a page, at most 100; 30 if it is not set.
    pub fn per_page(mut self, per_page: i64) -> Self {
        self.per_page = Some(per_page);
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/artifacts`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::ArtifactPage>, Error> {
        self.handle
            .call(Self::OPERATION)
            .query("name", &self.name)
            .query("page", &self.page)
            .query("per_page", &self.per_page)
            .json()
            .await
    }
}

impl Sealed for ListArtifacts {}

impl Paginated for ListArtifacts {
    type Item = types::Artifact;

    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    fn page_number(&self) -> Option<i64> {
        self.page
    }

    fn with_page(self, page: i64) -> Self {
        self.page(page)
    }

    fn page_size(&self) -> Option<i64> {
        self.per_page
    }

    fn with_per_page(self, per_page: i64) -> Self {
        self.per_page(per_page)
    }

    async fn send_page(self) -> Result<Response<PageBody<Self::Item>>, Error> {
        Ok(
            self
                .send()
                .await?
                .map(|body| PageBody::new(Some(body.total_count), body.artifacts)),
        )
    }

    fn item_id(item: &Self::Item) -> Option<i64> {
        Some(item.id)
    }
}

/// A request of [`Repo::get_artifact`].
///
/// `repo.get_artifact(artifact_id).send().await?` is the `Artifact`.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct GetArtifact {
    handle: Repo,
    artifact_id: i64,
}

impl GetArtifact {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "get_artifact",
        Method::GET,
        "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}",
    );

    fn new(handle: Repo, artifact_id: i64) -> Self {
        Self { handle, artifact_id }
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::Artifact>, Error> {
        self.handle
            .call(Self::OPERATION)
            .path("artifact_id", &self.artifact_id)
            .json()
            .await
    }
}

/// A request of [`Repo::delete_artifact`].
///
/// `repo.delete_artifact(artifact_id).send().await?` sends it, and waits for the answer.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct DeleteArtifact {
    handle: Repo,
    artifact_id: i64,
}

impl DeleteArtifact {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "delete_artifact",
        Method::DELETE,
        "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}",
    );

    fn new(handle: Repo, artifact_id: i64) -> Self {
        Self { handle, artifact_id }
    }

    /// Sends `DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.handle
            .call(Self::OPERATION)
            .path("artifact_id", &self.artifact_id)
            .empty()
            .await
    }
}

/// A request of [`Repo::download_artifact`].
///
/// - `repo.download_artifact(artifact_id).send().await?` is the [`SignedUrl`] of the content.
/// - `repo.download_artifact(artifact_id).download().await?` opens the content, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct DownloadArtifact {
    handle: Repo,
    artifact_id: i64,
    archive_format: String,
}

impl DownloadArtifact {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "download_artifact",
        Method::GET,
        "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
    );

    fn new(handle: Repo, artifact_id: i64) -> Self {
        Self {
            handle,
            artifact_id,
            archive_format: "zip".into(),
        }
    }

    /// The format of the archive; `zip` is the only one.
    pub fn archive_format(mut self, archive_format: impl Into<String>) -> Self {
        self.archive_format = archive_format.into();
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<SignedUrl, Error> {
        match self
            .handle
            .call(Self::OPERATION)
            .path("artifact_id", &self.artifact_id)
            .path("archive_format", &self.archive_format)
            .redirect()
            .await
        {
            Err(error) if error.is_not_found() => Err(self.why_missing(error).await),
            url => url,
        }
    }
}

impl Sealed for DownloadArtifact {}

impl Redirected for DownloadArtifact {
    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    async fn send_redirect(self) -> Result<SignedUrl, Error> {
        self.send().await
    }

    async fn why_missing(self, missing: Error) -> Error {
        match self.handle.get_artifact(self.artifact_id).send().await {
            Ok(subject) => subject.why_missing(missing),
            Err(_) => missing,
        }
    }
}

/// A request of [`Repo::get_job`].
///
/// `repo.get_job(job_id).send().await?` is the `Job`.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct GetJob {
    handle: Repo,
    job_id: i64,
}

impl GetJob {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "get_job",
        Method::GET,
        "/repos/{owner}/{repo}/actions/jobs/{job_id}",
    );

    fn new(handle: Repo, job_id: i64) -> Self {
        Self { handle, job_id }
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/jobs/{job_id}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::Job>, Error> {
        self.handle.call(Self::OPERATION).path("job_id", &self.job_id).json().await
    }
}

/// A request of [`Repo::download_job_logs`].
///
/// - `repo.download_job_logs(job_id).send().await?` is the [`SignedUrl`] of the content.
/// - `repo.download_job_logs(job_id).download().await?` opens the content, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct DownloadJobLogs {
    handle: Repo,
    job_id: i64,
}

impl DownloadJobLogs {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "download_job_logs",
        Method::GET,
        "/repos/{owner}/{repo}/actions/jobs/{job_id}/logs",
    );

    fn new(handle: Repo, job_id: i64) -> Self {
        Self { handle, job_id }
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<SignedUrl, Error> {
        match self
            .handle
            .call(Self::OPERATION)
            .path("job_id", &self.job_id)
            .redirect()
            .await
        {
            Err(error) if error.is_not_found() => Err(self.why_missing(error).await),
            url => url,
        }
    }
}

impl Sealed for DownloadJobLogs {}

impl Redirected for DownloadJobLogs {
    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    async fn send_redirect(self) -> Result<SignedUrl, Error> {
        self.send().await
    }

    async fn why_missing(self, missing: Error) -> Error {
        match self.handle.get_job(self.job_id).send().await {
            Ok(subject) => subject.why_missing(missing),
            Err(_) => missing,
        }
    }
}

/// A request of [`Repo::rerun_job`].
///
/// `repo.rerun_job(job_id).send().await?` sends it, and waits for the answer.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct RerunJob {
    handle: Repo,
    job_id: i64,
    body: Option<types::RerunJobOptions>,
}

impl RerunJob {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "rerun_job",
        Method::POST,
        "/repos/{owner}/{repo}/actions/jobs/{job_id}/rerun",
    );

    fn new(handle: Repo, job_id: i64) -> Self {
        Self { handle, job_id, body: None }
    }

    /// The body of the request.
    pub fn body(mut self, body: types::RerunJobOptions) -> Self {
        self.body = Some(body);
        self
    }

    /// Sends `POST /repos/{owner}/{repo}/actions/jobs/{job_id}/rerun`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<()>, Error> {
        self.handle
            .call(Self::OPERATION)
            .path("job_id", &self.job_id)
            .body(&self.body)
            .empty()
            .await
    }
}

/// A request of [`Repo::list_runs`].
///
/// - `repo.list_runs().send().await?` is one page.
/// - `repo.list_runs().stream()` gives the items of all pages, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct ListRuns {
    handle: Repo,
    actor: Option<String>,
    branch: Option<String>,
    check_suite_id: Option<i64>,
    created: Option<String>,
    event: Option<String>,
    exclude_pull_requests: Option<bool>,
    head_sha: Option<String>,
    page: Option<i64>,
    per_page: Option<i64>,
    status: Option<String>,
}

impl ListRuns {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "list_runs",
        Method::GET,
        "/repos/{owner}/{repo}/actions/runs",
    );

    fn new(handle: Repo) -> Self {
        Self {
            handle,
            actor: None,
            branch: None,
            check_suite_id: None,
            created: None,
            event: None,
            exclude_pull_requests: None,
            head_sha: None,
            page: None,
            per_page: None,
            status: None,
        }
    }

    /// Only runs that this account started, by its login.
    pub fn actor(mut self, actor: impl Into<String>) -> Self {
        self.actor = Some(actor.into());
        self
    }

    /// Only runs for this branch.
    pub fn branch(mut self, branch: impl Into<String>) -> Self {
        self.branch = Some(branch.into());
        self
    }

    /// Only the run of this check suite.
    pub fn check_suite_id(mut self, check_suite_id: i64) -> Self {
        self.check_suite_id = Some(check_suite_id);
        self
    }

    /// Only runs made then: a day, a time, or a range such as `2024-01-01..2024-02-01` or `>=2024-01-01`, in
    /// the [syntax of searches](https://docs.github.com/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax#query-for-dates).
    pub fn created(mut self, created: impl Into<String>) -> Self {
        self.created = Some(created.into());
        self
    }

    /// Only runs that this event started, such as `push` or `pull_request`.
    pub fn event(mut self, event: impl Into<String>) -> Self {
        self.event = Some(event.into());
        self
    }

    /// Leaves `pull_requests` of each run empty.
    pub fn exclude_pull_requests(mut self, exclude_pull_requests: bool) -> Self {
        self.exclude_pull_requests = Some(exclude_pull_requests);
        self
    }

    /// Only runs for this commit.
    pub fn head_sha(mut self, head_sha: impl Into<String>) -> Self {
        self.head_sha = Some(head_sha.into());
        self
    }

    /// The page, counted from 1.
    pub fn page(mut self, page: i64) -> Self {
        self.page = Some(page);
        self
    }

    /// Items on a page, at most 100; 30 if it is not set.
    pub fn per_page(mut self, per_page: i64) -> Self {
        self.per_page = Some(per_page);
        self
    }

    /// Only runs of this status or conclusion, such as `in_progress` or `failure`.
    pub fn status(mut self, status: impl Into<String>) -> Self {
        self.status = Some(status.into());
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/runs`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::WorkflowRunPage>, Error> {
        self.handle
            .call(Self::OPERATION)
            .query("actor", &self.actor)
            .query("branch", &self.branch)
            .query("check_suite_id", &self.check_suite_id)
            .query("created", &self.created)
            .query("event", &self.event)
            .query("exclude_pull_requests", &self.exclude_pull_requests)
            .query("head_sha", &self.head_sha)
            .query("page", &self.page)
            .query("per_page", &self.per_page)
            .query("status", &self.status)
            .json()
            .await
    }
}

impl Sealed for ListRuns {}

impl Paginated for ListRuns {
    type Item = types::WorkflowRun;

    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    fn page_number(&self) -> Option<i64> {
        self.page
    }

    fn with_page(self, page: i64) -> Self {
        self.page(page)
    }

    fn page_size(&self) -> Option<i64> {
        self.per_page
    }

    fn with_per_page(self, per_page: i64) -> Self {
        self.per_page(per_page)
    }

    async fn send_page(self) -> Result<Response<PageBody<Self::Item>>, Error> {
        Ok(
            self
                .send()
                .await?
                .map(|body| PageBody::new(Some(body.total_count), body.workflow_runs)),
        )
    }

    fn item_id(item: &Self::Item) -> Option<i64> {
        Some(item.id)
    }
}

/// A request of [`Repo::get_run`].
///
/// `repo.get_run(run_id).send().await?` is the `WorkflowRun`.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct GetRun {
    handle: Repo,
    run_id: i64,
    exclude_pull_requests: Option<bool>,
}

impl GetRun {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "get_run",
        Method::GET,
        "/repos/{owner}/{repo}/actions/runs/{run_id}",
    );

    fn new(handle: Repo, run_id: i64) -> Self {
        Self {
            handle,
            run_id,
            exclude_pull_requests: None,
        }
    }

    /// Leaves `pull_requests` of each run empty.
    pub fn exclude_pull_requests(mut self, exclude_pull_requests: bool) -> Self {
        self.exclude_pull_requests = Some(exclude_pull_requests);
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/runs/{run_id}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::WorkflowRun>, Error> {
        self.handle
            .call(Self::OPERATION)
            .path("run_id", &self.run_id)
            .query("exclude_pull_requests", &self.exclude_pull_requests)
            .json()
            .await
    }
}

/// A request of [`Repo::list_run_artifacts`].
///
/// - `repo.list_run_artifacts(run_id).send().await?` is one page.
/// - `repo.list_run_artifacts(run_id).stream()` gives the items of all pages, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct ListRunArtifacts {
    handle: Repo,
    run_id: i64,
    direction: Option<types::Direction>,
    name: Option<String>,
    page: Option<i64>,
    per_page: Option<i64>,
}

impl ListRunArtifacts {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "list_run_artifacts",
        Method::GET,
        "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts",
    );

    fn new(handle: Repo, run_id: i64) -> Self {
        Self {
            handle,
            run_id,
            direction: None,
            name: None,
            page: None,
            per_page: None,
        }
    }

    /// The order of creation, newest first if it is not set.
    pub fn direction(mut self, direction: types::Direction) -> Self {
        self.direction = Some(direction);
        self
    }

    /// Only artifacts of exactly this name; the server filters.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The page, counted from 1.
    pub fn page(mut self, page: i64) -> Self {
        self.page = Some(page);
        self
    }

    /// Items on a page, at most 100; 30 if it is not set.
    pub fn per_page(mut self, per_page: i64) -> Self {
        self.per_page = Some(per_page);
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::ArtifactPage>, Error> {
        self.handle
            .call(Self::OPERATION)
            .path("run_id", &self.run_id)
            .query("direction", &self.direction)
            .query("name", &self.name)
            .query("page", &self.page)
            .query("per_page", &self.per_page)
            .json()
            .await
    }
}

impl Sealed for ListRunArtifacts {}

impl Paginated for ListRunArtifacts {
    type Item = types::Artifact;

    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    fn page_number(&self) -> Option<i64> {
        self.page
    }

    fn with_page(self, page: i64) -> Self {
        self.page(page)
    }

    fn page_size(&self) -> Option<i64> {
        self.per_page
    }

    fn with_per_page(self, per_page: i64) -> Self {
        self.per_page(per_page)
    }

    async fn send_page(self) -> Result<Response<PageBody<Self::Item>>, Error> {
        Ok(
            self
                .send()
                .await?
                .map(|body| PageBody::new(Some(body.total_count), body.artifacts)),
        )
    }

    fn item_id(item: &Self::Item) -> Option<i64> {
        Some(item.id)
    }
}

/// A request of [`Repo::list_attempt_jobs`].
///
/// - `repo.list_attempt_jobs(run_id, attempt_number).send().await?` is one page.
/// - `repo.list_attempt_jobs(run_id, attempt_number).stream()` gives the items of all pages, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct ListAttemptJobs {
    handle: Repo,
    run_id: i64,
    attempt_number: i64,
    page: Option<i64>,
    per_page: Option<i64>,
}

impl ListAttemptJobs {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "list_attempt_jobs",
        Method::GET,
        "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs",
    );

    fn new(handle: Repo, run_id: i64, attempt_number: i64) -> Self {
        Self {
            handle,
            run_id,
            attempt_number,
            page: None,
            per_page: None,
        }
    }

    /// The page, counted from 1.
    pub fn page(mut self, page: i64) -> Self {
        self.page = Some(page);
        self
    }

    /// Items on a page, at most 100; 30 if it is not set.
    pub fn per_page(mut self, per_page: i64) -> Self {
        self.per_page = Some(per_page);
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::JobPage>, Error> {
        self.handle
            .call(Self::OPERATION)
            .path("run_id", &self.run_id)
            .path("attempt_number", &self.attempt_number)
            .query("page", &self.page)
            .query("per_page", &self.per_page)
            .json()
            .await
    }
}

impl Sealed for ListAttemptJobs {}

impl Paginated for ListAttemptJobs {
    type Item = types::Job;

    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    fn page_number(&self) -> Option<i64> {
        self.page
    }

    fn with_page(self, page: i64) -> Self {
        self.page(page)
    }

    fn page_size(&self) -> Option<i64> {
        self.per_page
    }

    fn with_per_page(self, per_page: i64) -> Self {
        self.per_page(per_page)
    }

    async fn send_page(self) -> Result<Response<PageBody<Self::Item>>, Error> {
        Ok(
            self
                .send()
                .await?
                .map(|body| PageBody::new(Some(body.total_count), body.jobs)),
        )
    }

    fn item_id(item: &Self::Item) -> Option<i64> {
        Some(item.id)
    }
}

/// A request of [`Repo::list_run_jobs`].
///
/// - `repo.list_run_jobs(run_id).send().await?` is one page.
/// - `repo.list_run_jobs(run_id).stream()` gives the items of all pages, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct ListRunJobs {
    handle: Repo,
    run_id: i64,
    filter: Option<types::JobFilter>,
    page: Option<i64>,
    per_page: Option<i64>,
}

impl ListRunJobs {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "list_run_jobs",
        Method::GET,
        "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
    );

    fn new(handle: Repo, run_id: i64) -> Self {
        Self {
            handle,
            run_id,
            filter: None,
            page: None,
            per_page: None,
        }
    }

    /// Jobs of the latest attempt, or of all; the latest if it is not set.
    pub fn filter(mut self, filter: types::JobFilter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// The page, counted from 1.
    pub fn page(mut self, page: i64) -> Self {
        self.page = Some(page);
        self
    }

    /// Items on a page, at most 100; 30 if it is not set.
    pub fn per_page(mut self, per_page: i64) -> Self {
        self.per_page = Some(per_page);
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::JobPage>, Error> {
        self.handle
            .call(Self::OPERATION)
            .path("run_id", &self.run_id)
            .query("filter", &self.filter)
            .query("page", &self.page)
            .query("per_page", &self.per_page)
            .json()
            .await
    }
}

impl Sealed for ListRunJobs {}

impl Paginated for ListRunJobs {
    type Item = types::Job;

    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    fn page_number(&self) -> Option<i64> {
        self.page
    }

    fn with_page(self, page: i64) -> Self {
        self.page(page)
    }

    fn page_size(&self) -> Option<i64> {
        self.per_page
    }

    fn with_per_page(self, per_page: i64) -> Self {
        self.per_page(per_page)
    }

    async fn send_page(self) -> Result<Response<PageBody<Self::Item>>, Error> {
        Ok(
            self
                .send()
                .await?
                .map(|body| PageBody::new(Some(body.total_count), body.jobs)),
        )
    }

    fn item_id(item: &Self::Item) -> Option<i64> {
        Some(item.id)
    }
}

/// A request of [`Repo::list_workflow_runs`].
///
/// - `repo.list_workflow_runs(workflow_id).send().await?` is one page.
/// - `repo.list_workflow_runs(workflow_id).stream()` gives the items of all pages, with [`gha-client`](https://docs.rs/gha-client).
#[derive(Clone, Debug)]
#[must_use = "nothing is sent yet"]
pub struct ListWorkflowRuns {
    handle: Repo,
    workflow_id: types::WorkflowId,
    actor: Option<String>,
    branch: Option<String>,
    check_suite_id: Option<i64>,
    created: Option<String>,
    event: Option<String>,
    exclude_pull_requests: Option<bool>,
    head_sha: Option<String>,
    page: Option<i64>,
    per_page: Option<i64>,
    status: Option<String>,
}

impl ListWorkflowRuns {
    /// The operation that this builder requests.
    pub const OPERATION: &'static Operation = &Operation::new(
        "list_workflow_runs",
        Method::GET,
        "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs",
    );

    fn new(handle: Repo, workflow_id: impl Into<types::WorkflowId>) -> Self {
        Self {
            handle,
            workflow_id: workflow_id.into(),
            actor: None,
            branch: None,
            check_suite_id: None,
            created: None,
            event: None,
            exclude_pull_requests: None,
            head_sha: None,
            page: None,
            per_page: None,
            status: None,
        }
    }

    /// Only runs that this account started, by its login.
    pub fn actor(mut self, actor: impl Into<String>) -> Self {
        self.actor = Some(actor.into());
        self
    }

    /// Only runs for this branch.
    pub fn branch(mut self, branch: impl Into<String>) -> Self {
        self.branch = Some(branch.into());
        self
    }

    /// Only the run of this check suite.
    pub fn check_suite_id(mut self, check_suite_id: i64) -> Self {
        self.check_suite_id = Some(check_suite_id);
        self
    }

    /// Only runs made then: a day, a time, or a range such as `2024-01-01..2024-02-01` or `>=2024-01-01`, in
    /// the [syntax of searches](https://docs.github.com/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax#query-for-dates).
    pub fn created(mut self, created: impl Into<String>) -> Self {
        self.created = Some(created.into());
        self
    }

    /// Only runs that this event started, such as `push` or `pull_request`.
    pub fn event(mut self, event: impl Into<String>) -> Self {
        self.event = Some(event.into());
        self
    }

    /// Leaves `pull_requests` of each run empty.
    pub fn exclude_pull_requests(mut self, exclude_pull_requests: bool) -> Self {
        self.exclude_pull_requests = Some(exclude_pull_requests);
        self
    }

    /// Only runs for this commit.
    pub fn head_sha(mut self, head_sha: impl Into<String>) -> Self {
        self.head_sha = Some(head_sha.into());
        self
    }

    /// The page, counted from 1.
    pub fn page(mut self, page: i64) -> Self {
        self.page = Some(page);
        self
    }

    /// Items on a page, at most 100; 30 if it is not set.
    pub fn per_page(mut self, per_page: i64) -> Self {
        self.per_page = Some(per_page);
        self
    }

    /// Only runs of this status or conclusion, such as `in_progress` or `failure`.
    pub fn status(mut self, status: impl Into<String>) -> Self {
        self.status = Some(status.into());
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an argument is unusable, before anything is sent; else see [`Error`].
    pub async fn send(self) -> Result<Response<types::WorkflowRunPage>, Error> {
        self.handle
            .call(Self::OPERATION)
            .path("workflow_id", &self.workflow_id)
            .query("actor", &self.actor)
            .query("branch", &self.branch)
            .query("check_suite_id", &self.check_suite_id)
            .query("created", &self.created)
            .query("event", &self.event)
            .query("exclude_pull_requests", &self.exclude_pull_requests)
            .query("head_sha", &self.head_sha)
            .query("page", &self.page)
            .query("per_page", &self.per_page)
            .query("status", &self.status)
            .json()
            .await
    }
}

impl Sealed for ListWorkflowRuns {}

impl Paginated for ListWorkflowRuns {
    type Item = types::WorkflowRun;

    fn api(&self) -> &Api {
        self.handle.api()
    }

    fn operation(&self) -> &'static Operation {
        Self::OPERATION
    }

    fn page_number(&self) -> Option<i64> {
        self.page
    }

    fn with_page(self, page: i64) -> Self {
        self.page(page)
    }

    fn page_size(&self) -> Option<i64> {
        self.per_page
    }

    fn with_per_page(self, per_page: i64) -> Self {
        self.per_page(per_page)
    }

    async fn send_page(self) -> Result<Response<PageBody<Self::Item>>, Error> {
        Ok(
            self
                .send()
                .await?
                .map(|body| PageBody::new(Some(body.total_count), body.workflow_runs)),
        )
    }

    fn item_id(item: &Self::Item) -> Option<i64> {
        Some(item.id)
    }
}
