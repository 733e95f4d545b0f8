//! What the examples share: the command line, and a fake GitHub where no repository is named.
#![allow(dead_code, reason = "each example uses its part")]

use std::error::Error;
use std::time::Duration;

use gha_client::Client;
use gha_fake::{Artifact, Conclusion, Fake, Job, Repo, Run, Step};

/// What any example's `main` returns.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The repository that an example works on.
pub(crate) struct Target {
    /// A client of its host.
    pub(crate) client: Client,
    /// The account that owns it.
    pub(crate) owner: String,
    /// Its name.
    pub(crate) repo: String,
    /// Served while this lives.
    pub(crate) fake: Option<Fake>,
}

impl Target {
    /// `--repo OWNER/NAME` on the host and with the token of the environment; without it, a fake.
    pub(crate) async fn from_args() -> Outcome<Self> {
        let Some(name) = option("--repo") else {
            return Self::fake().await;
        };
        let (owner, repo) = name.split_once('/').ok_or("--repo takes OWNER/NAME")?;
        Ok(Self {
            client: gha_client::from_env()?.build()?,
            owner: owner.to_owned(),
            repo: repo.to_owned(),
            fake: None,
        })
    }

    async fn fake() -> Outcome<Self> {
        let day = Duration::from_secs(24 * 60 * 60);
        let steps = |conclusion: Conclusion| {
            [
                Step::new("Set up job").duration(Duration::from_secs(3)),
                Step::new("Build").duration(Duration::from_secs(95)),
                Step::new("Test")
                    .duration(Duration::from_secs(40))
                    .concluded(conclusion),
            ]
        };
        let job = |id: u64, name: &str, conclusion: Conclusion| {
            let job = Job::new(id).name(name).concluded(conclusion.clone());
            let job = steps(conclusion).into_iter().fold(job, Job::step);
            job.log("2026-03-10T08:00:00.0000000Z Compiling\n2026-03-10T08:00:07.2500000Z Done\n")
        };
        let run = Run::new(1001)
            .job(job(41, "build (stable)", Conclusion::Success))
            .job(job(42, "build (beta)", Conclusion::Failure))
            .artifact(Artifact::zip("dist", &[("a.txt", b"alpha"), ("b.txt", b"beta")]).age(day))
            .artifact(Artifact::noise("log", 300_000).age(day * 20))
            .artifact(Artifact::noise("log", 250_000).age(day * 40));
        let fake = Fake::builder()
            .token("a-token")
            .repo(Repo::new("octo-org", "octo-docs").run(run))
            .start()
            .await?;
        let client = gha_client::builder()
            .host(gha_client::Host::url(fake.api_url())?)
            .token("a-token")
            .build()?;
        Ok(Self {
            client,
            owner: "octo-org".to_owned(),
            repo: "octo-docs".to_owned(),
            fake: Some(fake),
        })
    }

    /// The number that an option gives, or what is in the fake.
    pub(crate) fn number(&self, name: &str, in_fake: i64) -> Outcome<i64> {
        match (option(name), &self.fake) {
            (Some(text), _) => Ok(text.parse()?),
            (None, Some(_)) => Ok(in_fake),
            (None, None) => Err(format!("{name} is missing").into()),
        }
    }
}

/// The argument that follows `name`.
pub(crate) fn option(name: &str) -> Option<String> {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.nth(1)
}

/// Whether `name` is among the arguments.
pub(crate) fn flag(name: &str) -> bool {
    std::env::args().any(|argument| argument == name)
}

/// A number of bytes for people.
pub(crate) fn bytes(count: i64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let mut value = count as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    match unit {
        0 => format!("{count} B"),
        _ => format!("{value:.1} {}", UNITS[unit]),
    }
}
