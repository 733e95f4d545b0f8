//! Keeps what a client needs, in one order, and follows every `$ref` out of it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::source::Description;
use crate::spec::document::entries;
use crate::spec::openapi::{
    EXTENSIONS, Holds, METHODS, Position, parse_reference, references, visit_mut,
};
use crate::spec::pointer::{Pointer, unescape};
use crate::spec::problem::{Problem, Problems};
use crate::spec::suggest;

/// What can be done about what is wrong upstream, where no overlay reaches.
const CORRECT: &str =
    "correct a copy of the description and trim that, or drop the operation from <selection>";

/// The methods kept of each path.
pub(super) type Routes = BTreeMap<String, BTreeSet<&'static str>>;

/// The part of `description` that holds `routes` and all that they refer to.
pub(super) fn closure(description: &Description, routes: &Routes) -> Result<Value, Problems> {
    let mut closure = Closure {
        description,
        wanted: Vec::new(),
        seen: BTreeSet::new(),
        problems: Vec::new(),
    };
    let document = closure.document(routes);
    // What is not kept may be wrong.
    let twice = description.twice.iter();
    let twice = twice.filter(|at| document.pointer(at).is_some());
    closure.problems.extend(twice.map(|at| {
        let key = unescape(at.rsplit('/').next().unwrap_or_default());
        Problem::new(format!(
            "duplicate key `{key}`: one of the two would be ignored"
        ))
        .at(at)
        .help(CORRECT)
    }));
    Problems::check(closure.problems).map_err(|problems| problems.in_file(&description.name))?;
    Ok(document)
}

/// Cleans as it goes and remembers which components are still to come.
struct Closure<'a> {
    description: &'a Description,
    wanted: Vec<(Position, String)>,
    seen: BTreeSet<(Position, String)>,
    problems: Vec<Problem>,
}

impl Closure<'_> {
    fn document(&mut self, routes: &Routes) -> Value {
        let full = &self.description.document;
        let mut document = Map::new();
        document.insert("openapi".into(), full["openapi"].clone());
        // Required by OpenAPI; what they say upstream is prose and is recorded in the header.
        let info = [("title", ""), ("version", "")];
        let info = info.map(|(key, text)| (key.to_owned(), text.into()));
        document.insert("info".into(), Value::Object(Map::from_iter(info)));
        if let Some(servers) = full.get("servers") {
            let servers = self.keep(Holds::List(Position::Server), servers.clone(), "/servers");
            document.insert("servers".into(), servers);
        }
        let paths = routes.iter().map(|(path, methods)| {
            let mut item = full["paths"][path].clone();
            if let Value::Object(item) = &mut item {
                item.retain(|key, _| {
                    !METHODS.contains(&key.as_str()) || methods.contains(key.as_str())
                });
            }
            let at = Pointer::new("/paths").join(path);
            (
                path.clone(),
                self.keep(Holds::One(Position::PathItem), item, &at),
            )
        });
        let paths = paths.collect();
        document.insert("paths".into(), Value::Object(paths));
        document.insert("components".into(), self.components());
        document.into()
    }

    fn components(&mut self) -> Value {
        let mut components = Map::new();
        while let Some((position, name)) = self.wanted.pop() {
            let section = position.section().unwrap_or_default();
            if let Some(component) = self.description.component(section, &name) {
                let (value, at) = (component.value.clone(), component.pointer);
                let value = self.keep(Holds::One(position), value, &at);
                let section = components.entry(section).or_insert_with(|| json!({}));
                section[name] = value;
            }
        }
        cleaned(Position::Components, components)
    }

    /// `value` without prose, its keys in order. A value of the wrong kind stays: lint names it.
    fn keep(&mut self, holds: Holds, mut value: Value, at: &str) -> Value {
        let at = &mut Pointer::new(at);
        visit_mut(holds, &mut value, at, &mut |position, value, at| {
            for (position, key, target) in references(position, value) {
                let key = key.map(|key| Pointer::new(at.join("mapping")).join(key));
                self.follow(
                    position,
                    &target,
                    &key.unwrap_or_else(|| at.as_str().to_owned()),
                );
            }
            if let Value::Object(object) = value {
                *value = cleaned(position, std::mem::take(object));
            }
        });
        value
    }

    fn follow(&mut self, position: Position, target: &str, at: &str) {
        let section = position.section().unwrap_or_default();
        let (message, nearest) = match parse_reference(target) {
            Ok((found, name)) if found == section => {
                if self.description.component(section, &name).is_some() {
                    if self.seen.insert((position, name.clone())) {
                        self.wanted.push((position, name));
                    }
                    return;
                }
                let known = entries(&self.description.document["components"][section]);
                let nearest = suggest::nearest(&name, known.map(|(name, _)| name));
                ("points to nothing".to_owned(), nearest.join("`, `"))
            }
            Ok((found, _)) => {
                let here = position.name();
                let message = format!("points into `{found}`, but {here} stands here");
                (message, String::new())
            }
            Err(reason) => (reason.to_owned(), String::new()),
        };
        let help = match nearest.is_empty() {
            true => CORRECT.to_owned(),
            false => format!("the nearest in `{section}`: `{nearest}`\n{CORRECT}"),
        };
        let problem = Problem::new(format!("`$ref: {target}` {message}"));
        self.problems.push(problem.at(at).help(help));
    }
}

/// An object without prose, its keys in order.
fn cleaned(position: Position, mut object: Map<String, Value>) -> Value {
    if position.section().is_some()
        && let Some(target @ Value::String(_)) = object.get("$ref")
    {
        // Keys beside a `$ref` mean nothing in OpenAPI 3.0.
        return json!({"$ref": target});
    }
    let mut kept = Map::new();
    for (key, holds) in position.keys() {
        let value = match (holds, object.remove(*key)) {
            (_, None) | (Holds::Dropped, _) => continue,
            // The one prose that OpenAPI requires.
            (Holds::Prose, _) if (position, *key) == (Position::Response, "description") => {
                "".into()
            }
            (Holds::Prose, _) => continue,
            (Holds::Map(position), Some(Value::Object(mut entries))) => {
                // Of all maps, `responses` may hold extensions; a header may well be `x-…`.
                entries
                    .retain(|name, _| *position != Position::Response || !name.starts_with("x-"));
                entries.sort_keys();
                entries.into()
            }
            (Holds::One(_) | Holds::OneOrBool(_) | Holds::List(_), Some(value)) => value,
            (_, Some(mut value)) => {
                value.sort_all_objects();
                value
            }
        };
        kept.insert((*key).to_owned(), value);
    }
    // What OpenAPI does not know stays for lint to refuse.
    object.sort_keys();
    for (key, mut value) in object {
        if !key.starts_with("x-") || EXTENSIONS.contains(&key.as_str()) {
            value.sort_all_objects();
            kept.insert(key, value);
        }
    }
    kept.into()
}
