//! Answers that a new field would make undecodable.
//!
//! typify refuses unknown fields where a schema says `additionalProperties: false`, but servers
//! add fields whenever they like.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Lint, entries};
use crate::spec::model::{Holds, Position, reference};
use crate::spec::pointer::Pointer;

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut queue = Vec::new();
    for operation in lint.operations() {
        let at = Pointer::new(operation.at.join("responses"));
        for (status, response) in entries(&operation.value["responses"]) {
            queue.push((Position::Response, at.join(status), response));
        }
    }
    let mut seen = BTreeSet::new();
    let mut closed = Vec::new();
    while let Some((position, at, value)) = queue.pop() {
        super::walk(
            Holds::One(position),
            value,
            &mut Pointer::new(at),
            &mut |node| {
                if let Some(target) = reference(node.value) {
                    if seen.insert(target) {
                        let at = target.trim_start_matches('#').to_owned();
                        queue.push((node.position, at, lint.resolve(node.value)));
                    }
                } else if node.value.get("additionalProperties") == Some(&Value::Bool(false)) {
                    closed.push(node.at.join("additionalProperties"));
                }
            },
        );
    }
    closed.sort();
    for at in closed {
        lint.report(
            &at,
            "a new field in an answer would make it undecodable",
            "open the schema in spec/overlay.yaml:\n- target: {target}\n  remove: true",
        );
    }
}
