// Written by `cargo xtask codegen`. Do not edit.

//! A builder for each operation: set its parameters, then send it.

/// A request of [`list_artifacts_for_repo`](crate::Client::list_artifacts_for_repo).
#[derive(Debug, Clone)]
pub struct ListArtifactsForRepo {
    client: crate::Client,
    owner: Result<String, String>,
    repo: Result<String, String>,
    name: Result<Option<String>, String>,
    page: Result<Option<i64>, String>,
    per_page: Result<Option<i64>, String>,
}

impl ListArtifactsForRepo {
    /// The operation that this builder requests.
    pub const OPERATION: &'static crate::Operation = &crate::Operation::new(
        "list_artifacts_for_repo",
        "GET",
        "/repos/{owner}/{repo}/actions/artifacts",
    );
    pub(crate) fn new(client: &crate::Client) -> Self {
        Self {
            client: client.clone(),
            owner: Err("`owner` is missing".to_string()),
            repo: Err("`repo` is missing".to_string()),
            name: Ok(None),
            page: Ok(None),
            per_page: Ok(None),
        }
    }

    /// The account that owns the repository; case is ignored.
    pub fn owner<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.owner = value
            .try_into()
            .map_err(|_| "`owner` is not a valid String".to_string());
        self
    }

    /// The name of the repository, without `.git`; case is ignored.
    pub fn repo<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.repo = value
            .try_into()
            .map_err(|_| "`repo` is not a valid String".to_string());
        self
    }

    /// Only artifacts of exactly this name; the server filters.
    pub fn name<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.name = value
            .try_into()
            .map(Some)
            .map_err(|_| "`name` is not a valid String".to_string());
        self
    }

    /// The page, counted from 1.
    pub fn page<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.page = value
            .try_into()
            .map(Some)
            .map_err(|_| "`page` is not a valid i64".to_string());
        self
    }

    /// Items on a page, at most 100; 30 if it is not set.
    pub fn per_page<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.per_page = value
            .try_into()
            .map(Some)
            .map_err(|_| "`per_page` is not a valid i64".to_string());
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/artifacts`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if an argument is missing or unusable, before anything is sent; else see [`Error`](crate::Error).
    pub async fn send(
        self,
    ) -> Result<crate::Response<crate::types::ArtifactPage>, crate::Error> {
        let Self { client, owner, repo, name, page, per_page } = self;
        let owner = Self::OPERATION.argument(owner)?;
        let repo = Self::OPERATION.argument(repo)?;
        let name = Self::OPERATION.argument(name)?;
        let page = Self::OPERATION.argument(page)?;
        let per_page = Self::OPERATION.argument(per_page)?;
        let owner = Self::OPERATION.segment("owner", &owner)?;
        let repo = Self::OPERATION.segment("repo", &repo)?;
        let url = format!("/repos/{owner}/{repo}/actions/artifacts");
        client
            .request(Self::OPERATION, ::http::Method::GET, &url)
            .query("name", &name)
            .query("page", &page)
            .query("per_page", &per_page)
            .decode::<crate::types::ArtifactPage>()
            .await
    }
}

/// A request of [`get_artifact`](crate::Client::get_artifact).
#[derive(Debug, Clone)]
pub struct GetArtifact {
    client: crate::Client,
    owner: Result<String, String>,
    repo: Result<String, String>,
    artifact_id: Result<i64, String>,
}

impl GetArtifact {
    /// The operation that this builder requests.
    pub const OPERATION: &'static crate::Operation = &crate::Operation::new(
        "get_artifact",
        "GET",
        "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}",
    );
    pub(crate) fn new(client: &crate::Client) -> Self {
        Self {
            client: client.clone(),
            owner: Err("`owner` is missing".to_string()),
            repo: Err("`repo` is missing".to_string()),
            artifact_id: Err("`artifact_id` is missing".to_string()),
        }
    }

    /// The account that owns the repository; case is ignored.
    pub fn owner<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.owner = value
            .try_into()
            .map_err(|_| "`owner` is not a valid String".to_string());
        self
    }

    /// The name of the repository, without `.git`; case is ignored.
    pub fn repo<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.repo = value
            .try_into()
            .map_err(|_| "`repo` is not a valid String".to_string());
        self
    }

    /// The id of the artifact.
    pub fn artifact_id<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.artifact_id = value
            .try_into()
            .map_err(|_| "`artifact_id` is not a valid i64".to_string());
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if an argument is missing or unusable, before anything is sent; else see [`Error`](crate::Error).
    pub async fn send(
        self,
    ) -> Result<crate::Response<crate::types::Artifact>, crate::Error> {
        let Self { client, owner, repo, artifact_id } = self;
        let owner = Self::OPERATION.argument(owner)?;
        let repo = Self::OPERATION.argument(repo)?;
        let artifact_id = Self::OPERATION.argument(artifact_id)?;
        let owner = Self::OPERATION.segment("owner", &owner)?;
        let repo = Self::OPERATION.segment("repo", &repo)?;
        let artifact_id = Self::OPERATION.segment("artifact_id", &artifact_id)?;
        let url = format!("/repos/{owner}/{repo}/actions/artifacts/{artifact_id}");
        client
            .request(Self::OPERATION, ::http::Method::GET, &url)
            .decode::<crate::types::Artifact>()
            .await
    }
}

/// A request of [`delete_artifact`](crate::Client::delete_artifact).
#[derive(Debug, Clone)]
pub struct DeleteArtifact {
    client: crate::Client,
    owner: Result<String, String>,
    repo: Result<String, String>,
    artifact_id: Result<i64, String>,
}

impl DeleteArtifact {
    /// The operation that this builder requests.
    pub const OPERATION: &'static crate::Operation = &crate::Operation::new(
        "delete_artifact",
        "DELETE",
        "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}",
    );
    pub(crate) fn new(client: &crate::Client) -> Self {
        Self {
            client: client.clone(),
            owner: Err("`owner` is missing".to_string()),
            repo: Err("`repo` is missing".to_string()),
            artifact_id: Err("`artifact_id` is missing".to_string()),
        }
    }

    /// The account that owns the repository; case is ignored.
    pub fn owner<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.owner = value
            .try_into()
            .map_err(|_| "`owner` is not a valid String".to_string());
        self
    }

    /// The name of the repository, without `.git`; case is ignored.
    pub fn repo<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.repo = value
            .try_into()
            .map_err(|_| "`repo` is not a valid String".to_string());
        self
    }

    /// The id of the artifact.
    pub fn artifact_id<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.artifact_id = value
            .try_into()
            .map_err(|_| "`artifact_id` is not a valid i64".to_string());
        self
    }

    /// Sends `DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if an argument is missing or unusable, before anything is sent; else see [`Error`](crate::Error).
    pub async fn send(self) -> Result<crate::Response<()>, crate::Error> {
        let Self { client, owner, repo, artifact_id } = self;
        let owner = Self::OPERATION.argument(owner)?;
        let repo = Self::OPERATION.argument(repo)?;
        let artifact_id = Self::OPERATION.argument(artifact_id)?;
        let owner = Self::OPERATION.segment("owner", &owner)?;
        let repo = Self::OPERATION.segment("repo", &repo)?;
        let artifact_id = Self::OPERATION.segment("artifact_id", &artifact_id)?;
        let url = format!("/repos/{owner}/{repo}/actions/artifacts/{artifact_id}");
        client.request(Self::OPERATION, ::http::Method::DELETE, &url).empty().await
    }
}

