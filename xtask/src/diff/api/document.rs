//! The operations of a description, and which of one belongs to which of the other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::spec::pointer::Pointer;

/// The `operationId`s that upstream gave, by path and method.
pub type UpstreamIds = BTreeMap<(String, String), String>;

const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

#[derive(Debug)]
pub(super) struct Operation<'a> {
    pub(super) id: &'a str,
    pub(super) path: &'a str,
    pub(super) method: &'a str,
    pub(super) value: &'a Value,
    pub(super) item: &'a Value,
    pub(super) pointer: String,
}

impl Operation<'_> {
    pub(super) fn route(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }

    /// The path without the names of its parameters, which requests do not carry.
    pub(super) fn shape(&self) -> String {
        let segments = self.path.split('/').map(|segment| {
            let mut shape = String::new();
            let mut rest = segment;
            while let Some((before, after)) = rest.split_once('{') {
                shape.push_str(before);
                shape.push_str("{}");
                rest = after.split_once('}').map_or("", |(_, rest)| rest);
            }
            shape + rest
        });
        segments.collect::<Vec<_>>().join("/")
    }
}

pub(super) fn operations(document: &Value) -> Vec<Operation<'_>> {
    let mut operations = Vec::new();
    for (path, item) in entries(&document["paths"]) {
        for (method, value) in entries(item).filter(|(key, _)| METHODS.contains(key)) {
            let mut pointer = Pointer::new("/paths");
            pointer.push(path);
            pointer.push(method);
            operations.push(Operation {
                id: value["operationId"].as_str().unwrap_or_default(),
                path,
                method,
                value,
                item,
                pointer: pointer.as_str().to_owned(),
            });
        }
    }
    operations
}

type Pair<'a> = (Option<&'a Operation<'a>>, Option<&'a Operation<'a>>);

/// Pairs operations of one name, else of one route, else of one name upstream; the rest stays alone.
pub(super) fn pairs<'a>(
    old: &'a [Operation<'a>],
    new: &'a [Operation<'a>],
    old_upstream: &UpstreamIds,
    new_upstream: &UpstreamIds,
) -> Vec<Pair<'a>> {
    let upstream = |ids: &UpstreamIds, operation: &Operation<'_>| {
        ids.get(&(operation.path.to_owned(), operation.method.to_owned()))
            .cloned()
    };
    let mut pairs: Vec<Option<usize>> = vec![None; old.len()];
    let mut taken = BTreeSet::new();
    let mut pair = |same: &dyn Fn(&Operation<'_>, &Operation<'_>) -> bool| {
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
    pair(&|a, b| a.method == b.method && a.shape() == b.shape());
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

pub(super) fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

/// A value and where it stands, `$ref`s followed.
#[derive(Clone, Debug)]
pub(super) struct Placed<'a> {
    pub(super) value: &'a Value,
    pub(super) pointer: String,
}

impl<'a> Placed<'a> {
    pub(super) fn new(value: &'a Value, pointer: String) -> Self {
        Self { value, pointer }
    }

    pub(super) fn get(&self, key: &str) -> Option<Placed<'a>> {
        let pointer = Pointer::new(self.pointer.as_str()).join(key);
        Some(Placed::new(self.value.get(key)?, pointer))
    }

    /// The schema of a parameter, a header or a media type; without one, any value will do.
    pub(super) fn schema(&self) -> Placed<'a> {
        let any = || Placed::new(&Value::Null, self.pointer.clone());
        self.get("schema").unwrap_or_else(any)
    }

    /// What a `$ref` leads to; a chain that leads back to itself ends at its last link.
    pub(super) fn resolved(mut self, document: &'a Value) -> Self {
        let mut seen = BTreeSet::new();
        while let Some(target) = self.value["$ref"].as_str() {
            let found = target
                .strip_prefix('#')
                .and_then(|pointer| Some((pointer, document.pointer(pointer)?)));
            let Some((pointer, value)) = found.filter(|_| seen.insert(target)) else {
                break;
            };
            self = Self::new(value, pointer.to_owned());
        }
        self
    }

    /// The members of an object with their places.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, Placed<'a>)> {
        let at = Pointer::new(self.pointer.as_str());
        entries(self.value).map(move |(key, value)| (key, Placed::new(value, at.join(key))))
    }
}
