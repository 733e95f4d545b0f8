// Written by `cargo xtask codegen`. Do not edit.

//! What operations take and answer with.

use chrono::{DateTime, Utc};
use gha_core::UnknownValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Files that a workflow run uploaded.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Artifact {
    /// The content in this API, which answers with a redirect to a signed URL.
    pub archive_download_url: String,
    /// When the upload was finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(default, deserialize_with = "::gha_core::generated::optional_time")]
    pub created_at: Option<DateTime<Utc>>,
    /// The digest of the content, `sha256:` and 64 hexadecimal digits; absent on old artifacts and on Enterprise Server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Whether the content is gone; the description stays for a while.
    pub expired: bool,
    /// When the content expires.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(default, deserialize_with = "::gha_core::generated::optional_time")]
    pub expires_at: Option<DateTime<Utc>>,
    /// The id of the artifact; a later upload of the same name has another.
    pub id: i64,
    /// The name that the workflow gave it. Not unique, and not safe as a path.
    pub name: String,
    /// The id in GitHub's GraphQL API.
    pub node_id: String,
    /// The size of the stored content in bytes.
    pub size_in_bytes: i64,
    /// When the artifact changed last.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(default, deserialize_with = "::gha_core::generated::optional_time")]
    pub updated_at: Option<DateTime<Utc>>,
    /// The artifact in this API.
    pub url: String,
    /// The workflow run that an artifact belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_run: Option<ArtifactWorkflowRun>,
}

/// One page of a list of artifacts.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ArtifactPage {
    /// The artifacts of this page.
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub artifacts: Vec<Artifact>,
    /// The number of artifacts on all pages. It moves while one reads them.
    pub total_count: i64,
}

/// The workflow run that an artifact belongs to.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ArtifactWorkflowRun {
    /// The branch of the commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_branch: Option<String>,
    /// The id of the repository that the commit comes from, another one for forks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_repository_id: Option<i64>,
    /// The commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_sha: Option<String>,
    /// The id of the workflow run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The id of the repository of the workflow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repository_id: Option<i64>,
}

/// An order of creation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[derive(Deserialize)]
#[non_exhaustive]
pub enum Direction {
    /// `asc`.
    #[serde(rename = "asc")]
    Asc,
    /// `desc`.
    #[serde(rename = "desc")]
    Desc,
}

impl Direction {
    /// The value as it is sent.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Asc => "asc",
            Self::Desc => "desc",
        }
    }
}

impl ::std::str::FromStr for Direction {
    type Err = self::error::ConversionError;

    fn from_str(value: &str) -> Result<Self, self::error::ConversionError> {
        match value {
            "asc" => Ok(Self::Asc),
            "desc" => Ok(Self::Desc),
            _ => Err("unknown value, expected one of `asc`, `desc`".into()),
        }
    }
}

impl ::std::fmt::Display for Direction {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Direction {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The commit that the run is for, if it is still there.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HeadCommit {
    /// The hash of the commit.
    pub id: String,
    /// The message of the commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// When the commit was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(default, deserialize_with = "::gha_core::generated::optional_time")]
    pub timestamp: Option<DateTime<Utc>>,
}

/// A job of a workflow run, as one attempt ran it.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Job {
    /// The check run of the job in this API.
    pub check_run_url: String,
    /// When the job ended.
    #[serde(default, deserialize_with = "::gha_core::generated::optional_time")]
    pub completed_at: Option<DateTime<Utc>>,
    /// How a completed job ended.
    pub conclusion: Option<JobConclusion>,
    /// When the job was created; absent before Enterprise Server 3.9.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(default, deserialize_with = "::gha_core::generated::optional_time")]
    pub created_at: Option<DateTime<Utc>>,
    /// The branch that the workflow ran on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_branch: Option<String>,
    /// The commit that the workflow ran on.
    pub head_sha: String,
    /// The job's page for people.
    pub html_url: Option<String>,
    /// The id of the job, which is also the id of its check run.
    pub id: i64,
    /// The labels of the runners that may run the job.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub labels: Vec<String>,
    /// The name of the job; jobs of a matrix carry their values in it.
    pub name: String,
    /// The id in GitHub's GraphQL API.
    pub node_id: String,
    /// The attempt of the run that the job belongs to, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_attempt: Option<i64>,
    /// The id of the workflow run.
    pub run_id: i64,
    /// The workflow run in this API.
    pub run_url: String,
    /// The id of the runner's group; absent or 0 while there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner_group_id: Option<i64>,
    /// The name of the runner's group; absent or empty while there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner_group_name: Option<String>,
    /// The id of the runner; absent or 0 while there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner_id: Option<i64>,
    /// The name of the runner; absent or empty while there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runner_name: Option<String>,
    /// When the job started; it can lie before `created_at` by a second, and is absent for skipped jobs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(default, deserialize_with = "::gha_core::generated::optional_time")]
    pub started_at: Option<DateTime<Utc>>,
    /// How far a job has come.
    pub status: JobStatus,
    /// The steps of the job, in order; none on queued and on old jobs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub steps: Vec<Step>,
    /// The job in this API.
    pub url: String,
    /// The name of the workflow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workflow_name: Option<String>,
}

/// How a completed job ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum JobConclusion {
    /// `success`.
    Success,
    /// `failure`.
    Failure,
    /// `neutral`.
    Neutral,
    /// `cancelled`.
    Cancelled,
    /// `skipped`.
    Skipped,
    /// `timed_out`.
    TimedOut,
    /// `action_required`.
    ActionRequired,
    /// A value that this version of the crate has no variant for.
    Unknown(UnknownValue),
}

