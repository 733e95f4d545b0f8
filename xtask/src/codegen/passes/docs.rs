//! Every public type says what it is, in the overlay's words where it has some.

use std::collections::BTreeMap;

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Field, File, Item, Variant, Visibility, parse_quote};

use crate::codegen::syntax::{argument_of, doc_text, docs, own_name};

/// Writes the documentation of types.
pub(super) fn apply(types: &mut File) {
    let summaries = summaries(types);
    FillGaps { summaries }.visit_file_mut(types);
}

/// What each type says of itself first.
fn summaries(types: &File) -> BTreeMap<String, String> {
    let documented = types.items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some((&item.ident, &item.attrs)),
        Item::Enum(item) => Some((&item.ident, &item.attrs)),
        _ => None,
    });
    documented
        .filter_map(|(name, attrs)| {
            let first = attrs.iter().find_map(doc_text)?;
            let first = first.trim().lines().next()?.to_owned();
            (!first.starts_with('`')).then(|| (name.to_string(), first))
        })
        .collect()
}

fn set_docs(attrs: &mut Vec<Attribute>, text: &str) {
    attrs.retain(|attribute| doc_text(attribute).is_none());
    let docs = docs(text);
    let docs: Vec<Attribute> = parse_quote!(#docs);
    attrs.splice(0..0, docs);
}

/// Public items of `types` that the overlay leaves without words.
struct FillGaps {
    summaries: BTreeMap<String, String>,
}

fn fill(attrs: &mut Vec<Attribute>, otherwise: impl FnOnce() -> String) {
    let written: Vec<String> = attrs.iter().filter_map(doc_text).collect();
    if written.is_empty() {
        set_docs(attrs, &otherwise());
    } else {
        let lines: Vec<&str> = written
            .iter()
            .flat_map(|text| text.lines())
            .map(str::trim)
            .collect();
        set_docs(attrs, lines.join("\n").trim());
    }
}

fn named(name: &impl ToString) -> String {
    format!("`{}`.", name.to_string().trim_start_matches("r#"))
}

impl VisitMut for FillGaps {
    fn visit_field_mut(&mut self, field: &mut Field) {
        let (Some(name), Visibility::Public(_)) = (&field.ident, &field.vis) else {
            return;
        };
        let summary = own_name(argument_of(&field.ty, "Option").unwrap_or(&field.ty))
            .and_then(|ty| self.summaries.get(&ty).cloned());
        let otherwise = summary.unwrap_or_else(|| named(name));
        fill(&mut field.attrs, || otherwise);
    }

    fn visit_variant_mut(&mut self, variant: &mut Variant) {
        let value = variant.ident.to_string();
        fill(&mut variant.attrs, || named(&value));
        visit_mut::visit_variant_mut(self, variant);
    }

    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        fill(&mut item.attrs, || named(&item.ident));
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
        fill(&mut item.attrs, || named(&item.ident));
        visit_mut::visit_item_enum_mut(self, item);
    }

    fn visit_item_mod_mut(&mut self, item: &mut syn::ItemMod) {
        fill(&mut item.attrs, || named(&item.ident));
        visit_mut::visit_item_mod_mut(self, item);
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        if matches!(function.vis, Visibility::Public(_)) {
            fill(&mut function.attrs, || named(&function.sig.ident));
        }
    }
}
