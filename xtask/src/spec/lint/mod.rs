//! Refuses what cannot become code that compiles and means what the description says.
//!
//! Everything is reported in one go, each problem with the JSON pointer of the place where the
//! overlay can mend it.

mod operations;
mod references;
mod responses;
mod schemas;
mod vocabulary;
mod words;

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::Placed;
use super::openapi::{Holds, Node, each, reference};
use super::pointer::target;
use super::problem::{Problem, Problems};
use super::selection::Words;
use super::shape::Named;

/// What is wrong with the form of a document: keys that nothing reads, values of the wrong kind,
/// `$ref`s that lead nowhere.
pub(super) fn form(document: &Value) -> Result<(), Problems> {
    let mut lint = Lint::new(document);
    vocabulary::check(&mut lint);
    references::check(&mut lint);
    Problems::check(lint.problems)
}

/// What is wrong with what a document says that is in shape, and has these names.
pub(super) fn meaning(
    document: &Value,
    names: &BTreeMap<String, Named>,
    words: Words,
) -> Result<(), Problems> {
    let mut lint = Lint::new(document);
    operations::check(&mut lint);
    responses::check(&mut lint);
    schemas::check(&mut lint);
    words::names(&mut lint, names);
    words::check(&mut lint, names, words);
    Problems::check(lint.problems)
}

struct Lint<'a> {
    document: &'a Value,
    problems: Vec<Problem>,
}

impl<'a> Lint<'a> {
    fn new(document: &'a Value) -> Self {
        Self {
            document,
            problems: Vec::new(),
        }
    }

    /// Reports a problem at a place of the document.
    fn report(&mut self, at: &str, message: impl Into<String>, help: &str) {
        let help = match help {
            "" => "correct it in <overlay>, or drop the operation from <selection>",
            help => help,
        };
        let problem = Problem::new(message).at(at);
        self.problems.push(problem.help(help));
    }

    /// Calls `enter` for every object of the document that is no `$ref`, outermost first.
    fn walk(&mut self, mut enter: impl FnMut(&mut Self, &Node<'a, '_>)) {
        each(Holds::DOCUMENT, self.document, |node| {
            if node.position.section().is_none() || reference(node.value).is_none() {
                enter(self, &node);
            }
        });
    }
}

pub(crate) use words::is_bidirectional;
pub(super) use words::{Missing, missing};

/// What to do about the JSON of a body or a response that nothing is said of.
fn any_value(document: &Value, holder: Placed<'_>) -> String {
    let target = target(document, &holder.resolved(document).pointer);
    format!(
        "say in <overlay> what it holds, or that it may be anything:\n\
         - target: {target}.content.*\n  update: {{schema: {{}}}}"
    )
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}
