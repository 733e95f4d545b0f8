//! A table of a repository's artifacts.
//!
//! `cargo run -p gha-client --example list_artifacts [-- --repo OWNER/NAME] [--name NAME]`

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

mod support;

use gha_client::prelude::*;
use support::{Outcome, Target, bytes, option};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let target = Target::from_args().await?;
    let mut list = target
        .client
        .list_artifacts_for_repo()
        .owner(&*target.owner)
        .repo(&*target.repo);
    if let Some(name) = option("--name") {
        list = list.name(name);
    }
    println!(
        "{:>14}  {:<32} {:>10}  {:<16}  expires",
        "id", "name", "size", "created"
    );
    let mut artifacts = list.stream();
    let (mut count, mut size) = (0, 0);
    while let Some(artifact) = artifacts.try_next().await? {
        let date = |time: Option<_>| time.map_or("-".to_owned(), |time| minutes(&time));
        println!(
            "{:>14}  {:<32} {:>10}  {:<16}  {}",
            artifact.id,
            artifact.name,
            bytes(artifact.size_in_bytes),
            date(artifact.created_at),
            if artifact.expired {
                "expired".to_owned()
            } else {
                date(artifact.expires_at)
            },
        );
        count += 1;
        size += artifact.size_in_bytes;
    }
    println!("{count} artifacts, {}", bytes(size));
    Ok(())
}

fn minutes(time: &chrono::DateTime<chrono::Utc>) -> String {
    time.format("%Y-%m-%d %H:%M").to_string()
}