/// A request of [`download_artifact`](crate::Client::download_artifact).
#[derive(Debug, Clone)]
pub struct DownloadArtifact {
    client: crate::Client,
    owner: Result<String, String>,
    repo: Result<String, String>,
    artifact_id: Result<i64, String>,
    archive_format: Result<String, String>,
}

impl DownloadArtifact {
    /// The operation that this builder requests.
    pub const OPERATION: &'static crate::Operation = &crate::Operation::new(
        "download_artifact",
        "GET",
        "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}",
    );
    pub(crate) fn new(client: &crate::Client) -> Self {
        Self {
            client: client.clone(),
            owner: Err("`owner` is missing".to_string()),
            repo: Err("`repo` is missing".to_string()),
            artifact_id: Err("`artifact_id` is missing".to_string()),
            archive_format: Err("`archive_format` is missing".to_string()),
        }
    }

    /// The account that owns the repository; case is ignored.
    pub fn owner<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.owner = value
            .try_into()
            .map_err(|_| "`owner` is not a valid String".to_string());
        self
    }

    /// The name of the repository, without `.git`; case is ignored.
    pub fn repo<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.repo = value
            .try_into()
            .map_err(|_| "`repo` is not a valid String".to_string());
        self
    }

    /// The id of the artifact.
    pub fn artifact_id<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.artifact_id = value
            .try_into()
            .map_err(|_| "`artifact_id` is not a valid i64".to_string());
        self
    }

    /// The format of the archive; `zip` is the only one.
    pub fn archive_format<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.archive_format = value
            .try_into()
            .map_err(|_| "`archive_format` is not a valid String".to_string());
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if an argument is missing or unusable, before anything is sent; else see [`Error`](crate::Error).
    pub async fn send(self) -> Result<crate::SignedUrl, crate::Error> {
        match self.clone().request_signed_url().await {
            Ok(url) => Ok(url),
            Err(error) => Err(crate::runtime::traits::explained(error, self).await),
        }
    }

    async fn request_signed_url(self) -> Result<crate::SignedUrl, crate::Error> {
        let Self { client, owner, repo, artifact_id, archive_format } = self;
        let owner = Self::OPERATION.argument(owner)?;
        let repo = Self::OPERATION.argument(repo)?;
        let artifact_id = Self::OPERATION.argument(artifact_id)?;
        let archive_format = Self::OPERATION.argument(archive_format)?;
        let owner = Self::OPERATION.segment("owner", &owner)?;
        let repo = Self::OPERATION.segment("repo", &repo)?;
        let artifact_id = Self::OPERATION.segment("artifact_id", &artifact_id)?;
        let archive_format = Self::OPERATION.segment("archive_format", &archive_format)?;
        let url = format!(
            "/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}"
        );
        client.request(Self::OPERATION, ::http::Method::GET, &url).redirect().await
    }
}

