//! Compares one operation with what became of it.

use super::body;
use super::pair::{End, Pair, is_deprecated, shape};
use super::parameters::{self, Lead};
use super::values::kind;
use super::view::View;
use crate::diff::rule::Rule;
use crate::spec::answer::{Answers, Success};

pub(super) fn compare(pair: &Pair<'_>) {
    identity(pair);
    parameters::compare(pair);
    body::request(pair);
    body::responses(pair);
    behaviour(pair);
}

fn identity(pair: &Pair<'_>) {
    let [old, new] = pair.both(|end| end.operation);
    let at = new.own.pointer.as_str();
    let ends = [old, new];
    let differ = |rule, words| pair.differ(rule, "", at, words);
    differ(
        Rule::OperationRenamed,
        ends.map(|it| Some(it.id.to_owned())),
    );
    if shape(old.path) != shape(new.path) {
        let paths = ends.map(|it| Some(it.path.to_owned()));
        differ(Rule::OperationPathChanged, paths);
    }
    differ(
        Rule::OperationMethodChanged,
        ends.map(|it| Some(it.method.to_ascii_uppercase())),
    );
    let link = ends.map(|it| it.own.value["externalDocs"]["url"].as_str());
    differ(
        Rule::DocumentationMoved,
        link.map(|it| it.map(str::to_owned)),
    );
    let rules = [Rule::OperationDeprecated, Rule::OperationUndeprecated];
    pair.turn(rules, "", at, ends.map(|it| is_deprecated(it.own.value)));
}

/// What is generated for the answers of an operation: their type, downloads, streams.
fn behaviour(pair: &Pair<'_>) {
    let at = pair.new.operation.own.pointer.as_str();
    let note = |rule| pair.note(rule, "", at);
    let answers = pair.both(End::answers);
    let kinds = answers.each_ref().map(|it| it.as_ref().map(Answers::kind));
    let downloads = answers
        .each_ref()
        .map(|it| it.as_ref().is_some_and(Answers::is_download));
    let is_url = kinds.map(|kind| kind == Some("a signed URL"));
    let is_question = kinds.map(|kind| kind == Some("yes or no"));
    match (is_url, downloads) {
        ([false, true], _) => note(Rule::RedirectGained),
        ([true, false], [_, false]) => note(Rule::RedirectLost),
        (_, [false, true]) => note(Rule::DownloadGained),
        (_, [true, false]) => note(Rule::DownloadLost),
        _ => {}
    }
    match pair.both(lead) {
        [Some(_), None] => note(Rule::PaginationLost),
        [None, Some(_)] => note(Rule::PaginationGained),
        [old, new] if old != new => note(Rule::PaginationChanged),
        _ => {}
    }
    match is_question {
        [true, false] => note(Rule::QuestionLost),
        [false, true] => note(Rule::QuestionGained),
        // Where one of them is a redirect without the other, that says it.
        _ if is_url[0] != is_url[1] && downloads[0] != downloads[1] => {}
        _ => {
            let words = kinds.map(|kind| Some(kind.unwrap_or("unclear").to_owned()));
            pair.differ(Rule::AnswerFormChanged, "", at, words);
        }
    }
}

/// What leads from page to page, if an operation answers with one page of a list: an array, or an object
/// that holds exactly one. What may be null is none.
fn lead(end: End<'_>) -> Option<Lead> {
    let is_array = |view: &View<'_>| kind(view) == "array" && !view.nullable;
    let Some(
        Answers::One(Success::Json(_, Some(body)))
        | Answers::Content(Success::Json(_, Some(body)), _),
    ) = end.answers()
    else {
        return None;
    };
    let view = end.view(&body);
    let properties = view.properties.values();
    let arrays = properties.filter(|property| is_array(&end.view(property)));
    let is_page = is_array(&view) || arrays.count() == 1;
    parameters::lead(end).filter(|_| is_page)
}
