//! Questions that several passes ask of a syntax tree.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use quote::ToTokens;
use syn::{
    Attribute, Expr, ExprLit, File, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemStruct, Lit,
    Meta, Type,
};

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

/// The inherent `impl` block of each builder: the one that has `send`.
pub(super) fn builder_blocks(file: &mut File) -> impl Iterator<Item = (String, &mut ItemImpl)> {
    file.items.iter_mut().filter_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() && method(block, "send").is_some() => {
            Some((self_name(block)?, block))
        }
        _ => None,
    })
}

/// A method of an `impl` block.
pub(super) fn method<'a>(block: &'a ItemImpl, name: &str) -> Option<&'a ImplItemFn> {
    block.items.iter().find_map(|item| match item {
        ImplItem::Fn(function) if function.sig.ident == name => Some(function),
        _ => None,
    })
}

/// A method of an `impl` block, to change it.
pub(super) fn method_mut<'a>(block: &'a mut ItemImpl, name: &str) -> Result<&'a mut ImplItemFn> {
    block
        .items
        .iter_mut()
        .find_map(|item| match item {
            ImplItem::Fn(function) if function.sig.ident == name => Some(function),
            _ => None,
        })
        .with_context(|| format!("a builder has no method `{name}`"))
}

/// The fields of a struct by name, in order.
pub(super) fn fields(item: &ItemStruct) -> impl Iterator<Item = (&Ident, &Type)> {
    item.fields
        .iter()
        .filter_map(|field| Some((field.ident.as_ref()?, &field.ty)))
}

/// The name of the field that holds the client, which gives way to a parameter of that name.
pub(super) fn client_field(item: &ItemStruct) -> Result<Ident> {
    fields(item)
        .find(|(_, ty)| type_name(ty).as_deref() == Some("Client"))
        .map(|(name, _)| name.clone())
        .with_context(|| format!("builder `{}` has no client", item.ident))
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

/// Source text as one would write it in a message.
pub(super) fn source(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}
