//! Tries what this workspace promises on an artifact of a real host, or of a fake: lists, downloads,
//! verifies, extracts, reads one member, tails a log; and deletes the artifact, when told to.
//!
//! `cargo run -p gha-artifact --example live [-- --repo OWNER/NAME --artifact NAME] [--delete]`
#![allow(clippy::print_stdout, reason = "it is what the program is for")]

#[path = "../../gha-client/examples/support/mod.rs"]
mod support;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use clap::Parser;
use gha_artifact::{EntryKind, RemoteArchive, extract_file};
use gha_client::prelude::*;
use gha_client::types::{Artifact, Job, JobStatus};
use gha_client::{Error, ErrorKind, Repo};
use sha2::{Digest as _, Sha256};
use support::TargetArgs;
use tokio::time::sleep;

/// In bytes: a member, or a log, that is read into memory.
const LARGEST: usize = 64 * 1024 * 1024;
/// How many seconds a log may take to be stored.
const STORING: u32 = 120;

/// Tries what this workspace promises on an artifact: an archive with a file in it, whose run has a job
/// that is completed.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// The name of the artifact, the newest of which is taken
    #[arg(long, value_name = "NAME", default_value = "dist")]
    artifact: String,
    /// Delete the artifact at the end
    #[arg(long)]
    delete: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = Args::parse();
    let target = args.target.open().await?;
    let repo = &target.repo;
    let artifact = listed(repo, &args.artifact).await?;
    let run = artifact.workflow_run.as_ref().and_then(|run| run.id);
    let run = run.context("the artifact names no run")?;
    runs(repo, run, &artifact).await?;
    let folder = tempfile::tempdir()?;
    downloaded(repo, &artifact, folder.path()).await?;
    members(repo, &artifact, folder.path()).await?;
    log(repo, run).await?;
    if args.delete {
        deleted(repo, &artifact).await?;
    }
    Ok(())
}

/// The newest artifact of the name, which every operation on artifacts tells alike.
async fn listed(repo: &Repo, name: &str) -> Result<Artifact> {
    let named = repo.list_artifacts().name(name).all().await?;
    ensure!(
        named.iter().all(|it| it.name == name),
        "another name than {name:?} is listed"
    );
    let newest = named.into_iter().find(|artifact| !artifact.expired);
    let newest = newest.with_context(|| format!("there is no artifact {name:?}"))?;
    let one = repo.get_artifact(newest.id).send().await?.into_inner();
    ensure!(
        one == newest,
        "a list says {newest:?}, and the artifact itself {one:?}"
    );
    println!(
        "listed      artifact {} {name:?}, {} bytes",
        newest.id, newest.size_in_bytes
    );
    Ok(newest)
}

/// The run that made the artifact is where lists of runs have it.
async fn runs(repo: &Repo, id: i64, artifact: &Artifact) -> Result<()> {
    let run = repo.get_run(id).send().await?;
    let of_commit = repo.list_runs().head_sha(&*run.head_sha).all().await?;
    ensure!(
        of_commit.iter().any(|it| it.id == id),
        "no run {id} of commit {}",
        run.head_sha
    );
    let mut of_workflow = repo.list_workflow_runs(run.workflow_id).stream();
    let found = async {
        while let Some(it) = of_workflow.try_next().await? {
            if it.id == id {
                return Ok(true);
            }
        }
        Ok::<_, Error>(false)
    };
    ensure!(found.await?, "no run {id} of workflow {}", run.workflow_id);
    let made = repo.list_run_artifacts(id).all().await?;
    ensure!(
        made.iter().any(|it| it.id == artifact.id),
        "run {id} made no artifact {}",
        artifact.id
    );
    println!(
        "run         {id} of {:?}",
        run.name.as_deref().unwrap_or_default()
    );
    Ok(())
}

/// One connection and several bring the same bytes, as the digest says.
async fn downloaded(repo: &Repo, artifact: &Artifact, folder: &Path) -> Result<()> {
    let [one, four] = ["one.zip", "four.zip"].map(|name| folder.join(name));
    let archive = repo.download_artifact(artifact.id);
    let download = archive.clone().download().await?;
    let kind = download.content_type().unwrap_or_default().to_owned();
    let saved = download
        .expect_digest(artifact.digest.as_deref())?
        .save(&one)
        .await?;
    ensure!(
        i64::try_from(saved.bytes)? == artifact.size_in_bytes,
        "{} bytes came, {} were promised",
        saved.bytes,
        artifact.size_in_bytes
    );
    let parts = archive
        .download()
        .await?
        .connections(4)
        .part_size(64 * 1024);
    parts.save(&four).await?;
    let digests = [one, four].map(|file| Ok(Sha256::digest(std::fs::read(file)?)));
    let [one, four]: [std::io::Result<_>; 2] = digests;
    ensure!(one? == four?, "four connections bring other bytes than one");
    let verified = match artifact.digest {
        Some(_) => "verified",
        None => "no digest to verify it by",
    };
    println!("downloaded  {} bytes of {kind}, {verified}", saved.bytes);
    Ok(())
}

/// Each file in the archive is the same extracted, and read alone from where it is.
async fn members(repo: &Repo, artifact: &Artifact, folder: &Path) -> Result<()> {
    let files = folder.join("files");
    let extracted = extract_file(folder.join("one.zip"), &files).await?;
    let remote = RemoteArchive::open(repo.download_artifact(artifact.id)).await?;
    let entry = remote
        .entries()
        .iter()
        .find(|entry| entry.kind == EntryKind::File);
    let entry = entry.context("the archive has no file")?;
    let alone = remote.member(&entry.name)?.bytes(LARGEST).await?;
    let file = std::fs::read(files.join(&entry.name))?;
    ensure!(
        file == alone,
        "{} is another file when it is read alone",
        entry.name
    );
    println!(
        "extracted   {} entries, {} bytes",
        extracted.entries, extracted.bytes
    );
    println!("one member  {}, {} bytes", entry.name, entry.size);
    Ok(())
}

/// The last line of the log of a job that is completed, as soon as it is stored.
async fn log(repo: &Repo, run: i64) -> Result<()> {
    let jobs = repo.list_run_jobs(run).all().await?;
    let completed = jobs.iter().find(|job| job.status == JobStatus::Completed);
    let Job { id, name, .. } = completed.context("no job of the run is completed")?;
    let one = repo.get_job(*id).send().await?;
    ensure!(
        one.name == *name,
        "a list says {name:?}, and the job itself {:?}",
        one.name
    );
    let log = repo.download_job_logs(*id);
    for _ in 0..STORING {
        match log.clone().download().await {
            Err(error) if error.kind() == ErrorKind::LogNotReady => {
                sleep(Duration::from_secs(1)).await;
            }
            download => {
                let text = download?.text(LARGEST).await?;
                let last = text.lines().last().context("the log is empty")?;
                println!("log         of {name:?}, which ends in {last:?}");
                return Ok(());
            }
        }
    }
    bail!("the log of job {id} is not stored within {STORING} s")
}

async fn deleted(repo: &Repo, artifact: &Artifact) -> Result<()> {
    repo.delete_artifact(artifact.id).send().await?;
    match repo.get_artifact(artifact.id).send().await {
        Ok(_) => bail!("artifact {} is deleted, and still there", artifact.id),
        Err(error) if error.is_not_found() => {}
        Err(error) => return Err(error.into()),
    }
    println!("deleted     artifact {}", artifact.id);
    Ok(())
}
