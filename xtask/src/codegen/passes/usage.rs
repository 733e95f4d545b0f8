//! Which types travel which way: what the server sends must stay readable when it grows, what the
//! client sends must be buildable.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{File, Item, Path};

use crate::codegen::model::{Answer, Model, Place};

/// The names of generated types by the way they travel; one may travel both ways.
#[derive(Debug, Default)]
pub(super) struct Usage {
    /// What responses hold, at any depth.
    pub(super) received: BTreeSet<String>,
    /// What bodies of requests hold, at any depth: callers have to build it.
    pub(super) built: BTreeSet<String>,
}

impl Usage {
    /// Follows types from what operations answer with and from what they take.
    pub(super) fn of(types: &File, model: &Model) -> Self {
        let contains = contents(types);
        let (mut received, mut built) = Default::default();
        for operation in &model.operations {
            if let Answer::Json(ty) | Answer::ByStatus(ty) = &operation.answer {
                names(&mut received, |v| v.visit_type(ty));
            }
            let bodies = operation.parameters.iter();
            for body in bodies.filter(|it| it.place == Place::Body) {
                names(&mut built, |v| v.visit_type(&body.ty));
            }
        }
        Self {
            received: closure(received, &contains),
            built: closure(built, &contains),
        }
    }
}

/// For each type, the names that its definition mentions.
fn contents(types: &File) -> BTreeMap<String, BTreeSet<String>> {
    types
        .items
        .iter()
        .filter_map(|item| {
            let mut found = BTreeSet::new();
            let name = match item {
                Item::Struct(item) => {
                    names(&mut found, |v| v.visit_item_struct(item));
                    &item.ident
                }
                Item::Enum(item) => {
                    names(&mut found, |v| v.visit_item_enum(item));
                    &item.ident
                }
                _ => return None,
            };
            Some((name.to_string(), found))
        })
        .collect()
}

fn closure(
    roots: BTreeSet<String>,
    contains: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<String> = roots.into_iter().collect();
    while let Some(name) = open.pop() {
        if let Some(inner) = contains.get(&name)
            && seen.insert(name)
        {
            open.extend(inner.iter().cloned());
        }
    }
    seen
}

fn names(found: &mut BTreeSet<String>, visit: impl FnOnce(&mut Names<'_>)) {
    visit(&mut Names(found));
}

struct Names<'a>(&'a mut BTreeSet<String>);

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_path(&mut self, path: &'ast Path) {
        // `::std::string::String` is never one of ours, whatever its last segment.
        let foreign = path.leading_colon.is_some();
        if let (false, Some(last)) = (foreign, path.segments.last()) {
            self.0.insert(last.ident.to_token_stream().to_string());
        }
        visit::visit_path(self, path);
    }
}
