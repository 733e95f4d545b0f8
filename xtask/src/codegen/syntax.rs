//! Questions that are asked of syntax trees, and the pieces that are written into them.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, File, Ident, Item, ItemImpl, ItemStruct, Lit, Meta, Type};

/// The name of a type that is a plain path, or a reference to one: the last segment.
pub(super) fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Reference(reference) => type_name(&reference.elem),
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// The type that an `impl` block is for.
pub(super) fn self_name(block: &ItemImpl) -> Option<String> {
    type_name(&block.self_ty)
}

/// The first generic argument of a type whose last segment is `outer`.
pub(super) fn argument_of<'a>(ty: &'a Type, outer: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(argument) if last.ident == outer => Some(argument),
        _ => None,
    }
}

/// The structs of a file by name.
pub(super) fn structs(file: &File) -> BTreeMap<String, &ItemStruct> {
    file.items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some((item.ident.to_string(), item)),
            _ => None,
        })
        .collect()
}

/// The fields of a struct by name, in order.
pub(super) fn fields(item: &ItemStruct) -> impl Iterator<Item = (&Ident, &Type)> {
    item.fields
        .iter()
        .filter_map(|field| Some((field.ident.as_ref()?, &field.ty)))
}

/// A documentation comment.
pub(super) fn docs(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| match line {
        "" => String::new(),
        line => format!(" {line}"),
    });
    quote!(#(#[doc = #lines])*)
}

/// The text of a documentation attribute.
pub(super) fn doc_text(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// The value of a key in a field's or variant's `#[serde(…)]`: `Some(None)` for a bare key.
pub(super) fn serde_key(attributes: &[Attribute], key: &str) -> Option<Option<String>> {
    let mut found = None;
    for attribute in attributes {
        if !attribute.path().is_ident("serde") {
            continue;
        }
        // What cannot be read holds no such key.
        let _ = attribute.parse_nested_meta(|meta| {
            let text = match meta.value() {
                Ok(value) => Some(value.parse::<syn::LitStr>()?.value()),
                Err(_) => None,
            };
            if meta.path.is_ident(key) {
                found = Some(text);
            }
            Ok(())
        });
    }
    found
}
