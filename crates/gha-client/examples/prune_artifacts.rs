//! Deletes old artifacts; without `--delete` it only says which.
//!
//! `cargo run -p gha-client --example prune_artifacts [-- --repo OWNER/NAME] [--days N] [--name NAME]
//! [--delete]`
#![allow(clippy::print_stdout, reason = "it is what the program is for")]

mod support;

use chrono::{TimeDelta, Utc};
use clap::Parser;
use gha_client::prelude::*;
use indicatif::HumanBytes;
use support::TargetArgs;

/// Deletes old artifacts; without `--delete` it only says which.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// Only artifacts that are older
    #[arg(long, default_value_t = 30)]
    days: u32,
    /// Only artifacts of this name
    #[arg(long)]
    name: Option<String>,
    /// Delete them
    #[arg(long)]
    delete: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let target = args.target.open().await?;
    let (verb, summary) = match args.delete {
        true => ("deleted", "freed"),
        false => ("would delete", "to free with --delete"),
    };
    let mut list = target.repo.list_artifacts();
    if let Some(name) = args.name {
        list = list.name(name);
    }
    let youngest = Utc::now() - TimeDelta::days(args.days.into());
    let (mut count, mut bytes) = (0, 0);
    // Deleting shifts the pages that are still to come; the stream sees to it that none is skipped.
    let mut artifacts = list.stream();
    while let Some(artifact) = artifacts.try_next().await? {
        if artifact.created_at.is_none_or(|time| time > youngest) {
            continue;
        }
        if args.delete {
            target.repo.delete_artifact(artifact.id).send().await?;
        }
        let size = u64::try_from(artifact.size_in_bytes)?;
        println!(
            "{verb} {} {} ({})",
            artifact.id,
            artifact.name,
            HumanBytes(size)
        );
        count += 1;
        bytes += size;
    }
    println!(
        "artifacts older than {} days: {count}, {} {summary}",
        args.days,
        HumanBytes(bytes)
    );
    Ok(())
}
