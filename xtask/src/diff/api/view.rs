//! A schema as it works, whatever way it is written.
//!
//! `$ref`s are followed, a composition of one member is that member, `nullable` counts wherever it
//! stands, and prose is not looked at. An effective description composes nothing else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::spec::document::Placed;
use crate::spec::openapi::declares;

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

#[derive(Debug)]
pub(super) struct View<'a> {
    /// The component, if the schema is a `$ref`.
    pub(super) name: Option<&'a str>,
    /// What says of what kind the values are, and where that stands.
    pub(super) own: Placed<'a>,
    pub(super) nullable: bool,
    pub(super) deprecated: bool,
    pub(super) default: Option<&'a Value>,
    pub(super) required: BTreeSet<&'a str>,
    /// The fields by name. One that is required without being declared holds any value.
    pub(super) properties: BTreeMap<&'a str, Placed<'a>>,
}

impl<'a> View<'a> {
    pub(super) fn of(document: &'a Value, schema: &Placed<'a>) -> Self {
        let mut view = Self {
            name: None,
            own: schema.clone(),
            nullable: false,
            deprecated: false,
            default: None,
            required: BTreeSet::new(),
            properties: BTreeMap::new(),
        };
        let mut seen = BTreeSet::new();
        while let Value::Object(object) = view.own.value {
            if let Some(target) = view.own.text("$ref") {
                let next = view.own.clone().resolved(document);
                // A schema that consists of itself says nothing.
                if !seen.insert(target) || next.text("$ref").is_some() {
                    view.own.value = &Value::Null;
                    break;
                }
                view.name = view
                    .name
                    .or_else(|| target.strip_prefix("#/components/schemas/"));
                view.own = next;
                continue;
            }
            view.nullable |= is_nullable(object);
            view.deprecated |= object.get("deprecated") == Some(&Value::Bool(true));
            let default = object.get("default").filter(|default| !default.is_null());
            view.default = view.default.or(default);
            match sole_member(&view.own) {
                Some(member) => view.own = member,
                None => break,
            }
        }
        let names = view.keyword("required").and_then(Value::as_array);
        view.required
            .extend(names.into_iter().flatten().filter_map(Value::as_str));
        let any = |name: &&'a str| (*name, Placed::new(&Value::Null, view.own.at("required")));
        let declared = view.own.get("properties");
        let declared = declared.iter().flat_map(Placed::entries);
        view.properties = view.required.iter().map(any).chain(declared).collect();
        view
    }

    pub(super) fn keyword(&self, key: &str) -> Option<&'a Value> {
        self.own.value.get(key)
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.own.text(key)
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

    /// The alternatives, with their numbers; none if there is but one way.
    pub(super) fn alternatives(&self) -> Vec<(usize, Placed<'a>)> {
        let members = self.own.get("oneOf");
        members.iter().flat_map(Placed::items).enumerate().collect()
    }

    /// The schema of all items or values; any, if nothing is said of them.
    pub(super) fn part(&self, key: &str) -> Placed<'a> {
        let part = self.own.get(key).filter(|part| declares(part.value));
        part.unwrap_or_else(|| Placed::new(&Value::Null, self.own.pointer.as_str()))
    }

    /// The schema of fields beside the named ones, if it says anything: the client neither sends nor
    /// reads others.
    pub(super) fn extra(&self) -> Option<Placed<'a>> {
        let extra = self.own.get("additionalProperties");
        extra.filter(|extra| declares(extra.value))
    }
}

fn is_nullable(schema: &Map<String, Value>) -> bool {
    let null_value = |values: &Vec<Value>| values.iter().any(Value::is_null);
    let values = schema.get("enum").and_then(Value::as_array);
    schema.get("nullable") == Some(&Value::Bool(true)) || values.is_some_and(null_value)
}

/// The composition that a schema is nothing but a wrapper of.
fn sole_member<'a>(schema: &Placed<'a>) -> Option<Placed<'a>> {
    let mut telling = schema.entries().filter(|(key, _)| tells(key));
    let (key, members) = telling.next()?;
    let mut members = members.items();
    let member = members.next()?;
    let is_sole = members.next().is_none() && telling.next().is_none();
    (is_sole && ["allOf", "oneOf", "anyOf"].contains(&key)).then_some(member)
}

fn tells(key: &str) -> bool {
    !SILENT.contains(&key) && !key.starts_with("x-")
}

/// What a value says, prose aside: for what is compared as a whole.
pub(super) fn facts(value: &Value) -> Value {
    match value {
        Value::Object(object) => object
            .iter()
            .filter(|(key, _)| !SILENT.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), facts(value)))
            .collect(),
        other => other.clone(),
    }
}
