//! Compares what an operation sends and answers with.

use std::collections::BTreeMap;

use super::pair::{End, Pair, Paired, schema_of};
use super::schema::Direction;
use crate::diff::rule::Rule;
use crate::spec::answer::{Answers, Success, asked, form, successes};
use crate::spec::document::Placed;

pub(super) fn request(pair: &Pair<'_>) {
    let at = "body";
    let is_required = |body: &Placed<'_>| body.value["required"] == true;
    let bodies = pair.both(|end| {
        let body = end.operation.own.get("requestBody")?;
        Some(body.resolved(end.document))
    });
    match &bodies {
        [None, None] => {}
        [None, Some(new)] if is_required(new) => {
            pair.note(Rule::RequiredRequestBodyAdded, at, &new.pointer);
        }
        [None, Some(new)] => pair.note(Rule::RequestBodyAdded, at, &new.pointer),
        [Some(old), None] => pair.note(Rule::RequestBodyRemoved, at, &old.pointer),
        [Some(old), Some(new)] => {
            let rules = [
                Rule::RequestBodyBecameRequired,
                Rule::RequestBodyBecameOptional,
            ];
            pair.turn(rules, at, &new.pointer, [old, new].map(is_required));
            media_types(pair, Direction::Request, at, old, new);
        }
    }
}

fn content<'a>(holder: &Placed<'a>) -> Vec<(&'a str, Placed<'a>)> {
    let content = holder.get("content");
    content.iter().flat_map(Placed::entries).collect()
}

fn media_types<'a>(
    pair: &Pair<'a>,
    direction: Direction,
    at: &str,
    old: &Placed<'a>,
    new: &Placed<'a>,
) {
    let is_answer = direction == Direction::Response;
    let Paired { both, gone, come } = Paired::by_name(content(old), content(new));
    for ((name, a), (_, b)) in &both {
        // Text and bytes are what they are, whatever schema they have.
        let is_json = |end: End<'a>, it| matches!(form(end.document, name, it), Success::Json(..));
        if !is_answer || is_json(pair.old, a) || is_json(pair.new, b) {
            let (a, b) = (schema_of(a, "schema"), schema_of(b, "schema"));
            // A body that may be null is given all the same.
            pair.schemas(direction)
                .used(at, &a, &b, [is_answer; 2], false);
        }
    }
    for (name, it) in gone {
        let asked = asked(pair.old.document, pair.old.operation);
        let rule = match direction {
            Direction::Request => Rule::RequestMediaTypeRemoved,
            Direction::Response if asked.contains(&name) => Rule::ResponseMediaTypeRemoved,
            Direction::Response => Rule::UnaskedMediaTypeRemoved,
        };
        pair.add(rule, at, &it.pointer, name.to_owned(), None);
    }
    for (name, it) in come {
        let rule = match direction {
            Direction::Request => Rule::RequestMediaTypeAdded,
            Direction::Response => Rule::ResponseMediaTypeAdded,
        };
        pair.add(rule, at, &it.pointer, None, name.to_owned());
    }
}

type Responses<'a> = BTreeMap<&'a str, Placed<'a>>;

pub(super) fn responses(pair: &Pair<'_>) {
    let [mut old, mut new] = pair.both(statuses);
    one_range(&old, &mut new);
    one_range(&new, &mut old);
    let Paired { both, gone, come } = Paired::by_name(old, new);
    for ((status, a), (_, b)) in &both {
        response(pair, status, a, b);
    }
    // What a redirect means to users has rules of its own.
    for (status, it) in gone.into_iter().filter(|(status, _)| is_success(status)) {
        let rule = Rule::SuccessStatusRemoved;
        pair.add(rule, "", &it.pointer, status.to_owned(), None);
    }
    let answers = pair.old.answers();
    let several = matches!(answers, Some(Answers::ByStatus(_)));
    let reads_nothing = answers.is_some_and(|it| it.kind() == "nothing");
    for (status, it) in come {
        let rule = match is_success(status) {
            true if several => Rule::SuccessVariantAdded,
            true if is_known(pair, status) => Rule::SuccessStatusAdded,
            true if !reads_nothing => Rule::SuccessBodyAdded,
            // Released clients pass over its body, and the change of type is told elsewhere.
            _ => continue,
        };
        pair.add(rule, "", &it.pointer, None, status.to_owned());
    }
}

fn statuses(end: End<'_>) -> Responses<'_> {
    let all = end.operation.responses();
    all.map(|(status, response)| (status, response.resolved(end.document)))
        .collect()
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

/// Whether released clients can decode a success that they know nothing of.
fn is_known(pair: &Pair<'_>, status: &str) -> bool {
    let [mut old, new] = pair.both(|end| successes(end.document, end.operation));
    let new = new.iter().find(|(it, _)| [status, "2XX"].contains(it));
    let Some((_, new)) = new else { return false };
    if old.is_empty() {
        old.push(("204", Success::Nothing));
    }
    let mut old = old.iter().filter(|(status, _)| is_success(status));
    old.any(|(_, old)| match (old, new) {
        (Success::Json(_, Some(a)), Success::Json(_, Some(b))) => {
            pair.schemas(Direction::Response).is_same(a, b)
        }
        (a, b) => a.kind() == b.kind(),
    })
}

fn response<'a>(pair: &Pair<'a>, status: &str, old: &Placed<'a>, new: &Placed<'a>) {
    // Nobody reads the body of a redirect.
    if status.starts_with('2') {
        let has_body = [old, new].map(|response| !content(response).is_empty());
        let rules = [Rule::ResponseBodyAdded, Rule::ResponseBodyRemoved];
        pair.turn(rules, status, &new.pointer, has_body);
        if has_body == [true, true] {
            media_types(pair, Direction::Response, status, old, new);
        }
    }
    headers(pair, status, old, new);
}

fn headers<'a>(pair: &Pair<'a>, status: &str, old: &Placed<'a>, new: &Placed<'a>) {
    let of = |end: End<'a>, response: &Placed<'a>| -> BTreeMap<String, Placed<'a>> {
        let headers = response.get("headers");
        headers
            .iter()
            .flat_map(Placed::entries)
            .map(|(name, header)| (name.to_ascii_lowercase(), header.resolved(end.document)))
            .collect()
    };
    let at = |name: &str| format!("{status} header `{name}`");
    // What the loss of a redirect's target means has a rule of its own.
    let is_told = |(name, _): &(String, Placed<'a>)| (status, name.as_str()) != ("302", "location");
    let Paired { both, gone, come } = Paired::by_name(of(pair.old, old), of(pair.new, new));
    for ((name, a), (_, b)) in &both {
        let schemas = pair.schemas(Direction::Response);
        if !schemas.is_same(&schema_of(a, "schema"), &schema_of(b, "schema"))
            || a.value["required"] != b.value["required"]
        {
            pair.note(Rule::ResponseHeaderChanged, &at(name), &b.pointer);
        }
    }
    for (name, it) in gone.iter().filter(|it| is_told(it)) {
        pair.note(Rule::ResponseHeaderRemoved, &at(name), &it.pointer);
    }
    for (name, it) in come.iter().filter(|it| is_told(it)) {
        pair.note(Rule::ResponseHeaderAdded, &at(name), &it.pointer);
    }
}
