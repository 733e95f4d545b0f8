//! A gibibyte in little memory: alone in this process, as the peak it looks at is the
//! process's own.
#![cfg(target_os = "linux")]
#![expect(clippy::print_stdout, reason = "the server says where it is")]
#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]

#[path = "it/support/mod.rs"]
#[allow(dead_code, unreachable_pub, reason = "a part of it is used here")]
mod support;

use std::io::{self, BufRead as _, BufReader, Lines};
use std::pin::Pin;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::task::{Context, Poll};

use crate::support::{ARTIFACT, TOKEN, archive, artifact};
use bytes::Bytes;
use gha_client::Host;
use gha_client::prelude::*;
use gha_fake::{Artifact, Content, Fake, Fault, Match, Repo};
use tokio::io::AsyncWrite;

const HUGE: u64 = 1 << 30;
const LARGE: u64 = 256 << 20;
/// What comes byte by byte.
const CRUMBS: u64 = 1 << 18;
/// In KiB, beyond what a client has that has done nothing yet.
const LIMIT: u64 = 12 * 1024;
const SERVER: &str = "GHA_TEST_SERVER";

fn noise(size: u64) -> Content {
    Content::noise(size, 1)
}

/// In a process of its own, lest its memory be taken for ours.
fn serve() {
    let huge = artifact(noise(HUGE)).without_digest();
    let large = Artifact::new("large", noise(LARGE)).id(ARTIFACT + 1);
    let crumbs = Artifact::new("crumbs", noise(CRUMBS)).id(ARTIFACT + 2);
    let repo = Repo::new("octo-org", "octo-docs").artifacts([huge, large, crumbs]);
    let broken = |at| Fault::close_after(at).on(Match::blob()).once();
    // The third download, when the two others have each been broken once.
    let one_by_one = Fault::change().in_pieces(1).on(Match::blob()).after(4);
    let fake = Fake::builder()
        .token(TOKEN)
        .repo(repo)
        .fault(broken(HUGE / 2))
        .fault(broken(LARGE / 2))
        .fault(one_by_one)
        .start_on_thread()
        .unwrap();
    println!("\n{}", fake.api_url());
    // Until the other process closes its end.
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

struct Server {
    child: Child,
    api_url: String,
    /// The server prints to the end, and must not fail at it.
    _output: Lines<BufReader<ChildStdout>>,
}

impl Server {
    fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--nocapture", "--exact", "a_gibibyte_in_little_memory"])
            .env(SERVER, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let api_url = lines.find_map(|line| line.ok().filter(|line| line.starts_with("http")));
        Self {
            child,
            api_url: api_url.unwrap(),
            _output: lines,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The most memory that this process has held at once, in KiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap()
        .trim()
        .trim_end_matches(" kB")
        .parse()
        .unwrap()
}

/// Compares what is written with what must come, and keeps nothing.
struct Comparing<I> {
    expected: I,
    piece: Bytes,
}

impl<I: Iterator<Item = Bytes> + Unpin> AsyncWrite for Comparing<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        written: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.piece.is_empty() {
            self.piece = self.expected.next().expect("no more than was served");
        }
        let length = self.piece.len().min(written.len());
        let expected = self.piece.split_to(length);
        assert!(
            expected == written[..length],
            "other bytes than were served"
        );
        Poll::Ready(Ok(length))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gibibyte_in_little_memory() {
    if std::env::var_os(SERVER).is_some() {
        return serve();
    }
    let server = Server::start();
    let host = Host::url(&server.api_url).unwrap();
    let client = gha_client::builder()
        .host(host)
        .token(TOKEN)
        .build()
        .unwrap();
    let before = peak();

    let content = noise(HUGE);
    let mut writer = Comparing {
        expected: content.chunks(0..HUGE),
        piece: Bytes::new(),
    };
    let download = archive(&client).download().await.unwrap();
    assert_eq!(download.copy_to(&mut writer).await.unwrap(), HUGE);
    assert!(writer.piece.is_empty() && writer.expected.next().is_none());
    let copied = peak() - before;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large");
    let large = client
        .repo("octo-org", "octo-docs")
        .download_artifact(ARTIFACT + 1);
    let download = large.download().await.unwrap();
    let download = download.expect_digest(Some(noise(LARGE).digest())).unwrap();
    assert_eq!(download.save(&path).await.unwrap().bytes, LARGE);
    assert_eq!(std::fs::metadata(&path).unwrap().len(), LARGE);
    let saved = peak() - before;

    let crumbs = client
        .repo("octo-org", "octo-docs")
        .download_artifact(ARTIFACT + 2);
    let download = crumbs.download().await.unwrap();
    let download = download
        .expect_digest(Some(noise(CRUMBS).digest()))
        .unwrap();
    download.save(folder.path().join("crumbs")).await.unwrap();
    let collected = peak() - before;

    let report = format!(
        "peak {} KiB: {before} at first, {copied} more for copying, {saved} for saving, {collected} \
         for crumbs",
        peak()
    );
    println!("{report}");
    assert!(copied.max(saved).max(collected) < LIMIT, "{report}");
}
