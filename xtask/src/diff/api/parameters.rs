//! Compares what an operation takes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::changes::Changes;
use super::pair::{Pair, is_deprecated, json, schema_of, shape};
use super::schema::Direction;
use super::values::{kind, rust_format, words};
use super::view::View;
use crate::diff::rule::Rule;
use crate::spec::document::{OperationObject, Placed};
use crate::spec::openapi::MULTI_SEGMENT;

/// Parameters by where they stand in a request and by name.
pub(super) type Parameters<'a> = BTreeMap<(&'a str, &'a str), Placed<'a>>;

/// All parameters of an operation; its own ones win over those of its path.
pub(super) fn of<'a>(document: &'a Value, operation: &OperationObject<'a>) -> Parameters<'a> {
    operation
        .parameters()
        .filter_map(|parameter| {
            let parameter = parameter.resolved(document);
            let text = |key: &str| parameter.value[key].as_str();
            Some(((text("in")?, text("name")?), parameter))
        })
        .collect()
}

pub(super) fn compare(operation: &Pair<'_>, changes: &mut Changes) {
    let mut old = of(operation.old_document, operation.old);
    let mut new = of(operation.new_document, operation.new);
    let id = operation.new.id;
    swapped(operation, &old, &new, changes);
    // Path parameters are what their position is; names are ours to choose.
    if shape(operation.old.path) == shape(operation.new.path) {
        let names = names_in(operation.old.path)
            .into_iter()
            .zip(names_in(operation.new.path));
        let both = |name: &str| {
            let key = ("path", name);
            old.contains_key(&key) && new.contains_key(&key)
        };
        let names: Vec<_> = names
            .filter(|(a, b)| a != b && !(both(a) && both(b)))
            .collect();
        for (a, b) in names {
            let pair = (old.remove(&("path", a)), new.remove(&("path", b)));
            if let (Some(x), Some(y)) = pair {
                let rule = Rule::PathParameterRenamed;
                let at = place("path", b);
                let names = (a.to_owned(), b.to_owned());
                changes.on(id).add(rule, &at, &y.pointer, names.0, names.1);
                one(operation, &at, &x, &y, changes);
            }
        }
    }
    moved(operation, &mut old, &mut new, changes);
    for ((location, name), x) in &old {
        let at = place(location, name);
        match new.get(&(*location, *name)) {
            Some(y) => one(operation, &at, x, y, changes),
            None => {
                let gone = type_of(operation.old_document, x);
                let rule = Rule::ParameterRemoved;
                changes.on(id).add(rule, &at, &x.pointer, gone, None);
            }
        }
    }
    for ((location, name), y) in &new {
        if !old.contains_key(&(*location, *name)) {
            let rule = if is_required(y) {
                Rule::RequiredParameterAdded
            } else {
                Rule::ParameterAdded
            };
            let come = type_of(operation.new_document, y);
            let at = place(location, name);
            changes.on(id).add(rule, &at, &y.pointer, None, come);
        }
    }
}

/// Path parameters of one type in another order: arguments follow the path, and the compiler cannot
/// tell them apart.
fn swapped<'a>(
    operation: &Pair<'a>,
    old: &Parameters<'a>,
    new: &Parameters<'a>,
    changes: &mut Changes,
) {
    let kept = |path: &'a str| {
        let mut names = names_in(path);
        names.retain(|name| {
            let key = ("path", *name);
            old.contains_key(&key) && new.contains_key(&key)
        });
        names
    };
    let (before, after) = (kept(operation.old.path), kept(operation.new.path));
    let moved = before.iter().zip(&after).filter(|(a, b)| a != b);
    let type_at = |name: &str| {
        new.get(&("path", name))
            .map(|parameter| type_of(operation.new_document, parameter))
    };
    if moved.into_iter().any(|(a, b)| type_at(a) == type_at(b)) {
        let (a, b) = (before.join(", "), after.join(", "));
        let (id, pointer) = (operation.new.id, &operation.new.own.pointer);
        let rule = Rule::PathParametersSwapped;
        changes.on(id).add(rule, "", pointer, a, b);
    }
}

/// Parameters of one name that stand elsewhere in the request now.
fn moved<'a>(
    operation: &Pair<'a>,
    old: &mut Parameters<'a>,
    new: &mut Parameters<'a>,
    changes: &mut Changes,
) {
    let gone: Vec<_> = old
        .keys()
        .filter(|key| !new.contains_key(*key))
        .copied()
        .collect();
    for (location, name) in gone {
        let target = new
            .keys()
            .find(|key| key.1 == name && !old.contains_key(*key))
            .copied();
        let Some(target) = target else { continue };
        if let (Some(x), Some(y)) = (old.remove(&(location, name)), new.remove(&target)) {
            let at = place(target.0, name);
            changes.on(operation.new.id).add(
                Rule::ParameterMoved,
                &at,
                &y.pointer,
                location.to_owned(),
                target.0.to_owned(),
            );
            one(operation, &at, &x, &y, changes);
        }
    }
}

