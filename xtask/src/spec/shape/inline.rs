//! Components that are no types of their own stand where they are used: lists, maps, plain values,
//! and other names for another component.

use std::collections::BTreeMap;

use serde_json::Value;

use super::names::kind_of_type;
use super::order::ordered;
use crate::spec::openapi::{Holds, each, each_schema_mut, referred};
use crate::spec::problem::{Problem, Problems};

/// Puts components that are no types in the place of the `$ref`s to them.
pub(super) fn inline(document: &mut Value) -> Result<(), Problems> {
    let plain = plain(&document["components"]["schemas"])?;
    expand(Holds::DOCUMENT, document, &plain);
    Ok(())
}

type Plain = BTreeMap<String, Value>;

/// The components that are no types, without `$ref`s to each other.
pub(super) fn plain(schemas: &Value) -> Result<Plain, Problem> {
    let is_plain = |schema: &Value| kind_of_type(schema).is_none();
    let used_by = |schema: &Value| {
        let mut found = Vec::new();
        if is_plain(schema) {
            each(Holds::SCHEMA, schema, |node| {
                found.extend(referred(node.value).map(str::to_owned));
            });
        }
        found
    };
    let mut plain = Plain::new();
    for name in ordered(schemas, &used_by)? {
        if is_plain(&schemas[&name]) {
            let mut schema = schemas[&name].clone();
            expand(Holds::SCHEMA, &mut schema, &plain);
            plain.insert(name, schema);
        }
    }
    Ok(plain)
}

/// Puts them in the place of the `$ref`s to them.
pub(super) fn expand(holds: Holds, value: &mut Value, plain: &Plain) {
    each_schema_mut(holds, value, |value, _| {
        if let Some(schema) = referred(value).and_then(|name| plain.get(name)) {
            *value = schema.clone();
        }
    });
}