impl JobConclusion {
    /// The value as the server writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Neutral => "neutral",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
            Self::TimedOut => "timed_out",
            Self::ActionRequired => "action_required",
            Self::Unknown(value) => value.as_str(),
        }
    }
}

impl From<&str> for JobConclusion {
    fn from(value: &str) -> Self {
        match value {
            "success" => Self::Success,
            "failure" => Self::Failure,
            "neutral" => Self::Neutral,
            "cancelled" => Self::Cancelled,
            "skipped" => Self::Skipped,
            "timed_out" => Self::TimedOut,
            "action_required" => Self::ActionRequired,
            other => Self::Unknown(UnknownValue::new(other)),
        }
    }
}

impl From<String> for JobConclusion {
    fn from(value: String) -> Self {
        value.as_str().into()
    }
}

impl ::std::str::FromStr for JobConclusion {
    type Err = ::std::convert::Infallible;

    fn from_str(value: &str) -> Result<Self, ::std::convert::Infallible> {
        Ok(value.into())
    }
}

impl<'de> Deserialize<'de> for JobConclusion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ::gha_core::generated::open_enum(deserializer)
    }
}

impl ::std::fmt::Display for JobConclusion {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for JobConclusion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Which attempts' jobs to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[derive(Deserialize)]
#[non_exhaustive]
pub enum JobFilter {
    /// `latest`.
    #[serde(rename = "latest")]
    Latest,
    /// `all`.
    #[serde(rename = "all")]
    All,
}

impl JobFilter {
    /// The value as it is sent.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Latest => "latest",
            Self::All => "all",
        }
    }
}

impl ::std::str::FromStr for JobFilter {
    type Err = self::error::ConversionError;

    fn from_str(value: &str) -> Result<Self, self::error::ConversionError> {
        match value {
            "latest" => Ok(Self::Latest),
            "all" => Ok(Self::All),
            _ => Err("unknown value, expected one of `latest`, `all`".into()),
        }
    }
}

impl ::std::fmt::Display for JobFilter {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for JobFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One page of a list of jobs.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct JobPage {
    /// The jobs of this page.
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub jobs: Vec<Job>,
    /// The number of jobs on all pages. It moves while one reads them.
    pub total_count: i64,
}

/// How far a job has come.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum JobStatus {
    /// `queued`.
    Queued,
    /// `in_progress`.
    InProgress,
    /// `completed`.
    Completed,
    /// `waiting`.
    Waiting,
    /// `requested`.
    Requested,
    /// `pending`.
    Pending,
    /// A value that this version of the crate has no variant for.
    Unknown(UnknownValue),
}

impl JobStatus {
    /// The value as the server writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Queued => "queued",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Waiting => "waiting",
            Self::Requested => "requested",
            Self::Pending => "pending",
            Self::Unknown(value) => value.as_str(),
        }
    }
}

