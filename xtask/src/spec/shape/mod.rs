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

/// Brings a document into shape whose form is right, or as far as it gets: there its problems stand. Tells what
/// has a name, by where it stood.
pub(super) fn shape(document: &mut Value) -> Result<BTreeMap<String, Named>, Problems> {
    normal::normalize(document)?;
    prune::prune(document);
    let names = names::names(document);
    hoist::hoist(document, &names)?;
    merge::merge(document)?;
    inline::inline(document)?;
    normal::normalize(document)?;
    inline::inline(document)?;
    nullable::move_to_uses(document);
    direction::one_way(document);
    prune::prune(document);
    unions::order(document)?;
    Ok(names)
}
