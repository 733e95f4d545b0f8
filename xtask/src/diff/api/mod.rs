//! Compares what two descriptions promise, operation by operation.

mod body;
mod changes;
mod operation;
mod pair;
mod parameters;
mod schema;
mod values;
mod view;

use std::collections::BTreeMap;

use serde_json::Value;

pub use changes::Change;
use changes::Changes;
use pair::{End, Pair, Paired, shape};

use super::rule::Rule;
use crate::spec::document::{OperationObject, operations};

/// The `operationId`s that upstream gave, by path and method.
pub type UpstreamIds = BTreeMap<(String, String), String>;

/// One end of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// An effective description.
    pub document: &'a Value,
    /// The `operationId`s that upstream gave, by path and method, for operations that moved.
    pub upstream: &'a UpstreamIds,
}

impl<'a> Side<'a> {
    fn end(self, operation: &'a OperationObject<'a>) -> End<'a> {
        End {
            document: self.document,
            operation,
        }
    }

    /// The URLs of its servers.
    fn servers(&self) -> String {
        let servers = self.document["servers"].as_array();
        let urls = servers.into_iter().flatten();
        let urls: Vec<_> = urls
            .filter_map(|server| server.get("url")?.as_str())
            .collect();
        urls.join(", ")
    }

    fn upstream_id(&self, operation: &OperationObject<'_>) -> Option<&str> {
        let route = (operation.path.to_owned(), operation.method.to_owned());
        self.upstream.get(&route).map(String::as_str)
    }
}

/// Every change from `old` to `new`, the worst first.
pub fn compare(old: Side<'_>, new: Side<'_>) -> Vec<Change> {
    let changes = Changes::default();
    let add = |name: &str, rule, place: [&str; 2], words| {
        changes.add(name, rule, place, words, new.document);
    };
    if old.document["servers"] != new.document["servers"] {
        let servers = [old, new].map(|side| Some(side.servers()));
        add("", Rule::ServersChanged, ["servers", "/servers"], servers);
    }
    // Of one name, else of one route, else of one name upstream.
    let Paired { both, gone, come } = Paired::of(
        operations(old.document),
        operations(new.document),
        &[
            &|a, b| a.id == b.id,
            &|a, b| a.method == b.method && shape(a.path) == shape(b.path),
            &|a, b| {
                let name = old.upstream_id(a);
                name.is_some() && name == new.upstream_id(b)
            },
        ],
    );
    for (a, b) in &both {
        operation::compare(&Pair {
            old: old.end(a),
            new: new.end(b),
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
