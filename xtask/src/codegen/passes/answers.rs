//! Several answers, in the place of the structs whose fields stand for their JSON.

use heck::ToPascalCase as _;
use http::StatusCode;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident, quote};
use syn::{File, Item, ItemStruct, Type, parse_quote};

use super::replace_structs;
use crate::codegen::plain::{Reading, Several};
use crate::codegen::progenitor::Generated;
use crate::spec::shape::{pascal, snake};

/// Writes the enums of several answers, and how each status is decoded.
pub(super) fn apply(generated: &mut Generated) {
    let Generated { types, plain, .. } = generated;
    replace_structs(types, |item| {
        Some(answers(item, plain.several.get(&item.ident.to_string())?))
    });
}

/// One answer as a variant.
struct Variant {
    name: Ident,
    docs: String,
    holds: Option<Type>,
    status: TokenStream,
    decoded: TokenStream,
}

fn answers(stand_in: &ItemStruct, several: &Several) -> Vec<Item> {
    let name = &stand_in.ident;
    let mut fields = stand_in.fields.iter().map(|field| field.ty.clone());
    let answers = several.answers.iter();
    let variants: Vec<_> = answers
        .map(|(status, reading)| variant(status, *reading, &mut fields))
        .collect();
    let definitions = variants.iter().map(|it| {
        let (name, docs) = (&it.name, &it.docs);
        let holds = it.holds.iter();
        quote!(#[doc = #docs] #name #((#holds))*)
    });
    let arms = variants.iter().map(|it| {
        let (status, decoded) = (&it.status, &it.decoded);
        quote!(#status => #decoded)
    });
    let (method, builder) = (snake(&several.operation), pascal(&several.operation));
    let docs = format!(" What [`{method}`](super::operations::{builder}) answers with, by status.");
    let file: File = parse_quote! {
        #[doc = #docs]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#definitions,)*
        }

        impl ::gha_core::generated::ByStatus for #name {
            fn decode(
                received: &::gha_core::generated::Received,
            ) -> ::std::result::Result<::std::option::Option<Self>, ::gha_core::Error> {
                let answer = match received.status() {
                    #(#arms,)*
                    _ => return Ok(None),
                };
                Ok(Some(answer))
            }
        }
    };
    file.items
}

fn variant(status: &str, reading: Reading, fields: &mut impl Iterator<Item = Type>) -> Variant {
    let code = status
        .parse()
        .ok()
        .and_then(|it| StatusCode::from_u16(it).ok());
    let reason = code.and_then(|code| code.canonical_reason());
    let (name, reason) = match reason {
        Some(reason) => (reason.to_pascal_case(), format!(" {reason}")),
        None => (format!("Status{status}"), String::new()),
    };
    let name = format_ident!("{name}");
    let (holds, read, what) = match reading {
        Reading::Json => (fields.next(), Some(quote!(json)), ""),
        Reading::Text => (
            Some(parse_quote!(::std::string::String)),
            Some(quote!(text)),
            ", as text",
        ),
        Reading::Bytes => (
            Some(parse_quote!(::gha_core::Bytes)),
            Some(quote!(bytes)),
            ", as bytes",
        ),
        Reading::Nothing => (None, None, ", without a body"),
    };
    Variant {
        docs: format!(" {status}{reason}{what}."),
        holds,
        status: match code {
            Some(code) => syn::LitInt::new(code.as_str(), name.span()).into_token_stream(),
            None => quote!(200..=299),
        },
        decoded: match read {
            Some(read) => quote!(Self::#name(received.#read()?)),
            None => quote!(Self::#name),
        },
        name,
    }
}
