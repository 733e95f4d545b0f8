//! Answers that a new field would make undecodable.
//!
//! typify refuses unknown fields where a schema says `additionalProperties: false`, but servers
//! add fields whenever they like.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Lint;
use crate::spec::document::{Placed, operations};
use crate::spec::openapi::{Holds, Position, reference, visit};
use crate::spec::pointer::Pointer;

pub(super) fn check(lint: &mut Lint<'_>) {
    let mut queue = Vec::new();
    for operation in operations(lint.document) {
        queue.extend(
            operation
                .responses()
                .map(|(_, it)| (Position::Response, it)),
        );
    }
    let mut seen = BTreeSet::new();
    let mut closed = Vec::new();
    while let Some((position, Placed { value, pointer })) = queue.pop() {
        visit(
            Holds::One(position),
            value,
            &mut Pointer::new(pointer),
            &mut |node| {
                if let Some(target) = reference(node.value) {
                    if seen.insert(target) {
                        let component = Placed::new(node.value, "").resolved(lint.document);
                        queue.push((node.position, component));
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
