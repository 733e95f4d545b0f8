//! What became of each public item.

use std::collections::BTreeSet;

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
    let paths: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    for path in paths {
        let (a, b) = (old.get(path), new.get(path));
        let severity = match (a, b) {
            (Some(a), Some(b)) if kind(&a.signature) == kind(&b.signature) => {
                changed(path, a, b, &mut changes);
                continue;
            }
            (Some(a), None) if !is_alone(a, old, new) => continue,
            (None, Some(b)) if !is_alone(b, new, old) => continue,
            (None, Some(b)) if !b.closed => Severity::Additive,
            _ => Severity::Breaking,
        };
        changes.push(RustChange {
            severity,
            item: path.clone(),
            old: a.map(|item| item.signature.clone()),
            new: b.map(|item| item.signature.clone()),
            members: members(path, old, new) + members(path, new, old),
        });
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
fn members(path: &str, own: &Items, other: &Items) -> usize {
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
        // A name that stays elsewhere: programs compile, and give one argument for another.
        let place = |name| new.arguments.iter().position(|it| it == name);
        let mut places = old.arguments.iter().map(place).enumerate();
        let moved = places.any(|(index, place)| place.is_some_and(|it| it != index));
        let severity = match old.types.is_some() && old.types == new.types && !moved {
            true => Severity::Internal,
            false => Severity::Breaking,
        };
        add(severity, old.signature.clone(), new.signature.clone());
    } else if let (true, Some(a), Some(b)) = (old.value != new.value, &old.value, &new.value) {
        add(Severity::Internal, a.clone(), b.clone());
    }
    for flag in old.flags.symmetric_difference(&new.flags) {
        let (has, lacks) = ((*flag).to_owned(), format!("not {flag}"));
        let comes = new.flags.contains(flag);
        let severity = match (*flag, comes) {
            ("non_exhaustive", true) => Severity::Breaking,
            ("non_exhaustive", false) | (_, true) => Severity::Additive,
            (_, false) => Severity::Internal,
        };
        let (old, new) = if comes { (lacks, has) } else { (has, lacks) };
        add(severity, old, new);
    }
}
