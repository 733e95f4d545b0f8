//! One member of an artifact, without downloading the archive; without `--member`, the list of them.
//!
//! `cargo run -p gha-artifact --example one_file [-- --repo OWNER/NAME --artifact ID] [--member PATH]`
#![allow(clippy::print_stdout, reason = "it is what the program is for")]

#[path = "../../gha-client/examples/support/mod.rs"]
mod support;

use std::io::Write as _;

use clap::Parser;
use gha_artifact::RemoteArchive;
use support::TargetArgs;

/// In bytes; enough for a file that is to be read in a terminal.
const LARGEST: usize = 16 * 1024 * 1024;

/// Prints one member of an artifact, or lists all, without downloading the archive.
#[derive(Parser)]
struct Args {
    #[command(flatten)]
    target: TargetArgs,
    /// The artifact
    #[arg(long, value_name = "ID")]
    artifact: Option<i64>,
    /// The member to print
    #[arg(long, value_name = "PATH")]
    member: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let target = args.target.open().await?;
    let download = target
        .repo
        .download_artifact(target.id("--artifact", args.artifact, 11)?);
    let archive = RemoteArchive::open(download).await?;
    match args.member {
        Some(name) => {
            let content = archive.member(&name)?.bytes(LARGEST).await?;
            std::io::stdout().write_all(&content)?;
        }
        None => {
            for entry in archive.entries() {
                println!("{:>12}  {}", entry.size, entry.name);
            }
        }
    }
    Ok(())
}
