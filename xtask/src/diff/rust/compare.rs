//! What became of each public item.

use serde::Serialize;

use super::items::{Item, Items, kind};
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
            Some(b) if kind(&a.signature) != kind(&b.signature) => changes.push(RustChange {
                severity: Severity::Breaking,
                item: path.clone(),
                old: Some(a.signature.clone()),
                new: Some(b.signature.clone()),
                members: gone(path, old, new) + gone(path, new, old),
            }),
            Some(b) => changed(path, a, b, &mut changes),
            None if is_alone(a, old, new) => changes.push(RustChange {
                severity: Severity::Breaking,
                item: path.clone(),
                old: Some(a.signature.clone()),
                new: None,
                members: gone(path, old, new),
            }),
            None => {}
        }
    }
    for (path, b) in new.iter().filter(|(path, _)| !old.contains_key(*path)) {
        if is_alone(b, new, old) {
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
                members: gone(path, new, old),
            });
        }
    }
    changes.sort();
    changes
}

/// Whether an item that only one side has is told of by itself: its parent, if it has one, is what
/// it was.
fn is_alone(item: &Item, own: &Items, other: &Items) -> bool {
    item.parent.as_ref().is_none_or(|parent| {
        let kind = |items: &Items| items.get(parent).map(|it| kind(&it.signature));
        kind(other).is_some() && kind(own) == kind(other)
    })
}

/// How many members of an item only one side has.
fn gone(path: &str, own: &Items, other: &Items) -> usize {
    own.iter()
        .filter(|(_, item)| item.parent.as_deref() == Some(path))
        .filter(|(member, _)| !other.contains_key(*member))
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
