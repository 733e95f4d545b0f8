//! What actions do to a document.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use serde_json_path::PathElement;

use super::{Action, Edit, Overlay};
use crate::spec::openapi::{Holds, Position};
use crate::spec::pointer::Pointer;
use crate::spec::problem::Problem;

/// One step of a path to a node. `Ord`: later items of an array come later.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Name(String),
    Index(usize),
}

impl Overlay {
    /// Applies every action in order and reports those that did not apply.
    ///
    /// An action that fails leaves the document as it was; of one that speaks of parts that are not
    /// there, the other parts apply. Whether a report is an error or, for another edition of the API,
    /// only a note, is the caller's business.
    pub fn apply(&self, document: &mut Value) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (index, action) in self.actions.iter().enumerate() {
            let mut name = format!("action {index}");
            if let Some(description) = &action.description {
                let first_line = description.lines().next().unwrap_or_default();
                name = format!("{name} ({first_line})");
            }
            let reasons = match action.apply(document) {
                Ok(missing) => missing.into_iter().collect(),
                Err(reason) => vec![reason],
            };
            problems.extend(reasons.into_iter().map(|Reason { message, help }| {
                Problem::new(format!("{name}: {message}"))
                    .at(format!("/actions/{index}"))
                    .help(format!("target: {}\n{help}", action.target))
            }));
        }
        problems
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
    /// Tells which parts of an update are about what is not there.
    fn apply(&self, document: &mut Value) -> Result<BTreeSet<Reason>, Reason> {
        // A set: one node may be selected twice.
        let places: BTreeSet<Vec<Step>> = self
            .target
            .query_located(document)
            .locations()
            .map(|location| {
                let step = |element: &PathElement<'_>| match element {
                    PathElement::Name(name) => Step::Name((*name).to_owned()),
                    PathElement::Index(index) => Step::Index(*index),
                };
                location.iter().map(step).collect()
            })
            .collect();
        if places.is_empty() {
            return Err(Reason::new("matches nothing", STALE));
        }
        let mut update = match &self.edit {
            Edit::Remove => {
                // Last first: what is removed moves nothing that is still to be removed.
                for place in places.iter().rev() {
                    remove(document, place)?;
                }
                return Ok(BTreeSet::new());
            }
            Edit::Update(value) => Update {
                value,
                changes: false,
                missing: BTreeSet::new(),
            },
        };
        for place in &places {
            if let Some(node) = find(document, place) {
                update.check(node, update.value, holds_at(place), &mut pointer_to(place))?;
            }
        }
        if !update.changes && update.missing.is_empty() {
            let message = "changes nothing: the description already says so";
            return Err(Reason::new(message, STALE));
        }
        for place in &places {
            if let Some(node) = find(document, place) {
                merge(node, update.value, holds_at(place), true);
            }
        }
        Ok(update.missing)
    }
}

fn find<'a>(document: &'a mut Value, place: &[Step]) -> Option<&'a mut Value> {
    place.iter().try_fold(document, |node, step| match step {
        Step::Name(name) => node.get_mut(name),
        Step::Index(index) => node.get_mut(index),
    })
}

fn pointer_to(place: &[Step]) -> Pointer {
    let mut pointer = Pointer::default();
    for step in place {
        match step {
            Step::Name(name) => pointer.push(name),
            Step::Index(index) => pointer.push(&index.to_string()),
        }
    }
    pointer
}

/// What OpenAPI has at a place.
fn holds_at(place: &[Step]) -> Holds {
    place
        .iter()
        .fold(Holds::One(Position::Document), |holds, step| match step {
            Step::Name(name) => inside(holds, name),
            Step::Index(_) => item_of(holds),
        })
}

fn item_of(holds: Holds) -> Holds {
    match holds {
        Holds::List(position) => Holds::One(position),
        _ => Holds::Any,
    }
}

fn inside(holds: Holds, key: &str) -> Holds {
    match holds {
        Holds::One(position) | Holds::OneOrBool(position) => {
            position.holds(key).unwrap_or(Holds::Any)
        }
        Holds::Map(position) => Holds::One(position),
        _ => Holds::Any,
    }
}

fn remove(document: &mut Value, place: &[Step]) -> Result<(), Reason> {
    let Some((last, parent)) = place.split_last() else {
        return Err(Reason::new(
            "removes the whole document",
            "name what to remove in the target",
        ));
    };
    match (find(document, parent), last) {
        (Some(Value::Object(object)), Step::Name(name)) => {
            object.shift_remove(name);
        }
        (Some(Value::Array(array)), Step::Index(index)) if *index < array.len() => {
            array.remove(*index);
        }
        _ => {}
    }
    Ok(())
}

/// An update before it is made.
struct Update<'a> {
    value: &'a Value,
    changes: bool,
    missing: BTreeSet<Reason>,
}

impl Update<'_> {
    fn check(
        &mut self,
        node: &Value,
        update: &Value,
        holds: Holds,
        at: &mut Pointer,
    ) -> Result<(), Reason> {
        match (node, update) {
            (Value::Object(node), Value::Object(update)) => {
                for (key, value) in update {
                    let holds = inside(holds, key);
                    at.within(key, |at| match node.get(key) {
                        Some(child) => self.check(child, value, holds, at),
                        None if is_words(holds, value) => {
                            self.missing.insert(missing(at.as_str(), key));
                            Ok(())
                        }
                        None => {
                            self.changes = true;
                            Ok(())
                        }
                    })?;
                }
            }
            // At the target itself, an array takes a lone value as one more item.
            (Value::Array(_), value) if value.is_array() || std::ptr::eq(value, self.value) => {
                let items = value
                    .as_array()
                    .map_or(std::slice::from_ref(value), Vec::as_slice);
                for item in items {
                    if is_words(item_of(holds), item) {
                        self.missing.insert(missing(at.as_str(), "a new item"));
                    } else {
                        self.changes = true;
                    }
                }
            }
            (node, value) if is_primitive(node) && is_primitive(value) => {
                self.changes |= node != value;
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

/// Makes an update that was checked; parts that are about what is not there are left out.
fn merge(node: &mut Value, update: &Value, holds: Holds, is_target: bool) {
    match (node, update) {
        (Value::Object(node), Value::Object(update)) => {
            for (key, value) in update {
                let holds = inside(holds, key);
                match node.get_mut(key) {
                    Some(child) => merge(child, value, holds, false),
                    None if is_words(holds, value) => {}
                    None => drop(node.insert(key.clone(), value.clone())),
                }
            }
        }
        (Value::Array(node), update) if update.is_array() || is_target => {
            let items = update
                .as_array()
                .map_or(std::slice::from_ref(update), Vec::as_slice);
            let items = items.iter().filter(|item| !is_words(item_of(holds), item));
            node.extend(items.cloned());
        }
        (node, value) => *node = value.clone(),
    }
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
