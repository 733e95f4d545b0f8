//! Which types travel which way: what the server sends must stay readable when it grows, what the
//! client sends must be buildable.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{File, Item, Path};

use crate::codegen::parts::Parts;

/// The names of generated types by the way they travel; one may travel both ways.
#[derive(Debug, Default)]
pub(super) struct Usage {
    /// What responses hold, at any depth.
    pub(super) received: BTreeSet<String>,
    /// What requests hold, at any depth.
    pub(super) sent: BTreeSet<String>,
}

impl Usage {
    /// Follows types from what `send` returns and from what builders hold.
    pub(super) fn of(parts: &Parts) -> Self {
        let contains = contents(&parts.types);
        let mut received = BTreeSet::from(["ApiError".to_owned()]);
        let mut sent = BTreeSet::new();
        for item in &parts.builder.items {
            match item {
                Item::Struct(builder) => sent.extend(names(|v| v.visit_item_struct(builder))),
                Item::Impl(block) => {
                    for item in &block.items {
                        if let syn::ImplItem::Fn(function) = item
                            && function.sig.ident == "send"
                        {
                            received.extend(names(|v| v.visit_return_type(&function.sig.output)));
                        }
                    }
                }
                _ => {}
            }
        }
        Self {
            received: closure(received, &contains),
            sent: closure(sent, &contains),
        }
    }
}

/// For each type, the names that its definition mentions.
fn contents(types: &File) -> BTreeMap<String, BTreeSet<String>> {
    types
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some((
                item.ident.to_string(),
                names(|visitor| visitor.visit_item_struct(item)),
            )),
            Item::Enum(item) => Some((
                item.ident.to_string(),
                names(|visitor| visitor.visit_item_enum(item)),
            )),
            _ => None,
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

fn names(visit: impl FnOnce(&mut Names)) -> BTreeSet<String> {
    let mut names = Names(BTreeSet::new());
    visit(&mut names);
    names.0
}

struct Names(BTreeSet<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_path(&mut self, path: &'ast Path) {
        // `::std::string::String` is never one of ours, whatever its last segment.
        let foreign = path.leading_colon.is_some();
        if let (false, Some(last)) = (foreign, path.segments.last()) {
            self.0.insert(last.ident.to_token_stream().to_string());
        }
        visit::visit_path(self, path);
    }
}
