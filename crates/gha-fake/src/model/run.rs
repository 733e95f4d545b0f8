use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use super::{Artifact, Conclusion, Job, Patch, When};

/// A run of a workflow.
///
/// Its status and its conclusion are those of its jobs: queued until one starts, in progress until
/// all are completed. A run without jobs has succeeded.
#[derive(Clone, Debug)]
pub struct Run {
    pub(crate) id: i64,
    pub(crate) workflow_name: String,
    pub(crate) workflow_file: String,
    pub(crate) number: Option<i64>,
    pub(crate) title: Option<String>,
    pub(crate) event: String,
    pub(crate) actor: String,
    pub(crate) head_branch: String,
    pub(crate) head_sha: String,
    /// The repository that its commit is in, where that is another one.
    pub(crate) fork: Option<String>,
    pub(crate) check_suite_id: i64,
    pub(crate) pull_requests: Vec<i64>,
    pub(crate) conclusion: Option<Conclusion>,
    pub(crate) created: Option<When>,
    /// The jobs of each attempt, by its number.
    pub(crate) attempts: BTreeMap<i64, Vec<Job>>,
    pub(crate) artifacts: Vec<Artifact>,
    pub(crate) patch: Patch,
}

impl Run {
    /// A run of the workflow `build` for a push to branch `main`.
    pub fn new(id: i64) -> Self {
        let made_up = u128::from(id.unsigned_abs()) * 0x9E37_79B9_7F4A_7C15_F39C;
        Self {
            id,
            workflow_name: "build".into(),
            workflow_file: "build.yml".into(),
            number: None,
            title: None,
            event: "push".into(),
            actor: "octocat".into(),
            head_branch: "main".into(),
            head_sha: format!("{made_up:040x}"),
            fork: None,
            check_suite_id: id + 1,
            pull_requests: Vec::new(),
            conclusion: None,
            created: None,
            attempts: BTreeMap::new(),
            artifacts: Vec::new(),
            patch: Vec::new(),
        }
    }

    setters! {
        /// The workflow's name.
        workflow_name(name: impl Into<String>) workflow_name = name.into();

        /// The workflow's file below `.github/workflows`. Runs of one file are runs of one workflow.
        workflow_file(file: impl Into<String>) workflow_file = file.into();

        /// The run's number among those of its workflow: the next one by default.
        number(number: i64) number = Some(number);

        /// The run's title, such as the first line of the commit's message.
        title(title: impl Into<String>) title = Some(title.into());

        /// The event that started the run, such as `pull_request`.
        event(event: impl Into<String>) event = event.into();

        /// The login of who started the run.
        actor(login: impl Into<String>) actor = login.into();

        /// The branch that the run is for.
        head_branch(branch: impl Into<String>) head_branch = branch.into();

        /// The commit that the run is for.
        head_sha(sha: impl Into<String>) head_sha = sha.into();

        /// A run for a commit in a fork, `owner/name`.
        fork(repo: impl Into<String>) fork = Some(repo.into());

        /// The id of the run's check suite.
        check_suite_id(id: i64) check_suite_id = id;

        /// The conclusion that the run comes to, in place of what its jobs say.
        concluded(conclusion: Conclusion) conclusion = Some(conclusion);

        /// When the run was made: with its first job by default.
        created_at(at: SystemTime) created = Some(When::At(at));

        /// How long before it is added, by the fake's clock, the run was made.
        age(age: Duration) created = Some(When::Ago(age));
    }

    json_setters!();

    /// A run for a commit in a fork that was deleted: `head_repository` is null.
    pub fn deleted_fork(self) -> Self {
        let unknown = self.fork("ghost/deleted").omit("head_repository_id");
        unknown.json("head_repository", serde_json::Value::Null)
    }

    /// The number of a pull request that the run is for; can be repeated.
    pub fn pull_request(mut self, number: i64) -> Self {
        self.pull_requests.push(number);
        self
    }

    /// Adds an attempt. The one with the highest number is the latest.
    pub fn attempt(mut self, attempt: Attempt) -> Self {
        let jobs = self.attempts.entry(attempt.number).or_default();
        jobs.extend(attempt.jobs);
        self
    }

    /// Adds a job to the latest attempt, or to attempt 1 if there is none yet.
    pub fn job(mut self, job: Job) -> Self {
        let latest = self.attempts.keys().next_back().copied().unwrap_or(1);
        self.attempts.entry(latest).or_default().push(job);
        self
    }

    /// Adds jobs to the latest attempt, or to attempt 1 if there is none yet.
    pub fn jobs(self, jobs: impl IntoIterator<Item = Job>) -> Self {
        jobs.into_iter().fold(self, Self::job)
    }

    /// Adds an artifact of this run.
    pub fn artifact(mut self, artifact: Artifact) -> Self {
        self.artifacts.push(artifact.run(self.id));
        self
    }

    /// Adds artifacts of this run, the newest last.
    pub fn artifacts(self, artifacts: impl IntoIterator<Item = Artifact>) -> Self {
        artifacts.into_iter().fold(self, Self::artifact)
    }
}

/// An attempt of a run: the first, or a re-run.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub(crate) number: i64,
    pub(crate) jobs: Vec<Job>,
}

impl Attempt {
    /// An attempt without jobs; numbers start at 1.
    pub fn new(number: i64) -> Self {
        Self {
            number,
            jobs: Vec::new(),
        }
    }

    /// Adds a job.
    pub fn job(mut self, job: Job) -> Self {
        self.jobs.push(job);
        self
    }

    /// Adds jobs.
    pub fn jobs(mut self, jobs: impl IntoIterator<Item = Job>) -> Self {
        self.jobs.extend(jobs);
        self
    }
}
