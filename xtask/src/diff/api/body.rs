//! Compares what an operation sends and answers with.

use std::collections::BTreeMap;

use serde_json::Value;

use super::changes::Changes;
use super::pair::{Pair, schema_of};
use super::schema::{Direction, Schemas};
use crate::diff::rule::Rule;
use crate::spec::answer::{Answers, Success, answers, asked, form, successes};
use crate::spec::document::{OperationObject, Placed};

pub(super) fn request<'a>(operation: &Pair<'a>, changes: &mut Changes) {
    let body = |operation: &OperationObject<'a>, document| {
        let body = operation.own.get("requestBody")?;
        Some(body.resolved(document))
    };
    let old = body(operation.old, operation.old_document);
    let new = body(operation.new, operation.new_document);
    let required = |body: &Placed<'_>| body.value["required"] == true;
    let id = operation.new.id;
    let at = "body";
    match (old, new) {
        (None, None) => {}
        (None, Some(new)) => {
            let rule = if required(&new) {
                Rule::RequiredRequestBodyAdded
            } else {
                Rule::RequestBodyAdded
            };
            changes.on(id).add(rule, at, &new.pointer, None, None);
        }
        (Some(old), None) => {
            let rule = Rule::RequestBodyRemoved;
            changes.on(id).add(rule, at, &old.pointer, None, None);
        }
        (Some(old), Some(new)) => {
            let rule = match (required(&old), required(&new)) {
                (false, true) => Some(Rule::RequestBodyBecameRequired),
                (true, false) => Some(Rule::RequestBodyBecameOptional),
                _ => None,
            };
            if let Some(rule) = rule {
                changes.on(id).add(rule, at, &new.pointer, None, None);
            }
            let media = Media {
                at,
                direction: Direction::Request,
                added: Rule::RequestMediaTypeAdded,
                removed: Rule::RequestMediaTypeRemoved,
            };
            media.compare(operation, &old, &new, changes);
        }
    }
}

/// What to say of media types that come and go.
struct Media<'m> {
    at: &'m str,
    direction: Direction,
    added: Rule,
    removed: Rule,
}

impl Media<'_> {
    fn compare<'a>(
        &self,
        operation: &Pair<'a>,
        old: &Placed<'a>,
        new: &Placed<'a>,
        changes: &mut Changes,
    ) {
        let (old, new) = (media_types(old), media_types(new));
        let id = operation.new.id;
        for (name, a) in &old {
            let is_answer = self.direction == Direction::Response;
            let Some(b) = new.get(name) else {
                let is_asked = || asked(operation.old_document, operation.old).contains(name);
                let rule = match !is_answer || is_asked() {
                    true => self.removed,
                    false => Rule::UnaskedMediaTypeRemoved,
                };
                let name = (*name).to_owned();
                changes.on(id).add(rule, self.at, &a.pointer, name, None);
                continue;
            };
            // Text and bytes are what they are, whatever schema they have.
            let is_json = |document, it| matches!(form(document, name, it), Success::Json(..));
            if is_answer
                && !is_json(operation.old_document, a)
                && !is_json(operation.new_document, b)
            {
                continue;
            }
            operation.schemas(self.direction, changes).compare(
                self.at,
                &schema_of(a),
                &schema_of(b),
            );
        }
        for (name, b) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            let name = (*name).to_owned();
            changes
                .on(id)
                .add(self.added, self.at, &b.pointer, None, name);
        }
    }
}

fn media_types<'a>(holder: &Placed<'a>) -> BTreeMap<&'a str, Placed<'a>> {
    let content = holder.get("content");
    content.iter().flat_map(Placed::entries).collect()
}

type Responses<'a> = BTreeMap<&'a str, Placed<'a>>;

pub(super) fn responses(operation: &Pair<'_>, changes: &mut Changes) {
    let mut old = statuses(operation.old_document, operation.old);
    let mut new = statuses(operation.new_document, operation.new);
    one_range(&old, &mut new);
    one_range(&new, &mut old);
    let id = operation.new.id;
    for (status, a) in &old {
        match new.get(status) {
            Some(b) => response(operation, status, a, b, changes),
            None => {
                // What a redirect means to users has rules of its own.
                if is_success(status) {
                    let rule = Rule::SuccessStatusRemoved;
                    let status = (*status).to_owned();
                    changes.on(id).add(rule, "", &a.pointer, status, None);
                }
            }
        }
    }
    let old_answers = answers(operation.old_document, operation.old);
    let several = matches!(old_answers, Some(Answers::ByStatus(_)));
    let reads_nothing = old_answers.is_some_and(|it| it.kind() == "nothing");
    for (status, b) in new.iter().filter(|(status, _)| !old.contains_key(*status)) {
        let rule = match is_success(status) {
            true if several => Rule::SuccessVariantAdded,
            true if is_known(operation, status) => Rule::SuccessStatusAdded,
            true if !reads_nothing => Rule::SuccessBodyAdded,
            // Released clients pass over its body, and the change of type is told elsewhere.
            _ => continue,
        };
        let status = (*status).to_owned();
        changes.on(id).add(rule, "", &b.pointer, None, status);
    }
}

