//! Words for what another edition lacks.

use serde_json::{Map, Value};

use super::problem::Problem;

/// Removes properties that an overlay made by nothing but describing them, and tells of each.
///
/// An update merges, so that words for a property which the description lacks would declare it.
pub(super) fn drop_idle(upstream: &Value, document: &mut Value) -> Vec<Problem> {
    let mut notes = Vec::new();
    walk(upstream, document, &mut notes);
    notes.sort_by(|a, b| a.message().cmp(b.message()));
    notes.dedup();
    notes
}

fn walk(upstream: &Value, document: &mut Value, notes: &mut Vec<Problem>) {
    match (upstream, document) {
        (Value::Array(before), Value::Array(after)) => {
            for (before, after) in before.iter().zip(after) {
                walk(before, after, notes);
            }
        }
        (Value::Object(before), Value::Object(after)) => {
            let (was, is) = (before.get("properties"), after.get_mut("properties"));
            if let (Some(Value::Object(was)), Some(Value::Object(is))) = (was, is) {
                drop_new(was, is, notes);
            }
            for (key, value) in after {
                if let Some(before) = before.get(key) {
                    walk(before, value, notes);
                }
            }
        }
        _ => {}
    }
}

fn drop_new(was: &Map<String, Value>, is: &mut Map<String, Value>, notes: &mut Vec<Problem>) {
    is.retain(|name, property| {
        let idle = !was.contains_key(name) && is_words(property);
        if idle {
            notes.push(Problem::new(format!(
                "has words for the property `{name}`, which is not there"
            )));
        }
        !idle
    });
}

/// Whether a schema says nothing of its values.
fn is_words(schema: &Value) -> bool {
    schema.as_object().is_some_and(|schema| {
        schema.iter().all(|(key, value)| match key.as_str() {
            "title" | "description" => true,
            "items" => is_words(value),
            "properties" => value
                .as_object()
                .is_some_and(|properties| properties.values().all(is_words)),
            _ => false,
        })
    })
}
