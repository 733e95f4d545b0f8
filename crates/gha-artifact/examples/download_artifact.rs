//! Downloads the newest artifact of a name. Interrupted, it goes on where it was at the next run.
//!
//! `cargo run -p gha-artifact --example download_artifact [-- --repo OWNER/NAME] [--name NAME]
//! [--output FILE]`
#![allow(clippy::print_stdout, reason = "it is what the program is for")]

#[path = "../../gha-client/examples/support/mod.rs"]
mod support;

use std::path::PathBuf;

use anyhow::bail;
use clap::Parser;
use gha_client::prelude::*;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use support::TargetArgs;

/// Downloads the newest artifact of a name; interrupted, it goes on where it was at the next run.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// The name of the artifact
    #[arg(long, default_value = "dist")]
    name: String,
    /// Where to save it [default: the name that the server gives]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let target = args.target.open().await?;
    let mut named = target.repo.list_artifacts().name(&*args.name).stream();
    let newest = loop {
        match named.try_next().await? {
            Some(artifact) if artifact.expired => {}
            Some(artifact) => break artifact,
            None => bail!("there is no artifact `{}` that has not expired", args.name),
        }
    };
    let download = target
        .repo
        .download_artifact(newest.id)
        .download()
        .await?
        .expect_digest(newest.digest.as_deref())?;
    let server_name = download.file_name().unwrap_or("artifact.zip");
    let output = args.output.unwrap_or_else(|| server_name.into());

    let style =
        ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}")?;
    let bar = ProgressBar::new(download.content_length().unwrap_or_default()).with_style(style);
    let shown = bar.clone();
    let saved = download
        .on_progress(move |progress| shown.set_position(progress.received))
        .save_resumable(&output)
        .await?;
    bar.finish_and_clear();
    println!("{} in {}", HumanBytes(saved.bytes), saved.path.display());
    Ok(())
}
