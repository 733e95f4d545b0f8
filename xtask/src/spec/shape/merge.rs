//! The members of an `allOf` are one schema.

use serde_json::{Value, json};

use super::ORIGIN;
use super::normal::{Object, refusal};
use super::order::ordered;
use crate::spec::document::entries;
use crate::spec::openapi::{
    Holds, declares, each_schema_mut, is_word, reference, referred, used, visit_mut,
};
use crate::spec::pointer::Pointer;
use crate::spec::problem::{Problem, Problems};

const HELP: &str = "make them agree, or remove one of them, in <overlay>";

/// Writes every `allOf` of several members as one schema.
pub(super) fn merge(document: &mut Value) -> Result<(), Problems> {
    let mut schemas = document["components"]["schemas"].clone();
    let names = ordered(&schemas, &parts)?;
    let mut problems = Vec::new();
    let mut close = |schemas: &Value, value: &mut Value, at: &Pointer| {
        if !is_open(value) {
            return;
        }
        match merged(schemas, value) {
            Ok(Some(whole)) => *value = whole,
            // A field, the parts of which come later.
            Ok(None) => {}
            Err(refusal) => {
                problems.push(refusal.at(at.as_str()));
                // Once is enough.
                *value = json!({ORIGIN: value[ORIGIN].take()});
            }
        }
    };
    for name in names {
        let mut schema = schemas[&name].take();
        let at = &mut Pointer::new(Pointer::new("/components/schemas").join(&name));
        visit_mut(Holds::SCHEMA, &mut schema, at, &mut |_, value, at| {
            close(&schemas, value, at);
        });
        schemas[&name] = schema;
    }
    if let Some(place) = document.pointer_mut("/components/schemas") {
        place.clone_from(&schemas);
    }
    each_schema_mut(Holds::DOCUMENT, document, |value, at| {
        close(&schemas, value, at);
    });
    Problems::check(problems)
}

/// Whether the members of an `allOf` are still to be merged.
fn is_open(schema: &Value) -> bool {
    let members = schema["allOf"].as_array().map_or(0, Vec::len);
    let others =
        |key: &String| key != "allOf" && key != "nullable" && key != "deprecated" && !is_word(key);
    let whole = schema
        .as_object()
        .is_some_and(|object| object.keys().any(others));
    members > 1 || (members == 1 && (whole || reference(&schema["allOf"][0]).is_none()))
}

/// The whole; `None` while a member waits to be merged itself.
fn merged(components: &Value, schema: &Value) -> Result<Option<Value>, Problem> {
    let mut whole = schema.as_object().cloned().unwrap_or_default();
    let members = whole.shift_remove("allOf").unwrap_or_default();
    for member in members.as_array().into_iter().flatten() {
        let member = resolved(components, member);
        if is_open(member) {
            return Ok(None);
        }
        for (key, value) in member.as_object().into_iter().flatten() {
            // What a part is called, and that it may be null alone, is its own business.
            if key != "nullable" && !is_word(key) {
                add(components, &mut whole, key, value)?;
            }
        }
    }
    if whole.contains_key("oneOf") && whole.contains_key("properties") {
        return Err(refusal(
            "has fields of its own beside a `oneOf` or `anyOf` of whole schemas",
            "write the fields into each alternative, or remove the alternatives, in <overlay>",
        ));
    }
    Ok(Some(whole.into()))
}

/// What a schema stands for that may be a `$ref`, or wrap one.
fn resolved<'a>(components: &'a Value, mut schema: &'a Value) -> &'a Value {
    while let Some(name) = used(schema).filter(|_| !is_open(schema)) {
        schema = &components[name];
    }
    schema
}

/// Adds what a part says to the whole.
fn add(components: &Value, whole: &mut Object, key: &str, value: &Value) -> Result<(), Problem> {
    let Some(own) = whole.get_mut(key) else {
        whole.insert(key.to_owned(), value.clone());
        return Ok(());
    };
    match (key, own, value) {
        (_, own, value) if own == value => {}
        ("required", Value::Array(own), Value::Array(names)) => {
            let missing = names.iter().filter(|name| !own.contains(name));
            let missing: Vec<_> = missing.cloned().collect();
            own.extend(missing);
        }
        ("enum", Value::Array(own), Value::Array(values)) => {
            own.retain(|value| values.contains(value));
            if own.is_empty() {
                return Err(refusal("no value is in all of its enums", HELP));
            }
        }
        ("properties", Value::Object(own), Value::Object(fields)) => {
            for (name, field) in fields {
                match own.get_mut(name) {
                    Some(known) => *known = both(components, known, field, name)?,
                    None => drop(own.insert(name.clone(), field.clone())),
                }
            }
        }
        ("items", own, value) => *own = both(components, own, value, "items")?,
        ("type", own, value)
            if [&*own, value]
                .iter()
                .all(|it| *it == "integer" || *it == "number") =>
        {
            *own = "integer".into();
        }
        ("type", own, value) => {
            return Err(refusal(format!("must be {own} and {value} at once"), HELP));
        }
        ("oneOf", ..) => {
            return Err(refusal("two sets of alternatives must hold at once", HELP));
        }
        // Bounds, which no type shows.
        _ => {}
    }
    Ok(())
}

/// What both schemas say of a field.
fn both(components: &Value, a: &Value, b: &Value, name: &str) -> Result<Value, Problem> {
    let nullable = [a, b].iter().all(|it| it["nullable"] == true);
    let (old, new) = (resolved(components, a), resolved(components, b));
    let narrower = if without_words(old) == without_words(new) || !declares(new) {
        a
    } else if !declares(old) {
        b
    } else {
        let text = |schema: &Value| {
            let has_values = schema.get("enum").is_some();
            (schema["type"] == "string").then_some(has_values)
        };
        match (text(old), text(new)) {
            (Some(true), Some(false)) => a,
            (Some(false), Some(true)) => b,
            _ if used(a).is_none() && used(b).is_none() => {
                let mut whole = a.as_object().cloned().unwrap_or_default();
                for (key, value) in
                    entries(b).filter(|(key, _)| *key != "nullable" && !is_word(key))
                {
                    add(components, &mut whole, key, value)?;
                }
                set_nullable(&mut whole, nullable);
                return Ok(whole.into());
            }
            _ => {
                let message = format!("two of its parts say what `{name}` is, and differ");
                return Err(refusal(message, HELP));
            }
        }
    };
    let mut narrower = narrower.clone();
    if let Value::Object(whole) = &mut narrower
        && !nullable
    {
        whole.shift_remove("nullable");
        if let (1, Some(inner)) = (whole.len(), whole.get("allOf").and_then(|it| it.get(0))) {
            return Ok(inner.clone());
        }
    }
    Ok(narrower)
}

fn set_nullable(schema: &mut Object, nullable: bool) {
    match nullable {
        true => drop(schema.insert("nullable".to_owned(), true.into())),
        false => drop(schema.shift_remove("nullable")),
    }
}

/// What a schema says of its values.
fn without_words(schema: &Value) -> Value {
    let mut schema = schema.clone();
    each_schema_mut(Holds::SCHEMA, &mut schema, |value, _| {
        if let Value::Object(object) = value {
            object.retain(|key, _| !is_word(key));
        }
    });
    schema
}

/// What the compositions of a schema refer to.
fn parts(schema: &Value) -> Vec<String> {
    let members = ["allOf", "oneOf"].iter().map(|key| &schema[*key]);
    let members = members.flat_map(|it| it.as_array().into_iter().flatten());
    let own = referred(schema).map(str::to_owned);
    own.into_iter().chain(members.flat_map(parts)).collect()
}
