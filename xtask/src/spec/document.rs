//! Values with the places where they stand, and the operations of a document.

use std::collections::BTreeSet;

use serde_json::Value;

use super::openapi::METHODS;
use super::pointer::Pointer;

/// The entries of an object; none if it is absent.
pub(crate) fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let object = value.as_object().into_iter().flatten();
    object.map(|(key, value)| (key.as_str(), value))
}

/// A value for a reader, up to so many characters.
pub(crate) fn short(value: &Value, limit: usize) -> String {
    let text = value.to_string();
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Placed<'a> {
    pub(crate) value: &'a Value,
    pub(crate) pointer: String,
}

impl<'a> Placed<'a> {
    pub(crate) fn new(value: &'a Value, pointer: impl Into<String>) -> Self {
        Self {
            value,
            pointer: pointer.into(),
        }
    }

    /// Where a member stands, or would stand.
    pub(crate) fn at(&self, key: &str) -> String {
        Pointer::new(self.pointer.as_str()).join(key)
    }

    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        Some(Self::new(self.value.get(key)?, self.at(key)))
    }

    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// The members of an object by name.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let at = Pointer::new(self.pointer.as_str());
        entries(self.value).map(move |(key, value)| (key, Self::new(value, at.join(key))))
    }

    /// The elements of an array.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let at = Pointer::new(self.pointer.as_str());
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(move |(index, item)| Self::new(item, at.join(&index.to_string())))
    }

    /// What a `$ref` leads to; a chain that leads back to itself ends at its last link.
    pub(crate) fn resolved(mut self, document: &'a Value) -> Self {
        let mut seen = BTreeSet::new();
        while let Some(target) = self.text("$ref") {
            let found = target
                .strip_prefix('#')
                .and_then(|pointer| Some((pointer, document.pointer(pointer)?)));
            let Some((pointer, value)) = found.filter(|_| seen.insert(target)) else {
                break;
            };
            self = Self::new(value, pointer);
        }
        self
    }
}

/// Where a place of a document in normal form stands in the document as it was written: there a part
/// may be a member of a composition, or stand elsewhere.
pub(crate) fn as_written(document: &Value, pointer: &str) -> String {
    let tokens: Vec<_> = pointer.split('/').skip(1).collect();
    let found = find(document, Placed::new(document, ""), &tokens, 0);
    found.unwrap_or_else(|| pointer.to_owned())
}

fn find(document: &Value, node: Placed<'_>, tokens: &[&str], depth: usize) -> Option<String> {
    let [token, rest @ ..] = tokens else {
        return Some(node.pointer);
    };
    // Circles end somewhere.
    if depth > 64 {
        return None;
    }
    let at = format!("{}/{token}", node.pointer);
    if let Some(value) = node.value.pointer(&format!("/{token}")) {
        return find(document, Placed::new(value, at), rest, depth);
    }
    if node.text("$ref").is_some() {
        return find(document, node.resolved(document), tokens, depth + 1);
    }
    if let ("oneOf", Some(any)) = (*token, node.get("anyOf")) {
        return find(document, any, rest, depth);
    }
    let parts = ["allOf", "oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| node.get(key));
    let mut parts = parts.flat_map(|part| part.items());
    parts.find_map(|part| find(document, part, tokens, depth + 1))
}

/// An operation of a document.
#[derive(Clone, Debug)]
pub(crate) struct OperationObject<'a> {
    /// Its `operationId`; empty where it has none.
    pub(crate) id: &'a str,
    pub(crate) path: &'a str,
    /// In lower case.
    pub(crate) method: &'static str,
    /// The operation itself.
    pub(crate) own: Placed<'a>,
    /// What all operations of the path share.
    pub(crate) item: Placed<'a>,
}

impl<'a> OperationObject<'a> {
    /// `GET /repos/{owner}/{repo}`.
    pub(crate) fn route(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }

    /// The parameters of the path, then its own: the later one wins where two are the same. Each may
    /// be a `$ref`.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = Placed<'a>> + use<'a> {
        let lists = [&self.item, &self.own].map(|holder| holder.get("parameters"));
        lists.into_iter().flatten().flat_map(|list| list.items())
    }

    /// All its parameters, `$ref`s followed: its own take the place of those of the path.
    pub(crate) fn all_parameters(&self, document: &'a Value) -> Vec<Placed<'a>> {
        let mut found: Vec<Placed<'a>> = Vec::new();
        for parameter in self.parameters() {
            let parameter = parameter.resolved(document);
            let key = |it: &Placed<'a>| (it.text("in"), it.text("name"));
            found.retain(|it| key(it) != key(&parameter));
            found.push(parameter);
        }
        found
    }

    /// The responses by status.
    pub(crate) fn responses(&self) -> impl Iterator<Item = (&'a str, Placed<'a>)> + use<'a> {
        let responses = self.own.get("responses");
        let responses = responses.into_iter().flat_map(|all| all.entries());
        responses.filter(|(status, _)| !status.starts_with("x-"))
    }
}

/// The operations of a document, by path and then in the order of its methods.
pub(crate) fn operations(document: &Value) -> Vec<OperationObject<'_>> {
    let mut operations = Vec::new();
    let paths = Placed::new(&document["paths"], "/paths");
    for (path, item) in paths.entries().filter(|(path, _)| path.starts_with('/')) {
        for method in METHODS {
            if let Some(own) = item.get(method) {
                operations.push(OperationObject {
                    id: own.text("operationId").unwrap_or_default(),
                    path,
                    method,
                    own,
                    item: item.clone(),
                });
            }
        }
    }
    operations
}