impl From<&str> for JobStatus {
    fn from(value: &str) -> Self {
        match value {
            "queued" => Self::Queued,
            "in_progress" => Self::InProgress,
            "completed" => Self::Completed,
            "waiting" => Self::Waiting,
            "requested" => Self::Requested,
            "pending" => Self::Pending,
            other => Self::Unknown(UnknownValue::new(other)),
        }
    }
}

impl From<String> for JobStatus {
    fn from(value: String) -> Self {
        value.as_str().into()
    }
}

impl ::std::str::FromStr for JobStatus {
    type Err = ::std::convert::Infallible;

    fn from_str(value: &str) -> Result<Self, ::std::convert::Infallible> {
        Ok(value.into())
    }
}

impl<'de> Deserialize<'de> for JobStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ::gha_core::generated::open_enum(deserializer)
    }
}

impl ::std::fmt::Display for JobStatus {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for JobStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A repository, in brief.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct MinimalRepository {
    /// Whether the repository is a fork.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fork: Option<bool>,
    /// `OWNER/NAME`.
    pub full_name: String,
    /// The id of the repository.
    pub id: i64,
    /// The name of the repository.
    pub name: String,
}

/// One of the two branches of a pull request.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PullRequestBranch {
    /// The name of the branch.
    #[serde(rename = "ref")]
    pub ref_: String,
    /// The commit that the branch is at.
    pub sha: String,
}

/// A pull request that a run is for.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PullRequestMinimal {
    /// One of the two branches of a pull request.
    pub base: PullRequestBranch,
    /// One of the two branches of a pull request.
    pub head: PullRequestBranch,
    /// The id of the pull request.
    pub id: i64,
    /// The number of the pull request in its repository.
    pub number: i64,
    /// The pull request in this API.
    pub url: String,
}

/// A reusable workflow that a run calls.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ReferencedWorkflow {
    /// Repository, file and ref of the workflow.
    pub path: String,
    /// The branch or tag that the workflow was read at.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    pub ref_: Option<String>,
    /// The commit that the workflow was read at.
    pub sha: String,
}

/// How to run a job again.
#[derive(Deserialize, Serialize, Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RerunJobOptions {
    /// Whether runner and steps write debug logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_debug_logging: Option<bool>,
    /// Whether a debugger can be attached to the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enable_debugger: Option<bool>,
}

impl RerunJobOptions {
    /// A `RerunJobOptions` with what must be in it.
    pub fn new() -> Self {
        Self {
            enable_debug_logging: None,
            enable_debugger: None,
        }
    }

    /// Whether runner and steps write debug logs.
    #[must_use]
    pub fn enable_debug_logging(mut self, enable_debug_logging: bool) -> Self {
        self.enable_debug_logging = Some(enable_debug_logging);
        self
    }

    /// Whether a debugger can be attached to the job.
    #[must_use]
    pub fn enable_debugger(mut self, enable_debugger: bool) -> Self {
        self.enable_debugger = Some(enable_debugger);
        self
    }
}

/// An account, in brief.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SimpleUser {
    /// The id of the account.
    pub id: i64,
    /// The name of the account.
    pub login: String,
}

/// A step of a job.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// When the step ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(default, deserialize_with = "::gha_core::generated::optional_time")]
    pub completed_at: Option<DateTime<Utc>>,
    /// How the step ended; absent until then.
    pub conclusion: Option<JobConclusion>,
    /// The name of the step.
    pub name: String,
    /// The position of the step in its job, counted from 1, with gaps.
    pub number: i64,
    /// When the step started.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(default, deserialize_with = "::gha_core::generated::optional_time")]
    pub started_at: Option<DateTime<Utc>>,
    /// How far a step has come.
    pub status: StepStatus,
}

/// How far a step has come.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum StepStatus {
    /// `queued`.
    Queued,
    /// `in_progress`.
    InProgress,
    /// `completed`.
    Completed,
    /// A value that this version of the crate has no variant for.
    Unknown(UnknownValue),
}

impl StepStatus {
    /// The value as the server writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Queued => "queued",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Unknown(value) => value.as_str(),
        }
    }
}

impl From<&str> for StepStatus {
    fn from(value: &str) -> Self {
        match value {
            "queued" => Self::Queued,
            "in_progress" => Self::InProgress,
            "completed" => Self::Completed,
            other => Self::Unknown(UnknownValue::new(other)),
        }
    }
}

