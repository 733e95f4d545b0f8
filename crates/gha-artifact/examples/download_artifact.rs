//! Downloads the newest artifact of a name on a branch, and extracts it while it arrives.
//!
//! `cargo run -p gha-artifact --example download_artifact [-- --repo OWNER/NAME] [--name NAME]
//! [--branch BRANCH] [--output FOLDER]`
#![allow(clippy::print_stdout, reason = "it is what the program is for")]

#[path = "../../gha-client/examples/support/mod.rs"]
mod support;

use std::future::ready;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;
use futures_util::TryStreamExt as _;
use gha_artifact::{DownloadExt as _, folder_name};
use gha_client::prelude::*;
use gha_client::types::Artifact;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use support::TargetArgs;

/// Downloads the newest artifact of a name on a branch, and extracts it while it arrives.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// The name of the artifact
    #[arg(long, default_value = "dist")]
    name: String,
    /// The branch that its run was for
    #[arg(long, default_value = "main")]
    branch: String,
    /// The folder, which must not exist or be empty [default: the artifact's name]
    #[arg(long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let Args {
        target,
        name,
        branch,
        output,
    } = Args::parse();
    let target = target.open().await?;
    let repo = &target.repo;
    let output = output.unwrap_or_else(|| folder_name(&name).into());
    let missing = || format!("no artifact `{name}` on `{branch}` that has not expired");

    let wanted = |it: &Artifact| ready(!it.expired && branch_of(it) == Some(&branch));
    let named = repo.list_artifacts().name(&*name).stream();
    let newest = named.try_filter(wanted).try_next().await?;
    let newest = newest.with_context(missing)?;
    let download = repo.download_artifact(newest.id).download().await?;
    let bar = progress_bar(download.content_length())?;
    let extracted = download
        .expect_digest(newest.digest.as_deref())?
        .on_progress(move |progress| bar.set_position(progress.received))
        .extract(output)
        .await?;

    println!(
        "{} in {}",
        HumanBytes(extracted.bytes),
        extracted.path.display()
    );
    Ok(())
}

fn branch_of(artifact: &Artifact) -> Option<&String> {
    artifact.workflow_run.as_ref()?.head_branch.as_ref()
}

fn progress_bar(length: Option<u64>) -> anyhow::Result<ProgressBar> {
    let style =
        ProgressStyle::with_template("{bar:40} {bytes}/{total_bytes} {bytes_per_sec} {eta}")?;
    Ok(ProgressBar::new(length.unwrap_or_default()).with_style(style))
}
