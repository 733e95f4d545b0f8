//! Questions that are asked of syntax trees, and the pieces that are written into them.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, ExprLit, File, Ident, Item, ItemStruct, Lit, Meta, Type, parse_quote};

use crate::spec::is_bidirectional;

/// The last segment of a type that is a plain path, or a reference to one.
pub(super) fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Reference(reference) => type_name(&reference.elem),
        Type::Path(path) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

/// The name of the type or module that an item is, or belongs to.
pub(crate) fn owner(item: &Item) -> String {
    match item {
        Item::Struct(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Mod(item) => item.ident.to_string(),
        Item::Impl(item) => type_name(&item.self_ty).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The name of a type that is generated: those of others are written as `::std::string::String`.
pub(super) fn own_name(ty: &Type) -> Option<String> {
    type_name(ty).filter(|name| !is_foreign(ty, name))
}

/// Whether a type is that of another crate, or one of the language, which is called `name`.
pub(super) fn is_foreign(ty: &Type, name: &str) -> bool {
    let elem = match ty {
        Type::Reference(reference) => &reference.elem,
        other => other,
    };
    let is_absolute = match elem {
        Type::Path(path) => path.path.leading_colon.is_some(),
        _ => false,
    };
    let is_primitive = name.starts_with(|c: char| c.is_ascii_lowercase());
    (is_absolute || is_primitive) && type_name(ty).is_some_and(|it| it == name)
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

/// The type as named from another module.
pub(super) fn in_types(ty: &Type) -> Type {
    struct InTypes;
    impl VisitMut for InTypes {
        fn visit_type_mut(&mut self, ty: &mut Type) {
            visit_mut::visit_type_mut(self, ty);
            if let Some(name) = own_name(ty) {
                let name = format_ident!("{name}");
                *ty = parse_quote!(types::#name);
            }
        }
    }
    let mut ty = ty.clone();
    InTypes.visit_type_mut(&mut ty);
    ty
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
    let lines = text.split('\n').map(|line| match line {
        "" => String::new(),
        line => format!(" {line}"),
    });
    quote!(#(#[doc = #lines])*)
}

/// A name from the wire as code in documentation, whatever it is made of.
pub(super) fn code(name: &str) -> String {
    let shown = |c: char| match c {
        '`' => '\'',
        c if c.is_control() || is_bidirectional(c) => '\u{fffd}',
        c => c,
    };
    format!("`{}`", name.chars().map(shown).collect::<String>())
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
