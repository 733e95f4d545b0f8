//! Streaming beside a loop written by hand with reqwest and serde, whose structs keep dates as
//! text, over the same pages on the same kind of runtime, in turns; prefetching beside not; and the
//! memory that a long list takes.
//!
//! ```sh
//! cargo bench -p gha-client --bench pagination
//! ```
//!
//! The fake is a process of its own, so that times are the client's alone. They are medians; on a
//! machine that others use too, look at the CPU time.
#![expect(clippy::unwrap_used, reason = "a benchmark has nobody to report to")]
#![expect(clippy::print_stdout, reason = "its results go there")]

use std::fs;
use std::hint::black_box;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gha_client::prelude::*;
use gha_client::{Client, Host};
use gha_fake::{Artifact, Fake, Fault, Repo, Run};
use serde::Deserialize;
use tokio::runtime::{Builder, Runtime};

const TOKEN: &str = "ghp_benchmark";
const ROUNDS: usize = 15;
const PAGES: u64 = 100;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", items, latency] => serve(items.parse().unwrap(), latency.parse().unwrap()),
        ["memory", api, size, prefetch] => {
            memory(api, size.parse().unwrap(), prefetch.parse().unwrap());
        }
        ["--bench", ..] => measure(ROUNDS, PAGES, 10_000),
        // `cargo test --benches` wants to know that it runs, no more.
        _ => measure(1, 2, 3),
    }
}

fn serve(items: u64, latency: u64) {
    let artifacts = (1..=items).map(|id| {
        let name = format!("dist-linux-x86_64-{id}");
        Artifact::new(name, gha_fake::Content::bytes("x"))
            .id(id.try_into().unwrap())
            .digest("sha256:2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881")
    });
    let fake = Fake::builder()
        .token(TOKEN)
        .repo(Repo::new("o", "r").run(Run::new(1001).artifacts(artifacts)))
        .request_log_limit(0)
        .fault(Fault::delay(Duration::from_millis(latency)))
        .start_on_thread()
        .unwrap();
    println!("{}", fake.api_url());
    std::thread::park();
}

fn measure(rounds: usize, pages: u64, many: u64) {
    let server = Server::start(pages * 100, 0);
    for (name, runtime) in [
        (
            "current-thread",
            Builder::new_current_thread().enable_all().build(),
        ),
        (
            "multi-thread",
            Builder::new_multi_thread().enable_all().build(),
        ),
    ] {
        let runtime = runtime.unwrap();
        let mut turns = [Vec::new(), Vec::new()];
        for _ in 0..=rounds {
            turns[0].push(Cost::of(&runtime, by_hand(&server.api, pages)));
            turns[1].push(Cost::of(&runtime, by_stream(&server.api, pages)));
        }
        let [hand, stream] = turns.map(Cost::median);
        println!(
            "{name}: {pages} pages by hand {hand}, as a stream {stream}: {}",
            stream.over(hand)
        );
    }
    drop(server);

    let server = Server::start(pages * 100, 50);
    let runtime = Builder::new_multi_thread().enable_all().build().unwrap();
    let serial = Cost::of(&runtime, prefetched(&server.api, pages, 0));
    let eight = Cost::of(&runtime, prefetched(&server.api, pages, 8));
    println!(
        "50 ms away: serial {serial}, prefetch(8) {eight}: {}",
        eight.over(serial)
    );
    drop(server);

    for (pages, size) in [(pages, 100), (pages, 10), (many, 10)] {
        let server = Server::start(pages * size, 0);
        for prefetch in ["0", "8"] {
            let args = ["memory", &server.api, &size.to_string(), prefetch];
            let output = itself().args(args).output().unwrap();
            let said = String::from_utf8(output.stdout).unwrap();
            println!(
                "{pages} pages of {size}, prefetch({prefetch}): {}",
                said.trim()
            );
        }
    }
}

/// What a program takes that streams everything.
fn memory(api: &str, size: i64, prefetch: usize) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let count = runtime.block_on(async {
        let mut count = 0;
        let mut stream = list(&client(api))
            .per_page(size)
            .stream()
            .prefetch(prefetch);
        while let Some(artifact) = stream.try_next().await.unwrap() {
            black_box(artifact);
            count += 1;
        }
        count
    });
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!(
        "{count} items, peak memory {}",
        peak.unwrap_or("unknown").trim()
    );
}

