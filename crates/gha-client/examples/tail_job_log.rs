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

use gha_client::ErrorKind;
use gha_client::prelude::*;
use support::{Outcome, Target, flag, option};
use tokio::time::{Instant, sleep};

/// Longer than any line that is for people.
const LONGEST_LINE: usize = 1024 * 1024;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let target = Target::from_args().await?;
    let job = target.number("--job", 42)?;
    let seconds = option("--deadline").map_or(Ok(1800), |text| text.parse())?;
    let deadline = Instant::now() + Duration::from_secs(seconds);
    let log = target
        .client
        .download_job_logs()
        .owner(&*target.owner)
        .repo(&*target.repo)
        .job_id(job);
    let mut delay = Duration::from_secs(2);
    let download = loop {
        match log.clone().download().await {
            Ok(download) => break download,
            Err(error) if error.kind() == ErrorKind::LogNotReady => {
                if Instant::now() + delay > deadline {
                    return Err(format!("no log within {seconds} s: {error}").into());
                }
                eprintln!("{error}; asking again in {} s", delay.as_secs());
                sleep(delay).await;
                delay = (delay * 2).min(Duration::from_secs(60));
            }
            Err(error) => return Err(error.into()),
        }
    };
    let strip = flag("--strip-timestamps");
    let mut lines = download.lines(LONGEST_LINE);
    while let Some(line) = lines.try_next().await? {
        println!(
            "{}",
            if strip {
                without_timestamp(&line)
            } else {
                &line
            }
        );
    }
    Ok(())
}

/// A line of a log begins with the time, as `2026-03-10T08:00:00.0000000Z `.
fn without_timestamp(line: &str) -> &str {
    match line.split_once(' ') {
        Some((time, rest)) if chrono::DateTime::parse_from_rfc3339(time).is_ok() => rest,
        _ => line,
    }
}
