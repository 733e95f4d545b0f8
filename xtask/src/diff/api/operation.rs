//! Compares one operation with what became of it.

use serde_json::Value;

use super::changes::{Changes, OperationChanges};
use super::pair::{Pair, is_deprecated, json, shape};
use super::view::is_page;
use super::{body, parameters};
use crate::diff::rule::Rule;
use crate::spec::document::OperationObject;

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
    let answer = |document: &'a Value, operation: &OperationObject<'a>, wanted: &str| {
        let mut responses = operation.responses();
        let (_, response) = responses.find(|(status, _)| *status == wanted)?;
        Some(response.resolved(document))
    };
    let redirects = |document, operation| {
        let response = answer(document, operation, "302");
        response.is_some_and(|response| body::is_redirect("302", &response))
    };
    let pages = |document: &'a Value, operation: &OperationObject<'a>| {
        let takes = parameters::of(document, operation);
        let query = |name: &str| takes.contains_key(&("query", name));
        let body = answer(document, operation, "200")
            .and_then(|ok| json(&ok.get("content")?)?.get("schema"));
        query("page") && query("per_page") && body.is_some_and(|body| is_page(document, &body))
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
