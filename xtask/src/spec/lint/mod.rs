//! Refuses what progenitor would ignore, choke on, or turn into code that does not compile.
//!
//! Everything is reported in one go, each problem with the JSON pointer of the place where the
//! overlay can mend it.

mod closed;
mod names;
mod operations;
mod references;
mod responses;
mod schemas;
mod vocabulary;
mod words;

use serde_json::Value;

use super::hoist::Origins;
use super::model::{Holds, Position, reference};
use super::pointer::{Pointer, to_jsonpath};
use super::problem::Problem;

/// Everything that is wrong with an effective document.
pub(super) fn lint(document: &Value, origins: &Origins) -> Vec<Problem> {
    let mut lint = Lint {
        document,
        origins,
        problems: Vec::new(),
    };
    vocabulary::check(&mut lint);
    references::check(&mut lint);
    if lint.problems.is_empty() {
        // The rest takes for granted that keys hold what they should and `$ref`s lead somewhere.
        operations::check(&mut lint);
        responses::check(&mut lint);
        closed::check(&mut lint);
        schemas::check(&mut lint);
        words::check(&mut lint);
    }
    if lint.problems.is_empty()
        && let Err(error) = serde_json::from_value::<openapiv3::OpenAPI>(document.clone())
    {
        lint.report(
            "",
            format!("openapiv3 cannot read the document: {error}"),
            "",
        );
    }
    lint.problems
}

struct Lint<'a> {
    document: &'a Value,
    origins: &'a Origins,
    problems: Vec<Problem>,
}

/// An object of the document, and where it stands.
struct Node<'a, 'p> {
    position: Position,
    value: &'a Value,
    at: &'p Pointer,
}

/// An operation of the document.
struct Operation<'a> {
    path: &'a str,
    item: &'a Value,
    value: &'a Value,
    at: Pointer,
}

impl<'a> Lint<'a> {
    /// Reports a problem. `{target}` in `help` becomes the JSONPath for an action of the overlay.
    fn report(&mut self, at: &str, message: impl Into<String>, help: &str) {
        let at = self.before_hoist(at);
        let mut problem = Problem::new(message);
        if !help.is_empty() {
            problem = problem.help(help.replace("{target}", &to_jsonpath(&at)));
        }
        self.problems.push(problem.at(at));
    }

    /// The overlay applies before schemas are hoisted, so that is where its author must look.
    fn before_hoist(&self, at: &str) -> String {
        let hoisted = || {
            let rest = at.strip_prefix("/components/schemas/")?;
            let (name, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            Some(format!("{}{rest}", self.origins.get(name)?))
        };
        hoisted().unwrap_or_else(|| at.to_owned())
    }

    /// Calls `visit` for every object of the document that is no `$ref`, outermost first.
    fn walk(&mut self, mut visit: impl FnMut(&mut Self, &Node<'a, '_>)) {
        let document = self.document;
        walk(
            Holds::One(Position::Document),
            document,
            &mut Pointer::default(),
            &mut |node| {
                if node.position.section().is_none() || reference(node.value).is_none() {
                    visit(self, node);
                }
            },
        );
    }

    fn operations(&self) -> Vec<Operation<'a>> {
        let mut operations = Vec::new();
        for (path, item) in entries(&self.document["paths"]) {
            for method in super::model::METHODS {
                if let Some(value) = item.get(method) {
                    let mut at = Pointer::new("/paths");
                    at.push(path);
                    at.push(method);
                    operations.push(Operation {
                        path,
                        item,
                        value,
                        at,
                    });
                }
            }
        }
        operations
    }

    /// Follows `$ref`s; gives up on a circle.
    fn resolve(&self, mut value: &'a Value) -> &'a Value {
        for _ in 0..32 {
            let Some((section, name)) =
                reference(value).and_then(|target| references::parse(target).ok())
            else {
                return value;
            };
            value = &self.document["components"][section][name];
        }
        &Value::Null
    }
}

impl<'a> Operation<'a> {
    /// The operation's own parameters and those of its path, each with its place.
    fn parameters(&self) -> Vec<(String, &'a Value)> {
        let mut shared = Pointer::new("/paths");
        shared.push(self.path);
        let mut parameters = list(self.item, "parameters", &shared);
        parameters.extend(list(self.value, "parameters", &self.at));
        parameters
    }
}

fn list<'a>(value: &'a Value, key: &str, at: &Pointer) -> Vec<(String, &'a Value)> {
    let items = value
        .get(key)
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let at = Pointer::new(at.join(key));
    items
        .iter()
        .enumerate()
        .map(|(index, item)| (at.join(&index.to_string()), item))
        .collect()
}

/// The entries of an object; none if it is absent.
fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

fn walk<'a>(
    holds: Holds,
    value: &'a Value,
    at: &mut Pointer,
    visit: &mut impl FnMut(&Node<'a, '_>),
) {
    match (holds, value) {
        (Holds::One(position) | Holds::OneOrBool(position), Value::Object(object)) => {
            visit(&Node {
                position,
                value,
                at,
            });
            for (key, holds) in position.keys() {
                if let Some(child) = object.get(*key) {
                    at.within(key, |at| walk(*holds, child, at, visit));
                }
            }
        }
        (Holds::List(position), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                at.within(&index.to_string(), |at| {
                    walk(Holds::One(position), item, at, visit);
                });
            }
        }
        (Holds::Map(position), Value::Object(entries)) => {
            for (name, entry) in entries {
                at.within(name, |at| walk(Holds::One(position), entry, at, visit));
            }
        }
        _ => {}
    }
}
