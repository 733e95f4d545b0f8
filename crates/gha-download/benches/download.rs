//! Wall time and memory of downloads beside curl's, from one server, in turns.
//!
//! ```sh
//! cargo bench -p gha-download --bench download
//! cargo bench -p gha-download --bench download -- --runs 9 --folder /dev/shm
//! ```
//!
//! Server, client and curl are processes of their own. The first ratio is that of the processes, from
//! start to end, the second that of the transfers alone, without the start of a process, which takes
//! longer for ours as it reads the root certificates. Files go to a folder in memory, so that no disk
//! is measured. Times are medians; on a machine that others use, look at the last ratio, of the
//! shortest transfers.
#![expect(clippy::unwrap_used, reason = "a benchmark has nobody to report to")]
#![expect(clippy::print_stdout, reason = "its results go there")]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use gha_client::Host;
use gha_client::prelude::*;
use gha_fake::{Artifact, Fake, Job, Repo, Run};

const MIB: u64 = 1024 * 1024;
const TOKEN: &str = "ghp_benchmark";
const ARCHIVE: i64 = 11;
const LOG: i64 = 42;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => serve(),
        ["get", what, api, to] => get(what, api, Path::new(to)),
        _ => compare(&args),
    }
}

fn serve() {
    let line = b"2026-03-10T12:00:00.0000000Z Compiling something at its usual, plodding pace\r\n";
    let log: Vec<u8> = line
        .iter()
        .copied()
        .cycle()
        .take(50 * MIB as usize)
        .collect();
    let archive = Artifact::noise("archive", 1024 * MIB).id(ARCHIVE);
    let run = Run::new(7).job(Job::new(LOG).log(log));
    let fake = Fake::builder()
        .token(TOKEN)
        .repo(Repo::new("o", "r").artifact(archive).run(run))
        .start_on_thread()
        .unwrap();
    println!("{}", fake.api_url());
    std::thread::park();
}

/// What a user's program would do.
#[tokio::main]
async fn get(what: &str, api: &str, to: &Path) {
    let host = Host::url(api).unwrap();
    let client = gha_client::builder().host(host).token(TOKEN);
    let repo = client.build().unwrap().repo("o", "r");
    let archive = || repo.download_artifact(ARCHIVE);
    let log = || repo.download_job_logs(LOG);
    let start = Instant::now();
    match what {
        "archive" => {
            archive().download().await.unwrap().save(to).await.unwrap();
        }
        "verified" => {
            let artifact = repo.get_artifact(ARCHIVE).send().await.unwrap();
            let download = archive().download().await.unwrap();
            let download = download.expect_digest(artifact.digest.as_deref()).unwrap();
            download.save(to).await.unwrap();
        }
        "log" => {
            log().download().await.unwrap().save(to).await.unwrap();
        }
        "text" => {
            let text = log()
                .download()
                .await
                .unwrap()
                .text(usize::MAX)
                .await
                .unwrap();
            assert!(text.len() as u64 > 49 * MIB);
        }
        _ => panic!("unknown: {what}"),
    }
    let transfer = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.unwrap_or("0 kB").trim().trim_end_matches(" kB");
    println!("{transfer} {peak}");
}

struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn compare(args: &[String]) {
    let option = |name: &str| {
        let at = args.iter().position(|arg| arg == name)?;
        args.get(at + 1)
    };
    let runs: usize = option("--runs").map_or(5, |runs| runs.parse().unwrap());
    let folder = PathBuf::from(option("--folder").map_or("/dev/shm", String::as_str));

    let own = std::env::current_exe().unwrap();
    let mut server = Command::new(&own);
    let mut server = server.arg("serve").stdout(Stdio::piped()).spawn().unwrap();
    let mut api = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut api)
        .unwrap();
    let _server = Killed(server);
    let api = api.trim();

    println!("            ours s    curl s   process  transfer  shortest  peak RSS");
    for (what, path) in [
        ("archive", format!("artifacts/{ARCHIVE}/zip")),
        ("verified", format!("artifacts/{ARCHIVE}/zip")),
        ("log", format!("jobs/{LOG}/logs")),
        ("text", format!("jobs/{LOG}/logs")),
    ] {
        let to = folder.join(format!("gha-bench-{}", std::process::id()));
        let curl = || {
            let mut curl = Command::new("curl");
            curl.args([
                "-sSfL",
                "-H",
                &format!("Authorization: Bearer {TOKEN}"),
                "-w",
                "%{time_total} 0",
                "-o",
            ]);
            curl.arg(&to).arg(format!("{api}/repos/o/r/actions/{path}"));
            curl
        };
        let ours = || {
            let mut ours = Command::new(&own);
            ours.args(["get", what, api]).arg(&to);
            ours
        };
        // The server's digest and everybody's caches.
        run(ours(), &to);
        run(curl(), &to);
        let (mut our, mut curls) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            our.push(run(ours(), &to));
            curls.push(run(curl(), &to));
        }
        let ratio = |pick: fn(&[f64]) -> f64, of: fn(&Sample) -> f64| {
            let times = |runs: &[Sample]| pick(&runs.iter().map(of).collect::<Vec<_>>());
            times(&our) / times(&curls)
        };
        println!(
            "{what:10} {:>7.3} {:>9.3} {:>9.2} {:>9.2} {:>9.2} {:>6} KiB",
            median(&our.iter().map(|run| run.process).collect::<Vec<_>>()),
            median(&curls.iter().map(|run| run.process).collect::<Vec<_>>()),
            ratio(median, |run| run.process),
            ratio(median, |run| run.transfer),
            ratio(shortest, |run| run.transfer),
            our.iter().map(|run| run.peak).max().unwrap_or_default(),
        );
    }
}

/// Times in seconds, memory in KiB.
struct Sample {
    process: f64,
    transfer: f64,
    peak: u64,
}

fn run(mut command: Command, to: &Path) -> Sample {
    let start = Instant::now();
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    let process = start.elapsed().as_secs_f64();
    assert!(output.status.success(), "{command:?}");
    let _ = std::fs::remove_file(to);
    let printed = String::from_utf8(output.stdout).unwrap();
    let (transfer, peak) = printed.trim().split_once(' ').unwrap();
    Sample {
        process,
        transfer: transfer.parse().unwrap(),
        peak: peak.parse().unwrap(),
    }
}

fn median(times: &[f64]) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn shortest(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::INFINITY, f64::min)
}
