//! A schema as it works, whatever way it is written.
//!
//! `$ref`s are followed, a composition of one member is that member, the members of an `allOf` are
//! one, `nullable` counts wherever it stands, and prose is not looked at.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::spec::document::{Placed, entries};
use crate::spec::openapi::declares;
use crate::spec::pointer::Pointer;

/// Keys that say nothing of the values.
const SILENT: [&str; 10] = [
    "title",
    "description",
    "example",
    "externalDocs",
    "xml",
    "nullable",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
];

#[derive(Debug, Default)]
pub(super) struct View<'a> {
    /// The component, if the schema is a `$ref`.
    pub(super) name: Option<&'a str>,
    /// Where the keywords stand.
    pub(super) pointer: String,
    pub(super) nullable: bool,
    pub(super) deprecated: bool,
    pub(super) default: Option<&'a Value>,
    /// All keywords but `properties` and `required`; several of a name where an `allOf` repeats it.
    pub(super) keywords: BTreeMap<&'a str, Vec<&'a Value>>,
    pub(super) properties: BTreeMap<&'a str, Placed<'a>>,
    pub(super) required: BTreeSet<&'a str>,
}

impl<'a> View<'a> {
    pub(super) fn of(document: &'a Value, schema: &Placed<'a>) -> Self {
        let mut view = Self::default();
        view.add(document, schema.clone(), &mut BTreeSet::new(), true);
        // A field that is required without being declared holds any value.
        let required = Pointer::new(view.pointer.as_str()).join("required");
        for name in &view.required {
            let any = || Placed::new(&Value::Null, required.clone());
            view.properties.entry(name).or_insert_with(any);
        }
        view
    }

    /// Adds what `schema` says. `alone` while nothing else says anything: then its name is the name.
    fn add(
        &mut self,
        document: &'a Value,
        schema: Placed<'a>,
        seen: &mut BTreeSet<&'a str>,
        alone: bool,
    ) {
        let mut nullable = false;
        let mut schema = schema;
        let object = loop {
            let Value::Object(object) = schema.value else {
                return;
            };
            if let Some(target) = object.get("$ref").and_then(Value::as_str) {
                let next = schema.clone().resolved(document);
                // A schema that consists of itself says nothing.
                if !seen.insert(target) || next.value.get("$ref").is_some() {
                    return;
                }
                if alone && self.name.is_none() {
                    self.name = target.strip_prefix("#/components/schemas/");
                }
                schema = next;
                continue;
            }
            nullable |= is_nullable(object);
            self.deprecated |= object.get("deprecated") == Some(&Value::Bool(true));
            let default = object.get("default").filter(|default| !default.is_null());
            self.default = self.default.or(default);
            match sole_member(object) {
                Some(key) => {
                    let pointer = Pointer::new(schema.pointer.as_str()).join(key) + "/0";
                    schema = Placed::new(&object[key][0], pointer);
                }
                None => break object,
            }
        };
        if alone {
            self.pointer.clone_from(&schema.pointer);
            self.nullable = nullable;
        }
        for (key, value) in object {
            match (key.as_str(), value) {
                ("properties", _) => {
                    if let Some(properties) = schema.get("properties") {
                        for (name, property) in properties.entries() {
                            self.properties.entry(name).or_insert(property);
                        }
                    }
                }
                ("required", Value::Array(names)) => {
                    self.required.extend(names.iter().filter_map(Value::as_str));
                }
                ("allOf", Value::Array(members)) => {
                    let at = Pointer::new(schema.pointer.as_str()).join("allOf");
                    for (index, member) in members.iter().enumerate() {
                        let member = Placed::new(member, format!("{at}/{index}"));
                        self.add(document, member, &mut seen.clone(), false);
                    }
                }
                (key, _) if SILENT.contains(&key) || key.starts_with("x-") => {}
                (key, value) => self.keywords.entry(key).or_default().push(value),
            }
        }
    }

    pub(super) fn keyword(&self, key: &str) -> Option<&'a Value> {
        self.keywords.get(key)?.first().copied()
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.keyword(key)?.as_str()
    }

    /// The values of an enum but null, which is `nullable`.
    pub(super) fn values(&self) -> Option<BTreeSet<String>> {
        let values = self.keyword("enum")?.as_array()?;
        let values = values.iter().filter(|value| !value.is_null());
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        Some(values.map(text).collect())
    }

    /// The alternatives of a `oneOf` or `anyOf`.
    pub(super) fn alternatives(&self) -> Option<Vec<Placed<'a>>> {
        let key = ["oneOf", "anyOf"]
            .into_iter()
            .find(|key| self.keywords.contains_key(key))?;
        let members = self.keyword(key)?.as_array()?;
        let at = Pointer::new(self.pointer.as_str()).join(key);
        let place = |(index, member)| Placed::new(member, format!("{at}/{index}"));
        Some(members.iter().enumerate().map(place).collect())
    }

    pub(super) fn child(&self, key: &str) -> Option<Placed<'a>> {
        let pointer = Pointer::new(self.pointer.as_str()).join(key);
        Some(Placed::new(self.keyword(key)?, pointer))
    }

    /// The schema of fields beside the named ones, if it says anything: the client neither sends nor
    /// reads others.
    pub(super) fn extra(&self) -> Option<Placed<'a>> {
        self.child("additionalProperties")
            .filter(|extra| declares(extra.value))
    }
}

fn is_nullable(schema: &Map<String, Value>) -> bool {
    let null_value = |values: &Vec<Value>| values.iter().any(Value::is_null);
    let values = schema.get("enum").and_then(Value::as_array);
    schema.get("nullable") == Some(&Value::Bool(true)) || values.is_some_and(null_value)
}

/// The composition that a schema is nothing but a wrapper of.
fn sole_member(schema: &Map<String, Value>) -> Option<&'static str> {
    let mut telling = schema
        .iter()
        .filter(|(key, _)| !SILENT.contains(&key.as_str()) && !key.starts_with("x-"));
    let (key, members) = telling.next()?;
    let key = ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .find(|name| name == key)?;
    let sole = members.as_array().is_some_and(|members| members.len() == 1);
    (sole && telling.next().is_none()).then_some(key)
}

/// Whether the two say the same, prose aside: for what is compared as a whole.
pub(super) fn same_facts(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            let telling = |object| {
                entries(object)
                    .filter(|(key, _)| !SILENT.contains(key))
                    .collect::<BTreeMap<_, _>>()
            };
            let (a, b) = (Value::Object(a.clone()), Value::Object(b.clone()));
            let (a, b) = (telling(&a), telling(&b));
            a.len() == b.len()
                && a.iter()
                    .all(|(key, value)| same_facts(Some(value), b.get(key).copied()))
        }
        (a, b) => a == b,
    }
}
