//! Changes of one kind, to be told of in one line.

use std::collections::BTreeMap;

use crate::diff::api::Change;
use crate::diff::report::{Report, some};
use crate::diff::rule::{Rule, Severity};
use crate::diff::rust::RustChange;

/// From how many on items of one kind share a line.
const MANY: usize = 4;

/// The changes of the API that have a severity, by their rules, in the order of the documentation.
pub(super) fn api(report: &Report, severity: Severity) -> BTreeMap<Rule, Vec<&Change>> {
    let mut groups: BTreeMap<Rule, Vec<&Change>> = BTreeMap::new();
    for change in report.api_of(severity) {
        groups.entry(change.rule).or_default().push(change);
    }
    for changes in groups.values_mut() {
        changes.sort_by(|a, b| a.operations.cmp(&b.operations));
    }
    groups
}

/// What happened, a sentence for each place; what happened in the same operations names them once.
pub(super) fn places(changes: &[&Change], quote: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut places = Vec::new();
    for shared in changes.chunk_by(|a, b| a.elsewhere(quote) == b.elsewhere(quote)) {
        let operations = shared[0].elsewhere(quote);
        let sentences = shared.iter().map(|change| change.sentence(quote));
        places.extend(sentences);
        match (places.last_mut(), shared.len()) {
            _ if operations.is_empty() => {}
            (Some(last), 1) => last.push_str(&format!(", {operations}")),
            (_, count) if count == changes.len() => places.push(format!("all {operations}")),
            (_, count) => places.push(format!("the last {count} {operations}")),
        }
    }
    places
}

/// What nobody notices, a line for each rule.
pub(super) fn internal(report: &Report, quote: &dyn Fn(&str) -> String) -> Vec<String> {
    let line = |(rule, changes): (Rule, Vec<&Change>)| {
        let places = changes.iter().flat_map(|change| change.places(quote));
        let places: Vec<_> = places.collect();
        let (count, id) = (places.len(), quote(rule.id()));
        format!("{count} × {id}: {} ({})", rule.means(), some(&places))
    };
    let groups = api(report, Severity::Internal).into_iter();
    groups.map(line).collect()
}

/// Items of one severity to which the same happened.
pub(super) struct RustGroup<'a> {
    pub(super) severity: Severity,
    pub(super) what: String,
    pub(super) items: Vec<&'a str>,
}

/// The changes of Rust items, the worst first; what happened to many items alike is one group.
pub(super) fn rust<'a>(report: &'a Report, quote: &dyn Fn(&str) -> String) -> Vec<RustGroup<'a>> {
    let mut kinds: BTreeMap<(Severity, String), Vec<&RustChange>> = BTreeMap::new();
    for change in &report.rust {
        let key = (change.severity, kind(change, quote));
        kinds.entry(key).or_default().push(change);
    }
    let mut groups = Vec::new();
    for ((severity, what), changes) in kinds {
        if changes.len() < MANY {
            groups.extend(changes.iter().map(|change| RustGroup {
                severity,
                what: change.what(quote),
                items: vec![&change.item],
            }));
        } else {
            let items = changes.iter().map(|change| change.item.as_str()).collect();
            groups.push(RustGroup {
                severity,
                what,
                items,
            });
        }
    }
    groups.sort_by_key(|group| (group.severity, group.items[0]));
    groups
}

/// What happened, without what is particular to one item.
fn kind(change: &RustChange, quote: &dyn Fn(&str) -> String) -> String {
    let (signature, verb) = match (&change.old, &change.new) {
        (Some(old), None) => (old, "removed"),
        (None, Some(new)) => (new, "added"),
        _ => return change.what(quote),
    };
    let first = signature.split([' ', '(']).next().unwrap_or_default();
    let noun = match first {
        _ if change.item.starts_with("impl ") => "implementation",
        "fn" | "async" => "method",
        "const" | "enum" | "struct" | "type" | "variant" => first,
        _ => "field",
    };
    format!("{noun} {verb}")
}
