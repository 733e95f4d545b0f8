//! A table of a repository's artifacts.
//!
//! `cargo run -p gha-client --example list_artifacts [-- --repo OWNER/NAME] [--name NAME]`
#![allow(clippy::print_stdout, reason = "it is what the program is for")]

mod support;

use chrono::{DateTime, Utc};
use clap::Parser;
use gha_client::prelude::*;
use indicatif::HumanBytes;
use support::TargetArgs;

/// Prints a table of a repository's artifacts, the newest first.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// Only artifacts of this name
    #[arg(long)]
    name: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let target = args.target.open().await?;
    let mut list = target.repo.list_artifacts();
    if let Some(name) = args.name {
        list = list.name(name);
    }
    let head = ["id", "name", "size", "created", "expires"];
    let row = |[id, name, size, created, expires]: [&str; 5]| {
        println!("{id:>14}  {name:<32}  {size:>10}  {created:<16}  {expires}");
    };
    row(head);
    let mut artifacts = list.stream();
    let (mut count, mut bytes) = (0, 0);
    while let Some(artifact) = artifacts.try_next().await? {
        let size = u64::try_from(artifact.size_in_bytes)?;
        let expires = match artifact.expired {
            true => "expired".to_owned(),
            false => minute(artifact.expires_at),
        };
        row([
            &artifact.id.to_string(),
            &artifact.name,
            &HumanBytes(size).to_string(),
            &minute(artifact.created_at),
            &expires,
        ]);
        count += 1;
        bytes += size;
    }
    println!("{count} artifacts, {}", HumanBytes(bytes));
    Ok(())
}

fn minute(time: Option<DateTime<Utc>>) -> String {
    time.map_or("-".to_owned(), |time| {
        time.format("%Y-%m-%d %H:%M").to_string()
    })
}
