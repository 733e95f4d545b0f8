//! What progenitor sees of a document: the forms of values, and nothing that it or typify would misread.
//!
//! Enums and alternatives become structs that stand for them: typify tells what types they hold, and where one
//! needs a box, and a pass writes them. One more struct has a field for each value that operations take or
//! answer with.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::spec::answer::{self, Answers, Success, answers};
use crate::spec::document::{entries, operations};
use crate::spec::openapi::{Holds, declares, each_schema_mut};
use crate::spec::shape::{CLOSED, pascal, received, sent};

/// Formats that have a type of their own.
pub(crate) const FORMATS: [&str; 15] = [
    "date",
    "date-time",
    "ip",
    "ipv4",
    "ipv6",
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int",
    "int32",
    "uint",
    "uint32",
    "int64",
    "uint64",
];

/// A document for progenitor, and what it does not say.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    pub(super) document: Value,
    /// The struct whose fields are what operations take and answer with.
    pub(super) signatures: String,
    /// The types that answers hold: they must stay readable when they grow.
    pub(super) received: BTreeSet<String>,
    /// The types that bodies of requests hold: callers have to build them.
    pub(super) built: BTreeSet<String>,
    /// The fields of these, by type and key, that may be absent and may be null: typify takes both for the same.
    pub(super) nullable: BTreeSet<(String, String)>,
    /// The enums by the names of the structs that stand for them.
    pub(super) enums: BTreeMap<String, Enumeration>,
    /// The schemas of alternatives by the names of the structs whose fields these are.
    pub(super) unions: BTreeMap<String, String>,
}

/// The values of an enum.
#[derive(Clone, Debug)]
pub(super) struct Enumeration {
    pub(super) values: Vec<String>,
    /// Whether it refuses other values, whoever sends them.
    pub(super) is_closed: bool,
}

/// The field of a parameter of an operation, by their indices.
pub(super) fn parameter(operation: usize, index: usize) -> String {
    format!("o{operation}p{index}")
}

/// The field of the body of an operation's request.
pub(super) fn body(operation: usize) -> String {
    format!("o{operation}body")
}

/// The field of one of the answers of an operation, by the order of their statuses.
pub(super) fn answer(operation: usize, index: usize) -> String {
    format!("o{operation}answer{index}")
}

impl Plain {
    /// Of a document in shape.
    pub(super) fn of(document: &Value) -> Self {
        let sent = sent(document);
        let types = |names: &BTreeSet<String>| names.iter().map(|name| pascal(name)).collect();
        let mut plain = Self {
            document: Value::Null,
            signatures: "OperationSignatures".to_owned(),
            received: types(&received(document)),
            built: types(&sent),
            nullable: BTreeSet::new(),
            enums: BTreeMap::new(),
            unions: BTreeMap::new(),
        };
        let schemas = entries(&document["components"]["schemas"]);
        let mut schemas: Map<_, _> = schemas
            .map(|(name, schema)| {
                let mut component = plain.component(name, schema);
                if sent.contains(name) {
                    let keys = left_out(&mut component).filter(|(_, it)| it["nullable"] == true);
                    let keys = keys.map(|(key, _)| (pascal(name), key.clone()));
                    plain.nullable.extend(keys);
                    tell_none_from_empty(&mut component);
                }
                (name.to_owned(), component)
            })
            .collect();
        while schemas.keys().any(|name| pascal(name) == plain.signatures) {
            plain.signatures.push('X');
        }
        schemas.insert(plain.signatures.clone(), signatures(document));
        plain.document = json!({
            "openapi": document["openapi"],
            "info": {"title": "", "version": "1"},
            "paths": {},
            "components": {"schemas": schemas},
        });
        plain
    }

    fn component(&mut self, name: &str, schema: &Value) -> Value {
        let stand_in = |fields: Vec<Value>| {
            let mut object = stand_in(fields);
            if schema["description"].is_string() {
                object["description"] = schema["description"].clone();
            }
            object
        };
        if let (Some(values), "string") = (
            schema["enum"].as_array(),
            schema["type"].as_str().unwrap_or_default(),
        ) {
            let values = values.iter().filter_map(Value::as_str).map(str::to_owned);
            let enumeration = Enumeration {
                values: values.collect(),
                is_closed: schema[CLOSED] == true,
            };
            self.enums.insert(pascal(name), enumeration);
            return stand_in(vec![json!({"type": "string"})]);
        }
        if let Some(members) = schema["oneOf"].as_array() {
            self.unions.insert(pascal(name), name.to_owned());
            return stand_in(members.iter().cloned().map(bare).collect());
        }
        bare(schema.clone())
    }
}

/// An object with these fields, by their order; typify sorts them by their names.
fn stand_in(fields: Vec<Value>) -> Value {
    let fields = fields.into_iter().enumerate();
    object(
        fields
            .map(|(index, it)| (format!("v{index:04}"), it))
            .collect(),
    )
}

/// An object that has all these fields. Without any it would be a map, which has more to it than a definition, so
/// that one is made up.
fn object(mut fields: Map<String, Value>) -> Value {
    if fields.is_empty() {
        fields.insert("made_up".to_owned(), json!({"type": "boolean"}));
    }
    let mut object = json!({"type": "object", "required": Vec::from_iter(fields.keys())});
    object["properties"] = fields.into();
    object
}

/// A schema without what makes no difference to the type of its values.
fn bare(mut schema: Value) -> Value {
    each_schema_mut(Holds::SCHEMA, &mut schema, |value, _| {
        let Value::Object(object) = value else {
            return;
        };
        let has_fields = object.contains_key("properties");
        object.retain(|key, value| match key.as_str() {
            "type" | "nullable" | "description" | "properties" | "items" | "allOf" | "$ref" => true,
            "format" => value
                .as_str()
                .is_some_and(|format| FORMATS.contains(&format)),
            "required" => has_fields,
            // Fields that nobody named are passed over.
            "additionalProperties" => value.is_object() && (!has_fields || declares(value)),
            _ => false,
        });
    });
    schema
}

/// Lets what callers need not give be absent, even where it is a list or a map: an empty one says something else.
fn tell_none_from_empty(schema: &mut Value) {
    for (_, field) in left_out(schema) {
        if field["type"] == "array" || field["type"] == "object" {
            field["nullable"] = true.into();
        }
    }
}

/// The fields that need not be there.
fn left_out(schema: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    let fields = fields.into_iter().flatten();
    fields.filter(move |(name, _)| !required.iter().any(|it| it == *name))
}

/// What each operation takes and answers with.
fn signatures(document: &Value) -> Value {
    let mut fields = Map::new();
    for (index, operation) in operations(document).into_iter().enumerate() {
        for (number, it) in operation.all_parameters(document).iter().enumerate() {
            fields.insert(parameter(index, number), bare(it.value["schema"].clone()));
        }
        if let Some(holder) = operation.own.get("requestBody") {
            let schema = match answer::sent(document, &holder.resolved(document)) {
                Some(Success::Json(_, Some(schema))) => bare(schema.value.clone()),
                _ => json!({"type": "string"}),
            };
            fields.insert(body(index), schema);
        }
        let successes = match answers(document, &operation) {
            Some(Answers::One(success) | Answers::Content(success, _)) => vec![success],
            Some(Answers::ByStatus(all)) => all.into_iter().map(|(_, success)| success).collect(),
            Some(Answers::Check) | None => Vec::new(),
        };
        for (number, success) in successes.into_iter().enumerate() {
            if let Success::Json(_, Some(schema)) = success {
                fields.insert(answer(index, number), bare(schema.value.clone()));
            }
        }
    }
    object(fields)
}
