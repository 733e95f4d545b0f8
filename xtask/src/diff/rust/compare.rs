//! What became of each public item.

use serde::Serialize;

use super::items::{Item, Items};
use crate::diff::rule::Severity;

/// One change of the public items of a crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RustChange {
    /// Whether programs stop compiling.
    pub severity: Severity,
    /// The path of the item; fields after a dot: `types::Artifact.digest`.
    pub item: String,
    /// Its type or signature before; `null` for a new item.
    pub old: Option<String>,
    /// Its type or signature now; `null` for an item that is gone.
    pub new: Option<String>,
    /// How many fields, variants, methods and implementations came or went with it.
    pub members: usize,
}

/// Every change from `old` to `new`, the worst first.
pub fn compare(old: &Items, new: &Items) -> Vec<RustChange> {
    let mut changes = Vec::new();
    for (path, a) in old {
        match new.get(path) {
            Some(b) => changed(path, a, b, &mut changes),
            None if orphaned(a, new) => changes.push(RustChange {
                severity: Severity::Breaking,
                item: path.clone(),
                old: Some(a.signature.clone()),
                new: None,
                members: members(path, old),
            }),
            None => {}
        }
    }
    for (path, b) in new.iter().filter(|(path, _)| !old.contains_key(*path)) {
        if orphaned(b, old) {
            let severity = if b.closed && b.parent.is_some() {
                Severity::Breaking
            } else {
                Severity::Additive
            };
            changes.push(RustChange {
                severity,
                item: path.clone(),
                old: None,
                new: Some(b.signature.clone()),
                members: members(path, new),
            });
        }
    }
    changes.sort();
    changes
}

/// Whether the item's parent is on the other side, so that the item has to be told of by itself.
fn orphaned(item: &Item, other: &Items) -> bool {
    item.parent
        .as_ref()
        .is_none_or(|parent| other.contains_key(parent))
}

fn members(path: &str, items: &Items) -> usize {
    items
        .values()
        .filter(|item| item.parent.as_deref() == Some(path))
        .count()
}

fn changed(path: &str, old: &Item, new: &Item, changes: &mut Vec<RustChange>) {
    let mut add = |severity, a: String, b: String| {
        changes.push(RustChange {
            severity,
            item: path.to_owned(),
            old: Some(a),
            new: Some(b),
            members: 0,
        });
    };
    if old.signature != new.signature {
        let severity = match (&old.types, &new.types) {
            (Some(a), Some(b)) if a == b => Severity::Internal,
            _ => Severity::Breaking,
        };
        add(severity, old.signature.clone(), new.signature.clone());
    } else if let (true, Some(a), Some(b)) = (old.value != new.value, &old.value, &new.value) {
        add(Severity::Internal, a.clone(), b.clone());
    }
    for flag in old.flags.difference(&new.flags) {
        let severity = match *flag {
            "non_exhaustive" => Severity::Additive,
            _ => Severity::Internal,
        };
        add(severity, (*flag).to_owned(), format!("not {flag}"));
    }
    for flag in new.flags.difference(&old.flags) {
        let severity = match *flag {
            "non_exhaustive" => Severity::Breaking,
            _ => Severity::Additive,
        };
        add(severity, format!("not {flag}"), (*flag).to_owned());
    }
}
