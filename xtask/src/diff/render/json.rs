//! For programs. The form is documented in `docs/spec-diff.md`, and only ever grows.

use serde_json::{Value, json};

use crate::diff::api::Change;
use crate::diff::report::Report;

/// The whole report, indented, with a line end.
pub fn json(report: &Report) -> serde_json::Result<String> {
    let verdict = match report.verdict() {
        _ if !report.unknown.is_empty() => "unknown",
        Some(severity) => severity.as_str(),
        None => "none",
    };
    let mut json = json!({
        "format": 1,
        "old": report.old,
        "new": report.new,
        "verdict": verdict,
        "bump": report.bump,
        "api": report.api.iter().map(change).collect::<Vec<_>>(),
        "rust": report.rust,
        "notes": report.notes,
    });
    if !report.unknown.is_empty() {
        json["unknown"] = json!(report.unknown);
    }
    json["next"] = json!(report.next());
    Ok(serde_json::to_string_pretty(&json)? + "\n")
}

fn change(change: &Change) -> Value {
    json!({
        "severity": change.severity(),
        "rule": change.rule.id(),
        "at": change.at,
        "pointer": change.pointer,
        "operations": change.operations,
        "old": change.old,
        "new": change.new,
        "means": change.rule.means(),
        "action": change.action,
    })
}
