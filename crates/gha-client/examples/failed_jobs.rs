//! The jobs of a run that failed, with how long each of their steps took.
//!
//! `cargo run -p gha-client --example failed_jobs [-- --repo OWNER/NAME --run ID] [--svg FILE]`

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

mod support;

use std::fmt::Write as _;

use gha_client::prelude::*;
use gha_client::types::{Job, JobConclusion, Step};
use support::{Outcome, Target, option};

/// Of the longest bar, in characters of the terminal.
const WIDTH: i64 = 50;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let target = Target::from_args().await?;
    let run = target.number("--run", 1001)?;
    let jobs = target
        .client
        .list_jobs_for_run()
        .owner(&*target.owner)
        .repo(&*target.repo)
        .run_id(run)
        .all()
        .await?;
    let failed: Vec<Job> = jobs
        .into_iter()
        .filter(|job| {
            matches!(
                job.conclusion,
                Some(JobConclusion::Failure | JobConclusion::TimedOut)
            )
        })
        .collect();
    println!("{} failed jobs in run {run}", failed.len());
    for job in &failed {
        println!(
            "\n{}  {}",
            job.name,
            job.html_url.as_deref().unwrap_or_default()
        );
        let longest = job
            .steps
            .iter()
            .map(seconds)
            .max()
            .unwrap_or_default()
            .max(1);
        for step in &job.steps {
            let length = seconds(step) * WIDTH / longest;
            let bar = "█".repeat(usize::try_from(length)?);
            let mark = if is_failure(step) { '✗' } else { ' ' };
            println!("{mark} {:<28} {:>5} s  {bar}", step.name, seconds(step));
        }
    }
    if let Some(file) = option("--svg") {
        std::fs::write(&file, svg(&failed))?;
        println!("\n{file}");
    }
    Ok(())
}

fn is_failure(step: &Step) -> bool {
    step.conclusion.as_deref() == Some("failure")
}

/// Servers' clocks differ: a step can seem to end before it starts.
fn seconds(step: &Step) -> i64 {
    let times = step.started_at.zip(step.completed_at);
    times.map_or(0, |(start, end)| (end - start).num_seconds().max(0))
}

fn svg(jobs: &[Job]) -> String {
    let steps = || jobs.iter().flat_map(|job| &job.steps);
    let longest = steps().map(seconds).max().unwrap_or_default().max(1);
    let height = 20 * (steps().count() + jobs.len()) + 20;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n"
    );
    let mut y = 20;
    for job in jobs {
        let _ = writeln!(
            svg,
            "<text x=\"10\" y=\"{y}\" font-weight=\"bold\">{}</text>",
            escaped(&job.name)
        );
        y += 20;
        for step in &job.steps {
            let width = seconds(step) * 500 / longest;
            let color = if is_failure(step) {
                "#cf222e"
            } else {
                "#1f883d"
            };
            let _ = writeln!(
                svg,
                "<text x=\"10\" y=\"{y}\">{} ({} s)</text>\
                 <rect x=\"280\" y=\"{}\" width=\"{width}\" height=\"12\" fill=\"{color}\"/>",
                escaped(&step.name),
                seconds(step),
                y - 10,
            );
            y += 20;
        }
    }
    svg + "</svg>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
