//! `cargo xtask`: parses arguments, calls the library, prints errors.

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use xtask::codegen::Place;
use xtask::diff::Outcome;
use xtask::spec::Folder;

/// Maintainers' tools: from GitHub's description of its API to the gha-api crate.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Take over what GitHub publishes: trim every edition, codegen, editions, diff.
    ///
    /// Where people are needed it prints what to write into the overlay, and exits with 1.
    #[command(after_help = "Examples:
  cargo xtask sync                            # what is published
  cargo xtask sync --from package/generated   # of the npm package @octokit/openapi")]
    Sync(xtask::sync::SyncOptions),
    /// Make spec/actions.yaml, or another edition, from GitHub's full description.
    #[command(after_help = "Examples:
  cargo xtask trim --from api.github.com.json
  cargo xtask trim --from ghes-3.19.json --edition ghes-3.19
  cargo xtask trim --from api.github.com.json --selection my-client/spec   # see docs/codegen.md")]
    Trim {
        /// The full description, as JSON or YAML: a file, an https URL, or `-` for standard input.
        #[arg(long)]
        from: String,
        /// Write spec/editions/NAME.yaml instead of spec/actions.yaml.
        #[arg(long, value_name = "NAME")]
        edition: Option<String>,
        #[command(flatten)]
        spec: SpecFolder,
    },
    /// Regenerate crates/gha-api from spec/, or another crate from another folder.
    #[command(after_help = "Examples:
  cargo xtask codegen
  cargo xtask codegen --check   # writes nothing, shows what would change
  cargo xtask codegen --selection my-client/spec --out my-client   # see docs/codegen.md")]
    Codegen {
        /// The folder of another selection, its trim and its overlay, in place of spec.
        #[arg(long, value_name = "DIR", requires = "out")]
        selection: Option<PathBuf>,
        /// The crate whose src/generated is written, in place of crates/gha-api.
        #[arg(long, value_name = "CRATE", requires = "selection")]
        out: Option<PathBuf>,
        /// Write nothing; print a diff and fail if anything would change.
        #[arg(long)]
        check: bool,
    },
    /// Compare the API and the public Rust items with those of a git ref, or two descriptions with
    /// each other: who breaks, and which version follows.
    ///
    /// Exits with 0, with 1 if `--fail-on` says so, and with 2 if the comparison cannot be made, or, with
    /// `--fail-on`, if not everything could be compared.
    #[command(after_help = "Examples:
  cargo xtask diff                        # against where this branch left origin/main, else HEAD
  cargo xtask diff --base HEAD~1 --format markdown
  cargo xtask diff old.json new.json      # two descriptions, full or trimmed
  cargo xtask diff --selection my-client/spec   # see docs/codegen.md")]
    Diff(xtask::diff::DiffOptions),
    /// Check that the client can talk to every edition in spec/editions, and write the matrix of
    /// differences into docs/editions.md.
    #[command(after_help = "Example:
  cargo xtask editions --check   # writes nothing, shows what would change")]
    Editions {
        /// Write nothing; print a diff and fail if docs/editions.md is stale.
        #[arg(long)]
        check: bool,
    },
    /// Write into spec/overlay.yaml what still needs words of ours.
    #[command(after_help = "Example:
  cargo xtask overlay --missing   # after `cargo xtask trim`, before `cargo xtask codegen`")]
    Overlay {
        /// Stubs for what has none: their targets, and `…` in the place of words.
        #[arg(long, required = true)]
        missing: bool,
        #[command(flatten)]
        spec: SpecFolder,
    },
    /// Try operations of a full description, each alone and without overlay: how many are generated,
    /// compile, and are clean for clippy and rustdoc, and why the others are refused.
    #[command(after_help = "Example:
  cargo xtask sweep api.github.com.json actions/get-artifact")]
    Sweep(xtask::sweep::SweepOptions),
    /// Run every check: format, clippy, docs, tests, doc tests, freshness of generated code.
    #[command(after_help = "Example:
  cargo xtask ci --skip-tests   # after `cargo test --workspace`")]
    Ci {
        /// Leave out the tests, for callers that ran them already.
        #[arg(long)]
        skip_tests: bool,
    },
}

#[derive(clap::Args)]
struct SpecFolder {
    /// The folder of another selection, its trim and its overlay, in place of spec.
    #[arg(long, value_name = "DIR")]
    selection: Option<PathBuf>,
}

impl SpecFolder {
    fn of(&self, root: &Path) -> Folder {
        match &self.selection {
            Some(path) => Folder::at(path),
            None => Folder::of(root),
        }
    }
}

/// Standard output, for as long as somebody reads it. What comes after `| head -1` has enough goes
/// nowhere, and the work is done all the same: no file is left half written, and the exit code is true.
struct Output(io::StdoutLock<'static>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            result => result,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            result => result,
        }
    }
}

fn main() -> ExitCode {
    let command = Arguments::parse().command;
    // 1 is an answer of `diff`, so its errors have another code, as with `diff` and `grep`.
    let failure = ExitCode::from(1 + u8::from(matches!(command, Command::Diff(_))));
    run(command).unwrap_or_else(|error| {
        // Where nobody reads that either, nobody is told.
        let _ = writeln!(io::stderr(), "error: {error:#}");
        failure
    })
}

fn run(command: Command) -> Result<ExitCode> {
    let root = root();
    let mut report = Output(io::stdout().lock());
    match command {
        Command::Sync(options) => match xtask::sync::run(&root, &options, &mut report)? {
            Outcome::Passed => {}
            Outcome::Failed | Outcome::Unknown => return Ok(ExitCode::from(1)),
        },
        Command::Trim {
            from,
            edition,
            spec,
        } => {
            let options = xtask::spec::trim::TrimOptions { from, edition };
            xtask::spec::trim::run(&spec.of(&root), &options, &mut report)?;
        }
        Command::Codegen {
            selection,
            out,
            check,
        } => {
            let place = match (selection, out) {
                (Some(selection), Some(out)) => Place::elsewhere(&selection, &out)?,
                _ => Place::own(&root),
            };
            xtask::codegen::run(&place, check, &mut report)?;
        }
        Command::Diff(options) => match xtask::diff::run(&root, &options, &mut report)? {
            Outcome::Passed => {}
            Outcome::Failed => return Ok(ExitCode::from(1)),
            Outcome::Unknown => return Ok(ExitCode::from(2)),
        },
        Command::Editions { check } => xtask::editions::run(&root, check, &mut report)?,
        Command::Overlay { missing: _, spec } => {
            xtask::spec::stubs::run(&spec.of(&root), &mut report)?;
        }
        Command::Sweep(options) => xtask::sweep::run(&root, &options, &mut report)?,
        Command::Ci { skip_tests } => xtask::ci::run(&root, skip_tests, &mut report)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The workspace root: where Cargo says that this package lives, whatever the working directory.
fn root() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package
        .parent()
        .map_or_else(|| package.clone(), Path::to_path_buf)
}
