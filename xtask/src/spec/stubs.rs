//! `cargo xtask overlay --missing`: writes into `spec/overlay.yaml` what still needs words of ours.

use std::io::Write;

use super::folder::Folder;
use super::lint::Missing;
use super::load::load_unfinished;
use super::overlay::{Overlay, STUB};
use super::paths::OVERLAY;
use super::pointer::scalar;
use super::problem::{Problem, Problems};

/// An overlay that corrects nothing yet.
const EMPTY: &str = "overlay: 1.0.0\ninfo:\n  title: Our names and words\n  version: 1.0.0\nextends: actions.yaml\nactions:\n";

/// Runs the command on a folder.
pub fn run(folder: &Folder, report: &mut dyn Write) -> Result<(), Problems> {
    let end = add(folder).map_err(|problems| problems.of(&folder.name))?;
    writeln!(report, "{end}")
        .map_err(|error| Problem::new(format!("the report cannot be written: {error}")).into())
}

/// Adds stubs, and says how many.
fn add(folder: &Folder) -> Result<String, Problems> {
    let missing = load_unfinished(folder)?.missing();
    let old = folder.read(OVERLAY)?.unwrap_or_else(|| EMPTY.to_owned());
    // A checkout with CRLF keeps it.
    let has_crlf = old.contains("\r\n");
    let old = old.replace("\r\n", "\n");
    let stubs = missing
        .iter()
        .filter(|(target, _)| !old.contains(&line(target)));
    let stubs: Vec<_> = stubs.collect();
    let text: String = stubs
        .iter()
        .map(|(target, all)| stub(target, all))
        .collect();
    let (waiting, count) = (missing.len() - stubs.len(), stubs.len());
    if count > 0 {
        let new = format!("{}\n{}", old.trim_end(), indented(&text, &old));
        check(&old, &new, count).map_err(|problem| problem.in_spec(OVERLAY))?;
        let new = match has_crlf {
            true => new.replace('\n', "\r\n"),
            false => new,
        };
        folder.write(OVERLAY, &new)?;
    }
    Ok(match (count, waiting) {
        (0, 0) => "nothing is missing".to_owned(),
        (count, waiting) => format!(
            "{count} stubs in {}, {} to be filled: write words for each `{STUB}`",
            folder.name.file(OVERLAY),
            count + waiting
        ),
    })
}

fn line(target: &str) -> String {
    format!("- target: {}\n", scalar(target))
}

fn stub(target: &str, missing: &[Missing]) -> String {
    let mut text = line(target) + "  update:\n";
    for Missing { key, derived, .. } in missing {
        text.push_str(&match (*key, derived) {
            ("title", Some(name)) => format!("    title: {name}\n"),
            (key, Some(name)) => format!("    operationId: {name}\n    {key}: {STUB}\n"),
            (key, None) => format!("    {key}: {STUB}\n"),
        });
    }
    text
}

/// With the indentation that the actions have.
fn indented(text: &str, file: &str) -> String {
    let mut actions = file
        .lines()
        .skip_while(|line| !line.starts_with("actions:"));
    let first = actions.find(|line| line.trim_start().starts_with('-'));
    let width = first.map_or(2, |line| line.len() - line.trim_start().len());
    let lines = text.lines().map(|line| format!("{:width$}{line}\n", ""));
    lines.collect()
}

/// Whether the actions of the file go on at its end.
fn check(old: &str, new: &str, count: usize) -> Result<(), Problem> {
    let actions = |text: &str| Overlay::parse(text).map(|overlay| overlay.len());
    let before = if old == EMPTY { Ok(0) } else { actions(old) };
    if actions(new).ok() == before.ok().map(|before| before + count) {
        return Ok(());
    }
    let problem = Problem::new("nothing can be added at its end");
    Err(problem.help("let `actions`, written as a block, be its last key"))
}
