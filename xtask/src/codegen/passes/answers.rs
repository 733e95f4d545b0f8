//! Several answers of an operation, as an enum beside the other types.

use heck::ToPascalCase as _;
use http::StatusCode;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens as _, format_ident, quote};
use syn::{File, Item, Type, parse_quote};

use crate::codegen::model::{Answer, Model, Operation};
use crate::codegen::syntax::owner;

/// Writes the enums of several answers, and how each status is decoded.
pub(super) fn apply(types: &mut File, model: &Model) {
    for operation in &model.operations {
        if let Answer::ByStatus(name, all) = &operation.answer {
            let text = name.to_string();
            let is_later = |item: &Item| match item {
                Item::Struct(_) | Item::Enum(_) | Item::Mod(_) => owner(item) > text,
                _ => false,
            };
            let later = types.items.iter().position(is_later);
            let at = later.unwrap_or(types.items.len());
            types.items.splice(at..at, answers(operation, name, all));
        }
    }
}

/// One answer as a variant.
struct Variant {
    name: Ident,
    docs: String,
    holds: Option<Type>,
    status: TokenStream,
    decoded: TokenStream,
}

fn answers(operation: &Operation, name: &Ident, all: &[(String, Answer)]) -> Vec<Item> {
    let variants: Vec<_> = all.iter().map(|(status, it)| variant(status, it)).collect();
    let definitions = variants.iter().map(|it| {
        let (name, docs) = (&it.name, &it.docs);
        let holds = it.holds.iter();
        quote!(#[doc = #docs] #name #((#holds))*)
    });
    let arms = variants.iter().map(|it| {
        let (status, decoded) = (&it.status, &it.decoded);
        quote!(#status => #decoded)
    });
    let (method, builder) = (&operation.name, operation.builder());
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

/// The name of the variant of a status.
pub(in crate::codegen) fn variant_name(status: &str) -> Ident {
    let code = StatusCode::from_bytes(status.as_bytes()).ok();
    match code.and_then(|code| code.canonical_reason()) {
        Some(reason) => format_ident!("{}", reason.to_pascal_case()),
        None => format_ident!("Status{status}"),
    }
}

fn variant(status: &str, answer: &Answer) -> Variant {
    let code = StatusCode::from_bytes(status.as_bytes()).ok();
    let reason = code.and_then(|code| code.canonical_reason());
    let reason = reason.map_or_else(String::new, |reason| format!(" {reason}"));
    let name = variant_name(status);
    let (holds, read, what) = match answer {
        Answer::Json(ty) => (Some((**ty).clone()), Some(quote!(json)), ""),
        Answer::Text => (
            Some(parse_quote!(::std::string::String)),
            Some(quote!(text)),
            ", as text",
        ),
        Answer::Bytes => (
            Some(parse_quote!(::gha_core::Bytes)),
            Some(quote!(bytes)),
            ", as bytes",
        ),
        _ => (None, None, ", without a body"),
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
