//! What callers send can be built: what must be in it are arguments, what may be has a setter.

use proc_macro2::TokenStream;
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
        let is_built = plain.built.contains(&item.ident.to_string());
        let constructors = is_built.then(|| constructors(item))??;
        Some(vec![Item::Struct(item.clone()), constructors])
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
    let setters = optional.iter().filter_map(|field| setter(field));
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
    argument_of(&field.ty, "Option").is_some()
        && serde_key(&field.attrs, "deserialize_with").is_none()
}

fn setter(field: &Field) -> Option<TokenStream> {
    let (Some(name), Visibility::Public(_)) = (&field.ident, &field.vis) else {
        return None;
    };
    let words: Vec<Attribute> = field
        .attrs
        .iter()
        .filter(|attribute| doc_text(attribute).is_some())
        .cloned()
        .collect();
    let Accepted { ty, value } = Accepted::new(name, argument_of(&field.ty, "Option")?);
    let method = match name == "new" {
        true => format_ident!("new_"),
        false => name.clone(),
    };
    Some(quote! {
        #(#words)*
        #[must_use]
        pub fn #method(mut self, #name: #ty) -> Self {
            self.#name = Some(#value);
            self
        }
    })
}
