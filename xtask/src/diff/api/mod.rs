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
use pair::{End, Pair, Paired, shape};

use super::rule::Rule;
use crate::spec::document::operations;

/// The key of an operation with the `operationId` that upstream gave it.
const UPSTREAM: &str = "x-upstream-id";

/// Keeps the `operationId`s that upstream gave, whatever the overlay makes of them: by these, operations that
/// moved are found again.
pub(super) fn keep_ids(document: &mut Value) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    let items = paths.into_iter().flat_map(|paths| paths.values_mut());
    for (_, operation) in items.filter_map(Value::as_object_mut).flatten() {
        if let Some(id) = operation.get("operationId").cloned() {
            operation[UPSTREAM] = id;
        }
    }
}

/// The URLs of the servers of a description.
fn servers(document: &Value) -> String {
    let servers = document["servers"].as_array().into_iter().flatten();
    let urls = servers.filter_map(|server| server.get("url")?.as_str());
    urls.collect::<Vec<_>>().join(", ")
}

/// Every change from one effective description to another, the worst first.
pub fn compare(old: &Value, new: &Value) -> Vec<Change> {
    let changes = Changes::default();
    let add = |name: &str, rule, place: [&str; 2], words| {
        changes.add(name, rule, place, words, new);
    };
    if old["servers"] != new["servers"] {
        let servers = [old, new].map(|it| Some(servers(it)));
        add("", Rule::ServersChanged, ["servers", "/servers"], servers);
    }
    // Of one name, else of one route, else of one name upstream.
    let Paired { both, gone, come } = Paired::of(
        operations(old),
        operations(new),
        &[
            &|a, b| a.id == b.id,
            &|a, b| a.method == b.method && shape(a.path) == shape(b.path),
            &|a, b| {
                let name = a.own.text(UPSTREAM);
                name.is_some() && name == b.own.text(UPSTREAM)
            },
        ],
    );
    for (a, b) in &both {
        operation::compare(&Pair {
            old: End {
                document: old,
                operation: a,
            },
            new: End {
                document: new,
                operation: b,
            },
            changes: &changes,
        });
    }
    for it in gone {
        let place = ["", &it.own.pointer];
        add(
            it.id,
            Rule::OperationRemoved,
            place,
            [Some(it.route()), None],
        );
    }
    for it in come {
        let place = ["", &it.own.pointer];
        add(it.id, Rule::OperationAdded, place, [None, Some(it.route())]);
    }
    changes.sorted()
}
