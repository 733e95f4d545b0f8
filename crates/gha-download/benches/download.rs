//! Wall time and memory of downloads beside curl's, from one server, in turns.
//!
//! ```sh
//! cargo bench -p gha-download --bench download
//! cargo bench -p gha-download --bench download -- --runs 9 --folder /dev/shm
//! ```
//!
//! Server, client and curl are processes of their own. The ratios are of medians: of whole processes,
//! from start to end, of their processor time, and of the transfers alone, without the start of a process.
//! On a machine that others use, look at the last one, of the shortest processes. Files go to a folder in
//! memory, so that no disk is measured.
#![expect(clippy::unwrap_used, reason = "a benchmark has nobody to report to")]
#![expect(clippy::print_stdout, reason = "its results go there")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use gha_client::Host;
use gha_client::prelude::*;
use gha_fake::{Artifact, Fake, Fault, Job, Match, Repo, Run};

const MIB: u64 = 1024 * 1024;
const TOKEN: &str = "ghp_benchmark";
/// 1 GiB of noise.
const LARGE: i64 = 11;
/// 256 MiB of noise.
const SMALL: i64 = 12;
/// 50 MiB of lines.
const LOG: i64 = 42;
/// Bytes a second of a connection of the slow server.
const SPEED: u64 = 25_000_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve", speed] => serve(speed),
        ["get", what, api, to] => get(what, api, Path::new(to)),
        _ => compare(&args),
    }
}

fn serve(speed: &str) {
    let line = b"2026-03-10T12:00:00.0000000Z Compiling something at its usual, plodding pace\r\n";
    let log: Vec<u8> = line
        .iter()
        .copied()
        .cycle()
        .take(50 * MIB as usize)
        .collect();
    let repo = Repo::new("o", "r")
        .artifact(Artifact::noise("large", 1024 * MIB).id(LARGE))
        .artifact(Artifact::noise("small", 256 * MIB).id(SMALL))
        .run(Run::new(7).job(Job::new(LOG).log(log)));
    let mut fake = Fake::builder().token(TOKEN).repo(repo);
    if speed == "slow" {
        fake = fake.fault(Fault::throttle(SPEED).on(Match::blob()));
    }
    let fake = fake.start_on_thread().unwrap();
    println!("{}", fake.api_url());
    std::thread::park();
}

/// What a user's program would do.
#[tokio::main]
async fn get(what: &str, api: &str, to: &Path) {
    let host = Host::url(api).unwrap();
    let client = gha_client::builder().host(host).token(TOKEN);
    let repo = client.build().unwrap().repo("o", "r");
    let log = async || repo.download_job_logs(LOG).download().await.unwrap();
    let archive = async |id| repo.download_artifact(id).download().await.unwrap();
    let verified = async |id| {
        let artifact = repo.get_artifact(id).send().await.unwrap();
        let download = archive(id).await;
        download.expect_digest(artifact.digest.as_deref()).unwrap()
    };
    let start = Instant::now();
    match what {
        "1 GiB" => drop(archive(LARGE).await.save(to).await.unwrap()),
        "1 GiB verified" => drop(verified(LARGE).await.save(to).await.unwrap()),
        "1 GiB verified, 8 connections" => {
            let download = verified(LARGE).await.connections(8);
            download.save(to).await.unwrap();
        }
        "1 GiB verified, resumable" => {
            let download = verified(LARGE).await.connections(8);
            download.save_resumable(to).await.unwrap();
        }
        "256 MiB verified, 8 connections" => {
            let download = verified(SMALL).await.connections(8);
            download.save(to).await.unwrap();
        }
        "256 MiB verified" => drop(verified(SMALL).await.save(to).await.unwrap()),
        "log" => drop(log().await.save(to).await.unwrap()),
        "log as text" => {
            let text = log().await.text(usize::MAX).await.unwrap();
            assert!(text.len() as u64 > 49 * MIB);
        }
        "log by lines" => {
            let mut lines = log().await.lines(64 * 1024);
            let mut bytes = 0;
            while let Some(line) = lines.try_next().await.unwrap() {
                bytes += line.len() as u64;
            }
            assert!(bytes > 48 * MIB);
        }
        _ => panic!("unknown: {what}"),
    }
    let transfer = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.unwrap_or("0 kB").trim().trim_end_matches(" kB");
    println!("{transfer} {peak}");
}

struct Server {
    process: Child,
    api: String,
}

