//! The normal form of a document: one way to say each thing.
//!
//! A schema that only wraps another one is that other one, every schema says its `type`, what may be
//! null says so by `nullable`, and alternatives stand in a `oneOf`, each once. What no client needs
//! to know is left out: failures, and conditions that tie fields to each other, which the server
//! checks.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::spec::document::entries;
use crate::spec::openapi::{Holds, Position, declares, is_word, reference, visit_mut};
use crate::spec::pointer::Pointer;
use crate::spec::problem::{Problem, Problems};

pub(super) type Object = Map<String, Value>;

const ALTERNATIVES: [&str; 2] = ["oneOf", "anyOf"];
const COMPOSITIONS: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// What cannot be brought into normal form, and what to do about it.
pub(super) fn refusal(message: impl Into<String>, help: &str) -> Problem {
    Problem::new(message).help(help)
}

/// Brings everything but `allOf`s into normal form.
pub(super) fn normalize(document: &mut Value) -> Result<(), Problems> {
    let mut problems = Vec::new();
    let mut titles = Vec::new();
    let at = &mut Pointer::default();
    visit_mut(Holds::DOCUMENT, document, at, &mut |position, value, at| {
        if position == Position::Schema {
            titles.extend(title_of_another(value).map(|it| (it, at.as_str().to_owned())));
            let refusal = schema(value).err();
            problems.extend(refusal.map(|refusal| refusal.at(at.as_str())));
        } else {
            media_types(value);
        }
    });
    for ((target, title), at) in titles {
        let Some(component) = target
            .strip_prefix('#')
            .and_then(|it| document.pointer_mut(it))
        else {
            continue;
        };
        match component.get("title") {
            Some(known) if *known != title => {
                let message = format!("`{target}` has the title {known} already");
                problems.push(Problem::new(message).at(at).help("choose one in <overlay>"));
            }
            _ => component["title"] = title,
        }
    }
    Problems::check(problems)
}

/// The title beside a `$ref`, which is that of the component.
fn title_of_another(schema: &mut Value) -> Option<(String, Value)> {
    let target = reference(schema)?.to_owned();
    Some((target, schema.as_object_mut()?.shift_remove("title")?))
}

/// Media types without their parameters.
fn media_types(holder: &mut Value) {
    if let Some(Value::Object(content)) = holder.get_mut("content") {
        let essence = |name: &str| {
            let essence = name.split(';').next().unwrap_or_default();
            essence.trim().to_ascii_lowercase()
        };
        let types = std::mem::take(content).into_iter();
        *content = types.map(|(name, media)| (essence(&name), media)).collect();
    }
}

/// Brings a schema into normal form whose parts are in it.
fn schema(value: &mut Value) -> Result<(), Problem> {
    let Value::Object(object) = value else {
        return Ok(());
    };
    if object.contains_key("$ref") {
        wrap_reference(object);
        return Ok(());
    }
    tidy(object);
    alternatives(object)?;
    if let Some(Value::Array(members)) = object.get_mut("allOf") {
        members.retain(declares);
        distinct(members);
        if members.is_empty() {
            object.shift_remove("allOf");
        }
    }
    if let Some(inner) = unwrapped(object) {
        *value = inner;
    }
    Ok(())
}

/// Gives the keys beside a `$ref` a place where they count.
fn wrap_reference(object: &mut Object) {
    let of_the_use = |key: &String| key == "$ref" || is_word(key) || OF_THE_USE.contains(&&**key);
    if object.len() > 1 && object.keys().all(of_the_use) {
        let target = object.shift_remove("$ref");
        object.insert("allOf".to_owned(), json!([{"$ref": target}]));
    }
}

/// Keys beside those for people that an author may write at the use of a type.
const OF_THE_USE: [&str; 2] = ["nullable", "deprecated"];
/// What only tells alternatives apart that can be told apart without it.
const DISCRIMINATOR: &str = "discriminator";

