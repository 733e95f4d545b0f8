//! Schemas whose names meet in Rust, or that contradict themselves.

use serde_json::Value;

use super::{Lint, text};
use crate::spec::document::entries;
use crate::spec::openapi::{Node, Position};
use crate::spec::pointer::{Pointer, quoted};
use crate::spec::shape::{collisions, component_of, pascal, snake, variant};

pub(super) fn check(lint: &mut Lint<'_>) {
    component_names(lint);
    lint.walk(|lint, node| {
        if node.position == Position::Schema {
            enumeration(lint, node);
            properties(lint, node);
        }
    });
}

fn component_names(lint: &mut Lint<'_>) {
    let names = entries(&lint.document["components"]["schemas"]);
    let names: Vec<_> = names.map(|(name, _)| name).collect();
    for (first, second) in collisions(names, pascal) {
        lint.report(
            &Pointer::new("/components/schemas").join(second),
            format!("the schemas `{first}` and `{second}` are one name in Rust"),
            "give one of them another name in <overlay>:\n- target: <target>\n  update: {title: AnotherName}",
        );
    }
}

fn enumeration(lint: &mut Lint<'_>, node: &Node<'_, '_>) {
    let values = node.value.get("enum").and_then(Value::as_array);
    let Some(values) = values.filter(|_| text(node.value, "type") == Some("string")) else {
        return;
    };
    let at = node.at.join("enum");
    let texts: Vec<_> = values.iter().filter_map(Value::as_str).collect();
    let help = "an unknown value is kept as text, so leave it out in <overlay>:\n\
                - target: <target>\n  remove: true";
    let place = |text: &str| {
        let index = values.iter().rposition(|value| value == text);
        Pointer::new(at.as_str()).join(&index.unwrap_or_default().to_string())
    };
    for value in texts.iter().filter(|value| variant(value).is_empty()) {
        let message = format!("the value {value:?} makes no name in Rust");
        lint.report(&place(value), message, help);
    }
    for (first, second) in collisions(texts.iter().copied(), variant) {
        let message = format!("the values {first:?} and {second:?} are one name in Rust");
        lint.report(&place(second), message, help);
    }
    if texts.len() < values.len() {
        lint.report(&at, "values of several kinds", "keep those of one kind");
    }
}

fn properties(lint: &mut Lint<'_>, node: &Node<'_, '_>) {
    let Some(properties) = node.value.get("properties") else {
        return;
    };
    let extra = node
        .value
        .get("additionalProperties")
        .filter(|extra| extra.is_object());
    // What comes beside the named fields has a field as well.
    let names = entries(properties)
        .map(|(name, _)| name)
        .chain(extra.map(|_| "extra"));
    let names: Vec<_> = names.collect();
    let at = Pointer::new(node.at.join("properties"));
    for (first, second) in collisions(names.iter().copied(), snake) {
        let (place, message) = match second {
            "extra" if extra.is_some() => (
                node.at.join("additionalProperties"),
                format!("what it holds would be a second field beside `{first}`"),
            ),
            _ => (
                at.join(second),
                format!("the properties `{first}` and `{second}` are one name in Rust"),
            ),
        };
        let help = "remove one of them in <overlay>:\n- target: <target>\n  remove: true";
        lint.report(&place, message, help);
    }
    for name in names.iter().filter(|name| snake(name).is_empty()) {
        lint.report(
            &at.join(name),
            format!("the property `{name}` makes no name in Rust"),
            "remove it in <overlay>:\n- target: <target>\n  remove: true",
        );
    }
    let required = node.value.get("required").and_then(Value::as_array);
    for missing in required.into_iter().flatten().filter_map(Value::as_str) {
        if properties.get(missing).is_none() {
            lint.report(
                &node.at.join("required"),
                format!("requires `{missing}`, which is no property"),
                &format!(
                    "describe it, or remove it in <overlay>:\n- target: <target>[?@=={}]\n  remove: true",
                    quoted(missing)
                ),
            );
        }
    }
}

pub(super) fn is_component(at: &str) -> bool {
    component_of(at).is_some_and(|(_, rest)| rest.is_empty())
}