fn one<'a>(
    operation: &Pair<'a>,
    at: &str,
    old: &Placed<'a>,
    new: &Placed<'a>,
    changes: &mut Changes,
) {
    let id = operation.new.id;
    let mut add = |rule, a: Option<String>, b: Option<String>| {
        changes.on(id).add(rule, at, &new.pointer, a, b);
    };
    match (is_required(old), is_required(new)) {
        (false, true) => add(Rule::ParameterBecameRequired, None, None),
        (true, false) => add(Rule::ParameterBecameOptional, None, None),
        (true, true) => {
            let (old, new) = (schema(old), schema(new));
            let a = View::of(operation.old_document, &old);
            let b = View::of(operation.new_document, &new);
            if !a.nullable && b.nullable {
                add(
                    Rule::RequestFieldBecameOption,
                    Some(words(&a)),
                    Some(words(&b)),
                );
            }
        }
        (false, false) => {}
    }
    match (is_deprecated(old.value), is_deprecated(new.value)) {
        (false, true) => add(Rule::ParameterDeprecated, None, None),
        (true, false) => add(Rule::ParameterUndeprecated, None, None),
        _ => {}
    }
    // Elsewhere it means nothing.
    let holds_slashes =
        |it: &Placed<'_>| it.value[MULTI_SEGMENT] == true && it.value["in"] == "path";
    match (holds_slashes(old), holds_slashes(new)) {
        (false, true) => add(Rule::PathParameterMayHoldSlashes, None, None),
        (true, false) => add(Rule::PathParameterMustNotHoldSlashes, None, None),
        _ => {}
    }
    let (a, b) = (style(old.value), style(new.value));
    // Each place has a style of its own.
    if a != b && old.value["in"] == new.value["in"] {
        add(Rule::ParameterStyleChanged, Some(a), Some(b));
    }
    operation
        .schemas(Direction::Request, changes)
        .compare(at, &schema(old), &schema(new));
}

fn place(location: &str, name: &str) -> String {
    format!("{location} `{name}`")
}

/// What leads from page to page.
#[derive(PartialEq)]
pub(super) enum Lead {
    Numbers,
    Cursors,
}

/// How an operation can be asked for page after page: by numbers, or by cursors where it takes none.
pub(super) fn lead_on(document: &Value, operation: &OperationObject<'_>) -> Option<Lead> {
    let takes = of(document, operation);
    let is = |name: &str, kind: &str| {
        let parameter = takes.get(&("query", name));
        parameter.is_some_and(|parameter| is_option(document, parameter, kind))
    };
    let takes_page = takes.keys().any(|(_, name)| *name == "page");
    let takes_cursor = is("after", "string") || is("cursor", "string") || is("since", "integer");
    match takes_page {
        true => (is("page", "integer") && is("per_page", "integer")).then_some(Lead::Numbers),
        false => (operation.method == "get" && takes_cursor).then_some(Lead::Cursors),
    }
}

/// Whether it may be left out, and is of a kind without a format of its own.
fn is_option(document: &Value, parameter: &Placed<'_>, wanted: &str) -> bool {
    let schema = schema(parameter);
    let view = View::of(document, &schema);
    let is_plain = kind(&view) == wanted && rust_format(wanted, view.text("format")).is_none();
    is_plain && !is_required(parameter)
}

/// Whether it must be given; what stands in the path always must.
fn is_required(parameter: &Placed<'_>) -> bool {
    parameter.value["required"] == true || parameter.value["in"] == "path"
}

/// How the value is written, with the defaults of OpenAPI filled in.
fn style(parameter: &Value) -> String {
    let default = match parameter["in"].as_str() {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    let style = parameter["style"].as_str().unwrap_or(default);
    let explode = parameter["explode"].as_bool().unwrap_or(style == "form");
    let mut text = style.to_owned();
    if !explode {
        text.push_str(", joined");
    }
    for (key, word) in [
        ("allowReserved", ", reserved characters as they are"),
        ("allowEmptyValue", ", may be empty"),
    ] {
        if parameter[key] == true {
            text.push_str(word);
        }
    }
    if parameter.get("content").is_some() {
        text.push_str(", as JSON");
    }
    text
}

fn schema<'a>(parameter: &Placed<'a>) -> Placed<'a> {
    let media = parameter.get("content").and_then(|content| json(&content));
    schema_of(media.as_ref().unwrap_or(parameter))
}

fn type_of(document: &Value, parameter: &Placed<'_>) -> String {
    words(&View::of(document, &schema(parameter)))
}

fn names_in(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('}')?.0))
        .collect()
}