impl Server {
    fn start(speed: &str) -> Self {
        let mut server = Command::new(std::env::current_exe().unwrap());
        let server = server.args(["serve", speed]).stdout(Stdio::piped());
        let mut process = server.spawn().unwrap();
        let mut api = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        output.read_line(&mut api).unwrap();
        let api = api.trim().to_owned();
        Self { process, api }
    }

    fn ours(&self, what: &str, to: &Path) -> Command {
        let mut ours = Command::new(std::env::current_exe().unwrap());
        ours.args(["get", what, &self.api]).arg(to);
        ours
    }

    fn curl(&self, path: &str, to: &Path) -> Command {
        let mut curl = Command::new("curl");
        let authorization = format!("Authorization: Bearer {TOKEN}");
        curl.args(["-sSfL", "-H", &authorization, "-w", "%{time_total} 0", "-o"]);
        curl.arg(to)
            .arg(format!("{}/repos/o/r/actions/{path}", self.api));
        curl
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn compare(args: &[String]) {
    let option = |name: &str| {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1)
    };
    let runs: usize = option("--runs").map_or(5, |runs| runs.parse().unwrap());
    let folder = PathBuf::from(option("--folder").map_or("/dev/shm", String::as_str));
    let to = folder.join(format!("gha-bench-{}", std::process::id()));
    let (large, log) = (format!("artifacts/{LARGE}/zip"), format!("jobs/{LOG}/logs"));

    println!(
        "{:32} {:>8} {:>8} {:>8} {:>10}",
        "beside curl", "process", "CPU", "transfer", "peak RSS"
    );
    let fast = Server::start("fast");
    for (what, path) in [
        ("1 GiB", &large),
        ("1 GiB verified", &large),
        ("1 GiB verified, 8 connections", &large),
        ("1 GiB verified, resumable", &large),
        ("log", &log),
        ("log as text", &log),
        ("log by lines", &log),
    ] {
        beside(
            runs,
            what,
            || fast.ours(what, &to),
            || fast.curl(path, &to),
            &to,
        );
    }
    let slow = Server::start("slow");
    println!("at {SPEED} bytes a second and connection, beside one connection of ours");
    let (eight, one) = ("256 MiB verified, 8 connections", "256 MiB verified");
    beside(
        runs.min(3),
        eight,
        || slow.ours(eight, &to),
        || slow.ours(one, &to),
        &to,
    );
}

fn beside(
    runs: usize,
    what: &str,
    ours: impl Fn() -> Command,
    theirs: impl Fn() -> Command,
    to: &Path,
) {
    // The server's digest and everybody's caches.
    Sample::of(ours(), to);
    Sample::of(theirs(), to);
    let (mut our, mut their) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        our.push(Sample::of(ours(), to));
        their.push(Sample::of(theirs(), to));
    }
    let ratio = |pick: fn(Vec<f64>) -> f64, of: fn(&Sample) -> f64| {
        pick(our.iter().map(of).collect()) / pick(their.iter().map(of).collect())
    };
    println!(
        "{what:32} {:>8.2} {:>8.2} {:>8.2} {:>6} KiB   shortest {:.2}",
        ratio(median, |run| run.process),
        ratio(median, |run| run.cpu),
        ratio(median, |run| run.transfer),
        our.iter().map(|run| run.peak).max().unwrap_or_default(),
        ratio(
            |times| times.into_iter().fold(f64::INFINITY, f64::min),
            |run| run.process
        ),
    );
}

/// Times in seconds, memory in KiB.
struct Sample {
    process: f64,
    cpu: f64,
    transfer: f64,
    peak: u64,
}

impl Sample {
    fn of(mut command: Command, to: &Path) -> Self {
        let (start, cpu) = (Instant::now(), cpu_of_children());
        let output = command.stderr(Stdio::inherit()).output().unwrap();
        let process = start.elapsed().as_secs_f64();
        let cpu = cpu_of_children() - cpu;
        assert!(output.status.success(), "{command:?}");
        let _ = std::fs::remove_file(to);
        let printed = String::from_utf8(output.stdout).unwrap();
        let (transfer, peak) = printed.trim().split_once(' ').unwrap();
        Self {
            process,
            cpu,
            transfer: transfer.parse().unwrap(),
            peak: peak.parse().unwrap(),
        }
    }
}

/// Seconds of processor time of the children that ended, where the system tells it (proc(5)).
fn cpu_of_children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(13).take(2);
    ticks
        .filter_map(|field| field.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
