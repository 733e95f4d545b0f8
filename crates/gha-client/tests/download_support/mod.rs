//! A fake with one artifact and one log, and every way to read a download.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test binary uses a part of it"
)]

use std::path::Path;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use gha_client::download::Download;
use gha_client::prelude::*;
use gha_client::{Client, Error, Host, RetryPolicy, operations};
use gha_fake::{Artifact, Builder, Content, Fake, Job, Repo, Run};
use tokio::io::AsyncReadExt as _;

pub const TOKEN: &str = "ghp_0123456789abcdef";
pub const ARTIFACT: u64 = 11;
pub const LOG: u64 = 42;

/// Lines of text, none like another, so that nothing can be mixed up unnoticed.
pub fn content() -> Vec<u8> {
    text(1).into_bytes()
}

pub fn text(seed: u64) -> String {
    (0..10_000u64)
        .map(|line| {
            format!(
                "{line:05} {:016x}\n",
                (line + seed).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            )
        })
        .collect()
}

/// A fake whose artifact and log hold [`content`].
pub fn seed() -> Builder {
    seed_with(artifact(Content::bytes(content())))
}

pub fn artifact(content: Content) -> Artifact {
    Artifact::new("dist", content).id(ARTIFACT)
}

pub fn seed_with(artifact: Artifact) -> Builder {
    let run = Run::new(7).job(Job::new(LOG).log(content()));
    let repo = Repo::new("octo-org", "octo-docs")
        .artifact(artifact)
        .run(run);
    Fake::builder().token(TOKEN).repo(repo)
}

pub fn client(fake: &Fake) -> Client {
    client_with_idle_timeout(fake, Duration::from_millis(300))
}

pub fn client_with_idle_timeout(fake: &Fake, timeout: Duration) -> Client {
    gha_client::builder()
        .host(Host::url(fake.api_url()).unwrap())
        .token(TOKEN)
        .retry(quick())
        .idle_timeout(timeout)
        .build()
        .unwrap()
}

pub fn archive(client: &Client) -> operations::DownloadArtifact {
    let operation = client
        .download_artifact()
        .owner("octo-org")
        .repo("octo-docs");
    operation.artifact_id(ARTIFACT as i64).archive_format("zip")
}

pub fn log(client: &Client) -> operations::DownloadJobLogs {
    let operation = client.download_job_logs();
    operation
        .owner("octo-org")
        .repo("octo-docs")
        .job_id(LOG as i64)
}

/// Few attempts and no waits to speak of.
pub fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .max_attempts(4)
        .base_delay(Duration::from_millis(1))
}

pub async fn download(fake: &Fake) -> Download {
    archive(&client(fake)).download_with(quick()).await.unwrap()
}

/// A way to read a download.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sink {
    Bytes,
    Text,
    Save,
    CopyTo,
    Stream,
    Lines,
    Reader,
}

impl Sink {
    pub const ALL: [Self; 7] = [
        Self::Bytes,
        Self::Text,
        Self::Save,
        Self::CopyTo,
        Self::Stream,
        Self::Lines,
        Self::Reader,
    ];

    /// Whether it can forget what it has.
    pub fn can_start_over(self) -> bool {
        matches!(self, Self::Bytes | Self::Text | Self::Save)
    }

    /// Reads everything. A saved file has to be alone in its folder, a failure to leave nothing.
    pub async fn read(self, download: Download) -> Result<Vec<u8>, Error> {
        const LIMIT: usize = 64 * 1024 * 1024;
        match self {
            Self::Bytes => download.bytes(LIMIT).await.map(Into::into),
            Self::Text => download.text(LIMIT).await.map(String::into_bytes),
            Self::Save => {
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join("saved");
                let saved = download.save(&path).await;
                let expected: &[&str] = if saved.is_ok() { &["saved"] } else { &[] };
                assert_eq!(names(folder.path()), expected);
                let saved = saved?;
                let bytes = std::fs::read(&path).unwrap();
                assert_eq!((saved.path, saved.bytes), (path, bytes.len() as u64));
                Ok(bytes)
            }
            Self::CopyTo => {
                let mut bytes = Vec::new();
                let copied = download.copy_to(&mut bytes).await?;
                assert_eq!(copied, bytes.len() as u64);
                Ok(bytes)
            }
            Self::Stream => {
                let chunks: Vec<_> = download.try_collect().await?;
                Ok(chunks.concat())
            }
            Self::Lines => {
                let lines: Vec<_> = download.lines(1 << 20).try_collect().await?;
                Ok(lines
                    .into_iter()
                    .flat_map(|line| (line + "\n").into_bytes())
                    .collect())
            }
            Self::Reader => {
                let mut bytes = Vec::new();
                let read = download.into_async_read().read_to_end(&mut bytes).await;
                match read {
                    Ok(_) => Ok(bytes),
                    Err(error) => Err(*error.into_inner().unwrap().downcast().unwrap()),
                }
            }
        }
    }
}

/// What is in a folder.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// An error and all its causes, in both forms: where secrets would show.
pub fn everything_said(error: &Error) -> String {
    use std::error::Error as _;
    let mut said = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(cause) = source {
        said.push_str(&format!(" {cause} {cause:?}"));
        source = cause.source();
    }
    said
}
