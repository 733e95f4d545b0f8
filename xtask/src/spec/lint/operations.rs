//! Operations and their parameters, as progenitor's builders need them.

use std::collections::{BTreeMap, BTreeSet};

use http::HeaderName;
use serde_json::Value;

use super::{Lint, any_value, text};
use crate::spec::answer::{Success, is_sayable, sent};
use crate::spec::document::{OperationObject, Placed, entries, operations};
use crate::spec::openapi::{MULTI_SEGMENT, Position};
use crate::spec::pointer::target;
use crate::spec::shape::{collisions, pascal, snake};

/// Names in every generated builder that a parameter would collide with.
const BUILDER_NAMES: [&str; 5] = ["new", "send", "handle", "stream", "download"];
/// Headers that OpenAPI tells everyone to ignore as parameters, and others that are set for each request.
const NOT_PARAMETERS: [&str; 7] = [
    "accept",
    "content-type",
    "authorization",
    "content-length",
    "host",
    "user-agent",
    "x-github-api-version",
];
pub(super) fn check(lint: &mut Lint<'_>) {
    let operations = operations(lint.document);
    ids(lint, &operations);
    lint.walk(|lint, node| {
        if node.position == Position::Parameter {
            parameter(lint, node.at.as_str(), node.value);
        }
    });
    for operation in &operations {
        template(lint, operation);
        parameter_names(lint, operation);
        body(lint, operation);
        for holder in [&operation.item, &operation.own] {
            if let Some(servers) = holder.get("servers") {
                let message =
                    "the operation has servers of its own, and the client would not use them";
                let help = "drop the operation from <selection>, or forget them in <overlay> and \
                            send it with a client whose base URL is that server's:\n\
                            - target: <target>\n  remove: true";
                lint.report(&servers.pointer, message, help);
            }
        }
    }
}

fn ids(lint: &mut Lint<'_>, operations: &[OperationObject<'_>]) {
    let mut seen = BTreeMap::new();
    for operation in operations {
        let id = operation.id;
        let first = id.chars().find(|c| unicode_ident::is_xid_continue(*c));
        let (message, which) = if !first.is_some_and(unicode_ident::is_xid_start) {
            let message = format!("the operationId `{id}` makes no name in Rust");
            (message, "it")
        } else if let Some(other) = seen.insert(pascal(&snake(id)), id) {
            let message = format!("the operationIds `{other}` and `{id}` are one name in Rust");
            (message, "one of them")
        } else {
            continue;
        };
        let help = format!(
            "give {which} another in <overlay>:\n- target: <target>\n  update: another_name"
        );
        lint.report(&operation.own.at("operationId"), message, &help);
    }
}

/// The placeholders of the path are the path parameters, one for one.
fn template<'a>(lint: &mut Lint<'a>, operation: &OperationObject<'a>) {
    let at = operation.own.pointer.as_str();
    let placeholders = match placeholders(operation.path) {
        Ok(names) => names,
        Err(reason) => return lint.report(at, format!("the path template {reason}"), ""),
    };
    let mut declared = BTreeSet::new();
    for parameter in operation.parameters() {
        let place = parameter.pointer.clone();
        let parameter = parameter.resolved(lint.document);
        if parameter.text("in") == Some("path")
            && let Some(name) = parameter.text("name")
        {
            declared.insert(name);
            if !placeholders.contains(&name) {
                lint.report(
                    &place,
                    format!("the path has no placeholder `{{{name}}}`"),
                    "",
                );
            }
        }
    }
    let mut seen = BTreeSet::new();
    for name in placeholders {
        if !seen.insert(name) {
            lint.report(at, format!("the path holds `{{{name}}}` twice"), "");
        } else if !declared.contains(name) {
            lint.report(
                at,
                format!("no parameter is declared for `{{{name}}}` of the path"),
                "",
            );
        }
    }
}

