//! Waits for a run to finish, then prints the steps that failed and the ends of their jobs' logs.
//!
//! `cargo run -p gha-client --example watch_run [-- --repo OWNER/NAME --run ID] [--lines N]`
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is what the program is for"
)]

mod support;

use std::collections::VecDeque;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use gha_client::prelude::*;
use gha_client::types::{Job, JobConclusion, WorkflowRun, WorkflowRunConclusion};
use gha_client::{Error, ErrorKind, Repo};
use support::TargetArgs;
use tokio::time::sleep;

/// In bytes; longer than any line that is for people.
const LONGEST_LINE: usize = 1024 * 1024;

/// Waits for a run to finish, then prints the steps that failed and the ends of their jobs' logs. Exits
/// with 1 unless the run succeeded.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// The workflow run
    #[arg(long, value_name = "ID")]
    run: Option<i64>,
    /// How many lines of each log to print
    #[arg(long, value_name = "N", default_value_t = 10)]
    lines: usize,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<ExitCode> {
    let args = Args::parse();
    let target = args.target.open().await?;
    let id = target.id("--run", args.run, 1002)?;
    let run = completed(&target.repo, id).await?;
    let conclusion = run.conclusion.clone();
    let shown = conclusion
        .as_ref()
        .map_or("-".to_owned(), ToString::to_string);
    println!("run {id}: {shown}");

    let mut jobs = target.repo.list_run_jobs(id).stream();
    while let Some(job) = jobs.try_next().await? {
        if !has_failed(job.conclusion.as_ref()) {
            continue;
        }
        println!("\n✗ {}", job.name);
        print_steps(&job);
        match tail(&target.repo, job.id, args.lines).await {
            Ok(lines) => lines.iter().for_each(|line| println!("    {line}")),
            Err(error) if is_missing(&error) => println!("    {error}"),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(match conclusion {
        Some(WorkflowRunConclusion::Success) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// Asks until the run is completed, less often the longer it takes.
async fn completed(repo: &Repo, id: i64) -> Result<WorkflowRun, Error> {
    let mut delay = Duration::from_secs(1);
    loop {
        let run = repo.get_run(id).send().await?.into_inner();
        let Some(status) = run
            .status
            .as_ref()
            .filter(|status| status.as_str() != "completed")
        else {
            return Ok(run);
        };
        eprintln!("run {id}: {status}");
        sleep(delay).await;
        delay = (delay * 2).min(Duration::from_secs(30));
    }
}

fn has_failed(conclusion: Option<&JobConclusion>) -> bool {
    use JobConclusion::{Failure, TimedOut};
    matches!(conclusion, Some(Failure | TimedOut))
}

fn print_steps(job: &Job) {
    let failed = job
        .steps
        .iter()
        .filter(|step| has_failed(step.conclusion.as_ref()));
    failed.for_each(|step| println!("  ✗ {}. {}", step.number, step.name));
}

/// The last lines of a job's log.
async fn tail(repo: &Repo, job: i64, count: usize) -> Result<VecDeque<String>, Error> {
    let mut lines = repo
        .download_job_logs(job)
        .download()
        .await?
        .lines(LONGEST_LINE);
    let mut last = VecDeque::new();
    while let Some(line) = lines.try_next().await? {
        last.push_back(line);
        if last.len() > count {
            last.pop_front();
        }
    }
    Ok(last)
}

/// Whether there is no log and never will be.
fn is_missing(error: &Error) -> bool {
    use ErrorKind::{Expired, LogNeverWritten, LogNotStored};
    matches!(error.kind(), Expired | LogNeverWritten | LogNotStored)
}
