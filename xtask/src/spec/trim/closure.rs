//! Keeps what a client needs, in one order, and follows every `$ref` out of it.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::source::Description;
use crate::spec::model::{EXTENSIONS, Holds, METHODS, Position};
use crate::spec::pointer::{Pointer, unescape};
use crate::spec::problem::Problem;
use crate::spec::suggest;

/// The positions that components have, in the order in which we write them.
const SECTIONS: [Position; 5] = [
    Position::Schema,
    Position::Response,
    Position::Parameter,
    Position::RequestBody,
    Position::Header,
];

/// The methods kept of each path.
pub(super) type Routes = BTreeMap<String, BTreeSet<&'static str>>;

/// Cleans as it goes and remembers which components are still to come.
pub(super) struct Closure<'a> {
    description: &'a Description<'a>,
    wanted: Vec<(Position, String)>,
    seen: BTreeSet<(Position, String)>,
    at: Pointer,
    problems: Vec<Problem>,
}

impl<'a> Closure<'a> {
    pub(super) fn new(description: &'a Description<'a>) -> Self {
        Self {
            description,
            wanted: Vec::new(),
            seen: BTreeSet::new(),
            at: Pointer::default(),
            problems: Vec::new(),
        }
    }

    /// The document that holds `routes` and all that they refer to.
    pub(super) fn document(mut self, routes: &Routes) -> Result<Value, Vec<Problem>> {
        let mut document = Map::new();
        document.insert("openapi".into(), self.description.openapi().into());
        // Required by OpenAPI; what they say upstream is prose and is recorded in the header.
        let info = [("title", ""), ("version", "")];
        let info = info
            .into_iter()
            .map(|(key, text)| (key.to_owned(), text.into()))
            .collect();
        document.insert("info".into(), Value::Object(info));
        if let Some(servers) = self.description.servers {
            let servers = self.step("servers", |this| {
                let servers = this.parse(servers);
                this.keep(Holds::List(Position::Server), servers)
            });
            document.insert("servers".into(), servers);
        }
        let paths = self.step("paths", |this| {
            routes
                .iter()
                .map(|(path, methods)| {
                    (
                        path.clone(),
                        this.step(path, |this| this.path_item(path, methods)),
                    )
                })
                .collect()
        });
        document.insert("paths".into(), Value::Object(paths));
        document.insert("components".into(), Value::Object(self.components()));
        if self.problems.is_empty() {
            Ok(Value::Object(document))
        } else {
            Err(self.problems)
        }
    }

    /// The selected methods, and the parameters that all of them share.
    fn path_item(&mut self, path: &str, methods: &BTreeSet<&'static str>) -> Value {
        let Some(raw) = self.description.paths.0.get(path) else {
            return Value::Null;
        };
        let Value::Object(mut item) = self.parse(raw) else {
            return Value::Null;
        };
        if item.contains_key("$ref") {
            self.problem("a path that lives elsewhere (`$ref`) is not supported");
        }
        item.retain(|key, _| !METHODS.contains(&key.as_str()) || methods.contains(key.as_str()));
        self.object(Position::PathItem, item)
    }

    fn components(&mut self) -> Map<String, Value> {
        let mut sections: BTreeMap<Position, BTreeMap<String, Value>> = BTreeMap::new();
        while let Some((position, name)) = self.wanted.pop() {
            let Some(section) = position.section() else {
                continue;
            };
            let Some(raw) = self.component(section, &name) else {
                continue;
            };
            self.at = Pointer::new("/components");
            self.at.push(section);
            self.at.push(&name);
            let value = self.parse(raw);
            let value = self.keep(Holds::One(position), value);
            sections.entry(position).or_default().insert(name, value);
        }
        SECTIONS
            .into_iter()
            .filter_map(|position| {
                let entries = sections.remove(&position)?;
                Some((
                    position.section()?.to_owned(),
                    Value::Object(entries.into_iter().collect()),
                ))
            })
            .collect()
    }