fn placeholders(path: &str) -> Result<Vec<&str>, &'static str> {
    if !path.starts_with('/') {
        return Err("must start with a slash");
    }
    let mut names = Vec::new();
    let mut rest = path;
    // RFC 3986, section 3.3.
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/-._~%!$&'()*+,;=:@".contains(c);
    let is_path = |text: &str| text.chars().all(is_plain);
    while let Some(start) = rest.find(['{', '}']) {
        if !is_path(&rest[..start]) {
            break;
        }
        let inside = rest[start..]
            .strip_prefix('{')
            .ok_or("has a `}` without its `{`")?;
        let end = inside.find('}').ok_or("has a `{` without its `}`")?;
        let name = &inside[..end];
        if name.is_empty() || name.contains(['/', '{']) {
            return Err("has a placeholder that is no name");
        }
        names.push(name);
        rest = &inside[end + 1..];
    }
    match is_path(rest) {
        true => Ok(names),
        false => Err("has a character that is in no path of a URL"),
    }
}

fn parameter_names<'a>(lint: &mut Lint<'a>, operation: &OperationObject<'a>) {
    let parameters = operation.parameters();
    let mut names: Vec<&str> = parameters
        .filter_map(|parameter| parameter.resolved(lint.document).text("name"))
        .collect();
    if operation.own.get("requestBody").is_some() {
        names.push("body");
    }
    for (first, second) in collisions(names, snake) {
        lint.report(
            &operation.own.pointer,
            format!("the parameters `{first}` and `{second}` are one name in Rust"),
            "progenitor would keep one of them; drop the other in <overlay>",
        );
    }
}

/// What holds wherever the parameter is used.
fn parameter<'a>(lint: &mut Lint<'a>, at: &str, parameter: &'a Value) {
    let name = text(parameter, "name").unwrap_or_default();
    let place = text(parameter, "in").unwrap_or_default();
    let plain_style = match place {
        "path" | "header" => "simple",
        "query" => "form",
        "cookie" => {
            lint.report(
                at,
                format!("`{name}`: parameters in cookies are not supported"),
                "",
            );
            return;
        }
        other => {
            let message = format!(
                "`{name}`: a parameter is in `path`, `query` or `header`, not in `{other}`"
            );
            lint.report(at, message, "");
            return;
        }
    };
    let rust_name = snake(name);
    if rust_name.is_empty() {
        lint.report(
            at,
            format!("the parameter `{name}` makes no name in Rust"),
            "",
        );
    } else if BUILDER_NAMES.contains(&rust_name.as_str()) {
        lint.report(at, format!("every builder has a `{rust_name}` already"), "");
    }
    if place == "path" && parameter.get("required") != Some(&Value::Bool(true)) {
        let help = "add `required: true` in <overlay>";
        lint.report(
            at,
            format!("the path parameter `{name}` must be required"),
            help,
        );
    }
    if parameter
        .get(MULTI_SEGMENT)
        .is_some_and(|it| !it.is_boolean())
    {
        lint.report(at, format!("`{MULTI_SEGMENT}` is true or false"), "");
    }
    if place == "header" && NOT_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) {
        lint.report(
            at,
            format!("the header `{name}` is not a parameter: the client sets it"),
            "remove it in <overlay>:\n- target: <target>\n  remove: true",
        );
    }
    if place == "header" && HeaderName::from_bytes(name.as_bytes()).is_err() {
        lint.report(at, format!("no header can be called `{name}`"), "");
    }
    if text(parameter, "style").is_some_and(|style| style != plain_style) {
        let message = format!("`{name}`: in a {place} only `style: {plain_style}` is supported");
        lint.report(at, message, "");
    }
    let Some(schema) = parameter.get("schema") else {
        lint.report(at, format!("the parameter `{name}` has no schema"), "");
        return;
    };
    shape(lint, at, name, place, schema, parameter);
}