/// Says the type, and what may be null.
fn tidy(object: &mut Object) {
    if let Some(Value::Array(values)) = object.get_mut("enum") {
        let before = values.len();
        values.retain(|value| !value.is_null());
        let (nullable, empty) = (values.len() < before, values.is_empty());
        if empty {
            object.shift_remove("enum");
        }
        if nullable {
            object.insert("nullable".to_owned(), true.into());
        }
    }
    if object.get("default") == Some(&Value::Null) {
        object.shift_remove("default");
    }
    for (key, none) in [("properties", json!({})), ("required", json!([]))] {
        if object.get(key) == Some(&none) {
            object.shift_remove(key);
        }
    }
    if !object.contains_key("type") {
        let texts = |values: &Value| {
            values
                .as_array()
                .is_some_and(|it| it.iter().all(Value::is_string))
        };
        let kind =
            if object.contains_key("properties") || object.contains_key("additionalProperties") {
                "object"
            } else if object.contains_key("items") {
                "array"
            } else if object.get("enum").is_some_and(texts) {
                "string"
            } else {
                return;
            };
        object.insert("type".to_owned(), kind.into());
    }
}

/// Leaves of `oneOf` and `anyOf` one `oneOf`, with two members at least.
fn alternatives(object: &mut Object) -> Result<(), Problem> {
    let mut members = Vec::new();
    for key in ALTERNATIVES {
        match object.shift_remove(key) {
            Some(Value::Array(list)) if are_conditions(object, &list) => admit(object, list),
            Some(Value::Array(list)) if members.is_empty() => members = list,
            Some(Value::Array(_)) => {
                return Err(refusal(
                    "has alternatives in a `oneOf` and in an `anyOf`, which both must hold",
                    "keep one of them in <overlay>",
                ));
            }
            _ => {}
        }
    }
    if members.is_empty() {
        return Ok(());
    }
    let mut nullable = false;
    let mut kept = Vec::new();
    for member in members {
        expand(member, &mut nullable, &mut kept);
    }
    // A type beside alternatives is theirs.
    if let Some(kind) = object.shift_remove("type") {
        let whole = kept.iter_mut().filter_map(Value::as_object_mut);
        for member in whole.filter(|member| {
            !COMPOSITIONS
                .iter()
                .chain(&["$ref"])
                .any(|key| member.contains_key(*key))
        }) {
            member.entry("type").or_insert_with(|| kind.clone());
        }
    }
    if kept.iter().any(|member| !declares(member)) {
        kept.clear();
    }
    for kind in ["string", "integer", "number", "boolean"] {
        join_plain(&mut kept, kind);
    }
    join_objects(&mut kept);
    distinct(&mut kept);
    if nullable {
        object.insert("nullable".to_owned(), true.into());
    }
    let key = match kept.len() {
        0 => return Ok(()),
        1 => "allOf",
        _ if object.contains_key("allOf") || object.keys().any(|key| declaring(key)) => {
            return Err(refusal(
                "has fields of its own beside a `oneOf` or `anyOf` of whole schemas",
                "write the fields into each alternative, or remove the alternatives, in <overlay>",
            ));
        }
        _ => "oneOf",
    };
    match object.get_mut(key) {
        Some(Value::Array(members)) => members.extend(kept),
        _ => drop(object.insert(key.to_owned(), kept.into())),
    }
    Ok(())
}

/// Leaves of equal members the first.
fn distinct(members: &mut Vec<Value>) {
    for member in std::mem::take(members) {
        if !members.contains(&member) {
            members.push(member);
        }
    }
}

fn declaring(key: &str) -> bool {
    !is_word(key) && !OF_THE_USE.contains(&key) && key != DISCRIMINATOR
}

/// Whether alternatives only tie the fields of a schema to each other: which of them must be there
/// together, say.
fn are_conditions(object: &Object, members: &[Value]) -> bool {
    let is_condition = |member: &Value| {
        member.as_object().is_some_and(|member| {
            let known = ["required", "properties", "not"];
            member.iter().all(|(key, value)| {
                known.contains(&&**key)
                    || is_word(key)
                    || (key == "type" && value == "object")
                    || (key == "additionalProperties" && value.is_boolean())
            })
        })
    };
    let has_fields = |member: &Value| member.get("properties").is_some();
    let some_fields = object.contains_key("properties") || !members.iter().any(has_fields);
    some_fields && members.iter().all(|it| is_condition(it) && (declares(it)))
}

/// Fields that a condition speaks of may be there.
fn admit(object: &mut Object, conditions: Vec<Value>) {
    for mut condition in conditions {
        let Some(Value::Object(fields)) = condition.get_mut("properties").map(Value::take) else {
            continue;
        };
        let own = object.entry("properties").or_insert_with(|| json!({}));
        for (name, field) in fields {
            if let Value::Object(own) = own {
                own.entry(name).or_insert(field);
            }
        }
    }
}

