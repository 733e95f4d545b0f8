//! What holds for every change: no difference where there is none, a change and its undoing cancel
//! out, and nothing that changes the generated crate goes unnoticed.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use xtask::diff::api::{Change, compare};
use xtask::diff::rule::Severity;
use xtask::diff::rust::{self, Items};
use xtask::spec::overlay::Overlay;
use xtask::spec::provenance::verify;
use xtask::spec::{ACTIONS, foreign, in_shape, yaml};

use crate::common::{root, shapes};

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).unwrap()
}

/// `spec/actions.yaml` as it is, before the overlay.
fn trimmed() -> Value {
    let (_, body) = verify(&read(ACTIONS)).unwrap();
    yaml::parse(&body).unwrap()
}

fn overlay() -> Overlay {
    Overlay::parse(&read("spec/overlay.yaml")).unwrap()
}

/// What the overlay makes of a trim; `None` if the trim makes no sense any more.
fn effective(trimmed: &Value, overlay: &Overlay) -> Option<Value> {
    let (document, _) = foreign(trimmed.clone(), overlay).ok()?;
    Some(document)
}

fn compared(old: &Value, new: &Value) -> Vec<Change> {
    let [old, new] = [old, new].map(|document| in_shape(document).unwrap());
    compare(&old, &new)
}

fn documents() -> Vec<Value> {
    let own = effective(&trimmed(), &overlay()).unwrap();
    let base = yaml::parse(include_str!("../fixtures/diff/base.yaml")).unwrap();
    vec![own, base, shapes()]
}

/// Keys in reverse, and members of sets (required, enum) too.
fn reordered(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let entries = object.iter().rev().map(|(key, value)| {
                let mut value = reordered(value);
                if let ("required" | "enum", Value::Array(items)) = (key.as_str(), &mut value) {
                    items.reverse();
                }
                (key.clone(), value)
            });
            Value::Object(entries.collect())
        }
        Value::Array(items) => items.iter().map(reordered).collect(),
        other => other.clone(),
    }
}

/// Every `$ref` replaced by what it leads to, but for types, which have a name in Rust.
fn inlined(document: &Value, value: &Value) -> Value {
    if let Some(target) = value["$ref"].as_str() {
        let found = document.pointer(target.trim_start_matches('#')).unwrap();
        let is_type = ["properties", "enum", "oneOf"]
            .iter()
            .any(|key| !found[key].is_null());
        return match is_type {
            true => value.clone(),
            false => inlined(document, found),
        };
    }
    match value {
        Value::Object(object) => {
            let entries = object.iter().map(|(key, value)| {
                let value = match key.as_str() {
                    "components" => value.clone(),
                    _ => inlined(document, value),
                };
                (key.clone(), value)
            });
            Value::Object(entries.collect())
        }
        Value::Array(items) => items.iter().map(|item| inlined(document, item)).collect(),
        other => other.clone(),
    }
}

/// Other words wherever there are words, and new ones where there are none.
fn reworded(value: &Value, in_properties: bool) -> Value {
    match value {
        Value::Object(object) => {
            let mut object: Map<String, Value> = object
                .iter()
                .map(|(key, value)| {
                    let names = !in_properties && ["properties", "schemas"].contains(&key.as_str());
                    (key.clone(), reworded(value, names))
                })
                .collect();
            if !in_properties {
                for key in ["description", "summary", "title"] {
                    if object.get(key).is_some_and(Value::is_string) {
                        object.insert(key.to_owned(), "Other words.".into());
                    }
                }
                if object.contains_key("type") && !object.contains_key("in") {
                    object.insert("example".to_owned(), "an example".into());
                    object.insert("description".to_owned(), "New words.".into());
                }
            }
            Value::Object(object)
        }
        Value::Array(items) => items.iter().map(|item| reworded(item, false)).collect(),
        other => other.clone(),
    }
}

#[test]
fn the_same_said_otherwise_is_no_change() {
    for document in documents() {
        let versions = [
            document.clone(),
            reordered(&document),
            inlined(&document, &document),
            reworded(&document, false),
        ];
        for (index, version) in versions.iter().enumerate() {
            assert!(
                index == 0 || *version != document,
                "version {index} is the same"
            );
            assert_eq!(compared(&document, version), [], "version {index}");
            assert_eq!(compared(version, &document), [], "version {index}, back");
        }
    }
}

