//! `cargo xtask sync`: from what GitHub publishes to a change that can be reviewed, in one go.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};
use clap::Args;

use crate::diff::report::Report;
use crate::diff::{self, DiffOptions, Outcome, render};
use crate::spec::selection::Selection;
use crate::spec::trim::{Pending, TrimOptions, prepare};
use crate::spec::{Folder, OVERLAY};
use crate::{codegen, editions};

/// What the command line says.
#[derive(Args, Clone, Debug, Default)]
pub struct SyncOptions {
    /// A folder of full descriptions, EDITION.json each, instead of those that are published. Given
    /// again, the next has what the first lacks; an edition that none has stays as it is.
    #[arg(long, value_name = "FOLDER")]
    pub from: Vec<PathBuf>,
    /// Print Markdown alone: the diff, for a pull request, or what failed, for an issue.
    #[arg(long)]
    pub markdown: bool,
}

/// What stopped a run.
#[derive(Debug)]
struct Failure {
    /// What cannot be done, in a clause.
    step: &'static str,
    error: String,
    /// What a maintainer does now, in sentences.
    next: &'static str,
}

/// Runs the command below the workspace root.
pub fn run(root: &Path, options: &SyncOptions, out: &mut dyn Write) -> Result<Outcome> {
    let mut silent = std::io::sink();
    let progress: &mut dyn Write = if options.markdown { &mut silent } else { out };
    let text = match (sync(root, options, progress), options.markdown) {
        (Ok(report), true) => render::markdown(&report),
        (Ok(report), false) => format!("\n{}", render::text(&report)),
        (Err(failure), true) => {
            out.write_all(failure.markdown().as_bytes())?;
            return Ok(Outcome::Failed);
        }
        (Err(failure), false) => bail!("{}", failure.text()),
    };
    out.write_all(text.as_bytes())?;
    Ok(Outcome::Passed)
}

fn sync(root: &Path, options: &SyncOptions, progress: &mut dyn Write) -> Result<Report, Failure> {
    let failure = |step, next| {
        move |error: anyhow::Error| Failure {
            step,
            error: format!("{error:#}"),
            next,
        }
    };
    let pending = trims(root, options, progress).map_err(failure(
        "the descriptions cannot be trimmed",
        "Nothing was written. An operation that is gone leaves `spec/selection.yaml`, and its actions leave \
         `spec/overlay.yaml`; one that was renamed is named there by method and path, which all editions share.",
    ))?;
    for trim in &pending {
        let written = trim
            .write(&Folder::of(root), progress)
            .map_err(anyhow::Error::from);
        written.map_err(failure(
            "the trims cannot be written",
            "Some of `spec/` may be new and some old: mend the cause, and run it again.",
        ))?;
    }
    codegen::run(&codegen::Place::own(root), false, progress).map_err(failure(
        "codegen refuses the new description",
        "The new trims are in `spec/`; `git checkout spec/actions.yaml spec/editions` takes them back. \
         `cargo xtask overlay --missing` writes stubs for what needs words. Correct `spec/overlay.yaml`, then run \
         `cargo xtask sync` again. What cannot be corrected there leaves `spec/selection.yaml`.",
    ))?;
    editions::run(root, false, progress).map_err(failure(
        "the client cannot talk to every edition",
        "The new trims and the new crate are written. Trim again what is stale, or correct `spec/overlay.yaml` \
         such that what is generated fits every edition; then run `cargo xtask sync` again.",
    ))?;
    diff::report(root, &DiffOptions::default()).map_err(failure(
        "the change cannot be judged",
        "All else is done; `cargo xtask diff --help` says what can be compared.",
    ))
}

/// Trims every edition, and writes nothing.
fn trims(root: &Path, options: &SyncOptions, progress: &mut dyn Write) -> Result<Vec<Pending>> {
    let spec = Folder::of(root);
    let selection = Selection::load(&spec)?;
    for folder in &options.from {
        let place = folder.display();
        ensure!(
            folder.is_dir(),
            "{place} is no folder\n    name the one that holds {}.json",
            selection.edition
        );
    }
    let own = (&selection.edition, None);
    let others = selection.editions.keys();
    let others = others.map(|name| (name, Some(name.clone())));
    let mut pending = Vec::new();
    // What several descriptions are refused for is said once.
    let mut problems: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (name, edition) in std::iter::once(own).chain(others) {
        let url = selection.url(name);
        let kept = format!("{}/{name}.yaml", editions::FOLDER);
        let trim = match options.place(name, &url) {
            Some(from) => prepare(&spec, &selection, &TrimOptions { from, edition })
                .map_err(|problems| problems.to_string()),
            None if edition.is_some() && root.join(&kept).is_file() => {
                writeln!(progress, "kept    {kept}, for no folder has {name}.json")?;
                continue;
            }
            None => Err(format!(
                "no folder has {name}.json\n    it is published as {url}"
            )),
        };
        match trim {
            Ok(trim) => pending.push(trim),
            Err(problem) => problems.entry(problem).or_default().push(name),
        }
    }
    let problems = problems.iter();
    let problems: Vec<_> = problems
        .map(|(problem, names)| format!("{}: {problem}", names.join(", ")))
        .collect();
    ensure!(problems.is_empty(), "{}", problems.join("\n"));
    Ok(pending)
}

impl SyncOptions {
    /// Where the description of an edition is read from: a file, or else where it is published.
    fn place(&self, edition: &str, url: &str) -> Option<String> {
        if self.from.is_empty() {
            return Some(url.to_owned());
        }
        let folders = self.from.iter();
        let mut files = folders.map(|folder| folder.join(format!("{edition}.json")));
        let file = files.find(|file| file.is_file())?;
        Some(file.display().to_string())
    }
}

impl Failure {
    fn text(&self) -> String {
        let Self { step, error, next } = self;
        let mut text = format!("{step}\n{error}\n");
        let actions = self.actions();
        if !actions.is_empty() {
            text.push_str(&format!("\nto write into {OVERLAY}:\n{actions}"));
        }
        text + &format!("\n{next}")
    }

    fn markdown(&self) -> String {
        let Self { step, error, next } = self;
        // Nothing of it ends the block early.
        let block = |text: &str| format!("\n```yaml\n{}\n```\n", text.trim_end().replace('`', "'"));
        let mut text = format!("### Spec sync: {step}\n{}", block(&shortened(error)));
        let actions = self.actions();
        if !actions.is_empty() {
            text.push_str(&format!(
                "\nTo write into `{OVERLAY}`:\n{}",
                block(&shortened(&actions))
            ));
        }
        text + &format!("\n{next}\n")
    }

    /// The actions that the error asks for, as the overlay indents them.
    fn actions(&self) -> String {
        let mut actions = String::new();
        let mut within = false;
        for line in self
            .error
            .lines()
            .filter_map(|line| line.strip_prefix("    "))
        {
            within = line.starts_with("- target: ") || (within && line.starts_with("  "));
            if within {
                actions.push_str(&format!("  {line}\n"));
            }
        }
        actions
    }
}

/// What fits an issue beside the rest; the log of the run has it all.
fn shortened(text: &str) -> String {
    const LIMIT: usize = 20_000;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}\n…", &text[..end]),
        None => text.to_owned(),
    }
}
