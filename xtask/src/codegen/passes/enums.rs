//! Enums, in the place of the structs that stand for them. Those that the server sends keep values which
//! no variant stands for, and serialize them back.

use quote::format_ident;
use syn::{File, Item, ItemStruct, parse_quote};

use super::replace_structs;
use crate::codegen::plain::Enumeration;
use crate::codegen::progenitor::Generated;
use crate::codegen::syntax::{code, doc_text, docs as docs_of};
use crate::spec::shape::variant;

/// Writes the enums. Those that are only sent stay closed, so that a typo is an error here and not at
/// the server; they can grow too without breaking anybody.
pub(super) fn apply(generated: &mut Generated) {
    let Generated { types, plain, .. } = generated;
    replace_structs(types, |item| {
        let name = item.ident.to_string();
        let found = plain.enums.get(&name)?;
        let is_open = plain.received.contains(&name) && !found.is_closed;
        Some(enumeration(item, found, is_open))
    });
}

fn enumeration(item: &ItemStruct, found: &Enumeration, is_open: bool) -> Vec<Item> {
    let name = &item.ident;
    let docs: Vec<_> = item
        .attrs
        .iter()
        .filter(|it| doc_text(it).is_some())
        .collect();
    let values = &found.values;
    let variants: Vec<_> = values
        .iter()
        .map(|value| format_ident!("{}", variant(value)))
        .collect();
    let words: Vec<_> = values
        .iter()
        .map(|value| docs_of(&format!("{}.", code(value))))
        .collect();
    let mut unknown = "Unknown".to_owned();
    while variants.iter().any(|variant| *variant == unknown) {
        unknown.push_str("Value");
    }
    let unknown = format_ident!("{unknown}");
    let quoted: Vec<_> = values.iter().map(|value| code(value)).collect();
    let expected = format!("unknown value, expected one of {}", quoted.join(", "));
    let file: File = if is_open {
        parse_quote! {
            #(#docs)*
            #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
            #[non_exhaustive]
            pub enum #name {
                #(#words #variants,)*
                /// A value that this version of the crate has no variant for.
                #unknown(::gha_core::UnknownValue),
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

            impl ::std::convert::From<&str> for #name {
                fn from(value: &str) -> Self {
                    match value {
                        #(#values => Self::#variants,)*
                        other => Self::#unknown(::gha_core::UnknownValue::new(other)),
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

                fn from_str(value: &str) -> ::std::result::Result<Self, ::std::convert::Infallible> {
                    Ok(value.into())
                }
            }

            impl<'de> ::serde::Deserialize<'de> for #name {
                fn deserialize<D: ::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::std::result::Result<Self, D::Error> {
                    ::gha_core::generated::open_enum(deserializer)
                }
            }
        }
    } else {
        parse_quote! {
            #(#docs)*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
            #[derive(::serde::Deserialize)]
            #[non_exhaustive]
            pub enum #name {
                #(#words #[serde(rename = #values)] #variants,)*
            }

            impl #name {
                /// The value as it is sent.
                pub fn as_str(&self) -> &'static str {
                    match self {
                        #(Self::#variants => #values,)*
                    }
                }
            }

            impl ::std::str::FromStr for #name {
                type Err = self::error::ConversionError;

                fn from_str(value: &str) -> ::std::result::Result<Self, self::error::ConversionError> {
                    match value {
                        #(#values => Ok(Self::#variants),)*
                        _ => Err(#expected.into()),
                    }
                }
            }
        }
    };
    let both: File = parse_quote! {
        impl ::std::fmt::Display for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
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
    };
    [file.items, both.items].concat()
}
