//! What the examples share: whose repository, and a fake GitHub where none is named.
#![allow(dead_code, reason = "each example uses its part")]

use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use gha_client::{Host, Repo};
use gha_fake::{Artifact, Conclusion, Fake, Job, Run, Step};

/// What the fake accepts.
const TOKEN: &str = "a-token";
/// The installation of an App that the fake has.
pub(crate) const INSTALLATION: i64 = 7;

/// The options of every example.
#[derive(Args)]
pub(crate) struct TargetArgs {
    /// The repository, on the host `GH_HOST` with the token `GH_TOKEN` or `GITHUB_TOKEN` (of a server:
    /// `GH_ENTERPRISE_TOKEN`); without it, one of a fake GitHub that lives as long as this program
    #[arg(long, value_name = "OWNER/NAME")]
    repo: Option<String>,
}

/// The repository that an example works on.
pub(crate) struct Target {
    pub(crate) repo: Repo,
    /// Served while this lives.
    fake: Option<Fake>,
}

impl TargetArgs {
    /// Makes a client of the host, or starts the fake.
    pub(crate) async fn open(self) -> Result<Target> {
        if let Some(name) = self.repo {
            let client = gha_client::from_env()?.build()?;
            let repo = client.parse_repo(&name).context("--repo")?;
            return Ok(Target { repo, fake: None });
        }
        let fake = start_fake().await?;
        let builder = gha_client::builder().host(Host::url(fake.api_url())?);
        let client = builder.token(TOKEN).build()?;
        Ok(Target {
            repo: client.repo("octo-org", "octo-docs"),
            fake: Some(fake),
        })
    }
}

impl Target {
    /// The id that option `name` gives; without it, the one that the fake has.
    pub(crate) fn id(&self, name: &str, given: Option<i64>, in_fake: i64) -> Result<i64> {
        given
            .or(self.fake.as_ref().map(|_| in_fake))
            .with_context(|| format!("--repo needs {name} ID"))
    }
}

/// A GitHub with a repository, a run that has failed, one that goes on for some seconds, and an
/// installation of an App.
pub(crate) async fn start_fake() -> Result<Fake> {
    let day = Duration::from_secs(24 * 60 * 60);
    let job = |id, name: &str, conclusion: Conclusion| {
        Job::new(id)
            .name(name)
            .concluded(conclusion.clone())
            .step(Step::new("Set up job").duration(Duration::from_secs(3)))
            .step(Step::new("Build").duration(Duration::from_secs(95)))
            .step(
                Step::new("Test")
                    .duration(Duration::from_secs(40))
                    .concluded(conclusion),
            )
            .log("2026-03-10T08:00:00.0000000Z Compiling\n2026-03-10T08:00:07.2500000Z Done\n")
    };
    let failed = Run::new(1001)
        .job(job(41, "build (stable)", Conclusion::Success))
        .job(job(42, "build (beta)", Conclusion::Failure))
        .artifact(Artifact::zip("dist", &[("a.txt", b"alpha"), ("b.txt", b"beta")]).age(day))
        .artifact(Artifact::noise("log", 300_000).age(day * 20))
        .artifact(Artifact::noise("log", 250_000).age(day * 40));
    let second = Duration::from_secs(1);
    let running = Job::new(51)
        .age(Duration::ZERO)
        .queued_for(second)
        .step(Step::new("Build").duration(second))
        .step(
            Step::new("Test")
                .duration(second)
                .concluded(Conclusion::Failure),
        )
        .concluded(Conclusion::Failure)
        .log("running 2 tests\n##[error]1 test failed\n");
    let repo = gha_fake::Repo::new("octo-org", "octo-docs")
        .run(failed)
        .run(Run::new(1002).job(running));
    let builder = Fake::builder().token(TOKEN).repo(repo);
    Ok(builder.installation(INSTALLATION).start().await?)
}
