//! An alternative that is text can be given as text.

use quote::ToTokens as _;
use syn::{Fields, File, Item, ItemEnum, parse_quote};

use crate::codegen::syntax::type_name;

/// Gives enums with a variant for any text the conversions that typify leaves out.
pub(super) fn apply(types: &mut File) {
    types.items = std::mem::take(&mut types.items)
        .into_iter()
        .flat_map(|item| {
            let conversions = match &item {
                Item::Enum(item) => conversions(item),
                _ => None,
            };
            std::iter::once(item).chain(conversions.into_iter().flatten())
        })
        .collect();
}

fn conversions(item: &ItemEnum) -> Option<[Item; 2]> {
    let name = &item.ident;
    let text = item.variants.iter().find(|variant| match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let ty = &fields.unnamed[0].ty;
            let is_std = ty.to_token_stream().to_string().contains("std");
            is_std && type_name(ty).as_deref() == Some("String")
        }
        _ => false,
    })?;
    let variant = &text.ident;
    Some([
        parse_quote! {
            impl ::std::convert::From<&str> for #name {
                fn from(value: &str) -> Self {
                    Self::#variant(value.to_owned())
                }
            }
        },
        parse_quote! {
            impl ::std::convert::From<::std::string::String> for #name {
                fn from(value: ::std::string::String) -> Self {
                    Self::#variant(value)
                }
            }
        },
    ])
}
