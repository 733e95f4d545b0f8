//! One member of an artifact, without downloading the archive; without `--member`, the list of them.
//!
//! `cargo run -p gha-artifact --example one_file [-- --repo OWNER/NAME --artifact ID] [--member PATH]`

#![allow(clippy::print_stdout, reason = "it is what the program is for")]

#[path = "../../gha-client/examples/support/mod.rs"]
mod support;

use std::io::Write as _;

use gha_artifact::RemoteArchive;
use support::{Outcome, Target, option};

/// Enough for a file that is to be read in a terminal.
const LARGEST: usize = 16 * 1024 * 1024;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let target = Target::from_args().await?;
    let id = target.number("--artifact", 11)?;
    let download = target
        .client
        .download_artifact()
        .owner(&*target.owner)
        .repo(&*target.repo)
        .artifact_id(id)
        .archive_format("zip");
    let archive = RemoteArchive::open(download).await?;
    match option("--member") {
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
