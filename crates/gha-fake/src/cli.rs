use std::time::Duration;

use bytesize::ByteSize;
use clap::Parser;
use gha_fake::{
    Artifact, Attempt, Conclusion, Content, Edition, Fake, Fault, Job, Match, Repo, Run, Token,
};

/// A fake GitHub: artifacts and jobs of GitHub Actions over HTTP, on this machine alone.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Cli {
    /// The repository that it has
    #[arg(long, value_name = "OWNER/NAME", default_value = "octo-org/octo-docs")]
    repo: String,

    /// How many artifacts it has
    #[arg(long, value_name = "N", default_value_t = 10)]
    artifacts: u32,

    /// How large each artifact is, such as 300, 64KiB, 64MiB or 5GiB: a zip archive with one file
    /// of noise
    #[arg(long, value_name = "SIZE", default_value = "64KiB", value_parser = size)]
    artifact_size: u64,

    /// How many jobs its run has, in two attempts
    #[arg(long, value_name = "N", default_value_t = 4)]
    jobs: u32,

    /// The token that it accepts
    #[arg(long, value_name = "TOKEN", default_value = "fake-token", value_parser = token)]
    token: String,

    /// The repository is for that token alone
    #[arg(long)]
    private: bool,

    /// Behave as an Enterprise Server, in place of github.com
    #[arg(long)]
    enterprise_server: bool,

    /// The API's port; 0 is any
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,

    /// The blob store's port; 0 is any
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    blob_port: u16,

    /// How long every answer waits, such as 50ms or 2s
    #[arg(long, value_name = "TIME", default_value = "0ms", value_parser = humantime::parse_duration)]
    latency: Duration,

    /// How many bytes per second a download gets, such as 25MB
    #[arg(long, value_name = "SIZE", value_parser = speed)]
    throttle: Option<u64>,

    /// How many requests an hour the token may make
    #[arg(long, value_name = "N")]
    rate_limit: Option<u64>,

    /// Signed URLs lead to the API's own address, as on some Enterprise Servers
    #[arg(long)]
    one_origin: bool,

    /// Send payloads that differ from GitHub's description, as real servers have
    #[arg(long)]
    undocumented: bool,
}

/// The ids that the welcome names.
const RUN: i64 = 1001;
const FIRST_ARTIFACT: i64 = 11;
const FIRST_JOB: i64 = 42;

impl Cli {
    pub(crate) async fn start(&self) -> Result<Fake, gha_fake::Error> {
        let (owner, name) = self.repo.split_once('/').unwrap_or((&self.repo, ""));
        let repo = Repo::new(owner, name).private(self.private).run(self.run());
        let mut builder = Fake::builder()
            .token(Token::new(&self.token))
            .repo(repo)
            .ports(self.port, self.blob_port)
            .fault(Fault::delay(self.latency))
            .blobs_on_api_origin(self.one_origin)
            .request_log_limit(0);
        if self.enterprise_server {
            builder = builder.edition(Edition::EnterpriseServer);
        }
        if let Some(speed) = self.throttle {
            builder = builder.fault(Fault::throttle(speed).on(Match::blob()));
        }
        if let Some(requests) = self.rate_limit {
            builder = builder.rate_limit(requests);
        }
        if self.undocumented {
            builder = builder.fault(Fault::undocumented_payloads());
        }
        builder.start().await
    }

    /// One run, whose first attempt failed.
    fn run(&self) -> Run {
        let content = Content::zip_of_noise([("noise.bin", self.artifact_size)], 0);
        let first = i64::from(self.jobs / 2);
        let job = |index: i64| Job::new(FIRST_JOB + index).name(format!("build ({index})"));
        let failed = (0..first).map(|i| job(i).concluded(Conclusion::Failure));
        let passed = (first..i64::from(self.jobs)).map(job);
        let artifacts = (0..i64::from(self.artifacts)).map(|index| {
            Artifact::new(format!("dist-{index}"), content.clone()).id(FIRST_ARTIFACT + index)
        });
        Run::new(RUN)
            .attempt(Attempt::new(1).jobs(failed))
            .attempt(Attempt::new(2).jobs(passed))
            .artifacts(artifacts)
    }

    /// Addresses, token, and commands to try.
    pub(crate) fn welcome(&self, fake: &Fake) -> String {
        let actions = format!("{}/repos/{}/actions", fake.api_url(), self.repo);
        let curl = format!("curl -H 'Authorization: Bearer {}'", self.token);
        // curl takes the token along to the same origin, where a signed URL wants none.
        let download = |options: &str, url: String| match self.one_origin {
            false => format!("{curl} -L{options} '{url}'"),
            true => format!("curl{options} \"$({curl} -s -w '%{{redirect_url}}' '{url}')\""),
        };
        let mut commands = vec![format!("{curl} '{actions}/artifacts?per_page=2'")];
        if self.jobs > 0 {
            commands.push(format!("{curl} '{actions}/runs/{RUN}/jobs'"));
            commands.push(download("", format!("{actions}/jobs/{FIRST_JOB}/logs")));
        }
        if self.artifacts > 0 {
            let zip = format!("{actions}/artifacts/{FIRST_ARTIFACT}/zip");
            commands.push(download(" -o dist.zip", zip));
        }
        format!(
            "api:   {}\nblobs: {}\ntoken: {}\n\n{}\n\nCtrl-C ends it.\n",
            fake.api_url(),
            fake.blob_url(),
            self.token,
            commands.join("\n"),
        )
    }
}

/// What a shell and a header take as it is.
fn token(text: &str) -> Result<String, &'static str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let is_token = !text.is_empty() && text.bytes().all(is_plain);
    let token = is_token.then(|| text.to_owned());
    token.ok_or("a token has letters, digits, `-`, `.` and `_` alone")
}

fn speed(text: &str) -> Result<u64, String> {
    match size(text)? {
        0 => Err("a speed of zero never ends".to_owned()),
        speed => Ok(speed),
    }
}

fn size(text: &str) -> Result<u64, String> {
    let ByteSize(bytes) = text.parse()?;
    let bytes = Some(bytes).filter(|bytes| *bytes <= 1 << 44);
    bytes.ok_or_else(|| "too large: 16 TiB is the most".to_owned())
}
