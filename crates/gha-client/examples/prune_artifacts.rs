//! Deletes old artifacts; without `--delete` it only says which.
//!
//! `cargo run -p gha-client --example prune_artifacts [-- --repo OWNER/NAME] [--days N] [--name NAME]
//! [--delete]`

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

mod support;

use gha_client::prelude::*;
use support::{Outcome, Target, bytes, flag, option};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let target = Target::from_args().await?;
    let days = option("--days").map_or(Ok(30), |text| text.parse())?;
    let delete = flag("--delete");
    let newest =
        chrono::Utc::now() - chrono::TimeDelta::try_days(days).ok_or("--days is too large")?;

    let mut list = target
        .client
        .list_artifacts_for_repo()
        .owner(&*target.owner)
        .repo(&*target.repo);
    if let Some(name) = option("--name") {
        list = list.name(name);
    }
    let (mut count, mut size) = (0, 0);
    // Deleting shifts the pages that are still to come; the stream sees to it that none is skipped.
    let mut artifacts = list.stream();
    while let Some(artifact) = artifacts.try_next().await? {
        if artifact.created_at.is_none_or(|created| created > newest) {
            continue;
        }
        if delete {
            target
                .client
                .delete_artifact()
                .owner(&*target.owner)
                .repo(&*target.repo)
                .artifact_id(artifact.id)
                .send()
                .await?;
        }
        let verb = if delete { "deleted" } else { "would delete" };
        println!(
            "{verb} {} {} ({})",
            artifact.id,
            artifact.name,
            bytes(artifact.size_in_bytes)
        );
        count += 1;
        size += artifact.size_in_bytes;
    }
    let done = if delete {
        "freed"
    } else {
        "to free with --delete"
    };
    println!(
        "{count} artifacts older than {days} days, {} {done}",
        bytes(size)
    );
    Ok(())
}
