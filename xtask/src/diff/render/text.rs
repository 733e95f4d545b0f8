//! For a terminal.

use std::fmt::Write;

use super::{verdict, version};
use crate::diff::report::Report;
use crate::diff::rule::Severity;

/// The whole report, the worst first.
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let _ = write(report, &mut text);
    text
}

fn write(report: &Report, text: &mut String) -> std::fmt::Result {
    writeln!(text, "from     {}", report.old)?;
    writeln!(text, "to       {}", report.new)?;
    writeln!(text, "verdict  {}", verdict(report))?;
    if let Some(bump) = &report.bump {
        writeln!(text, "version  {}", version(bump))?;
    }
    if !report.api.is_empty() {
        writeln!(text, "\nAPI")?;
    }
    for severity in Severity::ALL {
        for change in report.api_of(severity) {
            let (rule, place) = (change.rule.id(), change.place());
            writeln!(text, "  {severity:<8}  {rule}  {place}")?;
            let transition = change.transition();
            if !transition.is_empty() {
                writeln!(text, "            {transition}")?;
            }
            writeln!(text, "            {}", change.rule.means())?;
            if let Some(action) = &change.action {
                let action = action.replace('\n', "\n              ");
                writeln!(text, "            to keep it, in spec/overlay.yaml:")?;
                writeln!(text, "              {action}")?;
            }
            if change.operations.len() > 1 && !change.at.is_empty() {
                let operations: Vec<_> = change.operations.iter().map(String::as_str).collect();
                writeln!(text, "            in {}", operations.join(", "))?;
            }
        }
    }
    if !report.rust.is_empty() {
        writeln!(text, "\nRust items of gha-api")?;
    }
    for severity in Severity::ALL {
        for change in report.rust_of(severity) {
            let (item, transition) = (&change.item, change.transition());
            writeln!(text, "  {severity:<8}  {item}: {transition}")?;
        }
    }
    if !report.notes.is_empty() {
        writeln!(text, "\nnotes")?;
    }
    for note in &report.notes {
        writeln!(text, "  {}", note.replace('\n', "\n  "))?;
    }
    Ok(())
}
