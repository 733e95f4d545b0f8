//! Times are read by a parser that knows their usual form.

use quote::quote;
use syn::{File, Item, parse_quote};

use super::ast::{argument_of, type_name};

/// Gives every field that is a time, or an optional one, its deserializer.
pub(super) fn apply(types: &mut File) {
    let structs = types.items.iter_mut().filter_map(|item| match item {
        Item::Struct(item) => Some(item),
        _ => None,
    });
    for field in structs.flat_map(|item| &mut item.fields) {
        let inner = argument_of(&field.ty, "Option");
        if type_name(inner.unwrap_or(&field.ty)).as_deref() != Some("DateTime") {
            continue;
        }
        let attribute = if inner.is_some() {
            quote!(
                default,
                deserialize_with = "::gha_core::generated::optional_time"
            )
        } else {
            quote!(deserialize_with = "::gha_core::generated::required_time")
        };
        field.attrs.push(parse_quote!(#[serde(#attribute)]));
    }
}