#[test]
fn a_nullable_schema_is_the_same_in_every_notation() {
    let notations = [
        json!({"type": "string", "enum": ["a"], "nullable": true}),
        json!({"type": "string", "enum": ["a", null], "nullable": true}),
        json!({"type": "string", "enum": [null, "a"]}),
        json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/ThingLetter"}]}),
        json!({"nullable": true, "oneOf": [{"$ref": "#/components/schemas/ThingLetter"}]}),
        json!({"anyOf": [{"type": "string", "enum": ["a"], "nullable": true}]}),
    ];
    let document = |schema: &Value| {
        let mut document = yaml::parse(include_str!("../fixtures/diff/base.yaml")).unwrap();
        let schemas = &mut document["components"]["schemas"];
        schemas["ThingLetter"] = json!({"type": "string", "enum": ["a"]});
        schemas["Thing"]["properties"]["letter"] = schema.clone();
        document
    };
    for a in &notations {
        for b in &notations {
            assert_eq!(compared(&document(a), &document(b)), [], "{a} {b}");
        }
    }
}

/// One field of a description changed, removed or added.
struct Mutation {
    pointer: String,
    new: Value,
}

impl Mutation {
    fn what(&self) -> String {
        format!("{} = {}", self.pointer, self.new)
    }

    /// The description with the mutation.
    fn of(&self, document: &Value) -> Value {
        let mut document = document.clone();
        *document.pointer_mut(&self.pointer).unwrap() = self.new.clone();
        document
    }
}

/// So many mutations of one field, from all over the description: each costs a whole comparison.
fn mutations(document: &Value, count: usize) -> Vec<Mutation> {
    let mut mutations = Vec::new();
    walk(document, "", &mut mutations);
    let step = mutations.len().div_ceil(count);
    mutations.into_iter().step_by(step).collect()
}

fn walk(value: &Value, at: &str, mutations: &mut Vec<Mutation>) {
    let mut set = |pointer: &str, new: Value| {
        if new != *value {
            let pointer = pointer.to_owned();
            mutations.push(Mutation { pointer, new });
        }
    };
    match value {
        Value::Bool(value) => set(at, (!value).into()),
        Value::Number(_) => set(at, 7.into()),
        Value::String(text) => {
            let key = at.rsplit('/').next().unwrap();
            let others: &[&str] = match key {
                "type" => &["string", "integer", "number", "boolean"],
                "in" => &["query", "header"],
                "format" => &["date-time", "int64", "int32", "uuid", "other"],
                "$ref" => &["#/components/schemas/job", "#/components/parameters/page"],
                _ => &[],
            };
            for other in others {
                set(at, (*other).into());
            }
            if others.is_empty() {
                set(at, format!("{text}x").into());
            }
        }
        Value::Array(items) => {
            for index in 0..items.len() {
                let mut fewer = items.clone();
                fewer.remove(index);
                set(at, fewer.into());
            }
            if at.ends_with("/enum") {
                let more = [items.as_slice(), &["another".into()]].concat();
                set(at, more.into());
            }
        }
        Value::Object(object) => {
            for key in object.keys() {
                let mut fewer = object.clone();
                fewer.shift_remove(key);
                set(at, fewer.into());
            }
            let schema = object.contains_key("type") && !object.contains_key("in");
            let mut additions = if schema {
                json!({
                    "nullable": true, "format": "date-time", "deprecated": true, "minimum": 1,
                    "pattern": "^a", "maxLength": 9, "uniqueItems": true, "default": 3,
                    "additionalProperties": {"type": "string"}, "enum": ["one", "two"],
                })
            } else if object.contains_key("in") {
                json!({"required": true, "deprecated": true, "explode": false})
            } else if object.contains_key("operationId") {
                json!({"deprecated": true, "requestBody": {
                    "content": {"application/json": {"schema": {"type": "string"}}},
                }})
            } else {
                json!({})
            };
            if object.get("type").is_some_and(|kind| kind != "array") {
                additions.as_object_mut().unwrap().remove("uniqueItems");
            }
            for (key, addition) in additions.as_object().unwrap() {
                if !object.contains_key(key) {
                    let mut more = object.clone();
                    more.insert(key.clone(), addition.clone());
                    set(at, more.into());
                }
            }
            if let Some(properties) = object.get("properties").and_then(Value::as_object) {
                let mut more = object.clone();
                more["properties"]["another"] = json!({"type": "string"});
                set(at, more.into());
                for name in properties.keys() {
                    let mut more = object.clone();
                    let required = more.entry("required").or_insert_with(|| json!([]));
                    let required = required.as_array_mut().unwrap();
                    if !required.contains(&name.as_str().into()) {
                        required.push(name.as_str().into());
                        set(at, more.into());
                    }
                }
            }
        }
        Value::Null => {}
    }
    let children: Vec<(String, &Value)> = match value {
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (index.to_string(), item))
            .collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        walk(child, &format!("{at}/{key}"), mutations);
    }
}

