//! From a document as somebody wrote it to the shape that types are made of: normal form, and a
//! component for each type.

mod direction;
mod hoist;
mod inline;
mod merge;
mod names;
mod normal;
mod nullable;
mod order;
mod prune;
mod unions;

use std::collections::BTreeMap;

use serde_json::Value;

use super::problem::Problems;
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
pub(super) fn shape(document: &mut Value) -> Result<BTreeMap<String, Named>, Problems> {
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

/// Takes a step, and tells of problems where things stood before.
fn check(
    document: &mut Value,
    step: impl FnOnce(&mut Value) -> Result<(), Problems>,
) -> Result<(), Problems> {
    step(document).map_err(|problems| problems.map(|it| it.moved(|at| before(document, at))))
}