/// A request of [`get_job`](crate::Client::get_job).
#[derive(Debug, Clone)]
pub struct GetJob {
    client: crate::Client,
    owner: Result<String, String>,
    repo: Result<String, String>,
    job_id: Result<i64, String>,
}

impl GetJob {
    /// The operation that this builder requests.
    pub const OPERATION: &'static crate::Operation = &crate::Operation::new(
        "get_job",
        "GET",
        "/repos/{owner}/{repo}/actions/jobs/{job_id}",
    );
    pub(crate) fn new(client: &crate::Client) -> Self {
        Self {
            client: client.clone(),
            owner: Err("`owner` is missing".to_string()),
            repo: Err("`repo` is missing".to_string()),
            job_id: Err("`job_id` is missing".to_string()),
        }
    }

    /// The account that owns the repository; case is ignored.
    pub fn owner<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.owner = value
            .try_into()
            .map_err(|_| "`owner` is not a valid String".to_string());
        self
    }

    /// The name of the repository, without `.git`; case is ignored.
    pub fn repo<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.repo = value
            .try_into()
            .map_err(|_| "`repo` is not a valid String".to_string());
        self
    }

    /// The id of the job, which is also the id of its check run.
    pub fn job_id<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.job_id = value
            .try_into()
            .map_err(|_| "`job_id` is not a valid i64".to_string());
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/jobs/{job_id}`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if an argument is missing or unusable, before anything is sent; else see [`Error`](crate::Error).
    pub async fn send(self) -> Result<crate::Response<crate::types::Job>, crate::Error> {
        let Self { client, owner, repo, job_id } = self;
        let owner = Self::OPERATION.argument(owner)?;
        let repo = Self::OPERATION.argument(repo)?;
        let job_id = Self::OPERATION.argument(job_id)?;
        let owner = Self::OPERATION.segment("owner", &owner)?;
        let repo = Self::OPERATION.segment("repo", &repo)?;
        let job_id = Self::OPERATION.segment("job_id", &job_id)?;
        let url = format!("/repos/{owner}/{repo}/actions/jobs/{job_id}");
        client
            .request(Self::OPERATION, ::http::Method::GET, &url)
            .decode::<crate::types::Job>()
            .await
    }
}

/// A request of [`download_job_logs`](crate::Client::download_job_logs).
#[derive(Debug, Clone)]
pub struct DownloadJobLogs {
    client: crate::Client,
    owner: Result<String, String>,
    repo: Result<String, String>,
    job_id: Result<i64, String>,
}

impl DownloadJobLogs {
    /// The operation that this builder requests.
    pub const OPERATION: &'static crate::Operation = &crate::Operation::new(
        "download_job_logs",
        "GET",
        "/repos/{owner}/{repo}/actions/jobs/{job_id}/logs",
    );
    pub(crate) fn new(client: &crate::Client) -> Self {
        Self {
            client: client.clone(),
            owner: Err("`owner` is missing".to_string()),
            repo: Err("`repo` is missing".to_string()),
            job_id: Err("`job_id` is missing".to_string()),
        }
    }

    /// The account that owns the repository; case is ignored.
    pub fn owner<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.owner = value
            .try_into()
            .map_err(|_| "`owner` is not a valid String".to_string());
        self
    }

    /// The name of the repository, without `.git`; case is ignored.
    pub fn repo<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.repo = value
            .try_into()
            .map_err(|_| "`repo` is not a valid String".to_string());
        self
    }

    /// The id of the job, which is also the id of its check run.
    pub fn job_id<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.job_id = value
            .try_into()
            .map_err(|_| "`job_id` is not a valid i64".to_string());
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if an argument is missing or unusable, before anything is sent; else see [`Error`](crate::Error).
    pub async fn send(self) -> Result<crate::SignedUrl, crate::Error> {
        match self.clone().request_signed_url().await {
            Ok(url) => Ok(url),
            Err(error) => Err(crate::runtime::traits::explained(error, self).await),
        }
    }

    async fn request_signed_url(self) -> Result<crate::SignedUrl, crate::Error> {
        let Self { client, owner, repo, job_id } = self;
        let owner = Self::OPERATION.argument(owner)?;
        let repo = Self::OPERATION.argument(repo)?;
        let job_id = Self::OPERATION.argument(job_id)?;
        let owner = Self::OPERATION.segment("owner", &owner)?;
        let repo = Self::OPERATION.segment("repo", &repo)?;
        let job_id = Self::OPERATION.segment("job_id", &job_id)?;
        let url = format!("/repos/{owner}/{repo}/actions/jobs/{job_id}/logs");
        client.request(Self::OPERATION, ::http::Method::GET, &url).redirect().await
    }
}

/// A request of [`list_artifacts_for_run`](crate::Client::list_artifacts_for_run).
#[derive(Debug, Clone)]
pub struct ListArtifactsForRun {
    client: crate::Client,
    owner: Result<String, String>,
    repo: Result<String, String>,
    run_id: Result<i64, String>,
    direction: Result<Option<crate::types::Direction>, String>,
    name: Result<Option<String>, String>,
    page: Result<Option<i64>, String>,
    per_page: Result<Option<i64>, String>,
}

impl ListArtifactsForRun {
    /// The operation that this builder requests.
    pub const OPERATION: &'static crate::Operation = &crate::Operation::new(
        "list_artifacts_for_run",
        "GET",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts",
    );
    pub(crate) fn new(client: &crate::Client) -> Self {
        Self {
            client: client.clone(),
            owner: Err("`owner` is missing".to_string()),
            repo: Err("`repo` is missing".to_string()),
            run_id: Err("`run_id` is missing".to_string()),
            direction: Ok(None),
            name: Ok(None),
            page: Ok(None),
            per_page: Ok(None),
        }
    }

    /// The account that owns the repository; case is ignored.
    pub fn owner<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.owner = value
            .try_into()
            .map_err(|_| "`owner` is not a valid String".to_string());
        self
    }

    /// The name of the repository, without `.git`; case is ignored.
    pub fn repo<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.repo = value
            .try_into()
            .map_err(|_| "`repo` is not a valid String".to_string());
        self
    }

    /// The id of the workflow run.
    pub fn run_id<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.run_id = value
            .try_into()
            .map_err(|_| "`run_id` is not a valid i64".to_string());
        self
    }

    /// The order of creation, newest first if it is not set.
    pub fn direction<V>(mut self, value: V) -> Self
    where
        V: TryInto<crate::types::Direction>,
    {
        self.direction = value
            .try_into()
            .map(Some)
            .map_err(|_| "`direction` is not a valid Direction".to_string());
        self
    }

    /// Only artifacts of exactly this name; the server filters.
    pub fn name<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.name = value
            .try_into()
            .map(Some)
            .map_err(|_| "`name` is not a valid String".to_string());
        self
    }

    /// The page, counted from 1.
    pub fn page<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.page = value
            .try_into()
            .map(Some)
            .map_err(|_| "`page` is not a valid i64".to_string());
        self
    }

    /// Items on a page, at most 100; 30 if it is not set.
    pub fn per_page<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.per_page = value
            .try_into()
            .map(Some)
            .map_err(|_| "`per_page` is not a valid i64".to_string());
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if an argument is missing or unusable, before anything is sent; else see [`Error`](crate::Error).
    pub async fn send(
        self,
    ) -> Result<crate::Response<crate::types::ArtifactPage>, crate::Error> {
        let Self { client, owner, repo, run_id, direction, name, page, per_page } = self;
        let owner = Self::OPERATION.argument(owner)?;
        let repo = Self::OPERATION.argument(repo)?;
        let run_id = Self::OPERATION.argument(run_id)?;
        let direction = Self::OPERATION.argument(direction)?;
        let name = Self::OPERATION.argument(name)?;
        let page = Self::OPERATION.argument(page)?;
        let per_page = Self::OPERATION.argument(per_page)?;
        let owner = Self::OPERATION.segment("owner", &owner)?;
        let repo = Self::OPERATION.segment("repo", &repo)?;
        let run_id = Self::OPERATION.segment("run_id", &run_id)?;
        let url = format!("/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts");
        client
            .request(Self::OPERATION, ::http::Method::GET, &url)
            .query("direction", &direction)
            .query("name", &name)
            .query("page", &page)
            .query("per_page", &per_page)
            .decode::<crate::types::ArtifactPage>()
            .await
    }
}

/// A request of [`list_jobs_for_run_attempt`](crate::Client::list_jobs_for_run_attempt).
#[derive(Debug, Clone)]
pub struct ListJobsForRunAttempt {
    client: crate::Client,
    owner: Result<String, String>,
    repo: Result<String, String>,
    run_id: Result<i64, String>,
    attempt_number: Result<i64, String>,
    page: Result<Option<i64>, String>,
    per_page: Result<Option<i64>, String>,
}

impl ListJobsForRunAttempt {
    /// The operation that this builder requests.
    pub const OPERATION: &'static crate::Operation = &crate::Operation::new(
        "list_jobs_for_run_attempt",
        "GET",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs",
    );
    pub(crate) fn new(client: &crate::Client) -> Self {
        Self {
            client: client.clone(),
            owner: Err("`owner` is missing".to_string()),
            repo: Err("`repo` is missing".to_string()),
            run_id: Err("`run_id` is missing".to_string()),
            attempt_number: Err("`attempt_number` is missing".to_string()),
            page: Ok(None),
            per_page: Ok(None),
        }
    }

    /// The account that owns the repository; case is ignored.
    pub fn owner<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.owner = value
            .try_into()
            .map_err(|_| "`owner` is not a valid String".to_string());
        self
    }

    /// The name of the repository, without `.git`; case is ignored.
    pub fn repo<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.repo = value
            .try_into()
            .map_err(|_| "`repo` is not a valid String".to_string());
        self
    }

    /// The id of the workflow run.
    pub fn run_id<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.run_id = value
            .try_into()
            .map_err(|_| "`run_id` is not a valid i64".to_string());
        self
    }

    /// The attempt of the run, counted from 1.
    pub fn attempt_number<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.attempt_number = value
            .try_into()
            .map_err(|_| "`attempt_number` is not a valid i64".to_string());
        self
    }

    /// The page, counted from 1.
    pub fn page<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.page = value
            .try_into()
            .map(Some)
            .map_err(|_| "`page` is not a valid i64".to_string());
        self
    }

    /// Items on a page, at most 100; 30 if it is not set.
    pub fn per_page<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.per_page = value
            .try_into()
            .map(Some)
            .map_err(|_| "`per_page` is not a valid i64".to_string());
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if an argument is missing or unusable, before anything is sent; else see [`Error`](crate::Error).
    pub async fn send(
        self,
    ) -> Result<crate::Response<crate::types::JobPage>, crate::Error> {
        let Self { client, owner, repo, run_id, attempt_number, page, per_page } = self;
        let owner = Self::OPERATION.argument(owner)?;
        let repo = Self::OPERATION.argument(repo)?;
        let run_id = Self::OPERATION.argument(run_id)?;
        let attempt_number = Self::OPERATION.argument(attempt_number)?;
        let page = Self::OPERATION.argument(page)?;
        let per_page = Self::OPERATION.argument(per_page)?;
        let owner = Self::OPERATION.segment("owner", &owner)?;
        let repo = Self::OPERATION.segment("repo", &repo)?;
        let run_id = Self::OPERATION.segment("run_id", &run_id)?;
        let attempt_number = Self::OPERATION.segment("attempt_number", &attempt_number)?;
        let url = format!(
            "/repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs"
        );
        client
            .request(Self::OPERATION, ::http::Method::GET, &url)
            .query("page", &page)
            .query("per_page", &per_page)
            .decode::<crate::types::JobPage>()
            .await
    }
}

/// A request of [`list_jobs_for_run`](crate::Client::list_jobs_for_run).
#[derive(Debug, Clone)]
pub struct ListJobsForRun {
    client: crate::Client,
    owner: Result<String, String>,
    repo: Result<String, String>,
    run_id: Result<i64, String>,
    filter: Result<Option<crate::types::JobFilter>, String>,
    page: Result<Option<i64>, String>,
    per_page: Result<Option<i64>, String>,
}

impl ListJobsForRun {
    /// The operation that this builder requests.
    pub const OPERATION: &'static crate::Operation = &crate::Operation::new(
        "list_jobs_for_run",
        "GET",
        "/repos/{owner}/{repo}/actions/runs/{run_id}/jobs",
    );
    pub(crate) fn new(client: &crate::Client) -> Self {
        Self {
            client: client.clone(),
            owner: Err("`owner` is missing".to_string()),
            repo: Err("`repo` is missing".to_string()),
            run_id: Err("`run_id` is missing".to_string()),
            filter: Ok(None),
            page: Ok(None),
            per_page: Ok(None),
        }
    }

    /// The account that owns the repository; case is ignored.
    pub fn owner<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.owner = value
            .try_into()
            .map_err(|_| "`owner` is not a valid String".to_string());
        self
    }

    /// The name of the repository, without `.git`; case is ignored.
    pub fn repo<V>(mut self, value: V) -> Self
    where
        V: TryInto<String>,
    {
        self.repo = value
            .try_into()
            .map_err(|_| "`repo` is not a valid String".to_string());
        self
    }

    /// The id of the workflow run.
    pub fn run_id<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.run_id = value
            .try_into()
            .map_err(|_| "`run_id` is not a valid i64".to_string());
        self
    }

    /// Jobs of the latest attempt, or of all; the latest if it is not set.
    pub fn filter<V>(mut self, value: V) -> Self
    where
        V: TryInto<crate::types::JobFilter>,
    {
        self.filter = value
            .try_into()
            .map(Some)
            .map_err(|_| "`filter` is not a valid JobFilter".to_string());
        self
    }

    /// The page, counted from 1.
    pub fn page<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.page = value
            .try_into()
            .map(Some)
            .map_err(|_| "`page` is not a valid i64".to_string());
        self
    }

    /// Items on a page, at most 100; 30 if it is not set.
    pub fn per_page<V>(mut self, value: V) -> Self
    where
        V: TryInto<i64>,
    {
        self.per_page = value
            .try_into()
            .map(Some)
            .map_err(|_| "`per_page` is not a valid i64".to_string());
        self
    }

    /// Sends `GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs`.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if an argument is missing or unusable, before anything is sent; else see [`Error`](crate::Error).
    pub async fn send(
        self,
    ) -> Result<crate::Response<crate::types::JobPage>, crate::Error> {
        let Self { client, owner, repo, run_id, filter, page, per_page } = self;
        let owner = Self::OPERATION.argument(owner)?;
        let repo = Self::OPERATION.argument(repo)?;
        let run_id = Self::OPERATION.argument(run_id)?;
        let filter = Self::OPERATION.argument(filter)?;
        let page = Self::OPERATION.argument(page)?;
        let per_page = Self::OPERATION.argument(per_page)?;
        let owner = Self::OPERATION.segment("owner", &owner)?;
        let repo = Self::OPERATION.segment("repo", &repo)?;
        let run_id = Self::OPERATION.segment("run_id", &run_id)?;
        let url = format!("/repos/{owner}/{repo}/actions/runs/{run_id}/jobs");
        client
            .request(Self::OPERATION, ::http::Method::GET, &url)
            .query("filter", &filter)
            .query("page", &page)
            .query("per_page", &per_page)
            .decode::<crate::types::JobPage>()
            .await
    }
}

impl crate::runtime::traits::sealed::Sealed for ListArtifactsForRepo {}
impl crate::Paginated for ListArtifactsForRepo {
    type Item = crate::types::Artifact;
    fn client(&self) -> &crate::Client {
        &self.client
    }

    fn operation(&self) -> &'static crate::Operation {
        Self::OPERATION
    }

    fn page_number(&self) -> Option<i64> {
        self.page.as_ref().ok().copied().flatten()
    }

    fn page_size(&self) -> Option<i64> {
        self.per_page.as_ref().ok().copied().flatten()
    }

    fn with_page(self, page: i64) -> Self {
        Self {
            page: self.page.and(Ok(Some(page))),
            ..self
        }
    }

    fn with_per_page(self, per_page: i64) -> Self {
        Self {
            per_page: self.per_page.and(Ok(Some(per_page))),
            ..self
        }
    }

    async fn send_page(
        self,
    ) -> Result<crate::Response<crate::PageBody<Self::Item>>, crate::Error> {
        Ok(
            self
                .send()
                .await?
                .map(|body| crate::PageBody::new(Some(body.total_count), body.artifacts)),
        )
    }

    fn item_id(item: &Self::Item) -> Option<i64> {
        Some(item.id)
    }
}

impl crate::runtime::traits::sealed::Sealed for ListArtifactsForRun {}
impl crate::Paginated for ListArtifactsForRun {
    type Item = crate::types::Artifact;
    fn client(&self) -> &crate::Client {
        &self.client
    }

    fn operation(&self) -> &'static crate::Operation {
        Self::OPERATION
    }

    fn page_number(&self) -> Option<i64> {
        self.page.as_ref().ok().copied().flatten()
    }

    fn page_size(&self) -> Option<i64> {
        self.per_page.as_ref().ok().copied().flatten()
    }

    fn with_page(self, page: i64) -> Self {
        Self {
            page: self.page.and(Ok(Some(page))),
            ..self
        }
    }

    fn with_per_page(self, per_page: i64) -> Self {
        Self {
            per_page: self.per_page.and(Ok(Some(per_page))),
            ..self
        }
    }

    async fn send_page(
        self,
    ) -> Result<crate::Response<crate::PageBody<Self::Item>>, crate::Error> {
        Ok(
            self
                .send()
                .await?
                .map(|body| crate::PageBody::new(Some(body.total_count), body.artifacts)),
        )
    }

    fn item_id(item: &Self::Item) -> Option<i64> {
        Some(item.id)
    }
}

impl crate::runtime::traits::sealed::Sealed for ListJobsForRunAttempt {}
impl crate::Paginated for ListJobsForRunAttempt {
    type Item = crate::types::Job;
    fn client(&self) -> &crate::Client {
        &self.client
    }

    fn operation(&self) -> &'static crate::Operation {
        Self::OPERATION
    }

    fn page_number(&self) -> Option<i64> {
        self.page.as_ref().ok().copied().flatten()
    }

    fn page_size(&self) -> Option<i64> {
        self.per_page.as_ref().ok().copied().flatten()
    }

    fn with_page(self, page: i64) -> Self {
        Self {
            page: self.page.and(Ok(Some(page))),
            ..self
        }
    }

    fn with_per_page(self, per_page: i64) -> Self {
        Self {
            per_page: self.per_page.and(Ok(Some(per_page))),
            ..self
        }
    }

    async fn send_page(
        self,
    ) -> Result<crate::Response<crate::PageBody<Self::Item>>, crate::Error> {
        Ok(
            self
                .send()
                .await?
                .map(|body| crate::PageBody::new(Some(body.total_count), body.jobs)),
        )
    }

    fn item_id(item: &Self::Item) -> Option<i64> {
        Some(item.id)
    }
}

impl crate::runtime::traits::sealed::Sealed for ListJobsForRun {}
impl crate::Paginated for ListJobsForRun {
    type Item = crate::types::Job;
    fn client(&self) -> &crate::Client {
        &self.client
    }

    fn operation(&self) -> &'static crate::Operation {
        Self::OPERATION
    }

    fn page_number(&self) -> Option<i64> {
        self.page.as_ref().ok().copied().flatten()
    }

    fn page_size(&self) -> Option<i64> {
        self.per_page.as_ref().ok().copied().flatten()
    }

    fn with_page(self, page: i64) -> Self {
        Self {
            page: self.page.and(Ok(Some(page))),
            ..self
        }
    }

    fn with_per_page(self, per_page: i64) -> Self {
        Self {
            per_page: self.per_page.and(Ok(Some(per_page))),
            ..self
        }
    }

    async fn send_page(
        self,
    ) -> Result<crate::Response<crate::PageBody<Self::Item>>, crate::Error> {
        Ok(
            self
                .send()
                .await?
                .map(|body| crate::PageBody::new(Some(body.total_count), body.jobs)),
        )
    }

    fn item_id(item: &Self::Item) -> Option<i64> {
        Some(item.id)
    }
}

impl crate::runtime::traits::sealed::Sealed for DownloadArtifact {}
impl crate::Redirected for DownloadArtifact {
    type Subject = crate::types::Artifact;
    fn client(&self) -> &crate::Client {
        &self.client
    }

    async fn send_redirect(self) -> Result<crate::SignedUrl, crate::Error> {
        self.send().await
    }

    async fn send_subject(
        self,
    ) -> Result<Option<crate::Response<Self::Subject>>, crate::Error> {
        let mut subject = GetArtifact::new(&self.client);
        subject.owner = self.owner;
        subject.repo = self.repo;
        subject.artifact_id = self.artifact_id;
        subject.send().await.map(Some)
    }
}

impl crate::runtime::traits::sealed::Sealed for DownloadJobLogs {}
impl crate::Redirected for DownloadJobLogs {
    type Subject = crate::types::Job;
    fn client(&self) -> &crate::Client {
        &self.client
    }

    async fn send_redirect(self) -> Result<crate::SignedUrl, crate::Error> {
        self.send().await
    }

    async fn send_subject(
        self,
    ) -> Result<Option<crate::Response<Self::Subject>>, crate::Error> {
        let mut subject = GetJob::new(&self.client);
        subject.owner = self.owner;
        subject.repo = self.repo;
        subject.job_id = self.job_id;
        subject.send().await.map(Some)
    }
}
