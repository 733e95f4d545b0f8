//! For a comment on a pull request.

use std::fmt::Write;

use super::groups::{self, RustGroup};
use super::{plain, verdict, version};
use crate::diff::api::Change;
use crate::diff::report::{Report, some};
use crate::diff::rule::{Rule, Severity};

/// What GitHub takes as the body of a comment. It counts characters; we count bytes, which are
/// never fewer.
pub const LIMIT: usize = 65_536;

/// By this comment the automation finds its own comment again.
pub const MARKER: &str = "<!-- cargo-xtask-diff -->";

/// What one section may take of the limit, in bytes.
const API: usize = 22_000;
const RUST: usize = 16_000;
const INTERNAL: usize = 4_000;
const NOTES: usize = 4_000;
const CODE: usize = 4_000;
/// What one text may take, in characters.
const TEXT: usize = 200;
/// How many changes one row of a table tells of.
const PLACES: usize = 12;
/// Longer words are given places where a browser may break them, in characters.
const WORD: usize = 32;

/// What breaks, what it means, and what to do next, in half a minute. What does not fit is counted
/// instead.
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
    let rows: Vec<_> = [Severity::Breaking, Severity::Additive]
        .into_iter()
        .flat_map(|severity| groups::api(report, severity))
        .map(|(rule, changes)| api(rule, &changes))
        .collect();
    table(text, ["API", "what it means"], &rows, API);
    let rows: Vec<_> = groups::rust(report, &cell).iter().map(rust).collect();
    let of = report.package.map(|it| format!(" of `{it}`"));
    let item = format!("Rust item{}", of.unwrap_or_default());
    table(text, [&item, "what becomes of it"], &rows, RUST);
    let internal: Vec<_> = groups::internal(report, &code)
        .iter()
        .map(|line| format!("- {line}\n"))
        .collect();
    if !internal.is_empty() {
        text.push_str("\nNobody notices:\n\n");
        lines(text, &internal, INTERNAL, "");
    }
    if !report.notes.is_empty() {
        let count = report.notes.len();
        write!(text, "\n<details><summary>Notes: {count}</summary>\n\n")?;
        let items = report
            .notes
            .iter()
            .map(|note| format!("- {}\n", code(&note.replace('\n', " "))));
        lines(text, &items.collect::<Vec<_>>(), NOTES, "");
        text.push_str("\n</details>\n");
    }
    text.push_str("\n**Next**\n\n");
    for (index, step) in report.next().iter().enumerate() {
        writeln!(text, "{}. {}", index + 1, step.text)?;
        if !step.code.is_empty() {
            text.push_str("\n   ```yaml\n");
            let code = step.code.replace('`', "'");
            let code: Vec<_> = code.lines().map(|line| format!("   {line}\n")).collect();
            lines(text, &code, CODE, "   ");
            text.push_str("   ```\n");
        }
    }
    Ok(())
}

/// One row for all changes of a rule.
fn api(rule: Rule, changes: &[&Change]) -> String {
    let shown = &changes[..changes.len().min(PLACES)];
    let mut places = groups::places(shown, &cell);
    if let rest @ 1.. = changes.len() - shown.len() {
        places.push(format!("and {rest} more, which `cargo xtask diff` shows"));
    }
    format!(
        "| {} | {} | {}: {} |\n",
        badge(rule.severity()),
        places.join("<br>"),
        cell(rule.id()),
        rule.means(),
    )
}

fn rust(group: &RustGroup<'_>) -> String {
    let names: Vec<_> = group.items.iter().map(|item| cell(item)).collect();
    let count = match names.len() {
        1 => String::new(),
        count => format!("{count} × "),
    };
    format!(
        "| {} | {count}{} | {} |\n",
        badge(group.severity),
        some(&names),
        group.what,
    )
}

fn table(text: &mut String, [first, second]: [&str; 2], rows: &[String], budget: usize) {
    if !rows.is_empty() {
        text.push_str(&format!("\n| | {first} | {second} |\n|---|---|---|\n"));
        lines(text, rows, budget, "");
    }
}

/// Lines from the first on, as many as fit, then how many there are besides, in the same list or block.
fn lines(text: &mut String, lines: &[String], budget: usize, indent: &str) {
    let mut left = budget;
    for (index, line) in lines.iter().enumerate() {
        if line.len() > left {
            let rest = lines.len() - index;
            text.push_str(&format!(
                "\n{indent}… and {rest} more of {}, which `cargo xtask diff` shows.\n",
                lines.len()
            ));
            return;
        }
        left -= line.len();
        text.push_str(line);
    }
}

fn badge(severity: Severity) -> String {
    match severity {
        Severity::Breaking => "**breaking**".to_owned(),
        other => other.to_string(),
    }
}

/// Text from elsewhere, such that it cannot become markup or mention anybody.
fn code(text: &str) -> String {
    span(&cut(text))
}

/// [`code`] in a table, where a long word does not push the other columns out of sight: there are
/// places where a browser may break it.
fn cell(text: &str) -> String {
    let mut pieces = vec![String::new()];
    // It breaks a line behind these anyway.
    for word in cut(text).split_inclusive([' ', '-']) {
        let mut rest: Vec<char> = word.chars().collect();
        while rest.len() > WORD {
            let may_break = |at: &usize| {
                let (before, after) = (rest[at - 1], rest[*at]);
                after.is_uppercase() || (before.is_ascii_punctuation() && after.is_alphanumeric())
            };
            let at = (WORD / 3..WORD).rev().find(may_break).unwrap_or(WORD);
            let after = rest.split_off(at);
            push(&mut pieces, rest);
            pieces.push(String::new());
            rest = after;
        }
        push(&mut pieces, rest);
    }
    let spans: Vec<_> = pieces.iter().map(|piece| span(piece)).collect();
    spans.join("<wbr>").replace('|', "\\|")
}

fn push(pieces: &mut [String], chars: Vec<char>) {
    if let Some(last) = pieces.last_mut() {
        last.extend(chars);
    }
}

fn span(text: &str) -> String {
    match text.trim() {
        "" => String::new(),
        text => format!("`{text}`"),
    }
}

/// As much of a text as fits; names of ours stand in backticks, which a code span takes the place of.
fn cut(text: &str) -> String {
    let mut cut: String = text.chars().take(TEXT).collect();
    if text.chars().nth(TEXT).is_some() {
        cut.push('…');
    }
    plain(&cut).replace('`', "")
}
