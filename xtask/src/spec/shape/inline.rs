//! Components that are no types of their own stand where they are used: lists, maps, plain values,
//! and other names for another component.

use std::collections::BTreeMap;

use serde_json::Value;

use super::circles::{DEPTH, circles};
use super::names::kind_of_type;
use crate::spec::document::entries;
use crate::spec::openapi::{Holds, each, each_schema_mut, reference};
use crate::spec::problem::Problem;

/// Puts components that are no types in the place of the `$ref`s to them.
pub(super) fn inline(document: &mut Value) -> Vec<Problem> {
    let schemas = &document["components"]["schemas"];
    let plain = plain(schemas);
    let used_by = |name: &str| {
        let mut found = Vec::new();
        if let Some(schema) = plain.get(name) {
            references(schema, |target| found.push(target.to_owned()));
        }
        found
    };
    let problems = circles(schemas, &used_by);
    if problems.is_empty() {
        expand(Holds::DOCUMENT, document, &plain);
    }
    problems
}

type Plain = BTreeMap<String, Value>;

/// The components that are no types.
pub(super) fn plain(schemas: &Value) -> Plain {
    entries(schemas)
        .filter(|(_, schema)| kind_of_type(schema).is_none())
        .map(|(name, schema)| (name.to_owned(), schema.clone()))
        .collect()
}

/// Puts them in the place of the `$ref`s to them.
pub(super) fn expand(holds: Holds, value: &mut Value, plain: &Plain) {
    for _ in 0..=DEPTH {
        let mut found = false;
        each_schema_mut(holds, value, |value, _| {
            if let Some(schema) = reference(value).and_then(|it| plain.get(name_of(it))) {
                found = true;
                *value = schema.clone();
            }
        });
        if !found {
            break;
        }
    }
}

fn name_of(target: &str) -> &str {
    target
        .strip_prefix("#/components/schemas/")
        .unwrap_or_default()
}

fn references(schema: &Value, mut found: impl FnMut(&str)) {
    each(Holds::SCHEMA, schema, |node| {
        if let Some(target) = reference(node.value) {
            found(name_of(target));
        }
    });
}
