//! Schemas, as typify needs them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::names::{collisions, pascal, pascal_spelled_out, snake};
use super::{Lint, text};
use crate::spec::document::entries;
use crate::spec::openapi::{Node, Position};
use crate::spec::pointer::Pointer;

pub(super) fn check(lint: &mut Lint<'_>) {
    component_names(lint);
    lint.walk(|lint, node| {
        if node.position != Position::Schema {
            return;
        }
        enumeration(lint, node);
        properties(lint, node);
        bounds(lint, node);
        name(lint, node);
    });
}

fn component_names(lint: &mut Lint<'_>) {
    let names: Vec<_> = entries(&lint.document["components"]["schemas"])
        .map(|(name, _)| name)
        .collect();
    for (first, second) in collisions(names, pascal) {
        lint.report(
            &Pointer::new("/components/schemas").join(second),
            format!("the schemas `{first}` and `{second}` are one name in Rust"),
            "give a titled schema another title, or remove one of two components",
        );
    }
}

fn enumeration(lint: &mut Lint<'_>, node: &Node<'_, '_>) {
    let Some(values) = node.value.get("enum").and_then(Value::as_array) else {
        return;
    };
    let at = node.at.join("enum");
    let texts: Vec<_> = values.iter().filter_map(Value::as_str).collect();
    let help = "an unknown value is kept as text, so leave it out:\n- target: {target}[?@=='…']\n  remove: true";
    for value in texts.iter().filter(|value| pascal(value).is_empty()) {
        lint.report(
            &at,
            format!("the value {value:?} makes no name in Rust"),
            help,
        );
    }
    // typify tries twice.
    if !collisions(texts.iter().copied(), pascal).is_empty() {
        for (first, second) in collisions(texts.iter().copied(), pascal_spelled_out) {
            let message = format!("the values {first:?} and {second:?} are one name in Rust");
            lint.report(&at, message, help);
        }
    }
    if texts.len() < values.len() && !texts.is_empty() {
        lint.report(&at, "values of several kinds", "keep those of one kind");
    }
}

fn properties(lint: &mut Lint<'_>, node: &Node<'_, '_>) {
    let Some(properties) = node.value.get("properties") else {
        return;
    };
    let names: BTreeSet<_> = entries(properties).map(|(name, _)| name).collect();
    for (first, second) in collisions(names.iter().copied(), snake) {
        lint.report(
            &Pointer::new(node.at.join("properties")).join(second),
            format!("the properties `{first}` and `{second}` are one name in Rust"),
            "remove one of them:\n- target: {target}\n  remove: true",
        );
    }
    // A part of a whole may require what another part declares.
    if is_member_of_all(node) || node.value.get("allOf").is_some() {
        return;
    }
    let required = node.value.get("required").and_then(Value::as_array);
    for missing in required.into_iter().flatten().filter_map(Value::as_str) {
        if !names.contains(missing) {
            lint.report(
                &node.at.join("required"),
                format!("requires `{missing}`, which is no property"),
                &format!("remove it:\n- target: {{target}}[?@=='{missing}']\n  remove: true"),
            );
        }
    }
}

fn bounds(lint: &mut Lint<'_>, node: &Node<'_, '_>) {
    for (exclusive, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        if node.value.get(exclusive) == Some(&Value::Bool(true)) && node.value.get(bound).is_none()
        {
            lint.report(
                &node.at.join(exclusive),
                format!("`{exclusive}` without `{bound}`"),
                "",
            );
        }
    }
}

/// What becomes a public type has a name of ours, not one made up from where it stands.
fn name(lint: &mut Lint<'_>, node: &Node<'_, '_>) {
    let at = node.at.as_str();
    if is_component(at) || is_member_of_all(node) || is_in_header(at) {
        return;
    }
    if let Some(kind) = named_kind(node.value) {
        lint.report(
            at,
            format!("{kind} without a title"),
            "it becomes a public type, so name it in spec/overlay.yaml:\n- target: {target}\n  update: {title: …}",
        );
    }
}

/// What kind of type typify would make of an inline schema, if it makes one.
fn named_kind(schema: &Value) -> Option<&'static str> {
    let has = |key: &str| schema.get(key).is_some();
    let members = |key: &str| {
        schema
            .get(key)
            .and_then(Value::as_array)
            .map_or(0, Vec::len)
    };
    let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    if has("enum") {
        Some("an enum")
    } else if has("properties") || (text(schema, "type") == Some("object") && is_closed) {
        Some("an object")
    } else if members("oneOf") > 1 || members("anyOf") > 1 || members("allOf") > 1 {
        Some("a composition")
    } else if has("not") {
        Some("a `not`")
    } else if text(schema, "type") == Some("string")
        && (has("pattern") || has("minLength") || has("maxLength"))
    {
        Some("a constrained string")
    } else {
        None
    }
}

pub(super) fn is_component(at: &str) -> bool {
    at.strip_prefix("/components/schemas/")
        .is_some_and(|rest| !rest.contains('/'))
}

/// typify merges the members of an `allOf` into one type.
fn is_member_of_all(node: &Node<'_, '_>) -> bool {
    let mut tokens = node.at.as_str().rsplit('/');
    let index = tokens
        .next()
        .is_some_and(|token| token.bytes().all(|byte| byte.is_ascii_digit()));
    index && tokens.next() == Some("allOf")
}

/// progenitor makes no types of response headers.
fn is_in_header(at: &str) -> bool {
    at.split_once("/headers/")
        .is_some_and(|(before, _)| !before.ends_with("/properties"))
}
