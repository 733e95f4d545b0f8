//! Compares what two descriptions promise, operation by operation.

mod body;
mod changes;
mod operation;
mod pair;
mod parameters;
mod schema;
mod values;
mod view;

use serde_json::Value;

pub use changes::Change;
use changes::Changes;
pub use pair::UpstreamIds;
use pair::{Pair, pairs};

use super::rule::Rule;
use crate::spec::document::{OperationObject, operations};

/// One end of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// An effective description.
    pub document: &'a Value,
    /// The `operationId`s that upstream gave, by path and method, for operations that moved.
    pub upstream: &'a UpstreamIds,
}

/// Every change from `old` to `new`, the worst first.
pub fn compare(old: Side<'_>, new: Side<'_>) -> Vec<Change> {
    let mut changes = Changes::default();
    if old.document.get("servers") != new.document.get("servers") {
        let servers = |side: &Value| {
            let servers = side.get("servers").and_then(Value::as_array);
            let urls = servers.into_iter().flatten();
            let urls: Vec<_> = urls
                .filter_map(|server| server.get("url")?.as_str())
                .collect();
            urls.join(", ")
        };
        let (old, new) = (servers(old.document), servers(new.document));
        changes
            .on("")
            .add(Rule::ServersChanged, "servers", "/servers", old, new);
    }
    let (old_operations, new_operations) = (operations(old.document), operations(new.document));
    for (a, b) in pairs(&old_operations, &new_operations, old.upstream, new.upstream) {
        match (a, b) {
            (Some(a), Some(b)) => {
                let pair = Pair {
                    old_document: old.document,
                    new_document: new.document,
                    old: a,
                    new: b,
                };
                operation::compare(&pair, &mut changes);
            }
            (Some(a), None) => whole(&mut changes, Rule::OperationRemoved, a),
            (None, Some(b)) => whole(&mut changes, Rule::OperationAdded, b),
            (None, None) => {}
        }
    }
    changes.sorted(new.document)
}

fn whole(changes: &mut Changes, rule: Rule, operation: &OperationObject<'_>) {
    let route = operation.route();
    let mut changes = changes.on(operation.id);
    if rule == Rule::OperationAdded {
        changes.add(rule, "", &operation.own.pointer, None, route);
    } else {
        changes.add(rule, "", &operation.own.pointer, route, None);
    }
}
