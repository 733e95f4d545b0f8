//! Wall time, memory and bytes beside `curl` and `unzip`, from one server, in turns.
//!
//! ```sh
//! cargo bench -p gha-artifact --bench artifact
//! cargo bench -p gha-artifact --bench artifact -- --runs 9 --folder /dev/shm
//! ```
//!
//! Server, client, `curl` and `unzip` are processes of their own; a run lasts from the start of a
//! process to its end. Files go to a folder in memory, so that no disk is measured.
#![expect(clippy::unwrap_used, reason = "a benchmark has nobody to report to")]
#![expect(clippy::print_stdout, reason = "its results go there")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use gha_artifact::{DownloadExt as _, RemoteArchive};
use gha_client::Host;
use gha_client::prelude::*;
use gha_fake::{Artifact, Content, Fake, Match, Repo};

const MIB: u64 = 1024 * 1024;
const TOKEN: &str = "ghp_benchmark";
/// 1,000 stored entries of noise, one of 10 KiB.
const ARCHIVE: i64 = 11;
const SMALL: &str = "packages/module-0700/library.so";
fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve(),
        ["get", what, api, to] => get(what, api, Path::new(to)),
        _ => compare(&args),
    }
}

/// Prints its address, and whenever it reads a line, how often and for how much it was asked.
fn serve() {
    let members = (0..1000u64).map(|n| {
        let size = if n == 700 { 10 * 1024 } else { MIB };
        (format!("packages/module-{n:04}/library.so"), size)
    });
    let archive = Artifact::new("archive", Content::zip_of_noise(members, 1)).id(ARCHIVE);
    let repo = Repo::new("o", "r").artifact(archive);
    let fake = Fake::builder()
        .token(TOKEN)
        .repo(repo)
        .start_on_thread()
        .unwrap();
    println!("{}", fake.api_url());
    for _ in std::io::stdin().lines() {
        let requests = fake.requests_for(&Match::blob());
        let bytes = requests.iter().filter_map(|request| {
            let (first, last) = request
                .header("range")?
                .strip_prefix("bytes=")?
                .split_once('-')?;
            Some(last.parse::<u64>().ok()? + 1 - first.parse::<u64>().ok()?)
        });
        println!(
            "{} requests for {} bytes",
            requests.len(),
            bytes.sum::<u64>()
        );
    }
}

/// What a user's program would do.
#[tokio::main]
async fn get(what: &str, api: &str, to: &Path) {
    let host = Host::url(api).unwrap();
    let client = gha_client::builder().host(host).token(TOKEN);
    let repo = client.build().unwrap().repo("o", "r");
    match what {
        "member" => {
            let archive = RemoteArchive::open(repo.download_artifact(ARCHIVE))
                .await
                .unwrap();
            let bytes = archive
                .member(SMALL)
                .unwrap()
                .bytes(MIB as usize)
                .await
                .unwrap();
            assert_eq!(bytes.len(), 10 * 1024);
        }
        "extract" => {
            let artifact = repo.get_artifact(ARCHIVE).send().await.unwrap();
            let download = repo.download_artifact(ARCHIVE).download().await.unwrap();
            let download = download.expect_digest(artifact.digest.as_deref()).unwrap();
            download.extract(to).await.unwrap();
        }
        _ => panic!("unknown: {what}"),
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", peak.unwrap_or("0 kB").trim().trim_end_matches(" kB"));
}

struct Server {
    process: Child,
    output: BufReader<std::process::ChildStdout>,
    api: String,
}

impl Server {
    fn start() -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        let mut server = Self {
            process,
            output,
            api: String::new(),
        };
        server.api = server.line();
        server
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    fn asked(&mut self) -> String {
        writeln!(self.process.stdin.as_mut().unwrap()).unwrap();
        self.line()
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

    let mut fast = Server::start();
    let ours = |api: &str, what: &str| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["get", what, api]).arg(&to);
        command
    };
    run(ours(&fast.api, "member"), &to);
    println!("member of 10 KiB in 1 GiB: {}", fast.asked());

    println!(
        "{:34} {:>9} {:>9} {:>7} {:>10}",
        "", "this", "that", "ratio", "peak RSS"
    );
    let api = fast.api.clone();
    let curl_unzip = || {
        let mut shell = Command::new("sh");
        let script = "mkdir \"$3\" && curl -sSfL -H \"Authorization: Bearer $1\" -o \"$3/zip\" \"$2\" \
                      && unzip -q \"$3/zip\" -d \"$3/out\"";
        let url = format!("{api}/repos/o/r/actions/artifacts/{ARCHIVE}/zip");
        shell.args(["-c", script, "sh", TOKEN, &url]).arg(&to);
        shell
    };
    beside(
        runs,
        &to,
        "extract / curl, then unzip",
        || ours(&api, "extract"),
        curl_unzip,
    );
}

fn beside(
    runs: usize,
    to: &Path,
    label: &str,
    this: impl Fn() -> Command,
    that: impl Fn() -> Command,
) {
    // The server's digest and everybody's caches.
    run(this(), to);
    run(that(), to);
    let (mut these, mut those, mut peak) = (Vec::new(), Vec::new(), 0);
    for _ in 0..runs {
        let (time, output) = run(this(), to);
        peak = peak.max(output.trim().parse::<u64>().unwrap_or_default());
        these.push(time);
        those.push(run(that(), to).0);
    }
    let (this, that) = (median(these), median(those));
    let ratio = this.as_secs_f64() / that.as_secs_f64();
    println!("{label:38} {this:>9.3?} {that:>9.3?} {ratio:>7.3} {peak:>6} KiB");
}

fn run(mut command: Command, to: &Path) -> (Duration, String) {
    let start = Instant::now();
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    let time = start.elapsed();
    assert!(output.status.success(), "{command:?}");
    let _ = std::fs::remove_file(to);
    let _ = std::fs::remove_dir_all(to);
    (time, String::from_utf8(output.stdout).unwrap())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
