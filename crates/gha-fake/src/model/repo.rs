use super::{Artifact, Job};

/// A repository to seed a fake with.
///
/// ```
/// use std::time::Duration;
/// use gha_fake::{Artifact, Conclusion, Content, Job, Repo, Run, Step};
///
/// let failed = Job::new(42)
///     .name("test (beta)")
///     .step(Step::new("Build").duration(Duration::from_secs(95)))
///     .step(Step::new("Test").concluded(Conclusion::Failure))
///     .concluded(Conclusion::Failure)
///     .log("##[error]1 test failed\n");
/// let large = Artifact::new("image", Content::noise(5 << 30, 1)); // 5 GiB that cost no memory
/// let repo = Repo::new("octo-org", "octo-docs")
///     .private(true)
///     .formerly("octo-org/old-docs")
///     .run(Run::new(1001).job(failed).artifact(large));
/// # drop(repo);
/// ```
#[derive(Clone, Debug)]
pub struct Repo {
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) id: Option<i64>,
    pub(crate) private: bool,
    pub(crate) former: Vec<(String, Option<u16>)>,
    pub(crate) runs: Vec<Run>,
    pub(crate) artifacts: Vec<Artifact>,
}

impl Repo {
    /// A public repository with nothing in it.
    pub fn new(owner: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            owner: owner.into(),
            name: name.into(),
            id: None,
            private: false,
            former: Vec::new(),
            runs: Vec::new(),
            artifacts: Vec::new(),
        }
    }

    /// The repository's id, which `Link` headers and moves name.
    pub fn id(mut self, id: i64) -> Self {
        self.id = Some(id);
        self
    }

    /// Whether it takes a token to see the repository.
    pub fn private(mut self, private: bool) -> Self {
        self.private = private;
        self
    }

    /// A name, `owner/name`, that the repository had before. Requests for it are answered with a move to
    /// `/repositories/{id}/…`: 301 for GET, 307 for other methods.
    pub fn formerly(mut self, name: impl Into<String>) -> Self {
        self.former.push((name.into(), None));
        self
    }

    /// A former name that is answered with this status for every method.
    pub fn formerly_with(mut self, name: impl Into<String>, status: u16) -> Self {
        self.former.push((name.into(), Some(status)));
        self
    }

    /// Adds a run.
    pub fn run(mut self, run: Run) -> Self {
        self.runs.push(run);
        self
    }

    /// Adds an artifact, newer than those before it.
    pub fn artifact(mut self, artifact: Artifact) -> Self {
        self.artifacts.push(artifact);
        self
    }

    /// Adds artifacts, the newest last.
    pub fn artifacts(mut self, artifacts: impl IntoIterator<Item = Artifact>) -> Self {
        self.artifacts.extend(artifacts);
        self
    }
}

/// A run of a workflow.
#[derive(Clone, Debug)]
pub struct Run {
    pub(crate) id: i64,
    pub(crate) workflow_name: String,
    pub(crate) head_branch: String,
    pub(crate) head_sha: Option<String>,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) artifacts: Vec<Artifact>,
}

impl Run {
    /// A run of the workflow `build` on branch `main`.
    pub fn new(id: i64) -> Self {
        Self {
            id,
            workflow_name: "build".into(),
            head_branch: "main".into(),
            head_sha: None,
            attempts: Vec::new(),
            artifacts: Vec::new(),
        }
    }

    /// The workflow's name.
    pub fn workflow_name(mut self, name: impl Into<String>) -> Self {
        self.workflow_name = name.into();
        self
    }

    /// The branch that the run is for.
    pub fn head_branch(mut self, branch: impl Into<String>) -> Self {
        self.head_branch = branch.into();
        self
    }

    /// The commit that the run is for.
    pub fn head_sha(mut self, sha: impl Into<String>) -> Self {
        self.head_sha = Some(sha.into());
        self
    }

    /// Adds an attempt. The one with the highest number is the latest.
    pub fn attempt(mut self, attempt: Attempt) -> Self {
        self.attempts.push(attempt);
        self.attempts.sort_by_key(|a| a.number);
        self
    }

    /// Adds a job to the latest attempt, or to attempt 1 if there is none yet.
    pub fn job(mut self, job: Job) -> Self {
        if self.attempts.is_empty() {
            self.attempts.push(Attempt::new(1));
        }
        if let Some(latest) = self.attempts.last_mut() {
            latest.jobs.push(job);
        }
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