impl From<String> for StepStatus {
    fn from(value: String) -> Self {
        value.as_str().into()
    }
}

impl ::std::str::FromStr for StepStatus {
    type Err = ::std::convert::Infallible;

    fn from_str(value: &str) -> Result<Self, ::std::convert::Infallible> {
        Ok(value.into())
    }
}

impl<'de> Deserialize<'de> for StepStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ::gha_core::generated::open_enum(deserializer)
    }
}

impl ::std::fmt::Display for StepStatus {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for StepStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The id of a workflow, or the name of its file.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[serde(untagged)]
#[non_exhaustive]
pub enum WorkflowId {
    /// `Integer`.
    Integer(i64),
    /// `String`.
    String(String),
}

impl From<i64> for WorkflowId {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<String> for WorkflowId {
    fn from(value: String) -> Self {
        Self::String(value)
    }
}

impl From<&str> for WorkflowId {
    fn from(value: &str) -> Self {
        Self::String(value.to_owned())
    }
}

/// A run of a workflow, as its latest attempt is.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WorkflowRun {
    /// Who started the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<SimpleUser>,
    /// The artifacts in this API.
    pub artifacts_url: String,
    /// Where this API cancels the run.
    pub cancel_url: String,
    /// The id of the run's check suite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_suite_id: Option<i64>,
    /// The id of the check suite in GitHub's GraphQL API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_suite_node_id: Option<String>,
    /// The check suite in this API.
    pub check_suite_url: String,
    /// How a completed run ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<WorkflowRunConclusion>,
    /// When the run was created, in its first attempt.
    pub created_at: DateTime<Utc>,
    /// The title of the run: that of the event, or the workflow's `run-name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_title: Option<String>,
    /// The event that started the run.
    pub event: String,
    /// The branch that the run is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_branch: Option<String>,
    /// The commit that the run is for, if it is still there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_commit: Option<HeadCommit>,
    /// The repository that the commit comes from, another one for forks; absent where that fork was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_repository: Option<MinimalRepository>,
    /// The id of the repository that the commit comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head_repository_id: Option<i64>,
    /// The commit that the run is for.
    pub head_sha: String,
    /// The run's page for people.
    pub html_url: String,
    /// The id of the run, the same in all attempts.
    pub id: i64,
    /// The jobs in this API.
    pub jobs_url: String,
    /// The logs of all jobs in this API.
    pub logs_url: String,
    /// The name of the workflow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The id in GitHub's GraphQL API.
    pub node_id: String,
    /// The workflow's file, such as `.github/workflows/build.yml`, with `@` and a ref where it comes from another repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The attempt before in this API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_attempt_url: Option<String>,
    /// The open pull requests of the run's commit or branch; none for those of forks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub pull_requests: Vec<PullRequestMinimal>,
    /// The reusable workflows that the run calls.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub referenced_workflows: Vec<ReferencedWorkflow>,
    /// The repository of the workflow.
    pub repository: MinimalRepository,
    /// Where this API runs it again.
    pub rerun_url: String,
    /// The latest attempt, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_attempt: Option<i64>,
    /// The number of the run among those of its workflow, counted from 1.
    pub run_number: i64,
    /// When the latest attempt started.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(default, deserialize_with = "::gha_core::generated::optional_time")]
    pub run_started_at: Option<DateTime<Utc>>,
    /// How far a run has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<WorkflowRunStatus>,
    /// Who started the latest attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub triggering_actor: Option<SimpleUser>,
    /// When the run changed last.
    pub updated_at: DateTime<Utc>,
    /// The run in this API.
    pub url: String,
    /// The id of the workflow.
    pub workflow_id: i64,
    /// The workflow in this API.
    pub workflow_url: String,
}

/// How a completed run ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum WorkflowRunConclusion {
    /// `success`.
    Success,
    /// `failure`.
    Failure,
    /// `neutral`.
    Neutral,
    /// `cancelled`.
    Cancelled,
    /// `skipped`.
    Skipped,
    /// `timed_out`.
    TimedOut,
    /// `action_required`.
    ActionRequired,
    /// `stale`.
    Stale,
    /// `startup_failure`.
    StartupFailure,
    /// A value that this version of the crate has no variant for.
    Unknown(UnknownValue),
}

