//! What actions do to a document.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use serde_json_path::NormalizedPath;

use super::{Action, Edit, Overlay};
use crate::spec::document::{Placed, entries};
use crate::spec::openapi::{Holds, Position, visit};
use crate::spec::pointer::{Pointer, unescape};
use crate::spec::problem::Problem;
use crate::spec::suggest;

impl Overlay {
    /// Applies every action in order and reports those that did not apply.
    ///
    /// An action that fails leaves the document as it was; of one that speaks of parts that are not
    /// there, the other parts apply. Whether a report is an error or, for another edition of the API,
    /// only a note, is the caller's business.
    pub fn apply(&self, document: &mut Value) -> Vec<Problem> {
        let mut found = Vec::new();
        let mut required = Vec::new();
        for (index, action) in self.actions.iter().enumerate() {
            match action.apply(document) {
                Ok(update) => {
                    found.extend(update.missing.into_iter().map(|it| (index, it)));
                    required.extend(update.required.into_iter().map(|it| (index, it)));
                }
                Err(reason) => found.push((index, reason)),
            }
        }
        // A later action may describe what an earlier one requires.
        for (index, (at, name)) in required {
            found.extend(undescribed(document, &at, &name).map(|reason| (index, reason)));
        }
        found.sort_by_key(|(index, _)| *index);
        let found = found.into_iter();
        found
            .map(|(index, Reason { message, help })| {
                let action = &self.actions[index];
                let mut name = format!("action {index}");
                if let Some(description) = &action.description {
                    let first_line = description.lines().next().unwrap_or_default();
                    name = format!("{name} ({first_line})");
                }
                Problem::new(format!("{name}: {message}"))
                    .at(format!("/actions/{index}"))
                    .help(format!("target: {}\n{help}", action.written))
            })
            .collect()
    }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Reason {
    message: String,
    help: String,
}

impl Reason {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
        }
    }
}

const STALE: &str =
    "upstream changed, or the target is misspelt: look again, correct or drop the action";

impl Action {
    /// Makes the edit, and tells what is to be known of it.
    fn apply(&self, document: &mut Value) -> Result<Update, Reason> {
        let found = self.target.query_located(document);
        let places = found.locations().map(NormalizedPath::to_json_pointer);
        let mut places: Vec<_> = places.collect();
        // Later items of an array come later: their indices are longer, or greater.
        places.sort_by_cached_key(|place| {
            let tokens = place.split('/').map(|it| (it.len(), it.to_owned()));
            tokens.collect::<Vec<_>>()
        });
        // One node may be selected twice.
        places.dedup();
        if places.is_empty() {
            return Err(Reason::new("matches nothing", STALE));
        }
        let mut update = Update::default();
        let Edit::Update(value) = &self.edit else {
            // Last first: what is removed moves nothing that is still to be removed.
            for place in places.iter().rev() {
                remove(document, place)?;
            }
            return Ok(update);
        };
        // An array takes a lone value as one more item.
        let items = match value.is_array() {
            true => value.clone(),
            false => json!([value]),
        };
        let mut before = Vec::new();
        for place in &places {
            let Some(node) = document.pointer_mut(place) else {
                continue;
            };
            before.push((place, node.clone()));
            let at = &mut Pointer::new(place.as_str());
            let added = if node.is_array() { &items } else { value };
            let made = update.merge(node, added, holds_at(place), at);
            if let Err(reason) = made {
                for (place, old) in before.into_iter().rev() {
                    if let Some(node) = document.pointer_mut(place) {
                        *node = old;
                    }
                }
                return Err(reason);
            }
            update.require(place, value, &items);
        }
        if !update.changes && update.missing.is_empty() {
            let message = "changes nothing: the description already says so";
            return Err(Reason::new(message, STALE));
        }
        Ok(update)
    }
}

/// What OpenAPI has at a place.
fn holds_at(place: &str) -> Holds {
    let tokens = place.split('/').skip(1);
    tokens.fold(Holds::DOCUMENT, |holds, token| {
        inside(holds, &unescape(token))
    })
}

fn inside(holds: Holds, key: &str) -> Holds {
    match holds {
        Holds::Map(position) | Holds::List(position) => Holds::One(position),
        _ => holds
            .position()
            .and_then(|position| position.holds(key))
            .unwrap_or(Holds::Any),
    }
}

fn remove(document: &mut Value, place: &str) -> Result<(), Reason> {
    let Some((parent, last)) = place.rsplit_once('/') else {
        return Err(Reason::new(
            "removes the whole document",
            "name what to remove in the target",
        ));
    };
    match document.pointer_mut(parent) {
        Some(Value::Object(object)) => drop(object.shift_remove(&unescape(last))),
        Some(Value::Array(array)) => {
            if let Some(index) = last.parse().ok().filter(|index| *index < array.len()) {
                array.remove(index);
            }
        }
        _ => {}
    }
    Ok(())
}

/// What is known of an update.
#[derive(Default)]
struct Update {
    changes: bool,
    /// Which of its parts are about what is not there.
    missing: BTreeSet<Reason>,
    /// Where the schemas stand that it asks for more fields, and the names of those.
    required: Vec<(String, String)>,
}

