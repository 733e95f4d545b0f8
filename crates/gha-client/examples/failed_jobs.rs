//! The jobs of a run that failed, with when each of their steps ran.
//!
//! `cargo run -p gha-client --example failed_jobs [-- --repo OWNER/NAME --run ID] [--svg FILE]`
#![allow(clippy::print_stdout, reason = "it is what the program is for")]

mod support;

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Parser;
use gha_client::prelude::*;
use gha_client::types::{Job, JobConclusion};
use support::TargetArgs;
use svg::Document;
use svg::node::element::{Rectangle, Text};

/// Charts the steps of the jobs of a run that failed.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// The workflow run
    #[arg(long, value_name = "ID")]
    run: Option<i64>,
    /// Draw the chart into this file, too
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let target = args.target.open().await?;
    let run = target.id("--run", args.run, 1001)?;
    let mut failed = target.repo.list_run_jobs(run).all().await?;
    failed.retain(|job| {
        use JobConclusion::{Failure, TimedOut};
        matches!(job.conclusion, Some(Failure | TimedOut))
    });
    println!("failed jobs in run {run}: {}", failed.len());
    for job in &failed {
        let link = job.html_url.as_deref().unwrap_or_default();
        println!("\n{}  {link}", job.name);
        for bar in bars(job) {
            let cells = |share: f64| (share * 50.0) as usize;
            let line = " ".repeat(cells(bar.start)) + &"█".repeat(cells(bar.width).max(1));
            let mark = if bar.failed { '✗' } else { ' ' };
            println!("{mark} {:<28} {:>6} s  {line}", bar.name, bar.seconds);
        }
    }
    if let Some(file) = args.svg {
        svg::save(&file, &drawing(&failed)).with_context(|| file.display().to_string())?;
        println!("\ndrawn in {}", file.display());
    }
    Ok(())
}

/// A step: when it began and how long it took, also as shares of the time of all.
struct Bar<'a> {
    name: &'a str,
    failed: bool,
    seconds: i64,
    start: f64,
    width: f64,
}

fn bars(job: &Job) -> impl Iterator<Item = Bar<'_>> {
    let first = job.steps.iter().filter_map(|step| step.started_at).min();
    let last = job.steps.iter().filter_map(|step| step.completed_at).max();
    // Servers' clocks differ: a step can seem to end before it began.
    let seconds = |from: Option<DateTime<Utc>>, to: Option<DateTime<Utc>>| {
        let times = from.zip(to);
        times.map_or(0, |(from, to)| (to - from).num_seconds().max(0))
    };
    let share = move |part| part as f64 / seconds(first, last).max(1) as f64;
    job.steps.iter().map(move |step| Bar {
        name: &step.name,
        failed: step.conclusion == Some(JobConclusion::Failure),
        seconds: seconds(step.started_at, step.completed_at),
        start: share(seconds(first, step.started_at)),
        width: share(seconds(step.started_at, step.completed_at)),
    })
}

fn drawing(jobs: &[Job]) -> Document {
    let mut drawing = Document::new()
        .set("font-family", "sans-serif")
        .set("font-size", 12);
    let mut y = 20;
    let text = |text: &str, y| Text::new(text).set("x", 10).set("y", y);
    for job in jobs {
        drawing = drawing.add(text(&job.name, y).set("font-weight", "bold"));
        for bar in bars(job) {
            y += 20;
            let rectangle = Rectangle::new()
                .set("x", 280.0 + bar.start * 500.0)
                .set("y", y - 10)
                .set("width", (bar.width * 500.0).max(1.0))
                .set("height", 12)
                .set("fill", if bar.failed { "#cf222e" } else { "#1f883d" });
            let name = format!("{} ({} s)", bar.name, bar.seconds);
            drawing = drawing.add(text(&name, y)).add(rectangle);
        }
        y += 30;
    }
    drawing.set("width", 800).set("height", y)
}
