//! Our own words become the documentation of the crate, so they must be there and be harmless.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schemas::is_component;
use super::{Lint, text};
use crate::spec::HANDLES;
use crate::spec::document::entries;
use crate::spec::openapi::{Node, Position};
use crate::spec::pointer::Pointer;
use crate::spec::problem::Problem;
use crate::spec::selection::Words;
use crate::spec::shape::{Named, before};

pub(super) fn check(lint: &mut Lint<'_>, names: &BTreeMap<String, Named>, words: Words) {
    lint.walk(|lint, node| {
        if words == Words::Ours {
            presence(lint, names, node);
        }
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
        lint.report(&at.join(key), format!("the {key} {reason}"), "");
    }
}

/// What becomes a public type has a name of ours, not one made up from where it stands; nothing else
/// has a name.
pub(super) fn names(lint: &mut Lint<'_>, names: &BTreeMap<String, Named>, words: Words) {
    for (at, named) in names {
        let problem = match named.kind {
            None => {
                let at = Pointer::new(at.as_str()).join("title");
                Problem::new("names no type: plain values, lists and maps have none of their own")
                    .at(at)
                    .help("drop it from spec/overlay.yaml")
            }
            Some(kind) if words == Words::Ours && !named.is_title => {
                Problem::new(format!("{kind} without a title")).at(at).help(
                    "it becomes a public type, so name it in spec/overlay.yaml:\n\
                     - target: {target}\n  update: {title: …}",
                )
            }
            Some(_) => continue,
        };
        lint.problems.push(problem);
    }
}

fn presence(lint: &mut Lint<'_>, names: &BTreeMap<String, Named>, node: &Node<'_, '_>) {
    let (key, what) = match node.position {
        Position::Operation => ("summary", "the operation"),
        Position::Parameter => ("description", "the parameter"),
        Position::Schema if is_component(node.at.as_str()) => ("description", "the type"),
        _ => return,
    };
    // First things first.
    let origin = before(lint.document, node.at.as_str());
    if names.get(&origin).is_some_and(|named| !named.is_title) {
        return;
    }
    let written = |key: &str| text(node.value, key).is_some_and(|words| !words.trim().is_empty());
    if !written(key) && !written("description") {
        lint.report(
            node.at.as_str(),
            format!("{what} has no {key}"),
            &format!(
                "write one in spec/overlay.yaml:\n- target: {{target}}\n  update: {{{key}: …}}"
            ),
        );
    }
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
