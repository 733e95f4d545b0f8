//! Applies the actions of an overlay to a document.

use std::collections::BTreeSet;

use serde_json::Value;
use serde_json_path::PathElement;

use super::{Action, Edit, Overlay};
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
    /// An action that fails leaves the document as it was. Whether a report is an error or,
    /// for another edition of the API, only a note, is the caller's business.
    pub fn apply(&self, document: &mut Value) -> Vec<Problem> {
        let apply = |(index, action): (usize, &Action)| {
            let reason = action.apply(document).err()?;
            let mut name = format!("action {index}");
            if let Some(description) = &action.description {
                let first_line = description.lines().next().unwrap_or_default();
                name = format!("{name} ({first_line})");
            }
            Some(
                Problem::new(format!("{name}: {}", reason.message))
                    .at(format!("/actions/{index}"))
                    .help(format!("target: {}\n{}", action.target, reason.help)),
            )
        };
        self.actions.iter().enumerate().filter_map(apply).collect()
    }
}

struct Reason {
    message: String,
    help: &'static str,
}

const STALE: &str =
    "upstream changed, or the target is misspelt: look again, correct or drop the action";

impl Action {
    fn apply(&self, document: &mut Value) -> Result<(), Reason> {
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
            return Err(Reason {
                message: "matches nothing".to_owned(),
                help: STALE,
            });
        }
        match &self.edit {
            Edit::Remove => {
                // Last first: what is removed moves nothing that is still to be removed.
                for place in places.iter().rev() {
                    remove(document, place)?;
                }
                Ok(())
            }
            Edit::Update(update) => {
                let mut updated = document.clone();
                for place in &places {
                    if let Some(node) = find(&mut updated, place) {
                        merge(node, update, true)?;
                    }
                }
                if updated == *document {
                    return Err(Reason {
                        message: "changes nothing: the description already says so".to_owned(),
                        help: STALE,
                    });
                }
                *document = updated;
                Ok(())
            }
        }
    }
}

fn find<'a>(document: &'a mut Value, place: &[Step]) -> Option<&'a mut Value> {
    place.iter().try_fold(document, |node, step| match step {
        Step::Name(name) => node.get_mut(name),
        Step::Index(index) => node.get_mut(index),
    })
}

fn remove(document: &mut Value, place: &[Step]) -> Result<(), Reason> {
    let Some((last, parent)) = place.split_last() else {
        return Err(Reason {
            message: "removes the whole document".to_owned(),
            help: "name what to remove in the target",
        });
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

/// `update` wins. At the target itself, an array takes a lone value as one more item.
fn merge(node: &mut Value, update: &Value, is_target: bool) -> Result<(), Reason> {
    match (node, update) {
        (Value::Object(node), Value::Object(update)) => {
            for (key, value) in update {
                match node.get_mut(key) {
                    Some(child) => merge(child, value, false)?,
                    None => {
                        node.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(node), Value::Array(update)) => node.extend(update.iter().cloned()),
        (Value::Array(node), value) if is_target => node.push(value.clone()),
        (node, value) if is_primitive(node) && is_primitive(value) => *node = value.clone(),
        (node, value) => {
            return Err(Reason {
                message: format!("would merge {} into {}", kind(value), kind(node)),
                help: "remove what is there in an action of its own, then add the new",
            });
        }
    }
    Ok(())
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
