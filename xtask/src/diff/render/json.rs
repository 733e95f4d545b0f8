//! For programs. The form is documented in `docs/spec-diff.md`, and only ever grows.

use serde::Serialize;

use crate::diff::api::Change;
use crate::diff::report::{Bump, Report, Step};
use crate::diff::rust::RustChange;

#[derive(Serialize)]
struct JsonReport<'a> {
    format: u32,
    old: &'a str,
    new: &'a str,
    verdict: &'static str,
    bump: Option<Bump>,
    api: &'a [Change],
    rust: &'a [RustChange],
    notes: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    unknown: &'a [String],
    next: Vec<Step>,
}

/// The whole report, indented, with a line end.
pub fn json(report: &Report) -> serde_json::Result<String> {
    let json = JsonReport {
        format: 1,
        old: &report.old,
        new: &report.new,
        verdict: match report.verdict() {
            _ if !report.unknown.is_empty() => "unknown",
            Some(severity) => severity.as_str(),
            None => "none",
        },
        bump: report.bump,
        api: &report.api,
        rust: &report.rust,
        notes: &report.notes,
        unknown: &report.unknown,
        next: report.next(),
    };
    Ok(serde_json::to_string_pretty(&json)? + "\n")
}