/// Adds a member, or what it consists of, without null.
fn expand(mut member: Value, nullable: &mut bool, kept: &mut Vec<Value>) {
    let Value::Object(object) = &mut member else {
        return;
    };
    if object.shift_remove("nullable") == Some(Value::Bool(true)) {
        *nullable = true;
        // Null alone.
        if !object.keys().any(|key| declaring(key)) {
            return;
        }
    }
    let only = |key: &str| object.keys().all(|other| other == key || is_word(other));
    match object.get("oneOf") {
        Some(Value::Array(members)) if only("oneOf") => {
            for member in members.clone() {
                expand(member, nullable, kept);
            }
        }
        _ => {
            if let Some(inner) = unwrapped(object) {
                member = inner;
            }
            kept.push(member);
        }
    }
}

/// Several kinds of text are one kind of text, and so with numbers: their Rust types tell no more.
fn join_plain(members: &mut Vec<Value>, kind: &str) {
    let is_kind = |member: &Value| member.get("type").is_some_and(|it| it == kind);
    let same: Vec<_> = members.iter().filter(|it| is_kind(it)).cloned().collect();
    if same.len() < 2 {
        return;
    }
    let mut joined = json!({"type": kind});
    let values: Option<Vec<_>> = same.iter().map(|it| it.get("enum")?.as_array()).collect();
    if let Some(values) = values {
        let mut all = values.into_iter().flatten().cloned().collect();
        distinct(&mut all);
        joined["enum"] = all.into();
    }
    let first = members.iter().position(is_kind).unwrap_or_default();
    members.retain(|member| !is_kind(member));
    members.insert(first, joined);
}

/// Objects that need the same fields, and agree on those that they share, are one with the fields of all:
/// no answer would tell them apart.
fn join_objects(members: &mut Vec<Value>) {
    const JOINED: [&str; 3] = ["type", "required", "properties"];
    let is_one = |a: &Value, b: &Value| {
        let plain = |it: &Value| {
            let object = it.as_object();
            it["properties"].is_object()
                && object.is_some_and(|it| it.keys().all(|key| JOINED.contains(&&**key)))
        };
        let needs = |it: &Value| -> BTreeSet<String> {
            let required = it["required"].as_array().into_iter().flatten();
            required.map(ToString::to_string).collect()
        };
        let mut shared =
            entries(&b["properties"]).filter_map(|(name, b)| Some((a["properties"].get(name)?, b)));
        plain(a) && plain(b) && needs(a) == needs(b) && shared.all(|(a, b)| a == b)
    };
    for mut member in std::mem::take(members) {
        match members.iter_mut().find(|it| is_one(it, &member)) {
            Some(Value::Object(known)) => {
                let known = known.entry("properties").or_insert_with(|| json!({}));
                if let (Value::Object(known), Value::Object(more)) =
                    (known, member["properties"].take())
                {
                    for (name, field) in more {
                        known.entry(name).or_insert(field);
                    }
                }
            }
            _ => members.push(member),
        }
    }
}

/// What stands in the place of a schema that only wraps another one.
fn unwrapped(object: &mut Object) -> Option<Value> {
    let mut keys = object.keys().filter(|key| declaring(key) && *key != "type");
    let key = keys
        .next()
        .filter(|key| COMPOSITIONS.contains(&&***key))?
        .clone();
    let sole = object[&key]
        .as_array()
        .is_some_and(|members| members.len() == 1);
    if !sole || keys.next().is_some() {
        return None;
    }
    let mut inner = object.get_mut(&key)?.get_mut(0)?.take();
    object.shift_remove(&key);
    let is_reference = reference(&inner).is_some();
    if is_reference {
        object.shift_remove("type");
        if object.is_empty() {
            return Some(inner);
        }
        object.insert("allOf".to_owned(), json!([inner]));
        return None;
    }
    if let Value::Object(inner) = &mut inner {
        for (key, value) in std::mem::take(object) {
            match key.as_str() {
                "type" => drop(inner.entry(key).or_insert(value)),
                // Null may come if either lets it.
                "nullable" if value != true => {}
                _ => drop(inner.insert(key, value)),
            }
        }
    }
    Some(inner)
}
