//! Structs that grow without breaking anybody, and that take what stands for "nothing" for absent.

use syn::punctuated::Punctuated;
use syn::{Attribute, Field, Item, Meta, Path, Token, Type, parse_quote};

use crate::codegen::progenitor::Generated;
use crate::codegen::syntax::{argument_of, serde_key};

/// Makes every struct with named fields `#[non_exhaustive]`, and lets lists and fields with a default
/// be `null`, and optional times be `""`.
pub(super) fn apply(generated: &mut Generated) {
    let Generated { types, plain, .. } = generated;
    for item in &mut types.items {
        if let Item::Struct(item) = item
            && matches!(item.fields, syn::Fields::Named(_))
        {
            if !plain.built.contains(&item.ident.to_string()) {
                item.attrs.iter_mut().for_each(without_default);
            }
            item.attrs.push(parse_quote!(#[non_exhaustive]));
            item.fields.iter_mut().for_each(tolerate_nothing);
        }
    }
}

/// What servers send has no default: a field that they always send one day would take it away.
fn without_default(attribute: &mut Attribute) {
    let derived = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
    if let (true, Ok(derived)) = (attribute.path().is_ident("derive"), derived) {
        let kept = derived.iter().filter(|it| !it.is_ident("Default"));
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
}

/// Servers send `null`, an empty text or nothing at all where they have nothing to say.
fn tolerate_nothing(field: &mut Field) {
    // Typify's way to insist that the key is there.
    let insists: Meta = parse_quote!(deserialize_with = "::std::option::Option::deserialize");
    field.attrs.retain_mut(|attribute| {
        let keys = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
        let keys: Vec<_> = keys.into_iter().flatten().collect();
        let kept: Vec<_> = keys.iter().filter(|key| **key != insists).collect();
        if kept.len() < keys.len() {
            *attribute = parse_quote!(#[serde(#(#kept),*)]);
        }
        keys.is_empty() || !kept.is_empty()
    });
    let has_default = serde_key(&field.attrs, "default").is_some();
    let is_a = |outer| argument_of(&field.ty, outer).is_some();
    let time: Type = parse_quote!(::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>);
    if field.ty == time {
        field.attrs.push(parse_quote! {
            #[serde(default, deserialize_with = "::gha_core::generated::optional_time")]
        });
    } else if is_a("Vec") || (has_default && !is_a("Option")) {
        field.attrs.push(parse_quote! {
            #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
        });
    }
}
