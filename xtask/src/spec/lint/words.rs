//! Our own words become the documentation of the crate, so they must be there and be harmless.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schemas::is_component;
use super::{Lint, text};
use crate::spec::HANDLES;
use crate::spec::document::{entries, operations};
use crate::spec::openapi::Position;
use crate::spec::overlay::STUB;
use crate::spec::pointer::Pointer;
use crate::spec::problem::Problem;
use crate::spec::selection::Words;
use crate::spec::shape::{Named, before, pascal, snake};

pub(super) fn check(lint: &mut Lint<'_>, names: &BTreeMap<String, Named>, words: Words) {
    if words == Words::Ours {
        let mut last = String::new();
        for missing in missing(lint.document, names) {
            // First things first: a name, then words.
            if last != missing.at {
                last.clone_from(&missing.at);
                report(lint, missing);
            }
        }
    }
    lint.walk(|lint, node| {
        for key in ["summary", "description"] {
            harmless(lint, node.at, node.value, key);
        }
    });
    for (prefix, handle) in entries(&lint.document[HANDLES]) {
        let at = Pointer::new(format!("/{HANDLES}")).join(prefix);
        harmless(lint, &Pointer::new(at), handle, "description");
    }
}

fn harmless(lint: &mut Lint<'_>, at: &Pointer, value: &Value, key: &str) {
    if let Some(reason) = text(value, key).and_then(harm) {
        let help = "write it otherwise in <overlay>";
        lint.report(&at.join(key), format!("the {key} {reason}"), help);
    }
}

/// Nothing but types has a name.
pub(super) fn names(lint: &mut Lint<'_>, names: &BTreeMap<String, Named>) {
    for (at, _) in names.iter().filter(|(_, named)| named.kind.is_none()) {
        let at = Pointer::new(at.as_str()).join("title");
        let message = "names no type: plain values, lists and maps have none of their own";
        let problem = Problem::new(message).at(at);
        lint.problems.push(problem.help("drop it from <overlay>"));
    }
}

/// A word of ours that something public lacks.
#[derive(Clone, Debug)]
pub(in crate::spec) struct Missing {
    /// Where it belongs, in the document before it was brought into shape.
    pub(in crate::spec) at: String,
    /// What lacks it.
    pub(in crate::spec) what: String,
    /// `title`, `summary` or `description`.
    pub(in crate::spec) key: &'static str,
    /// The name that a rule makes, of a type that has none or of an operation.
    pub(in crate::spec) derived: Option<String>,
}

/// The words of ours that are missing: of operations, parameters and types, and names of types.
pub(in crate::spec) fn missing(document: &Value, names: &BTreeMap<String, Named>) -> Vec<Missing> {
    // The handle says the rest, unless two are alike without it.
    let short = |id: &str| snake(id.rsplit('/').next().unwrap_or_default());
    let mut shorts: BTreeMap<String, usize> = BTreeMap::new();
    for operation in operations(document) {
        *shorts.entry(short(operation.id)).or_default() += 1;
    }
    let mut found = Vec::new();
    let mut lint = Lint::new(document);
    lint.walk(|lint, node| {
        let (key, what) = match node.position {
            Position::Operation => ("summary", "the operation"),
            Position::Parameter => ("description", "the parameter"),
            Position::Schema if is_component(node.at.as_str()) => ("description", "the type"),
            _ => return,
        };
        let at = before(lint.document, node.at.as_str());
        let named = names.get(&at);
        let kind = named.and_then(|named| named.kind.filter(|_| !named.is_title));
        if let (Some(named), Some(kind)) = (named, kind) {
            found.push(Missing {
                at: at.clone(),
                what: kind.to_owned(),
                key: "title",
                derived: Some(pascal(&named.name)),
            });
        }
        let written = |key: &str| {
            text(node.value, key).is_some_and(|words| !["", STUB].contains(&words.trim()))
        };
        if !written(key) && !written("description") {
            let what = what.to_owned();
            let id = text(node.value, "operationId");
            let derived = id.map(|id| match shorts.get(&short(id)) {
                Some(1) => short(id),
                _ => snake(id),
            });
            found.push(Missing {
                at,
                what,
                key,
                derived,
            });
        }
    });
    found
}

fn report(lint: &mut Lint<'_>, missing: Missing) {
    let Missing { at, what, key, .. } = missing;
    let (message, why) = match key {
        "title" => (
            format!("{what} without a title"),
            "it becomes a public type, so name it",
        ),
        _ => (format!("{what} has no {key}"), "write one"),
    };
    let help = format!(
        "{why} in <overlay>, or have stubs written by `<xtask overlay> --missing`:\n\
         - target: <target>\n  update: {{{key}: …}}"
    );
    lint.problems.push(Problem::new(message).at(at).help(help));
}

/// What rustdoc would make of the words that we did not mean.
fn harm(words: &str) -> Option<&'static str> {
    if words
        .lines()
        .any(|line| line.starts_with("    ") || line.starts_with('\t'))
    {
        return Some("has an indented line, which would become a doc test");
    }
    if words.contains(|c: char| c != '\n' && (c.is_control() || is_bidirectional(c))) {
        return Some(
            "has a character that no reader sees: a carriage return, say, or one that turns the direction of text",
        );
    }
    if words.contains("```") || words.contains("~~~") {
        return Some("has a code block, which would become a doc test");
    }
    // Code spans are safe: every second piece is inside of one.
    let mut outside = words.split('`').step_by(2);
    outside.find_map(|piece| {
        if has_bare_url(piece) {
            Some("has a bare URL: write `<https://…>` or `[text](https://…)`")
        } else if has_tag(piece) {
            Some("has what looks like an HTML tag: put it in backticks")
        } else if has_open_link(piece) {
            Some("has square brackets that rustdoc takes for a link: put them in backticks")
        } else {
            None
        }
    })
}

/// Whether a character changes the direction of the text that follows.
pub(crate) fn is_bidirectional(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn has_bare_url(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        text.match_indices(scheme)
            .any(|(start, _)| !text[..start].ends_with(['<', '(']))
    })
}

fn has_tag(text: &str) -> bool {
    text.match_indices('<').any(|(start, _)| {
        let rest = &text[start + 1..];
        rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') && !rest.starts_with("http")
    })
}

fn has_open_link(text: &str) -> bool {
    text.match_indices(']')
        .any(|(end, _)| !text[end + 1..].starts_with('('))
}

#[cfg(test)]
mod tests {
    use super::harm;

    #[test]
    fn harmless_words_pass() {
        for words in [
            "Lists artifacts, `<owner>/<repo>` first",
            "See <https://docs.github.com/rest> or [the docs](https://docs.github.com)",
            "Between 1 and 100, a < b",
        ] {
            assert_eq!(harm(words), None, "{words}");
        }
    }

    #[test]
    fn words_that_rustdoc_would_misread_do_not() {
        for (words, reason) in [
            ("One:\n\n    let x;", "indented"),
            ("```\nlet x;\n```", "code block"),
            ("see https://docs.github.com", "bare URL"),
            ("the <owner> of it", "HTML tag"),
            ("an array [of] things", "square brackets"),
        ] {
            assert!(harm(words).unwrap().contains(reason), "{words}");
        }
    }
}
