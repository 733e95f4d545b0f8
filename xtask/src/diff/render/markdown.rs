//! For a comment on a pull request.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::{verdict, version};
use crate::diff::api::Change;
use crate::diff::report::Report;
use crate::diff::rule::Severity;
use crate::diff::rust::RustChange;

/// What GitHub takes as the body of a comment. It counts characters; we count bytes, which are
/// never fewer.
pub const LIMIT: usize = 65_536;

/// By this comment the automation finds its own comment again.
pub const MARKER: &str = "<!-- cargo-xtask-diff -->";

/// What one section may take of the limit, in bytes.
const API: usize = 26_000;
const ACTIONS: usize = 2_000;
const RUST: usize = 20_000;
const INTERNAL: usize = 6_000;
const MEANINGS: usize = 6_000;
const NOTES: usize = 4_000;
/// What one cell of a table may take, in characters.
const CELL: usize = 400;

/// A verdict, tables sorted by severity, details folded. What does not fit is counted instead.
pub fn markdown(report: &Report) -> String {
    let mut text = format!("{MARKER}\n### Spec diff: {}\n", verdict(report));
    // Writing to a `String` cannot fail.
    let _ = write(report, &mut text);
    text
}

fn write(report: &Report, text: &mut String) -> std::fmt::Result {
    let (old, new) = (code(&report.old), code(&report.new));
    writeln!(text, "\nFrom {old} to {new}.")?;
    if let Some(bump) = &report.bump {
        writeln!(text, "Version: **{}**.", version(bump))?;
    }
    let noticed: Vec<_> = [Severity::Breaking, Severity::Additive]
        .into_iter()
        .flat_map(|severity| report.api_of(severity))
        .collect();
    if !noticed.is_empty() {
        text.push('\n');
        api(text, &noticed, API);
        actions(text, &noticed);
    }
    rust(report, text)?;
    let internal: Vec<_> = report.api_of(Severity::Internal).collect();
    if !internal.is_empty() {
        let count = internal.len();
        fold(
            text,
            &format!("Changes of the API that nobody notices: {count}"),
        )?;
        api(text, &internal, INTERNAL);
        text.push_str(END);
    }
    let rules: BTreeSet<_> = noticed.iter().map(|change| change.rule).collect();
    if !rules.is_empty() {
        fold(text, "What this means")?;
        let items: Vec<_> = rules
            .iter()
            .map(|rule| format!("- {}: {}.\n", rule.id(), rule.means()))
            .collect();
        rows(text, &items, MEANINGS);
        text.push_str(END);
    }
    if !report.notes.is_empty() {
        fold(text, &format!("Notes: {}", report.notes.len()))?;
        let items: Vec<_> = report
            .notes
            .iter()
            .map(|note| format!("- {}\n", code(note)))
            .collect();
        rows(text, &items, NOTES);
        text.push_str(END);
    }
    Ok(())
}

const END: &str = "\n</details>\n";

fn fold(text: &mut String, summary: &str) -> std::fmt::Result {
    write!(text, "\n<details><summary>{summary}</summary>\n\n")
}

fn api(text: &mut String, changes: &[&Change], budget: usize) {
    text.push_str("| | rule | where | what | operations |\n|---|---|---|---|---|\n");
    let row = |change: &&Change| {
        let operations: Vec<_> = change.operations.iter().map(String::as_str).collect();
        format!(
            "| {} | {} | {} | {} | {} |\n",
            badge(change.severity()),
            change.rule.id(),
            code(&change.at),
            code(&change.transition()),
            code(&operations.join(", ")),
        )
    };
    let all: Vec<_> = changes.iter().map(row).collect();
    rows(text, &all, budget);
}

/// What to write into the overlay to spare programs a change.
fn actions(text: &mut String, changes: &[&Change]) {
    let actions: Vec<_> = changes
        .iter()
        .filter_map(|change| Some(change.action.as_ref()?.replace('`', "'") + "\n"))
        .collect();
    if !actions.is_empty() {
        text.push_str("\nTo keep arguments as they are, in `spec/overlay.yaml`:\n\n```yaml\n");
        rows(text, &actions, ACTIONS);
        text.push_str("```\n");
    }
}

fn rust(report: &Report, text: &mut String) -> std::fmt::Result {
    if report.rust.is_empty() {
        return Ok(());
    }
    let count = report.rust.len();
    // What breaks programs is never folded away.
    let open = match report.rust_of(Severity::Breaking).next() {
        Some(_) => " open",
        None => "",
    };
    write!(
        text,
        "\n<details{open}><summary>Rust items of gha-api that changed: {count}</summary>\n\n\
         | | item | what |\n|---|---|---|\n"
    )?;
    let row = |change: &RustChange| {
        format!(
            "| {} | {} | {} |\n",
            badge(change.severity),
            code(&change.item),
            code(&change.transition()),
        )
    };
    let all: Vec<_> = Severity::ALL
        .into_iter()
        .flat_map(|severity| report.rust_of(severity))
        .map(row)
        .collect();
    rows(text, &all, RUST);
    text.push_str(END);
    Ok(())
}

/// Rows from the first on, as many as fit, then how many there are besides.
fn rows(text: &mut String, rows: &[String], budget: usize) {
    let mut left = budget;
    for (index, row) in rows.iter().enumerate() {
        if row.len() > left {
            let rest = rows.len() - index;
            text.push_str(&format!(
                "\n… and {rest} more of {}, which `cargo xtask diff` shows.\n",
                rows.len()
            ));
            return;
        }
        left -= row.len();
        text.push_str(row);
    }
}

fn badge(severity: Severity) -> String {
    match severity {
        Severity::Breaking => "**breaking**".to_owned(),
        other => other.to_string(),
    }
}

/// Text from elsewhere, such that it cannot become markup, mention anybody, or end its cell.
fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let plain: String = text
        .chars()
        .map(|c| match c {
            '`' => '\'',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    format!("`{}`", short(&plain, CELL).replace('|', "\\|"))
}

fn short(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
