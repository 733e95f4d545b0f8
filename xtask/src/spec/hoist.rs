//! Makes components of titled inline schemas, so that each public type has a name and one definition.
//!
//! A type is never nullable, a use of it may be: `nullable` moves from components to where they
//! are used. There it takes the form `{nullable: true, allOf: [{$ref: …}]}`, because OpenAPI 3.0
//! ignores keys beside a `$ref`; typify reads that form as `Option<T>`.

mod nullable;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::openapi::{Holds, Position, reference, visit_mut};
use super::pointer::Pointer;
use super::problem::Problem;

/// Where each hoisted component stood before.
pub(super) type Origins = BTreeMap<String, String>;

/// Keys that an author may write beside a `$ref`: they belong to the use, not to the type.
const OF_THE_USE: [&str; 3] = ["nullable", "deprecated", "description"];

/// Hoists in place.
pub(super) fn hoist(document: &mut Value) -> (Origins, Vec<Problem>) {
    let mut hoist = Hoist::default();
    let whole = Holds::One(Position::Document);
    visit_mut(
        whole,
        document,
        &mut Pointer::default(),
        &mut |position, value, at| {
            if position == Position::Schema {
                hoist.schema(value, at);
            }
        },
    );
    hoist.insert(document);
    nullable::move_to_uses(document);
    let origins = hoist
        .found
        .into_iter()
        .map(|(name, found)| (name, found.origin))
        .collect();
    (origins, hoist.problems)
}

#[derive(Default)]
struct Hoist {
    found: BTreeMap<String, Titled>,
    problems: Vec<Problem>,
}

struct Titled {
    schema: Value,
    origin: String,
}

impl Hoist {
    /// What is inside of a hoisted schema is hoisted before it.
    fn schema(&mut self, value: &mut Value, at: &Pointer) {
        if is_component(at) {
            // It has a name already.
            if let Value::Object(object) = value {
                object.shift_remove("title");
            }
        } else if reference(value).is_some() {
            wrap_reference(value);
        } else if let Some(Value::String(title)) = value.get("title") {
            let title = title.clone();
            self.replace(&title, value, at);
        }
    }

    fn replace(&mut self, title: &str, value: &mut Value, at: &Pointer) {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if title.is_empty() || !title.chars().all(plain) {
            self.problems.push(
                Problem::new(format!(
                    "the title `{title}` cannot be the name of a component"
                ))
                .at(at.as_str())
                .help("use letters, digits, `.`, `-` and `_`, as in `ArtifactPage`"),
            );
            return;
        }
        let mut replacement = json!({"$ref": format!("#/components/schemas/{title}")});
        let mut schema = std::mem::replace(value, Value::Null);
        if let Value::Object(schema) = &mut schema {
            schema.shift_remove("title");
            if nullable::take(schema) {
                replacement = nullable::at_use(replacement);
            }
        }
        *value = replacement;
        match self.found.get(title) {
            None => {
                let found = Titled {
                    schema,
                    origin: at.as_str().to_owned(),
                };
                self.found.insert(title.to_owned(), found);
            }
            Some(found) => {
                if let Some(difference) =
                    difference(&found.schema, &schema, &mut Pointer::default())
                {
                    self.problems.push(
                        Problem::new(format!("two schemas have the title `{title}` but differ"))
                            .at(at.as_str())
                            .help(format!(
                                "the other one: #{}\n{difference}\n\
                                 make them equal, or give one of them another title",
                                found.origin
                            )),
                    );
                }
            }
        }
    }

    /// Adds what was found to `components.schemas`, in the order of names.
    fn insert(&mut self, document: &mut Value) {
        if self.found.is_empty() {
            return;
        }
        let Value::Object(document) = document else {
            return;
        };
        let components = document
            .entry("components")
            .or_insert_with(|| Map::new().into());
        let Value::Object(components) = components else {
            return;
        };
        let schemas = components
            .entry("schemas")
            .or_insert_with(|| Map::new().into());
        let Value::Object(schemas) = schemas else {
            return;
        };
        for (title, found) in &self.found {
            if schemas.contains_key(title) {
                self.problems.push(
                    Problem::new(format!(
                        "the title `{title}` is the name of a component already"
                    ))
                    .at(&found.origin)
                    .help("choose another title"),
                );
            } else {
                schemas.insert(title.clone(), found.schema.clone());
            }
        }
        schemas.sort_keys();
    }
}

fn is_component(at: &Pointer) -> bool {
    at.as_str()
        .strip_prefix("/components/schemas/")
        .is_some_and(|rest| !rest.contains('/'))
}

/// Gives the keys beside a `$ref` a place where they count.
fn wrap_reference(value: &mut Value) {
    let Value::Object(object) = value else { return };
    let ours = |key: &String| key == "$ref" || OF_THE_USE.contains(&key.as_str());
    if object.len() == 1 || !object.keys().all(ours) {
        return;
    }
    let Some(target) = object.shift_remove("$ref") else {
        return;
    };
    object.insert("allOf".to_owned(), json!([{"$ref": target}]));
}

/// The first place where two schemas differ, for a reader.
fn difference(a: &Value, b: &Value, at: &mut Pointer) -> Option<String> {
    if a == b {
        return None;
    }
    let show = |value: Option<&Value>| match value {
        None => "nothing".to_owned(),
        Some(value) => {
            let text = value.to_string();
            match text.char_indices().nth(100) {
                Some((end, _)) => format!("{}…", &text[..end]),
                None => text,
            }
        }
    };
    if let (Value::Object(a), Value::Object(b)) = (a, b) {
        let mut keys: Vec<_> = a
            .keys()
            .chain(b.keys().filter(|key| !a.contains_key(*key)))
            .collect();
        keys.sort();
        return keys
            .into_iter()
            .find_map(|key| match (a.get(key), b.get(key)) {
                (Some(a), Some(b)) => at.within(key, |at| difference(a, b, at)),
                (a, b) => Some(format!(
                    "at {}: {} there, {} here",
                    at.join(key),
                    show(a),
                    show(b)
                )),
            });
    }
    let place = if at.as_str().is_empty() {
        "/"
    } else {
        at.as_str()
    };
    Some(format!(
        "at {place}: {} there, {} here",
        show(Some(a)),
        show(Some(b))
    ))
}
