//! From a document as somebody wrote it to the shape that types are made of: normal form, and a
//! component for each type.

mod circles;
mod direction;
mod hoist;
mod inline;
mod merge;
mod names;
mod normal;
mod nullable;
mod prune;
mod unions;

use std::collections::BTreeMap;

use serde_json::Value;

use super::problem::Problem;
pub(crate) use direction::{received, sent};
pub(super) use names::{Named, component_of};
pub(crate) use names::{collisions, pascal, snake, variant};
pub(crate) use unions::CLOSED;

/// Where a component stood that was made of an inline schema or got another name.
const ORIGIN: &str = "x-origin";

/// The place in a document as its author wrote it: there an action of the overlay must look.
pub(crate) fn before(document: &Value, at: &str) -> String {
    let moved = || {
        let (name, rest) = component_of(at)?;
        let origin = document["components"]["schemas"][name][ORIGIN].as_str()?;
        Some(format!("{origin}{rest}"))
    };
    moved().unwrap_or_else(|| at.to_owned())
}

/// Drops what a client does not need: failures, and what only they referred to.
pub(super) fn reduce(document: &mut Value) {
    prune::drop_failures(document);
    prune::prune(document);
}

/// Brings a document into shape whose form is right. Tells what has a name, by where it stood.
pub(super) fn shape(document: &mut Value) -> Result<BTreeMap<String, Named>, Vec<Problem>> {
    check(document, normal::normalize)?;
    prune::prune(document);
    let names = names::names(document);
    check(document, |document| hoist::hoist(document, &names))?;
    for step in [
        merge::merge,
        inline::inline,
        normal::normalize,
        inline::inline,
    ] {
        check(document, step)?;
    }
    nullable::move_to_uses(document);
    direction::one_way(document);
    prune::prune(document);
    check(document, unions::order)?;
    Ok(names)
}

fn check(
    document: &mut Value,
    step: impl FnOnce(&mut Value) -> Vec<Problem>,
) -> Result<(), Vec<Problem>> {
    let problems = step(document).into_iter();
    let problems: Vec<_> = problems
        .map(|it| it.moved(|at| before(document, at)))
        .collect();
    match problems.is_empty() {
        true => Ok(()),
        false => Err(problems),
    }
}