/// What cannot become a piece of text cannot be sent in a path or a header; in a query a list can.
fn shape<'a>(
    lint: &mut Lint<'a>,
    at: &str,
    name: &str,
    place: &str,
    schema: &'a Value,
    parameter: &Value,
) {
    let mut kinds = Vec::new();
    kinds_of(lint.document, schema, place == "query", &mut kinds);
    let cannot = |kind: &&str| *kind == "object" || (*kind == "array" && place != "query");
    if let Some(kind) = kinds.iter().find(|kind| cannot(kind)) {
        lint.report(
            at,
            format!("`{name}`: no {kind} can be sent in a {place}"),
            "drop the operation from <selection>, or correct the schema in <overlay>",
        );
    }
    let schema = Placed::new(schema, "").resolved(lint.document).value;
    if place != "query" && schema.get("nullable") == Some(&Value::Bool(true)) {
        lint.report(
            at,
            format!("`{name}`: null cannot be sent in a {place}"),
            "",
        );
    }
    if kinds.contains(&"array") && parameter.get("explode") == Some(&Value::Bool(false)) {
        let message = format!("`{name}`: a list in one value (`explode: false`) is not supported");
        lint.report(at, message, "");
    }
}

/// The kinds of values that a parameter may have, and those of the items of lists that `may_list`.
fn kinds_of<'a>(document: &'a Value, schema: &'a Value, may_list: bool, kinds: &mut Vec<&'a str>) {
    let mut schema = Placed::new(schema, "").resolved(document).value;
    if let Some(wrapped) = schema.get("allOf").and_then(|parts| parts.get(0)) {
        schema = Placed::new(wrapped, "").resolved(document).value;
    }
    for member in schema["oneOf"].as_array().into_iter().flatten() {
        kinds_of(document, member, may_list, kinds);
    }
    let kind = text(schema, "type").unwrap_or_default();
    kinds.push(kind);
    if let (true, "array", Some(items)) = (may_list, kind, schema.get("items")) {
        let mut inner = Vec::new();
        kinds_of(document, items, false, &mut inner);
        // A list in a list is nothing that a query has a form for.
        let is_nested = inner.iter().any(|kind| ["array", "object"].contains(kind));
        kinds.extend(is_nested.then_some("object"));
    }
}

/// The client sends JSON, text or bytes.
fn body(lint: &mut Lint<'_>, operation: &OperationObject<'_>) {
    let Some(body) = operation.own.get("requestBody") else {
        return;
    };
    let at = body.pointer.as_str();
    let help = any_value(lint.document, body.clone());
    let body = body.clone().resolved(lint.document);
    let encodes = |media_type: &str| body.value["content"][media_type].get("encoding").is_some();
    match sent(lint.document, &body) {
        Some(Success::Json(media_type, schema)) => {
            if schema.is_none() {
                let message = format!("the `{media_type}` body has no schema");
                lint.report(at, message, &help);
            }
            if encodes(media_type) {
                let target = target(lint.document, &body.pointer);
                let help = format!(
                    "remove it in <overlay>:\n- target: {target}.content.*.encoding\n  remove: true"
                );
                lint.report(at, "a JSON body with an `encoding` is not supported", &help);
            }
        }
        Some(Success::Text(media_type) | Success::Bytes(media_type)) if !is_sayable(media_type) => {
            lint.report(at, format!("no header can name {media_type:?}"), "");
        }
        Some(_) => {}
        None => {
            let names: Vec<_> = entries(&body.value["content"])
                .map(|(name, _)| name)
                .collect();
            let message = format!(
                "a request body of `{}` is not supported",
                names.join("` or `")
            );
            let target = target(lint.document, &operation.own.pointer);
            let help = format!(
                "supported: `application/json`, text and bytes; drop the operation from <selection>, or \
                 from what is generated in <overlay>:\n- target: {target}\n  remove: true"
            );
            lint.report(at, message, &help);
        }
    }
}
