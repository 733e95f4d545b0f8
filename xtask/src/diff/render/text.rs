//! For a terminal.

use std::fmt::Write;

use textwrap::Options;

use super::{groups, plain, verdict, version};
use crate::diff::report::Report;
use crate::diff::rule::Severity;

/// Where lines break; no name is broken.
const WIDTH: usize = 100;

/// The whole report, the worst first.
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let _ = write(report, &mut text);
    text
}

fn write(report: &Report, text: &mut String) -> std::fmt::Result {
    writeln!(text, "from     {}", plain(&report.old))?;
    writeln!(text, "to       {}", plain(&report.new))?;
    writeln!(text, "verdict  {}", verdict(report))?;
    if let Some(bump) = &report.bump {
        writeln!(text, "version  {}", version(bump))?;
    }
    let mut title = "\nAPI\n";
    for severity in [Severity::Breaking, Severity::Additive] {
        for (rule, changes) in groups::api(report, severity) {
            text.push_str(std::mem::take(&mut title));
            let words = format!("{}: {}", rule.id(), rule.means());
            line(text, &format!("  {severity:<8}  "), &words);
            for place in groups::places(&changes, &str::to_owned) {
                line(text, "              ", &place);
            }
        }
    }
    let rust = groups::rust(report, &str::to_owned);
    if !rust.is_empty() {
        let of = report.package.map(|it| format!(" of {it}"));
        writeln!(text, "\nRust items{}", of.unwrap_or_default())?;
    }
    for group in rust {
        let words = match group.items[..] {
            [item] => format!("{item}: {}", group.what),
            ref items => format!("{} × {}: {}", items.len(), group.what, items.join(", ")),
        };
        line(text, &format!("  {:<8}  ", group.severity), &words);
    }
    let internal = groups::internal(report, &str::to_owned);
    if !internal.is_empty() {
        writeln!(text, "\nNobody notices")?;
    }
    for words in internal {
        line(text, "  ", &words);
    }
    if !report.notes.is_empty() {
        writeln!(text, "\nNotes")?;
    }
    for note in &report.notes {
        for words in note.lines() {
            writeln!(text, "  {}", plain(words))?;
        }
    }
    writeln!(text, "\nNext")?;
    for (index, step) in report.next().iter().enumerate() {
        line(text, &format!("  {}. ", index + 1), &step.text);
        for code in step.code.lines() {
            writeln!(text, "       {}", plain(code))?;
        }
    }
    Ok(())
}

/// Words behind `start`, broken into lines that begin below the first word.
fn line(text: &mut String, start: &str, words: &str) {
    let indent = " ".repeat(start.chars().count() + 2);
    let options = Options::new(WIDTH)
        .initial_indent(start)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    text.push_str(&textwrap::fill(&plain(words), options));
    text.push('\n');
}
