//! `nullable` belongs to the use of a type.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::spec::openapi::{Holds, each_schema_mut, reference};

/// Makes a schema one that is not null; tells whether it was.
pub(super) fn take(schema: &mut Map<String, Value>) -> bool {
    schema.shift_remove("nullable") == Some(Value::Bool(true))
}

/// The use of a `$ref` that may also be null.
pub(super) fn at_use(reference: Value) -> Value {
    json!({"nullable": true, "allOf": [reference]})
}

/// Makes every nullable component a plain one, and its uses nullable.
pub(super) fn move_to_uses(document: &mut Value) {
    let mut done = BTreeSet::new();
    // A component that refers to a nullable one becomes nullable in its turn.
    loop {
        let mut names = take_from_components(document);
        names.retain(|name| done.insert(name.clone()));
        if names.is_empty() {
            return;
        }
        each_schema_mut(Holds::DOCUMENT, document, |value, _| mark(value, &names));
    }
}

fn take_from_components(document: &mut Value) -> BTreeSet<String> {
    let schemas = document
        .pointer_mut("/components/schemas")
        .and_then(Value::as_object_mut);
    schemas
        .into_iter()
        .flatten()
        .filter_map(|(name, schema)| {
            take(schema.as_object_mut()?).then(|| format!("#/components/schemas/{name}"))
        })
        .collect()
}

/// Makes a use of one of `names` nullable. Where a composition holds the use, the whole may be null.
fn mark(value: &mut Value, names: &BTreeSet<String>) {
    if is_one_of(value, names) {
        *value = at_use(value.take());
        return;
    }
    for key in ["allOf", "oneOf"] {
        let Some(Value::Array(members)) = value.get_mut(key) else {
            continue;
        };
        let mut nullable = false;
        for member in members {
            if let Some(used) = member.pointer("/allOf/0").cloned()
                && at_use(used.clone()) == *member
            {
                *member = used;
                nullable = true;
            }
        }
        if nullable {
            value["nullable"] = true.into();
        }
    }
}

fn is_one_of(value: &Value, names: &BTreeSet<String>) -> bool {
    reference(value).is_some_and(|target| names.contains(target))
}
