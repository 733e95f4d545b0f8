//! What the examples share: whose repository, and a fake GitHub where none is named.
#![allow(dead_code, reason = "each example uses its part")]

use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use gha_client::{Host, Repo};
use gha_fake::{Artifact, Conclusion, Fake, Job, Run, Step};

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
        let Some(name) = self.repo else {
            return fake().await;
        };
        let client = gha_client::from_env()?.build()?;
        Ok(Target {
            repo: client.parse_repo(&name).context("--repo")?,
            fake: None,
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

async fn fake() -> Result<Target> {
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
    let run = Run::new(1001)
        .job(job(41, "build (stable)", Conclusion::Success))
        .job(job(42, "build (beta)", Conclusion::Failure))
        .artifact(Artifact::zip("dist", &[("a.txt", b"alpha"), ("b.txt", b"beta")]).age(day))
        .artifact(Artifact::noise("log", 300_000).age(day * 20))
        .artifact(Artifact::noise("log", 250_000).age(day * 40));
    let fake = Fake::builder()
        .token("a-token")
        .repo(gha_fake::Repo::new("octo-org", "octo-docs").run(run))
        .start()
        .await?;
    let client = gha_client::builder()
        .host(Host::url(fake.api_url())?)
        .token("a-token")
        .build()?;
    Ok(Target {
        repo: client.repo("octo-org", "octo-docs"),
        fake: Some(fake),
    })
}