impl Update {
    /// Makes the update at a node; parts that are about what is not there are left out.
    fn merge(
        &mut self,
        node: &mut Value,
        update: &Value,
        holds: Holds,
        at: &mut Pointer,
    ) -> Result<(), Reason> {
        match (node, update) {
            (Value::Object(node), Value::Object(update)) => {
                for (key, value) in update {
                    let holds = inside(holds, key);
                    at.within(key, |at| match node.get_mut(key) {
                        Some(child) => self.merge(child, value, holds, at),
                        None if is_words(holds, value) => {
                            self.missing.insert(missing(at.as_str(), key));
                            Ok(())
                        }
                        None => {
                            self.changes = true;
                            node.insert(key.clone(), value.clone());
                            Ok(())
                        }
                    })?;
                }
            }
            (Value::Array(node), Value::Array(items)) => {
                for item in items {
                    if is_words(inside(holds, "-"), item) {
                        self.missing.insert(missing(at.as_str(), "a new item"));
                    } else {
                        self.changes = true;
                        node.push(item.clone());
                    }
                }
            }
            (node, value) if is_primitive(node) && is_primitive(value) => {
                self.changes |= node != value;
                *node = value.clone();
            }
            (node, value) => {
                return Err(Reason::new(
                    format!("would merge {} into {}", kind(value), kind(node)),
                    "remove what is there in an action of its own, then add the new",
                ));
            }
        }
        Ok(())
    }

    /// Remembers the fields that the update makes required below a place.
    fn require(&mut self, place: &str, value: &Value, items: &Value) {
        // The list itself, or one of its items.
        let item_of = place.rsplit_once('/').map(|(list, _)| list);
        let mut lists = [Some(place), item_of].into_iter().flatten();
        let schema = lists.find_map(|list| {
            let schema = list.strip_suffix("/required")?;
            (holds_at(schema).position() == Some(Position::Schema)).then_some(schema)
        });
        let list = json!({"required": items});
        let (place, value) = schema.map_or((place, value), |schema| (schema, &list));
        let at = &mut Pointer::new(place);
        visit(holds_at(place), value, at, &mut |node| {
            let names = node.value["required"].as_array().into_iter().flatten();
            let names = names.filter(|_| node.position == Position::Schema);
            let at = || node.at.as_str().to_owned();
            let found = names.filter_map(|name| Some((at(), name.as_str()?.to_owned())));
            self.required.extend(found);
        });
    }
}

/// Why a schema cannot require a field: neither it nor what it is composed with describes one of that name.
fn undescribed(document: &Value, at: &str, name: &str) -> Option<Reason> {
    const COMPOSITIONS: [&str; 3] = ["allOf", "oneOf", "anyOf"];
    let mut whole = at;
    // What is a part of a schema is about the fields of the whole.
    while let Some((holder, _)) = whole.rsplit_once('/')
        && let Some((outer, key)) = holder.rsplit_once('/')
        && COMPOSITIONS.contains(&key)
    {
        whole = outer;
    }
    let mut open = vec![Placed::new(document.pointer(whole)?, whole)];
    let mut seen = BTreeSet::new();
    let mut known = BTreeSet::new();
    while let Some(schema) = open.pop() {
        let schema = schema.resolved(document);
        if seen.insert(schema.pointer.clone()) {
            known.extend(entries(&schema.value["properties"]).map(|(name, _)| name));
            let parts = COMPOSITIONS.iter().filter_map(|key| schema.get(key));
            open.extend(parts.flat_map(|part| part.items()));
        }
    }
    if known.contains(name) {
        return None;
    }
    let mut help = format!("there: {at}\ndescribe the property, or correct the name");
    if !known.is_empty() {
        help = format!("{help}; {}", suggest::did_you_mean(name, known));
    }
    let message = format!("requires `{name}`, which is no property");
    Some(Reason::new(message, help))
}

fn missing(at: &str, key: &str) -> Reason {
    let what = match at.rsplit('/').nth(1) {
        Some("properties") => format!("the property `{key}`"),
        _ => format!("`{key}`"),
    };
    Reason::new(
        format!("has words for {what}, which is not there"),
        format!("not there: {at}\ndrop them, or to add it, say what it is: its `type`, say"),
    )
}

/// Whether what an update would add, or a part of it, does not say what it is.
fn is_words(holds: Holds, value: &Value) -> bool {
    match (holds, value) {
        (Holds::One(position) | Holds::OneOrBool(position), Value::Object(object)) => {
            let mut parts = object.iter();
            !says_what_it_is(position, object)
                || parts.any(|(key, value)| is_words(inside(holds, key), value))
        }
        (Holds::Map(_), Value::Object(object)) => object
            .iter()
            .any(|(key, value)| is_words(inside(holds, key), value)),
        (Holds::List(position), Value::Array(items)) => items
            .iter()
            .any(|item| is_words(Holds::One(position), item)),
        _ => false,
    }
}

fn says_what_it_is(position: Position, object: &Map<String, Value>) -> bool {
    let telling: &[&str] = match position {
        Position::Schema => &["type", "enum", "allOf", "oneOf", "anyOf", "not", "required"],
        Position::Parameter => &["in"],
        Position::RequestBody => &["content"],
        Position::Header | Position::MediaType => &["schema", "content"],
        // An answer without a body has nothing but a description, which may be empty.
        Position::Response if object.get("description").is_some_and(|it| it == "") => return true,
        Position::Response => &["content", "headers"],
        Position::Operation => &["responses"],
        _ => return true,
    };
    object.is_empty()
        || object
            .keys()
            .any(|key| key == "$ref" || telling.contains(&key.as_str()))
}

fn is_primitive(value: &Value) -> bool {
    !value.is_object() && !value.is_array()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Object(_) => "an object",
        Value::Array(_) => "an array",
        Value::String(_) => "a string",
        Value::Number(_) => "a number",
        Value::Bool(_) => "a boolean",
        Value::Null => "null",
    }
}