    fn component(&self, section: &str, name: &str) -> Option<&'a RawValue> {
        self.description.section(section)?.0.get(name).copied()
    }

    fn parse(&mut self, raw: &RawValue) -> Value {
        serde_json::from_str(raw.get()).unwrap_or_else(|error| {
            self.problem(format!("cannot be read: {error}"));
            Value::Null
        })
    }

    fn step<R>(&mut self, token: &str, f: impl FnOnce(&mut Self) -> R) -> R {
        let outer = self.at.clone();
        self.at.push(token);
        let result = f(self);
        self.at = outer;
        result
    }

    fn problem(&mut self, message: impl Into<String>) {
        self.problems
            .push(Problem::new(message).at(self.at.as_str()));
    }

    /// `value` without prose, its keys in order. A value of the wrong kind stays: lint names it.
    fn keep(&mut self, holds: Holds, value: Value) -> Value {
        match (holds, value) {
            (Holds::One(position) | Holds::OneOrBool(position), Value::Object(object)) => {
                self.object(position, object)
            }
            (Holds::List(position), Value::Array(items)) => items
                .into_iter()
                .enumerate()
                .map(|(index, item)| {
                    self.step(&index.to_string(), |this| {
                        this.keep(Holds::One(position), item)
                    })
                })
                .collect(),
            (Holds::Map(position), Value::Object(entries)) => {
                let entries: BTreeMap<String, Value> = entries.into_iter().collect();
                let entries = entries
                    .into_iter()
                    // Of all maps, `responses` may hold extensions; a header may well be `x-…`.
                    .filter(|(name, _)| position != Position::Response || !name.starts_with("x-"))
                    .map(|(name, entry)| {
                        let kept = self.step(&name, |this| this.keep(Holds::One(position), entry));
                        (name, kept)
                    })
                    .collect();
                Value::Object(entries)
            }
            (_, value) => sorted(value),
        }
    }

    fn object(&mut self, position: Position, mut object: Map<String, Value>) -> Value {
        if position.section().is_some()
            && let Some(Value::String(target)) = object.get("$ref")
        {
            // Keys beside a `$ref` mean nothing in OpenAPI 3.0.
            let target = target.clone();
            self.follow(position, &target);
            return Value::Object(Map::from_iter([("$ref".to_owned(), target.into())]));
        }
        if position == Position::Discriminator {
            self.follow_mapping(&object);
        }
        let mut kept = Map::new();
        for (key, holds) in position.keys() {
            let Some(value) = object.remove(*key) else {
                continue;
            };
            match holds {
                // The one prose that OpenAPI requires.
                Holds::Prose if position == Position::Response && *key == "description" => {
                    kept.insert((*key).to_owned(), "".into());
                }
                Holds::Prose | Holds::Dropped => {}
                holds => {
                    let value = self.step(key, |this| this.keep(*holds, value));
                    kept.insert((*key).to_owned(), value);
                }
            }
        }
        // What OpenAPI does not know stays for lint to refuse.
        let rest: BTreeMap<String, Value> = object.into_iter().collect();
        for (key, value) in rest {
            if !key.starts_with("x-") || EXTENSIONS.contains(&key.as_str()) {
                kept.insert(key, sorted(value));
            }
        }
        Value::Object(kept)
    }

    /// Both forms of a mapping's target: a `$ref`, or the bare name of a schema.
    fn follow_mapping(&mut self, discriminator: &Map<String, Value>) {
        let Some(Value::Object(mapping)) = discriminator.get("mapping") else {
            return;
        };
        let targets: Vec<_> = mapping
            .iter()
            .map(|(key, to)| (key.clone(), to.clone()))
            .collect();
        self.step("mapping", |this| {
            for (key, target) in targets {
                let Value::String(target) = target else {
                    continue;
                };
                this.step(&key, |this| {
                    if target.contains(['/', '#']) {
                        this.follow(Position::Schema, &target);
                    } else {
                        this.want(Position::Schema, "schemas", &target, &target);
                    }
                });
            }
        });
    }

    fn follow(&mut self, position: Position, target: &str) {
        let Some(section) = position.section() else {
            return;
        };
        match parse_reference(target) {
            Ok((found, name)) if found == section => self.want(position, section, &name, target),
            Ok((found, _)) => self.problem(format!(
                "`$ref: {target}` points into `{found}`, but {} stands here",
                position.name()
            )),
            Err(reason) => self.problem(format!("`$ref: {target}` {reason}")),
        }
    }

    fn want(&mut self, position: Position, section: &str, name: &str, target: &str) {
        let known = self.description.section(section);
        if known.is_none_or(|known| !known.0.contains_key(name)) {
            let names = known
                .into_iter()
                .flat_map(|known| known.0.keys())
                .map(AsRef::as_ref);
            let nearest = suggest::nearest(name, names).join("`, `");
            let mut problem =
                Problem::new(format!("`$ref: {target}` points to nothing")).at(self.at.as_str());
            if !nearest.is_empty() {
                problem = problem.help(format!("the nearest in `{section}`: `{nearest}`"));
            }
            self.problems.push(problem);
        } else if self.seen.insert((position, name.to_owned())) {
            self.wanted.push((position, name.to_owned()));
        }
    }
}

/// Splits `#/components/<section>/<name>`, escapes undone.
pub(in crate::spec) fn parse_reference(target: &str) -> Result<(String, String), &'static str> {
    let Some(pointer) = target.strip_prefix('#') else {
        return Err("points into another file, which is not supported");
    };
    let Ok(pointer) = percent_decode_str(pointer).decode_utf8() else {
        return Err("is not UTF-8 once its escapes are undone");
    };
    match pointer.split('/').collect::<Vec<_>>()[..] {
        ["", "components", section, name] => Ok((unescape(section), unescape(name))),
        ["", "components", _, _, ..] => {
            Err("points inside of a component; only whole components are supported")
        }
        _ => Err("points outside of `components`, which is not supported"),
    }
}

/// Keys in order, all the way down.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let object: BTreeMap<String, Value> = object.into_iter().collect();
            Value::Object(
                object
                    .into_iter()
                    .map(|(key, value)| (key, sorted(value)))
                    .collect(),
            )
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        value => value,
    }
}

/// How many entries a section of a trimmed document holds.
pub(super) fn count(document: &Value, section: &str) -> usize {
    document["components"][section]
        .as_object()
        .map_or(0, Map::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_undo_both_kinds_of_escapes() {
        let whole = |section: &str, name: &str| Ok((section.to_owned(), name.to_owned()));
        assert_eq!(
            parse_reference("#/components/schemas/a"),
            whole("schemas", "a")
        );
        assert_eq!(
            parse_reference("#/components/schemas/a~1b~0c%20d"),
            whole("schemas", "a/b~c d")
        );
        assert!(parse_reference("other.yaml#/components/schemas/a").is_err());
        assert!(parse_reference("#/components/schemas/a/properties/b").is_err());
        assert!(parse_reference("#/paths/~1a").is_err());
        assert!(parse_reference("#/components/schemas/%ff").is_err());
    }
}
