use super::{Artifact, Run};

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
    /// `owner/name`
    pub(crate) name: String,
    pub(crate) id: Option<i64>,
    pub(crate) private: bool,
    pub(crate) former: Vec<String>,
    pub(crate) runs: Vec<Run>,
    pub(crate) artifacts: Vec<Artifact>,
}

impl Repo {
    /// A public repository with nothing in it.
    pub fn new(owner: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            name: format!("{}/{}", owner.into(), name.into()),
            id: None,
            private: false,
            former: Vec::new(),
            runs: Vec::new(),
            artifacts: Vec::new(),
        }
    }

    setters! {
        /// The repository's id, which `Link` headers and moves name.
        id(id: i64) id = Some(id);

        /// Whether it takes a token to see the repository.
        private(private: bool) private = private;
    }

    /// A name, `owner/name`, that the repository had before. Requests for it are answered with a move to
    /// `/repositories/{id}/…`: 301 for GET, 307 for other methods.
    pub fn formerly(mut self, name: impl Into<String>) -> Self {
        self.former.push(name.into());
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
