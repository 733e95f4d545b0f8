//! `nullable` belongs to the use of a type.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::spec::model::{Holds, Position, reference};

/// Removes every sign of nullability; tells whether there was one.
pub(super) fn take(schema: &mut Map<String, Value>) -> bool {
    let mut nullable = schema.get("nullable") == Some(&Value::Bool(true));
    if nullable {
        schema.shift_remove("nullable");
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        let before = values.len();
        values.retain(|value| !value.is_null());
        nullable |= values.len() < before;
    }
    if nullable && schema.get("default") == Some(&Value::Null) {
        schema.shift_remove("default");
    }
    nullable
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
        walk(Holds::One(Position::Document), document, &names);
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

fn walk(holds: Holds, value: &mut Value, names: &BTreeSet<String>) {
    match (holds, value) {
        (Holds::One(position) | Holds::OneOrBool(position), value) => {
            if position == Position::Schema && is_one_of(value, names) {
                *value = at_use(value.take());
            } else if let Value::Object(object) = value {
                fields(position, object, names);
            }
        }
        (Holds::List(position), Value::Array(items)) => {
            for item in items {
                walk(Holds::One(position), item, names);
            }
        }
        (Holds::Map(position), Value::Object(entries)) => {
            for entry in entries.values_mut() {
                walk(Holds::One(position), entry, names);
            }
        }
        _ => {}
    }
}

fn fields(position: Position, object: &mut Map<String, Value>, names: &BTreeSet<String>) {
    let mut nullable = false;
    for (key, holds) in position.keys() {
        match object.get_mut(*key) {
            Some(Value::Array(members)) if ["allOf", "oneOf", "anyOf"].contains(key) => {
                // Where several schemas must all hold, null is out; else the whole may be null.
                let whole = *key != "allOf" || members.len() == 1;
                for member in members {
                    if is_one_of(member, names) {
                        nullable |= whole;
                    } else {
                        walk(Holds::One(position), member, names);
                    }
                }
            }
            Some(child) => walk(*holds, child, names),
            None => {}
        }
    }
    if nullable {
        object.insert("nullable".to_owned(), true.into());
    }
}

fn is_one_of(value: &Value, names: &BTreeSet<String>) -> bool {
    reference(value).is_some_and(|target| names.contains(target))
}
