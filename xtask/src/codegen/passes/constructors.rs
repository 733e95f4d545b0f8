//! What callers send can be built: what must be in it are arguments, what may be has a setter, and one more
//! where it may be `null`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, Field, Item, ItemStruct, Visibility, parse_quote};

use super::replace_structs;
use crate::codegen::arguments::Accepted;
use crate::codegen::progenitor::Generated;
use crate::codegen::syntax::{argument_of, doc_text, serde_key};

/// Gives `new` and setters to every struct that a request body may hold.
pub(super) fn apply(generated: &mut Generated) {
    let Generated { types, plain, .. } = generated;
    replace_structs(types, |item| {
        let name = item.ident.to_string();
        if !plain.built.contains(&name) {
            return None;
        }
        let mut item = item.clone();
        let optional = item.fields.iter_mut().filter(|field| is_optional(field));
        let nullable = optional.filter(|field| {
            let key = serde_key(&field.attrs, "rename").flatten();
            let key = key.or_else(|| Some(field.ident.as_ref()?.to_string()));
            key.is_some_and(|key| plain.nullable.contains(&(name.clone(), key)))
        });
        nullable.for_each(keep_null);
        let constructors = constructors(&item)?;
        Some(vec![Item::Struct(item), constructors])
    });
}

/// Lets a field hold `null` beside nothing and a value.
fn keep_null(field: &mut Field) {
    let ty = &field.ty;
    field.ty = parse_quote!(::std::option::Option<#ty>);
    field.attrs.push(parse_quote! {
        #[serde(default, deserialize_with = "::gha_core::generated::present")]
    });
}

fn constructors(item: &ItemStruct) -> Option<Item> {
    let syn::Fields::Named(fields) = &item.fields else {
        return None;
    };
    let name = &item.ident;
    let (optional, required): (Vec<_>, Vec<_>) =
        fields.named.iter().partition(|field| is_optional(field));
    let accepted = required.iter().filter_map(|field| {
        let name = field.ident.as_ref()?;
        Some((name, Accepted::new(name, &field.ty)))
    });
    let (arguments, accepted): (Vec<_>, Vec<_>) = accepted.unzip();
    let types = accepted.iter().map(|it| &it.ty);
    let set = accepted
        .iter()
        .zip(&arguments)
        .map(|(it, name)| it.field(name));
    let left = optional.iter().filter_map(|it| it.ident.as_ref());
    let names: Vec<_> = fields
        .named
        .iter()
        .filter_map(|it| it.ident.as_ref())
        .collect();
    let setters = optional.iter().filter_map(|field| setters(field, &names));
    let words = format!(" A `{name}` with what must be in it.");
    Some(parse_quote! {
        impl #name {
            #[doc = #words]
            pub fn new(#(#arguments: #types),*) -> Self {
                Self {
                    #(#set,)*
                    #(#left: None,)*
                }
            }

            #(#setters)*
        }
    })
}

/// Whether the key may be left out. Typify tells a field that may be null but must be there by a
/// deserializer that insists.
fn is_optional(field: &Field) -> bool {
    argument_of(&field.ty, "Option").is_some_and(|ty| {
        argument_of(ty, "Option").is_some() || serde_key(&field.attrs, "deserialize_with").is_none()
    })
}

fn setters(field: &Field, fields: &[&Ident]) -> Option<TokenStream> {
    let (Some(name), Visibility::Public(_)) = (&field.ident, &field.vis) else {
        return None;
    };
    let words: Vec<Attribute> = field
        .attrs
        .iter()
        .filter(|attribute| doc_text(attribute).is_some())
        .cloned()
        .collect();
    let ty = argument_of(&field.ty, "Option")?;
    let value_ty = argument_of(ty, "Option");
    let Accepted {
        ty: accepted,
        value,
    } = Accepted::new(name, value_ty.unwrap_or(ty));
    let value = match value_ty {
        Some(_) => quote!(Some(#value)),
        None => value,
    };
    let method = match name == "new" {
        true => format_ident!("new_"),
        false => name.clone(),
    };
    let null = value_ty.map(|_| {
        let mut method = format_ident!("clear_{name}");
        while fields.contains(&&method) {
            method = format_ident!("{method}_");
        }
        let words = format!(" Sends `null` as `{name}`.");
        quote! {
            #[doc = #words]
            #[must_use]
            pub fn #method(mut self) -> Self {
                self.#name = Some(None);
                self
            }
        }
    });
    Some(quote! {
        #(#words)*
        #[must_use]
        pub fn #method(mut self, #name: #accepted) -> Self {
            self.#name = Some(#value);
            self
        }

        #null
    })
}
