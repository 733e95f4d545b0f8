//! progenitor gives an operation one type for success.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Lint;
use crate::spec::document::{OperationObject, Placed, entries, operations};
use crate::spec::openapi::reference;

pub(super) fn check(lint: &mut Lint<'_>) {
    for operation in operations(lint.document) {
        let mut kinds = Kinds::default();
        for (status, response) in operation.responses() {
            one(lint, status, response, &mut kinds);
        }
        report(lint, &operation, &kinds);
    }
}

/// The successes by the kind of their body.
type Kinds = BTreeMap<String, Vec<String>>;

fn report(lint: &mut Lint<'_>, operation: &OperationObject<'_>, kinds: &Kinds) {
    if kinds.len() < 2 {
        return;
    }
    let list: Vec<_> = kinds
        .iter()
        .map(|(kind, statuses)| format!("{}: {kind}", statuses.join(", ")))
        .collect();
    lint.report(
        &operation.own.at("responses"),
        "more than one kind of success body",
        &format!(
            "{}\nmake them alike or remove some, by the target {{target}}",
            list.join("\n")
        ),
    );
}

fn one<'a>(lint: &mut Lint<'a>, status: &str, response: Placed<'a>, kinds: &mut Kinds) {
    let at = response.pointer.clone();
    if status == "default" {
        lint.report(
            &at,
            "a `default` response shadows all others",
            "remove it in spec/overlay.yaml:\n- target: {target}\n  remove: true",
        );
        return;
    }
    let ([class @ b'1'..=b'5', b'0'..=b'9', b'0'..=b'9'] | [class @ b'1'..=b'5', b'X', b'X']) =
        status.as_bytes()
    else {
        lint.report(
            &at,
            format!("`{status}` is no status: write `200`, `4XX`"),
            "",
        );
        return;
    };
    let kind = body_kind(lint, &at, response.resolved(lint.document).value);
    if *class == b'2' {
        kinds.entry(kind).or_default().push(status.to_owned());
    }
}

fn body_kind(lint: &mut Lint<'_>, at: &str, response: &Value) -> String {
    let content = &response["content"];
    let json = entries(content)
        .find(|(media_type, _)| media_type.split(';').next() == Some("application/json"));
    let Some((_, json)) = json else {
        return match entries(content).next() {
            Some(_) => "bytes".to_owned(),
            None => "no body".to_owned(),
        };
    };
    if json.get("encoding").is_some() {
        lint.report(at, "a JSON body with an `encoding` is not supported", "");
    }
    let Some(schema) = json.get("schema") else {
        lint.report(at, "the JSON body has no schema", "");
        return "no schema".to_owned();
    };
    reference(schema).map_or_else(|| schema.to_string(), str::to_owned)
}
