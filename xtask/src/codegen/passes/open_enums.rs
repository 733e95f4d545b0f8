//! Enums that the server sends keep values which no variant stands for, and serialize them back.

use std::collections::BTreeSet;

use quote::format_ident;
use syn::{File, Item, ItemEnum, ItemImpl, Variant, parse_quote};

use super::usage::Usage;
use crate::codegen::syntax::{self_name, serde_key};

/// Rewrites the enums among `usage.received`. Those that are only sent stay closed, so that a typo
/// is an error here and not at the server; they can grow too without breaking anybody.
pub(super) fn apply(types: &mut File, usage: &Usage) {
    let is_open = |name: &str| usage.received.contains(name);
    let lists: BTreeSet<String> = types
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Enum(item) => values(item).map(|_| item.ident.to_string()),
            _ => None,
        })
        .collect();
    types.items = std::mem::take(&mut types.items)
        .into_iter()
        .filter(|item| match item {
            Item::Impl(block) => !self_name(block).is_some_and(|name| {
                lists.contains(&name) && is_open(&name) && is_conversion(block)
            }),
            _ => true,
        })
        .flat_map(|item| match item {
            Item::Enum(mut item) => {
                item.attrs.push(parse_quote!(#[non_exhaustive]));
                match values(&item) {
                    Some(values) if is_open(&item.ident.to_string()) => open(&item, &values),
                    _ => vec![Item::Enum(item)],
                }
            }
            other => vec![other],
        })
        .collect();
}

/// Whether progenitor wrote the block for the closed form.
fn is_conversion(block: &ItemImpl) -> bool {
    let last = block
        .trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last());
    last.is_some_and(|last| {
        ["TryFrom", "FromStr", "Display"]
            .iter()
            .any(|name| last.ident == name)
    })
}

/// The text of each variant; `None` if the enum is more than a list of texts.
fn values(item: &ItemEnum) -> Option<Vec<String>> {
    item.variants
        .iter()
        .map(|variant| {
            let unit = matches!(variant.fields, syn::Fields::Unit);
            unit.then(|| value(variant))
        })
        .collect()
}

/// What stands for the variant on the wire.
pub(super) fn value(variant: &Variant) -> String {
    let renamed = serde_key(&variant.attrs, "rename").flatten();
    renamed.unwrap_or_else(|| variant.ident.to_string())
}

fn open(item: &ItemEnum, values: &[String]) -> Vec<Item> {
    let name = &item.ident;
    let attrs = item
        .attrs
        .iter()
        .filter(|attribute| !attribute.path().is_ident("derive"));
    let variants: Vec<_> = item.variants.iter().map(|variant| &variant.ident).collect();
    let docs: Vec<Vec<_>> = item
        .variants
        .iter()
        .zip(values)
        .map(|(variant, value)| {
            let written: Vec<_> = variant
                .attrs
                .iter()
                .filter(|attribute| attribute.path().is_ident("doc"))
                .cloned()
                .collect();
            if written.is_empty() {
                let text = format!(" `{value}`.");
                vec![parse_quote!(#[doc = #text])]
            } else {
                written
            }
        })
        .collect();
    let unknown = if variants.iter().any(|variant| *variant == "Unknown") {
        format_ident!("UnknownValue")
    } else {
        format_ident!("Unknown")
    };
    let file: File = parse_quote! {
        #(#attrs)*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum #name {
            #(#(#docs)* #variants,)*
            /// A value that this version of the crate has no variant for.
            #unknown(UnknownValue),
        }

        impl #name {
            /// The value as the server writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::#unknown(value) => value.as_str(),
                }
            }
        }

        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::convert::From<&str> for #name {
            fn from(value: &str) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    other => Self::#unknown(UnknownValue::new(other)),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for #name {
            fn from(value: ::std::string::String) -> Self {
                value.as_str().into()
            }
        }

        impl ::std::str::FromStr for #name {
            type Err = ::std::convert::Infallible;

            fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
                Ok(value.into())
            }
        }

        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                ::gha_core::generated::open_enum(deserializer)
            }
        }
    };
    file.items
}