fn is_success(status: &str) -> bool {
    status.starts_with('2') || status == "303"
}

/// Lets a range stand for each success of the other side that is in it.
fn one_range<'a>(some: &Responses<'a>, range: &mut Responses<'a>) {
    if some.contains_key("2XX") {
        return;
    }
    let known = |status: &&str| status.starts_with('2') && !range.contains_key(*status);
    let missing: Vec<_> = some.keys().copied().filter(known).collect();
    if !missing.is_empty()
        && let Some(all) = range.remove("2XX")
    {
        let each = missing.into_iter().map(|status| (status, all.clone()));
        range.extend(each);
    }
}

fn statuses<'a>(document: &'a Value, operation: &OperationObject<'a>) -> Responses<'a> {
    let all = operation.responses();
    all.map(|(status, response)| (status, response.resolved(document)))
        .collect()
}

/// Whether released clients can decode a success that they know nothing of.
fn is_known(operation: &Pair<'_>, status: &str) -> bool {
    let new = successes(operation.new_document, operation.new);
    let new = new.iter().find(|(it, _)| [status, "2XX"].contains(it));
    let Some((_, new)) = new else { return false };
    let mut old = successes(operation.old_document, operation.old);
    if old.is_empty() {
        old.push(("204", Success::Nothing));
    }
    let mut old = old.iter().filter(|(status, _)| is_success(status));
    old.any(|(_, old)| match (old, new) {
        (Success::Json(_, Some(a)), Success::Json(_, Some(b))) => {
            let mut found = Changes::default();
            Schemas::new(
                operation.old_document,
                operation.new_document,
                Direction::Response,
                found.on(""),
            )
            .compare("", a, b);
            found.is_empty()
        }
        (a, b) => a.kind() == b.kind(),
    })
}

fn response<'a>(
    operation: &Pair<'a>,
    status: &str,
    old: &Placed<'a>,
    new: &Placed<'a>,
    changes: &mut Changes,
) {
    let id = operation.new.id;
    let has_body = |response: &Placed<'_>| !media_types(response).is_empty();
    let mut add = |rule| changes.on(id).add(rule, status, &new.pointer, None, None);
    match (has_body(old), has_body(new)) {
        (false, true) => add(Rule::ResponseBodyAdded),
        (true, false) => add(Rule::ResponseBodyRemoved),
        (false, false) => {}
        (true, true) => {
            let media = Media {
                at: status,
                direction: Direction::Response,
                added: Rule::ResponseMediaTypeAdded,
                removed: Rule::ResponseMediaTypeRemoved,
            };
            media.compare(operation, old, new, changes);
        }
    }
    headers(operation, status, old, new, changes);
}

fn headers<'a>(
    operation: &Pair<'a>,
    status: &str,
    old: &Placed<'a>,
    new: &Placed<'a>,
    changes: &mut Changes,
) {
    let of = |document: &'a Value, response: &Placed<'a>| -> BTreeMap<String, Placed<'a>> {
        let headers = response.get("headers");
        headers
            .iter()
            .flat_map(Placed::entries)
            .map(|(name, header)| (name.to_ascii_lowercase(), header.resolved(document)))
            .collect()
    };
    let (old, new) = (
        of(operation.old_document, old),
        of(operation.new_document, new),
    );
    let id = operation.new.id;
    let at = |name: &str| format!("{status} header `{name}`");
    for (name, a) in &old {
        let Some(b) = new.get(name) else {
            // What the loss of a redirect's target means has a rule of its own.
            if (status, name.as_str()) != ("302", "location") {
                let rule = Rule::ResponseHeaderRemoved;
                changes.on(id).add(rule, &at(name), &a.pointer, None, None);
            }
            continue;
        };
        let mut found = Changes::default();
        operation.schemas(Direction::Response, &mut found).compare(
            "",
            &schema_of(a),
            &schema_of(b),
        );
        if !found.is_empty() || a.value["required"] != b.value["required"] {
            let rule = Rule::ResponseHeaderChanged;
            changes.on(id).add(rule, &at(name), &b.pointer, None, None);
        }
    }
    for (name, b) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        if (status, name.as_str()) != ("302", "location") {
            let rule = Rule::ResponseHeaderAdded;
            changes.on(id).add(rule, &at(name), &b.pointer, None, None);
        }
    }
}