fn items(document: &Value) -> Option<Items> {
    let files = xtask::codegen::render(document).ok()?;
    Some(rust::collect(&files).unwrap())
}

/// The contrapositive costs less: where nothing is reported, the generated items are the same.
#[test]
fn every_mutation_that_changes_public_items_is_reported() {
    let overlay = overlay();
    let mut trimmed = trimmed();
    // The overlay drops them: thousands of mutations that change nothing.
    for schema in ["minimal-repository", "simple-user"] {
        trimmed["components"]["schemas"][schema]["properties"] = json!({});
    }
    let own = effective(&trimmed, &overlay).unwrap();
    let own_items = items(&own).unwrap();
    let mutations = mutations(&trimmed, 400);
    let judge = |mutation: &Mutation| {
        let document = effective(&mutation.of(&trimmed), &overlay)?;
        let is_silent = compared(&own, &document).is_empty();
        Some((mutation.what(), is_silent.then_some(document)))
    };
    let halves = mutations.split_at(mutations.len() / 2);
    let judged: Vec<_> = std::thread::scope(|scope| {
        let other = scope.spawn(|| halves.1.iter().filter_map(judge).collect::<Vec<_>>());
        let mut judged: Vec<_> = halves.0.iter().filter_map(judge).collect();
        judged.extend(other.join().unwrap());
        judged
    });
    let total = judged.len();
    let silent: Vec<_> = judged
        .into_iter()
        .filter_map(|(what, document)| Some((what, document?)))
        .collect();
    let reported = total - silent.len();
    // Most mutations count, and some must not: else one half of this test says nothing.
    assert!(reported > 100, "{reported} reported");
    assert!(silent.len() > 5, "{} silent", silent.len());
    for (what, document) in silent {
        if document == own {
            continue;
        }
        // What codegen refuses changes no item.
        if let Some(found) = items(&document) {
            assert_eq!(rust::compare(&own_items, &found), [], "{what}");
        }
    }
}

#[test]
fn a_change_and_its_undoing_are_both_reported_or_neither() {
    let base = yaml::parse(include_str!("../fixtures/diff/base.yaml")).unwrap();
    for mutation in mutations(&base, 400) {
        let document = mutation.of(&base);
        if in_shape(&document).is_err() {
            continue;
        }
        let there = compared(&base, &document);
        let back = compared(&document, &base);
        // Each is reported both ways, or neither way, and of the same places.
        assert_eq!(there.is_empty(), back.is_empty(), "{}", mutation.what());
    }
}

/// Where programs break, the rules of the API say so too: a reviewer who reads only them is warned.
#[test]
fn what_breaks_programs_is_breaking_by_the_rules_as_well() {
    let base = yaml::parse(include_str!("../fixtures/diff/base.yaml")).unwrap();
    let base_items = items(&base).expect("the base can be generated");
    let mut generated = 0;
    for (name, document) in changed_by_cases(&base) {
        let Some(found) = items(&document) else {
            continue;
        };
        generated += 1;
        for (old, new, old_items, new_items) in [
            (&base, &document, &base_items, &found),
            (&document, &base, &found, &base_items),
        ] {
            let rust: Vec<_> = rust::compare(old_items, new_items)
                .into_iter()
                .filter(|change| change.severity == Severity::Breaking)
                .collect();
            let api = compared(old, new);
            let breaks = |change: &Change| change.severity() == Severity::Breaking;
            assert!(
                rust.is_empty() || api.iter().any(breaks),
                "{name}\n{api:#?}\n{rust:#?}"
            );
        }
    }
    assert!(generated > 40, "{generated} generated");
}

fn changed_by_cases(base: &Value) -> Vec<(String, Value)> {
    let mut documents = Vec::new();
    for file in [
        "answers",
        "operations",
        "parameters",
        "requests",
        "responses",
    ] {
        let cases = read(&format!("xtask/tests/fixtures/diff/cases/{file}.yaml"));
        for case in yaml::parse(&cases).unwrap().as_array().unwrap() {
            let overlay = json!({
                "overlay": "1.0.0",
                "info": {"title": "", "version": ""},
                "extends": "base.yaml",
                "actions": case["change"],
            });
            let overlay = Overlay::parse(&yaml::write(&overlay).unwrap()).unwrap();
            let mut document = base.clone();
            assert_eq!(overlay.apply(&mut document), []);
            documents.push((case["name"].to_string(), document));
        }
    }
    let names: BTreeSet<_> = documents.iter().map(|(name, _)| name).collect();
    assert!(names.len() > 40);
    documents
}
