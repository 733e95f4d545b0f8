//! `cargo xtask diff`: what a change of the description does to clients and to their users.

pub mod api;
mod git;
pub mod render;
pub mod report;
pub mod rule;
pub mod rust;
mod snapshot;
pub mod version;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};

use report::Report;
use rule::Severity;
use snapshot::Place;
pub use snapshot::Stale;

/// What the command line says.
#[derive(Args, Clone, Debug, Default)]
pub struct DiffOptions {
    /// Two descriptions, full or trimmed, to compare with each other instead of a git ref with the
    /// working tree. The selection and the overlay of the working tree apply to both.
    #[arg(num_args = 2, value_names = ["OLD", "NEW"], action = clap::ArgAction::Set)]
    pub files: Vec<PathBuf>,
    /// The git ref to compare the working tree with [default: the merge base with origin/main, else
    /// HEAD].
    #[arg(long, value_name = "REF", conflicts_with = "files")]
    pub base: Option<String>,
    /// The folder of another selection and its overlay, in place of spec; without OLD and NEW, its trim
    /// is compared.
    #[arg(long, value_name = "DIR")]
    pub selection: Option<PathBuf>,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// Exit with 1 if there is such a change.
    #[arg(long, value_enum)]
    pub fail_on: Option<FailOn>,
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal.
    #[default]
    Text,
    /// For a comment on a pull request; never longer than GitHub allows.
    Markdown,
    /// For programs; docs/spec-diff.md describes it.
    Json,
}

/// Which changes make the command fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A change that breaks released clients or programs.
    Breaking,
    /// Any change at all.
    Any,
}

/// What the command came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// No change that the caller asked to fail on.
    Passed,
    /// There is one.
    Failed,
    /// There may be one: not everything could be compared.
    Unknown,
}

/// Runs the command below the workspace root.
pub fn run(root: &Path, options: &DiffOptions, out: &mut dyn Write) -> Result<Outcome> {
    let report = report(root, options)?;
    let text = match options.format {
        Format::Text => render::text(&report),
        Format::Markdown => render::markdown(&report),
        Format::Json => render::json(&report)?,
    };
    out.write_all(text.as_bytes())
        .context("cannot write the report")?;
    let failed = match options.fail_on {
        None => return Ok(Outcome::Passed),
        Some(FailOn::Breaking) => report.verdict() == Some(Severity::Breaking),
        Some(FailOn::Any) => report.verdict().is_some(),
    };
    Ok(match (failed, report.unknown.is_empty()) {
        (true, _) => Outcome::Failed,
        (false, true) => Outcome::Passed,
        (false, false) => Outcome::Unknown,
    })
}

/// Compares, and prints nothing.
pub fn report(root: &Path, options: &DiffOptions) -> Result<Report> {
    let place = Place::new(root, options.selection.as_deref());
    let ends = match options.files.as_slice() {
        [old, new] => place.files(old, new)?,
        _ => [
            place.at_commit(options.base.as_deref())?,
            place.working_tree()?,
        ],
    };
    Ok(Report::of(&place, &ends))
}
