//! Compares one operation with what became of it.

use serde_json::Value;

use super::changes::{Changes, OperationChanges};
use super::pair::{Pair, is_deprecated, shape};
use super::values::kind;
use super::view::View;
use super::{body, parameters};
use crate::diff::rule::Rule;
use crate::spec::answer::{Answers, Success, answers};
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

/// What is generated for the answers of an operation: their type, downloads, streams.
fn behaviour(pair: &Pair<'_>, changes: &mut OperationChanges<'_>) {
    let old = answers(pair.old_document, pair.old);
    let new = answers(pair.new_document, pair.new);
    let pages = |document, operation, answers: &Option<Answers<'_>>| {
        let is_list = match answers {
            Some(Answers::One(it) | Answers::Content(it, _)) => match it {
                Success::Json(_, Some(body)) => is_page(document, body),
                _ => false,
            },
            _ => false,
        };
        parameters::lead_on(document, operation).filter(|_| is_list)
    };
    let pages = [
        pages(pair.old_document, pair.old, &old),
        pages(pair.new_document, pair.new, &new),
    ];
    let at = &pair.new.own.pointer;
    let mut add = |rule| changes.add(rule, "", at, None, None);
    let [old_kind, new_kind] = [&old, &new].map(|it| it.as_ref().map(Answers::kind));
    let [was, is] = [&old, &new].map(|it| it.as_ref().is_some_and(Answers::is_download));
    let url = Some("a signed URL");
    let question = Some("yes or no");
    match (old_kind, new_kind) {
        (_, new) if new == url && old_kind != url => add(Rule::RedirectGained),
        (old, _) if old == url && new_kind != url && !is => add(Rule::RedirectLost),
        _ if is && !was => add(Rule::DownloadGained),
        _ if was && !is => add(Rule::DownloadLost),
        _ => {}
    }
    match pages {
        [Some(_), None] => add(Rule::PaginationLost),
        [None, Some(_)] => add(Rule::PaginationGained),
        [old, new] if old != new => add(Rule::PaginationChanged),
        _ => {}
    }
    match (old_kind, new_kind) {
        (old, new) if old == new => {}
        (old, _) if old == question => add(Rule::QuestionLost),
        (_, new) if new == question => add(Rule::QuestionGained),
        // Where one of them is a redirect without the other, that says it.
        (old, new) if (old == url || new == url) && was != is => {}
        (old, new) => {
            let [old, new] = [old, new].map(|it| it.unwrap_or("unclear").to_owned());
            changes.add(Rule::AnswerFormChanged, "", at, old, new);
        }
    }
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
