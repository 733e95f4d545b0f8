//! `cargo xtask`: parses arguments, calls the library, prints errors.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Maintainers' tools: from GitHub's description of its API to the gha-api crate.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make spec/actions.yaml, or another edition, from GitHub's full description.
    Trim {
        /// The full description, as JSON or YAML: a file, an https URL, or `-` for standard input.
        #[arg(long)]
        from: String,
        /// Write spec/editions/NAME.yaml instead of spec/actions.yaml.
        #[arg(long, value_name = "NAME")]
        edition: Option<String>,
    },
    /// Regenerate crates/gha-api from spec/.
    Codegen {
        /// Write nothing; print a diff and fail if anything would change.
        #[arg(long)]
        check: bool,
    },
    /// Run every check: format, clippy, docs, tests, doc tests, freshness of generated code.
    Ci {
        /// Leave out the tests, for callers that ran them already.
        #[arg(long)]
        skip_tests: bool,
    },
}

fn main() -> ExitCode {
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(
                clippy::print_stderr,
                reason = "the one place that talks to the terminal"
            )]
            {
                eprintln!("error: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let root = root();
    let mut report = std::io::stdout().lock();
    match command {
        Command::Trim { from, edition } => {
            let options = xtask::spec::trim::Options { from, edition };
            Ok(xtask::spec::trim::run(&root, &options, &mut report)?)
        }
        Command::Codegen { check } => xtask::codegen::run(&root, check, &mut report),
        Command::Ci { skip_tests } => xtask::ci::run(&root, skip_tests, &mut report),
    }
}

/// The workspace root: where Cargo says that this package lives, whatever the working directory.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package
        .parent()
        .map_or_else(|| package.clone(), Path::to_path_buf)
}
