//! Keys that openapiv3 would silently ignore, and values of the wrong kind.

use serde_json::Value;

use super::Lint;
use crate::spec::document::{entries, short};
use crate::spec::openapi::{Holds, Node, Position, reference};
use crate::spec::selection::ABSENT;
use crate::spec::{HANDLES, answer, suggest};

/// The extensions of ours, and where they are read.
const OURS: [(Position, &str); 4] = [
    (Position::Document, HANDLES),
    (Position::Document, ABSENT),
    (Position::Operation, answer::NAME),
    (Position::Schema, "x-why-missing"),
];
const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "object", "array"];

pub(super) fn check(lint: &mut Lint<'_>) {
    if lint.document.get(HANDLES).is_some_and(|it| !it.is_object()) {
        let help = "write `{/repos/{owner}/{repo}: {name: Repo, description: …}}` in <overlay>";
        lint.report(&format!("/{HANDLES}"), "is no mapping of paths", help);
    }
    if !super::text(lint.document, "openapi").is_some_and(|version| version.starts_with("3.0.")) {
        lint.report("/openapi", "is not OpenAPI 3.0.x", "");
    }
    lint.walk(|lint, node| {
        keys(lint, node);
        required_keys(lint, node);
        if let Some(kind) = super::text(node.value, "type")
            && node.position == Position::Schema
            && !TYPES.contains(&kind)
        {
            let help = suggest::did_you_mean(kind, TYPES);
            lint.report(
                &node.at.join("type"),
                format!("there is no type `{kind}`"),
                &help,
            );
        }
    });
}

fn keys(lint: &mut Lint<'_>, node: &Node<'_, '_>) {
    for (key, value) in entries(node.value) {
        match node.position.holds(key) {
            None if key.starts_with("x-") => extension(lint, node, key),
            None => {
                let known = node.position.keys().iter().map(|(name, _)| *name);
                let message = format!("{} has no key `{key}`", node.position.name());
                let help = suggest::did_you_mean(key, known);
                let help = format!(
                    "{help}, or remove it in <overlay>:\n- target: <target>\n  remove: true"
                );
                lint.report(&node.at.join(key), message, &help);
            }
            Some(holds) => {
                // Examples may be anything.
                let is_text = holds == Holds::Prose && !key.starts_with("example");
                let holds = if is_text { Holds::Text } else { holds };
                if let Some(expected) = mismatch(holds, value) {
                    let message = format!("`{key}` must be {expected}, not `{}`", short(value, 60));
                    lint.report(&node.at.join(key), message, "");
                }
            }
        }
    }
}

/// Extensions are anybody's, but one of ours that is misspelt or elsewhere would do nothing.
fn extension(lint: &mut Lint<'_>, node: &Node<'_, '_>, key: &str) {
    let (places, names): (Vec<_>, Vec<_>) = OURS.into_iter().unzip();
    let help = match names.iter().position(|name| *name == key) {
        Some(index) if places[index] == node.position => return,
        Some(index) => format!("it belongs in {}", places[index].name()),
        None if suggest::nearest(key, names.iter().copied()).is_empty() => return,
        None => suggest::did_you_mean(key, names),
    };
    let message = format!("nothing reads `{key}` in {}", node.position.name());
    lint.report(&node.at.join(key), message, &help);
}

/// What OpenAPI requires; a `$ref` needs nothing else.
fn required_keys(lint: &mut Lint<'_>, node: &Node<'_, '_>) {
    let required: &[&str] = match node.position {
        Position::Document => &["openapi", "info", "paths"],
        Position::Info => &["title", "version"],
        Position::Operation => &["operationId", "responses"],
        Position::Parameter => &["name", "in"],
        Position::RequestBody => &["content"],
        Position::Response => &["description"],
        Position::ExternalDocs | Position::Server => &["url"],
        Position::Discriminator => &["propertyName"],
        _ => &[],
    };
    for key in required {
        if node.value.get(key).is_none() {
            let message = format!("{} needs the key `{key}`", node.position.name());
            let help = format!("add it in <overlay>:\n- target: <target>\n  update: {{{key}: …}}");
            lint.report(node.at.as_str(), message, &help);
        }
    }
}

/// What a value should have been.
fn mismatch(holds: Holds, value: &Value) -> Option<&'static str> {
    let is_object = |item: &Value| item.is_object();
    let (fits, expected) = match holds {
        Holds::Prose | Holds::Dropped | Holds::Any => return None,
        Holds::Text => (value.is_string(), "text"),
        Holds::Bool => (value.is_boolean(), "true or false"),
        Holds::Number => (value.is_number(), "a number"),
        Holds::Texts => {
            let texts = |items: &Vec<Value>| items.iter().all(Value::is_string);
            (value.as_array().is_some_and(texts), "a list of texts")
        }
        Holds::Values => (
            value.as_array().is_some_and(|items| !items.is_empty()),
            "a list with a value",
        ),
        Holds::One(_) => (value.is_object(), "an object"),
        Holds::OneOrBool(_) => (
            value.is_object() || value.is_boolean(),
            "an object, true or false",
        ),
        Holds::List(_) => (
            value
                .as_array()
                .is_some_and(|items| items.iter().all(is_object)),
            "a list of objects",
        ),
        Holds::Map(_) => (
            value
                .as_object()
                .is_some_and(|map| map.values().all(is_object)),
            "an object of objects",
        ),
    };
    (!fits).then_some(expected)
}

/// Keys beside a `$ref` that mean nothing: OpenAPI 3.0 ignores all of them, and we those that are not about
/// its use or its name.
pub(super) fn siblings(value: &Value) -> Option<String> {
    reference(value)?;
    let others: Vec<_> = entries(value)
        .map(|(key, _)| key)
        .filter(|key| !["$ref", "title", "description", "nullable", "deprecated"].contains(key))
        .collect();
    (!others.is_empty()).then(|| others.join("`, `"))
}
