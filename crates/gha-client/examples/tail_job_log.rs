//! Waits for a job to finish, then prints its log.
//!
//! `cargo run -p gha-client --example tail_job_log [-- --repo OWNER/NAME --job ID]
//! [--deadline SECONDS] [--strip-timestamps]`
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it is what the program is for"
)]

mod support;

use std::time::Duration;

use anyhow::Context as _;
use chrono::DateTime;
use clap::Parser;
use gha_client::ErrorKind;
use gha_client::prelude::*;
use support::TargetArgs;
use tokio::time::{Instant, sleep};

/// In bytes; longer than any line that is for people.
const LONGEST_LINE: usize = 1024 * 1024;

/// Waits for a job to finish, then prints its log.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// The job
    #[arg(long, value_name = "ID")]
    job: Option<i64>,
    /// How long to wait for the log, in seconds
    #[arg(long, default_value_t = 1800)]
    deadline: u32,
    /// Leave out the time that each line begins with
    #[arg(long)]
    strip_timestamps: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let target = args.target.open().await?;
    let log = target
        .repo
        .download_job_logs(target.id("--job", args.job, 42)?);
    let deadline = Instant::now() + Duration::from_secs(args.deadline.into());
    let mut delay = Duration::from_secs(1);
    let download = loop {
        match log.clone().download().await {
            Err(error) if error.kind() == ErrorKind::LogNotReady => {
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    let late = format!("no log within {} s", args.deadline);
                    return Err(error).context(late);
                }
                eprintln!("{error}");
                sleep(delay.min(left)).await;
                delay = (delay * 2).min(Duration::from_secs(60));
            }
            answer => break answer?,
        }
    };
    let mut lines = download.lines(LONGEST_LINE);
    while let Some(line) = lines.try_next().await? {
        let shown = match args.strip_timestamps {
            true => without_timestamp(&line),
            false => &line,
        };
        println!("{shown}");
    }
    Ok(())
}

/// A line of a log begins with the time, as `2026-03-10T08:00:00.0000000Z `.
fn without_timestamp(line: &str) -> &str {
    match line.split_once(' ') {
        Some((time, rest)) if DateTime::parse_from_rfc3339(time).is_ok() => rest,
        _ => line,
    }
}