impl WorkflowRunConclusion {
    /// The value as the server writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Neutral => "neutral",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
            Self::TimedOut => "timed_out",
            Self::ActionRequired => "action_required",
            Self::Stale => "stale",
            Self::StartupFailure => "startup_failure",
            Self::Unknown(value) => value.as_str(),
        }
    }
}

impl From<&str> for WorkflowRunConclusion {
    fn from(value: &str) -> Self {
        match value {
            "success" => Self::Success,
            "failure" => Self::Failure,
            "neutral" => Self::Neutral,
            "cancelled" => Self::Cancelled,
            "skipped" => Self::Skipped,
            "timed_out" => Self::TimedOut,
            "action_required" => Self::ActionRequired,
            "stale" => Self::Stale,
            "startup_failure" => Self::StartupFailure,
            other => Self::Unknown(UnknownValue::new(other)),
        }
    }
}

impl From<String> for WorkflowRunConclusion {
    fn from(value: String) -> Self {
        value.as_str().into()
    }
}

impl ::std::str::FromStr for WorkflowRunConclusion {
    type Err = ::std::convert::Infallible;

    fn from_str(value: &str) -> Result<Self, ::std::convert::Infallible> {
        Ok(value.into())
    }
}

impl<'de> Deserialize<'de> for WorkflowRunConclusion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ::gha_core::generated::open_enum(deserializer)
    }
}

impl ::std::fmt::Display for WorkflowRunConclusion {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for WorkflowRunConclusion {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One page of a list of workflow runs.
#[derive(Deserialize, Serialize, Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WorkflowRunPage {
    /// The number of runs that match; it moves while one reads them.
    pub total_count: i64,
    /// The runs of this page.
    #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
    pub workflow_runs: Vec<WorkflowRun>,
}

/// How far a run has come.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum WorkflowRunStatus {
    /// `queued`.
    Queued,
    /// `in_progress`.
    InProgress,
    /// `completed`.
    Completed,
    /// `waiting`.
    Waiting,
    /// `requested`.
    Requested,
    /// `pending`.
    Pending,
    /// A value that this version of the crate has no variant for.
    Unknown(UnknownValue),
}

impl WorkflowRunStatus {
    /// The value as the server writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Queued => "queued",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Waiting => "waiting",
            Self::Requested => "requested",
            Self::Pending => "pending",
            Self::Unknown(value) => value.as_str(),
        }
    }
}

impl From<&str> for WorkflowRunStatus {
    fn from(value: &str) -> Self {
        match value {
            "queued" => Self::Queued,
            "in_progress" => Self::InProgress,
            "completed" => Self::Completed,
            "waiting" => Self::Waiting,
            "requested" => Self::Requested,
            "pending" => Self::Pending,
            other => Self::Unknown(UnknownValue::new(other)),
        }
    }
}

impl From<String> for WorkflowRunStatus {
    fn from(value: String) -> Self {
        value.as_str().into()
    }
}

impl ::std::str::FromStr for WorkflowRunStatus {
    type Err = ::std::convert::Infallible;

    fn from_str(value: &str) -> Result<Self, ::std::convert::Infallible> {
        Ok(value.into())
    }
}

impl<'de> Deserialize<'de> for WorkflowRunStatus {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ::gha_core::generated::open_enum(deserializer)
    }
}

impl ::std::fmt::Display for WorkflowRunStatus {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for WorkflowRunStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Error types.
pub mod error {
    /// Error from a `TryFrom` or `FromStr` implementation.
    pub struct ConversionError(::std::borrow::Cow<'static, str>);

    impl ::std::error::Error for ConversionError {}

    impl ::std::fmt::Display for ConversionError {
        fn fmt(
            &self,
            f: &mut ::std::fmt::Formatter<'_>,
        ) -> Result<(), ::std::fmt::Error> {
            ::std::fmt::Display::fmt(&self.0, f)
        }
    }

    impl ::std::fmt::Debug for ConversionError {
        fn fmt(
            &self,
            f: &mut ::std::fmt::Formatter<'_>,
        ) -> Result<(), ::std::fmt::Error> {
            ::std::fmt::Debug::fmt(&self.0, f)
        }
    }

    impl From<&'static str> for ConversionError {
        fn from(value: &'static str) -> Self {
            Self(value.into())
        }
    }

    impl From<String> for ConversionError {
        fn from(value: String) -> Self {
            Self(value.into())
        }
    }
}
