//! Which way types travel.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::spec::document::{OperationObject, Placed, entries, operations};
use crate::spec::openapi::{Holds, Position, reached};

/// The components that answers hold.
pub(crate) fn received(document: &Value) -> BTreeSet<String> {
    let operations = operations(document);
    let responses = operations.iter().flat_map(OperationObject::responses);
    schemas(document, Position::Response, responses.map(|(_, it)| it))
}

/// The components that bodies of requests hold.
pub(crate) fn sent(document: &Value) -> BTreeSet<String> {
    let operations = operations(document);
    let bodies = operations.iter().filter_map(|it| it.own.get("requestBody"));
    schemas(document, Position::RequestBody, bodies)
}

/// Takes out of answers what servers only read, and asks for it where both travel alike no more; so too
/// with requests and what servers only write. An answer may promise fields that it does not describe: nobody
/// reads them. What a request must have and nothing describes, nobody could send.
pub(super) fn one_way(document: &mut Value) {
    let (received, sent) = (received(document), sent(document));
    let Some(schemas) = document.pointer_mut("/components/schemas") else {
        return;
    };
    let names: Vec<_> = entries(schemas).map(|(name, _)| name.to_owned()).collect();
    for name in names {
        let schema = &mut schemas[&name];
        if received.contains(&name) && !sent.contains(&name) {
            let known = schema["properties"].clone();
            if let Some(Value::Array(required)) = schema.get_mut("required") {
                required.retain(|name| name.as_str().is_some_and(|it| known.get(it).is_some()));
            }
        }
        for (key, is_concerned, travels_back) in [
            ("writeOnly", received.contains(&name), sent.contains(&name)),
            ("readOnly", sent.contains(&name), received.contains(&name)),
        ] {
            let fields = entries(&schema["properties"]).filter(|(_, field)| field[key] == true);
            let fields: BTreeSet<_> = fields.map(|(name, _)| name.to_owned()).collect();
            if !is_concerned || fields.is_empty() || (key == "readOnly" && travels_back) {
                continue;
            }
            if let Some(Value::Array(required)) = schema.get_mut("required") {
                required.retain(|name| !name.as_str().is_some_and(|it| fields.contains(it)));
            }
            if let (false, Some(Value::Object(properties))) =
                (travels_back, schema.get_mut("properties"))
            {
                properties.retain(|name, _| !fields.contains(name));
            }
        }
    }
}

fn schemas<'a>(
    document: &'a Value,
    position: Position,
    roots: impl Iterator<Item = Placed<'a>>,
) -> BTreeSet<String> {
    let roots = roots.map(|it| (Holds::One(position), it.value));
    let found = reached(document, roots.collect()).into_iter();
    let found = found.filter(|(section, _)| section == "schemas");
    found.map(|(_, name)| name).collect()
}
