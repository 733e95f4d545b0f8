//! Compares one operation with what became of it.

use serde_json::Value;

use super::changes::{Changes, OperationChanges};
use super::pair::{Pair, is_deprecated, shape};
use super::values::kind;
use super::view::View;
use super::{body, parameters};
use crate::diff::rule::Rule;
use crate::spec::answer::{Success, successes};
use crate::spec::document::{OperationObject, Placed};

pub(super) fn compare(pair: &Pair<'_>, changes: &mut Changes) {
    identity(pair, &mut changes.on(pair.new.id));
    parameters::compare(pair, changes);
    body::request(pair, changes);
    body::responses(pair, changes);
    behaviour(pair, &mut changes.on(pair.new.id));
}

fn identity(pair: &Pair<'_>, changes: &mut OperationChanges<'_>) {
    let (old, new) = (pair.old, pair.new);
    let mut add = |rule, a: String, b: String| changes.add(rule, "", &new.own.pointer, a, b);
    if old.id != new.id {
        add(Rule::OperationRenamed, old.id.to_owned(), new.id.to_owned());
    }
    if shape(old.path) != shape(new.path) {
        let (a, b) = (old.path.to_owned(), new.path.to_owned());
        add(Rule::OperationPathChanged, a, b);
    }
    if old.method != new.method {
        let (a, b) = (old.method, new.method);
        let upper = str::to_ascii_uppercase;
        add(Rule::OperationMethodChanged, upper(a), upper(b));
    }
    let link = |operation: &OperationObject<'_>| {
        let url = operation.own.value["externalDocs"]["url"].as_str();
        url.map(str::to_owned)
    };
    if link(old) != link(new) {
        changes.add(
            Rule::DocumentationMoved,
            "",
            &new.own.pointer,
            link(old),
            link(new),
        );
    }
    match (is_deprecated(old.own.value), is_deprecated(new.own.value)) {
        (false, true) => changes.add(Rule::OperationDeprecated, "", &new.own.pointer, None, None),
        (true, false) => changes.add(
            Rule::OperationUndeprecated,
            "",
            &new.own.pointer,
            None,
            None,
        ),
        _ => {}
    }
}

/// What the passes make of an operation: redirects and pages.
fn behaviour<'a>(pair: &Pair<'a>, changes: &mut OperationChanges<'_>) {
    let answer = |document: &'a Value, operation: &OperationObject<'a>| {
        let mut all = successes(document, operation).into_iter();
        all.next().map(|(_, success)| success)
    };
    let redirects = |document: &'a Value, operation| {
        let mut all = successes(document, operation).into_iter();
        all.any(|(_, success)| matches!(success, Success::Redirect))
    };
    let pages = |document: &'a Value, operation: &OperationObject<'a>| {
        let takes = parameters::of(document, operation);
        let counts = |name: &str| {
            let parameter = takes.get(&("query", name));
            parameter.is_some_and(|parameter| parameters::is_count(document, parameter))
        };
        let is_list = |body: &Placed<'a>| is_page(document, body);
        let body = match answer(document, operation) {
            Some(Success::Json(_, body)) => body,
            _ => None,
        };
        counts("page") && counts("per_page") && body.as_ref().is_some_and(is_list)
    };
    let mut add = |was: bool, is: bool, lost, gained| match (was, is) {
        (true, false) => changes.add(lost, "", &pair.new.own.pointer, None, None),
        (false, true) => changes.add(gained, "", &pair.new.own.pointer, None, None),
        _ => {}
    };
    add(
        redirects(pair.old_document, pair.old),
        redirects(pair.new_document, pair.new),
        Rule::RedirectLost,
        Rule::RedirectGained,
    );
    add(
        pages(pair.old_document, pair.old),
        pages(pair.new_document, pair.new),
        Rule::PaginationLost,
        Rule::PaginationGained,
    );
}

/// Whether a body is one page of a list: an array, or an object that holds exactly one. What may be null
/// is none.
fn is_page(document: &Value, schema: &Placed<'_>) -> bool {
    let is_array = |view: &View<'_>| kind(view) == "array" && !view.nullable;
    let view = View::of(document, schema);
    let arrays = view
        .properties
        .values()
        .filter(|property| is_array(&View::of(document, property)));
    is_array(&view) || arrays.count() == 1
}
