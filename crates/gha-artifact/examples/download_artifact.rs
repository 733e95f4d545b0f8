//! Downloads the newest artifact of a name. Interrupted, it goes on where it was at the next run.
//!
//! `cargo run -p gha-artifact --example download_artifact [-- --repo OWNER/NAME] [--name NAME]
//! [--output FILE]`

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

#[path = "../../gha-client/examples/support/mod.rs"]
mod support;

use gha_artifact::DownloadExt as _;
use gha_client::prelude::*;
use indicatif::{ProgressBar, ProgressStyle};
use support::{Outcome, Target, option};

#[tokio::main]
async fn main() -> Outcome {
    let target = Target::from_args().await?;
    let name = option("--name").unwrap_or_else(|| "dist".to_owned());
    let mut named = target
        .client
        .list_artifacts_for_repo()
        .owner(&*target.owner)
        .repo(&*target.repo)
        .name(&*name)
        .stream();
    let newest = loop {
        match named.try_next().await? {
            Some(artifact) if artifact.expired => {}
            Some(artifact) => break artifact,
            None => return Err(format!("no artifact `{name}` that has not expired").into()),
        }
    };
    let download = target
        .client
        .download_artifact()
        .owner(&*target.owner)
        .repo(&*target.repo)
        .artifact_id(newest.id)
        .archive_format("zip")
        .download()
        .await?
        .expect_digest(newest.digest.as_deref())?;
    let default = download.file_name().unwrap_or("artifact.zip").to_owned();
    let output = option("--output").unwrap_or(default);

    let bar = ProgressBar::new(download.content_length().unwrap_or_default());
    bar.set_style(ProgressStyle::with_template(
        "{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}",
    )?);
    let shown = bar.clone();
    let saved = download
        .on_progress(move |progress| shown.set_position(progress.received))
        .save_resumable(&output)
        .await?;
    bar.finish_and_clear();
    println!("{} bytes in {}", saved.bytes, saved.path.display());
    Ok(())
}
