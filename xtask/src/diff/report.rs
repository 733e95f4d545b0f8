//! What a comparison found, and what follows from it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::api::{self, Change, Side};
use super::rule::Severity;
use super::rust::{self, RustChange};
use super::snapshot::Snapshot;
use super::version::{Level, Version};

/// The version that follows from the changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bump {
    /// Which part goes up.
    pub level: Level,
    /// The version of the old one.
    pub from: Version,
    /// The lowest version that tells users the truth.
    pub to: Version,
    /// The version of the new one.
    pub now: Version,
}

/// Everything that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What is compared.
    pub old: String,
    /// What it is compared with.
    pub new: String,
    /// Changes of the API, the worst first.
    pub api: Vec<Change>,
    /// Changes of the public items of the generated crate, the worst first.
    pub rust: Vec<RustChange>,
    /// Nothing if nothing changed, or if the workspace names no version.
    pub bump: Option<Bump>,
    /// What could not be compared, and why: whatever was found, there may be more.
    pub unknown: Vec<String>,
    /// What else the reader should know.
    pub notes: Vec<String>,
}

impl Report {
    pub(super) fn of(old: Snapshot, new: Snapshot) -> Self {
        let mut unknown = Vec::new();
        let mut refused = BTreeMap::new();
        for snapshot in [&old, &new] {
            for (operation, reason) in &snapshot.refused {
                let label = &snapshot.label;
                unknown.push(format!("{operation} is not compared: {label}: {reason}"));
                refused.insert(operation.clone(), reason.clone());
            }
        }
        let api = match (old.known(&refused), new.known(&refused)) {
            (Ok(a), Ok(b)) => {
                let (upstream_a, upstream_b) = (&old.upstream, &new.upstream);
                let side = |document, upstream| Side { document, upstream };
                api::compare(side(&a, upstream_a), side(&b, upstream_b))
            }
            (a, b) => {
                let reasons = [a.err(), b.err()].into_iter().flatten();
                unknown.extend(reasons.map(|it| format!("the API is not compared: {it}")));
                Vec::new()
            }
        };
        let rust = match (old.items, new.items) {
            (Ok(old), Ok(new)) => rust::compare(&old, &new),
            (old, new) => {
                let reasons = [old.err(), new.err()].into_iter().flatten();
                unknown.extend(reasons.map(|it| format!("the Rust items are not compared: {it}")));
                Vec::new()
            }
        };
        let notes = [unknown.clone(), old.notes, new.notes].concat();
        let mut report = Self {
            old: old.label,
            new: new.label,
            api,
            rust,
            bump: None,
            unknown,
            notes,
        };
        let is_known = report.unknown.is_empty() || report.verdict() == Some(Severity::Breaking);
        if let (true, Some(severity), Some(from), Some(now)) =
            (is_known, report.verdict(), old.version, new.version)
        {
            let level = from.level(severity);
            report.bump = Some(Bump {
                level,
                from,
                to: from.next(level),
                now,
            });
        }
        report
    }

    /// The worst of all changes that were found; `None` if there are none.
    pub fn verdict(&self) -> Option<Severity> {
        let api = self.api.iter().map(Change::severity);
        let rust = self.rust.iter().map(|change| change.severity);
        api.chain(rust).min()
    }

    /// The changes of the API that have a severity.
    pub fn api_of(&self, severity: Severity) -> impl Iterator<Item = &Change> {
        self.api
            .iter()
            .filter(move |change| change.severity() == severity)
    }

    /// The changes of public items that have a severity.
    pub fn rust_of(&self, severity: Severity) -> impl Iterator<Item = &RustChange> {
        self.rust
            .iter()
            .filter(move |change| change.severity == severity)
    }
}

impl Change {
    /// Where it happened, in one phrase.
    pub fn place(&self) -> String {
        let operations: Vec<_> = self.operations.iter().map(String::as_str).collect();
        match (self.at.as_str(), operations.as_slice()) {
            ("", operations) => operations.join(", "),
            // A component has a place of its own; all else is a part of its operations.
            (at, []) => at.to_owned(),
            (at, [only]) if !self.pointer.starts_with("/components/schemas/") => {
                format!("{only}: {at}")
            }
            (at, _) => at.to_owned(),
        }
    }

    /// What became of what.
    pub fn transition(&self) -> String {
        transition(self.old.as_deref(), self.new.as_deref())
    }
}

impl RustChange {
    /// What became of what.
    pub fn transition(&self) -> String {
        let members = match self.members {
            0 => String::new(),
            1 => ", with 1 member".to_owned(),
            count => format!(", with {count} members"),
        };
        transition(self.old.as_deref(), self.new.as_deref()) + &members
    }
}

fn transition(old: Option<&str>, new: Option<&str>) -> String {
    match (old, new) {
        (None, None) => String::new(),
        (Some(""), None) => "removed".to_owned(),
        (None, Some("")) => "added".to_owned(),
        (Some(old), None) => format!("{old} removed"),
        (None, Some(new)) => format!("{new} added"),
        (Some(old), Some(new)) => format!("{old} → {new}"),
    }
}
