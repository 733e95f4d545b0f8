//! Our own words become the documentation of the crate, so they must be there and be harmless.

use super::{Lint, text};
use crate::spec::openapi::{Node, Position};

pub(super) fn check(lint: &mut Lint<'_>) {
    lint.walk(|lint, node| {
        presence(lint, node);
        for key in ["summary", "description"] {
            if let Some(words) = text(node.value, key)
                && let Some(reason) = harm(words)
            {
                lint.report(&node.at.join(key), format!("the {key} {reason}"), "");
            }
        }
    });
}

fn presence(lint: &mut Lint<'_>, node: &Node<'_, '_>) {
    let (key, what) = match node.position {
        Position::Operation => ("summary", "the operation"),
        Position::Parameter => ("description", "the parameter"),
        Position::Schema if super::schemas::is_component(node.at.as_str()) => {
            ("description", "the type")
        }
        _ => return,
    };
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