fn client(api: &str) -> Client {
    gha_client::builder()
        .host(Host::url(api).unwrap())
        .token(TOKEN)
        .build()
        .unwrap()
}

fn list(client: &Client) -> gha_client::operations::ListArtifacts {
    client.repo("o", "r").list_artifacts()
}

async fn by_stream(api: &str, pages: u64) {
    prefetched(api, pages, 0).await;
}

async fn prefetched(api: &str, pages: u64, prefetch: usize) {
    let mut stream = list(&client(api)).stream().prefetch(prefetch);
    let mut count = 0;
    while let Some(artifact) = stream.try_next().await.unwrap() {
        black_box(artifact);
        count += 1;
    }
    assert_eq!(count, pages * 100);
}

#[derive(Deserialize)]
struct Page {
    total_count: u64,
    artifacts: Vec<Plain>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is decoded is what counts")]
struct Plain {
    id: i64,
    node_id: String,
    name: String,
    size_in_bytes: i64,
    url: String,
    archive_download_url: String,
    expired: bool,
    created_at: Option<String>,
    expires_at: Option<String>,
    updated_at: Option<String>,
    digest: Option<String>,
    workflow_run: Option<PlainRun>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "what is decoded is what counts")]
struct PlainRun {
    id: Option<i64>,
    repository_id: Option<i64>,
    head_repository_id: Option<i64>,
    head_branch: Option<String>,
    head_sha: Option<String>,
}

async fn by_hand(api: &str, pages: u64) {
    // It installs the provider that TLS asks for, though none is needed here.
    drop(gha_client::builder().build().unwrap());
    let client = reqwest::Client::new();
    let mut count = 0;
    for page in 1.. {
        let response = client
            .get(format!(
                "{api}/repos/o/r/actions/artifacts?per_page=100&page={page}"
            ))
            .bearer_auth(TOKEN)
            .header("accept", "application/vnd.github+json")
            .header("user-agent", "by-hand")
            .send()
            .await
            .unwrap()
            .error_for_status()
            .unwrap();
        let page: Page = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        for artifact in page.artifacts {
            black_box(artifact);
            count += 1;
        }
        if count >= page.total_count {
            break;
        }
    }
    assert_eq!(count, pages * 100);
}

/// Time by the clock, and of all threads of this process.
#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    cpu: f64,
}

impl Cost {
    fn of(runtime: &Runtime, work: impl Future<Output = ()>) -> Self {
        let (start, cpu) = (Instant::now(), cpu_seconds());
        runtime.block_on(work);
        Self {
            wall: start.elapsed().as_secs_f64(),
            cpu: cpu_seconds() - cpu,
        }
    }

    /// Of all but the first, which warms up.
    fn median(costs: Vec<Self>) -> Self {
        let middle = |value: fn(&Self) -> f64| {
            let mut values: Vec<f64> = costs.iter().skip(1).map(value).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        Self {
            wall: middle(|cost| cost.wall),
            cpu: middle(|cost| cost.cpu),
        }
    }

    fn over(self, other: Self) -> String {
        format!(
            "{:.3} of the time, {:.3} of the CPU time",
            self.wall / other.wall,
            self.cpu / other.cpu
        )
    }
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:.1} ms ({:.1} ms CPU)",
            self.wall * 1e3,
            self.cpu * 1e3
        )
    }
}

/// The CPU time of the threads that live, where the system tells it.
fn cpu_seconds() -> f64 {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten();
    threads
        .filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("schedstat")).ok())
        .filter_map(|stat| stat.split(' ').next()?.parse::<f64>().ok())
        .sum::<f64>()
        / 1e9
}

fn itself() -> Command {
    Command::new(std::env::current_exe().unwrap())
}

struct Server {
    process: Child,
    api: String,
}

impl Server {
    fn start(items: u64, latency: u64) -> Self {
        let mut process = itself()
            .args(["serve", &items.to_string(), &latency.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut api = String::new();
        BufReader::new(process.stdout.as_mut().unwrap())
            .read_line(&mut api)
            .unwrap();
        Self {
            process,
            api: api.trim().to_owned(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
