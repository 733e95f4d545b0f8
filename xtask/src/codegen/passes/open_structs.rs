//! Structs that grow without breaking anybody, and that take `null` for absent.

use syn::{Attribute, Field, File, Item, parse_quote};

use crate::codegen::syntax::{serde_key, type_name};

/// Makes every struct with named fields `#[non_exhaustive]`, and lets fields with a default be
/// `null`.
pub(super) fn apply(types: &mut File) {
    for item in &mut types.items {
        if let Item::Struct(item) = item
            && matches!(item.fields, syn::Fields::Named(_))
        {
            item.attrs.push(parse_quote!(#[non_exhaustive]));
            item.fields.iter_mut().for_each(tolerate_null);
        }
    }
}

/// Servers send `null`, or nothing at all, where they have nothing to say.
fn tolerate_null(field: &mut Field) {
    // Typify's way to insist that the key is there.
    let insists: Attribute =
        parse_quote!(#[serde(deserialize_with = "::std::option::Option::deserialize")]);
    field.attrs.retain(|attribute| *attribute != insists);
    let has_default = serde_key(&field.attrs, "default").is_some();
    if has_default && type_name(&field.ty).as_deref() != Some("Option") {
        field.attrs.push(parse_quote! {
            #[serde(deserialize_with = "::gha_core::generated::null_or_default")]
        });
    }
}
