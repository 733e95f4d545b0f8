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
use super::openapi::{Holds, Node, Position, reference, visit};
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

    /// Calls `enter` for every object of the document that is no `$ref`, outermost first.
    fn walk(&mut self, mut enter: impl FnMut(&mut Self, &Node<'a, '_>)) {
        let document = self.document;
        let whole = Holds::One(Position::Document);
        visit(whole, document, &mut Pointer::default(), &mut |node| {
            if node.position.section().is_none() || reference(node.value).is_none() {
                enter(self, &node);
            }
        });
    }
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}
