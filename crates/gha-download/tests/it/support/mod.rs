//! A fake with one artifact and one log, and every way to read a download.

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
#[allow(dead_code, reason = "tests of archives use the rest")]
pub mod file_system;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use gha_client::{Client, Error, Host, RetryPolicy, operations};
use gha_download::{Download, RedirectedExt as _};
use gha_fake::{Artifact, Builder, Content, Fake, Job, ReceivedRequest, Repo, Run};
use tokio::io::AsyncReadExt as _;

pub const TOKEN: &str = "ghp_0123456789abcdef";
pub const ARTIFACT: i64 = 11;
pub const LOG: i64 = 42;

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
    client_of(fake.api_url(), timeout)
}

pub fn client_of(api: &str, timeout: Duration) -> Client {
    gha_client::builder()
        .host(Host::url(api).unwrap())
        .token(TOKEN)
        .idle_timeout(timeout)
        .build()
        .unwrap()
        .with_retry(quick())
}

pub async fn serve(content: Content) -> Fake {
    seed_with(artifact(content)).start().await.unwrap()
}

pub fn archive(client: &Client) -> operations::DownloadArtifact {
    client
        .repo("octo-org", "octo-docs")
        .download_artifact(ARTIFACT)
}

pub fn log(client: &Client) -> operations::DownloadJobLogs {
    client.repo("octo-org", "octo-docs").download_job_logs(LOG)
}

/// Few attempts and no waits to speak of.
pub fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .max_attempts(4)
        .base_delay(Duration::from_millis(1))
}

pub async fn download(fake: &Fake) -> Download {
    archive(&client(fake)).download().await.unwrap()
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

    /// Whether it gives text, which the bytes of a content need not be.
    pub fn is_of_text(self) -> bool {
        matches!(self, Self::Text | Self::Lines)
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
                let chunks: Vec<_> = download.into_stream().try_collect().await?;
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

/// The range that a request asks for, if it has an end.
pub fn range(request: &ReceivedRequest) -> Option<(u64, u64)> {
    let (first, last) = request
        .header("range")?
        .strip_prefix("bytes=")?
        .split_once('-')?;
    Some((first.parse().ok()?, last.parse::<u64>().ok()? + 1))
}

/// Everything below a folder: names, contents, targets of links. What is removed meanwhile is left
/// out.
pub fn everything(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        let entries = match fs::read_dir(&current) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            entries => entries.unwrap(),
        };
        for entry in entries {
            let path = entry.unwrap().path();
            let name = path
                .strip_prefix(folder)
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            let kind = match fs::symlink_metadata(&path) {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                metadata => metadata.unwrap().file_type(),
            };
            let what = if kind.is_symlink() {
                format!("-> {}", fs::read_link(&path).unwrap().display())
            } else if kind.is_dir() {
                folders.push(path);
                "/".to_owned()
            } else {
                match fs::read(&path) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                    bytes => String::from_utf8_lossy(&bytes.unwrap()).into_owned(),
                }
            };
            found.insert(name, what);
        }
    }
    found
}

/// Waits for what another thread is about to do.
pub async fn wait_until(mut holds: impl FnMut() -> bool) {
    let limit = std::time::Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(std::time::Instant::now() < limit, "it never came to that");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
