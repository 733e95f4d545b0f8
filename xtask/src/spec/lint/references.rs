//! `$ref`s that lead nowhere, or where progenitor cannot follow.

use std::collections::BTreeSet;

use super::{Lint, text};
use crate::spec::document::{Placed, entries};
use crate::spec::openapi::{Holds, Position, each, parse_reference, reference, references};
use crate::spec::pointer::Pointer;
use crate::spec::suggest;

pub(super) fn check(lint: &mut Lint<'_>) {
    let document = lint.document;
    let mut found = Vec::new();
    // A title is the name of a component to be.
    let mut titles = BTreeSet::new();
    each(Holds::DOCUMENT, document, |node| {
        if node.position == Position::Schema
            && let Some(title) = text(node.value, "title")
        {
            titles.insert(title);
        }
        for (position, key, target) in references(node.position, node.value) {
            let at = match key {
                None => node.at.join("$ref"),
                Some(key) => Pointer::new(node.at.join("mapping")).join(key),
            };
            found.push((position, at, target, node.value));
        }
    });
    for (position, at, target, value) in found {
        one(lint, position, &at, &target, &titles);
        if let Some(siblings) = super::vocabulary::siblings(value) {
            let message = format!("`{siblings}` beside a `$ref` is ignored by OpenAPI 3.0");
            lint.report(
                &at,
                message,
                "change the component itself, or remove the key",
            );
        }
    }
    component_names(lint);
}

fn one(lint: &mut Lint<'_>, position: Position, at: &str, target: &str, titles: &BTreeSet<&str>) {
    let Some(expected) = position.section() else {
        lint.report(
            at,
            format!("a `$ref` cannot stand for {}", position.name()),
            "",
        );
        return;
    };
    let (section, name) = match parse_reference(target) {
        Ok(parts) => parts,
        Err(reason) => return lint.report(at, format!("`{target}` {reason}"), ""),
    };
    let known = &lint.document["components"][&section];
    if section != expected {
        let message = format!("`{target}` is not {}", position.name());
        lint.report(
            at,
            message,
            &format!("it must point into `#/components/{expected}/`"),
        );
    } else if known.get(&name).is_none()
        && !(position == Position::Schema && titles.contains(name.as_str()))
    {
        let names = known
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str());
        let nearest = suggest::nearest(&name, names).join("`, `");
        let help = if nearest.is_empty() {
            String::new()
        } else {
            format!("did you mean `{nearest}`?")
        };
        lint.report(at, format!("`{target}` points to nothing"), &help);
    } else if position != Position::Schema
        && let Some(component) = known.get(&name)
        && reference(Placed::new(component, "").resolved(lint.document).value).is_some()
    {
        lint.report(at, format!("`{target}` leads back to itself"), "");
    }
}

/// progenitor looks names up as they are written in the `$ref`, escapes and all.
fn component_names(lint: &mut Lint<'_>) {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let sections = entries(&lint.document["components"]);
    let names: Vec<_> = sections
        .flat_map(|(section, names)| entries(names).map(move |(name, _)| (section, name)))
        .filter(|(_, name)| name.is_empty() || !name.chars().all(plain))
        .collect();
    for (section, name) in names {
        let at = Pointer::new(format!("/components/{section}")).join(name);
        lint.report(
            &at,
            format!("`{name}` cannot be the name of a component"),
            "OpenAPI allows letters, digits, `.`, `-` and `_`",
        );
    }
}
