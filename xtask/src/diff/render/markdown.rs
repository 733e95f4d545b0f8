//! For a comment on a pull request.

use std::fmt::Write;

use super::{verdict, version};
use crate::diff::report::Report;
use crate::diff::rule::Severity;

/// What GitHub takes as the body of a comment. It counts characters; we count bytes, which are
/// never fewer.
pub const LIMIT: usize = 65_536;

/// By this comment the automation finds its own comment again.
pub const MARKER: &str = "<!-- cargo-xtask-diff -->";

/// What one section may take of the limit.
const API: usize = 30_000;
const RUST: usize = 20_000;
const DETAILS: usize = 8_000;
const NOTES: usize = 4_000;
/// What one cell of a table may take.
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
    let sorted = |severity| report.api_of(severity);
    let changes = || Severity::ALL.into_iter().flat_map(sorted);
    if !report.api.is_empty() {
        let rows: Vec<_> = changes()
            .map(|change| {
                format!(
                    "| {} | {} | {} | {} |\n",
                    badge(change.severity()),
                    change.rule.id(),
                    code(&change.place()),
                    code(&change.transition()),
                )
            })
            .collect();
        text.push_str("\n| | rule | where | what |\n|---|---|---|---|\n");
        table(text, &rows, API);
    }
    if !report.rust.is_empty() {
        let worst = report.rust.iter().map(|change| change.severity).min();
        // What breaks programs is never folded away.
        let open = if worst == Some(Severity::Breaking) {
            " open"
        } else {
            ""
        };
        let count = report.rust.len();
        write!(
            text,
            "\n<details{open}><summary>Rust items of gha-api: {count} changed</summary>\n\n\
             | | item | what |\n|---|---|---|\n"
        )?;
        let rust = |severity| report.rust_of(severity);
        let rows: Vec<_> = Severity::ALL
            .into_iter()
            .flat_map(rust)
            .map(|change| {
                format!(
                    "| {} | {} | {} |\n",
                    badge(change.severity),
                    code(&change.item),
                    code(&change.transition()),
                )
            })
            .collect();
        table(text, &rows, RUST);
        text.push_str("\n</details>\n");
    }
    if !report.api.is_empty() {
        text.push_str("\n<details><summary>What each change means, and which operations it touches</summary>\n\n");
        let items: Vec<_> = changes()
            .map(|change| {
                let operations: Vec<_> = change.operations.iter().map(|id| code(id)).collect();
                let operations = match operations.as_slice() {
                    [] => String::new(),
                    operations => format!(" In {}.", short(&operations.join(", "), CELL)),
                };
                format!(
                    "- {} {}: {}.{operations}\n",
                    change.rule.id(),
                    code(&change.place()),
                    change.rule.means(),
                )
            })
            .collect();
        table(text, &items, DETAILS);
        text.push_str("\n</details>\n");
    }
    if !report.notes.is_empty() {
        let count = report.notes.len();
        write!(text, "\n<details><summary>Notes: {count}</summary>\n\n")?;
        let items: Vec<_> = report
            .notes
            .iter()
            .map(|note| format!("- {}\n", code(note)))
            .collect();
        table(text, &items, NOTES);
        text.push_str("\n</details>\n");
    }
    Ok(())
}

/// Rows from the first on, as many as fit, then how many there are besides.
fn table(text: &mut String, rows: &[String], budget: usize) {
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
