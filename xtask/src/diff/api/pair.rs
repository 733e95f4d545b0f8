//! Which operation of one description belongs to which of the other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::changes::Changes;
use super::schema::{Direction, Schemas};
use crate::spec::document::{OperationObject, Placed};

/// The `operationId`s that upstream gave, by path and method.
pub type UpstreamIds = BTreeMap<(String, String), String>;

/// The path without the names of its parameters, which requests do not carry.
pub(super) fn shape(path: &str) -> String {
    let mut shape = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        shape.push_str(before);
        shape.push_str("{}");
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    shape + rest
}

/// An operation and what became of it.
pub(super) struct Pair<'a> {
    pub(super) old_document: &'a Value,
    pub(super) new_document: &'a Value,
    pub(super) old: &'a OperationObject<'a>,
    pub(super) new: &'a OperationObject<'a>,
}

impl<'a> Pair<'a> {
    pub(super) fn schemas<'c>(
        &self,
        direction: Direction,
        changes: &'c mut Changes,
    ) -> Schemas<'a, 'c>
    where
        'a: 'c,
    {
        let changes = changes.on(self.new.id);
        Schemas::new(self.old_document, self.new_document, direction, changes)
    }
}

/// The schema of a parameter, a header or a media type; without one, any value will do.
pub(super) fn schema_of<'a>(holder: &Placed<'a>) -> Placed<'a> {
    let any = || Placed::new(&Value::Null, holder.pointer.as_str());
    holder.get("schema").unwrap_or_else(any)
}

/// The JSON among media types, or else the first.
pub(super) fn json<'a>(content: &Placed<'a>) -> Option<Placed<'a>> {
    let essence = |name: &str| name.split(';').next() == Some("application/json");
    let json = content.entries().find(|(name, _)| essence(name));
    json.or_else(|| content.entries().next())
        .map(|(_, media)| media)
}

pub(super) fn is_deprecated(value: &Value) -> bool {
    value["deprecated"] == true
}

type Match<'a> = (
    Option<&'a OperationObject<'a>>,
    Option<&'a OperationObject<'a>>,
);

/// Pairs operations of one name, else of one route, else of one name upstream; the rest stays alone.
pub(super) fn pairs<'a>(
    old: &'a [OperationObject<'a>],
    new: &'a [OperationObject<'a>],
    old_upstream: &UpstreamIds,
    new_upstream: &UpstreamIds,
) -> Vec<Match<'a>> {
    let upstream = |ids: &UpstreamIds, operation: &OperationObject<'_>| {
        ids.get(&(operation.path.to_owned(), operation.method.to_owned()))
            .cloned()
    };
    let mut pairs: Vec<Option<usize>> = vec![None; old.len()];
    let mut taken = BTreeSet::new();
    let mut pair = |same: &dyn Fn(&OperationObject<'_>, &OperationObject<'_>) -> bool| {
        for (index, a) in old.iter().enumerate() {
            if pairs[index].is_none() {
                let found = new
                    .iter()
                    .enumerate()
                    .find(|(index, b)| !taken.contains(index) && same(a, b));
                if let Some((found, _)) = found {
                    pairs[index] = Some(found);
                    taken.insert(found);
                }
            }
        }
    };
    pair(&|a, b| a.id == b.id);
    pair(&|a, b| a.method == b.method && shape(a.path) == shape(b.path));
    pair(&|a, b| {
        let name = upstream(old_upstream, a);
        name.is_some() && name == upstream(new_upstream, b)
    });
    let known = old
        .iter()
        .zip(&pairs)
        .map(|(a, b)| (Some(a), b.map(|index| &new[index])));
    let added = new
        .iter()
        .enumerate()
        .filter(|(index, _)| !taken.contains(index))
        .map(|(_, b)| (None, Some(b)));
    known.chain(added).collect()
}
