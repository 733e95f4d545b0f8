//! Structs that grow without breaking anybody, and that take `null` for absent.

use syn::{Attribute, Field, File, Item, ItemMod, parse_quote};

use super::ast::{self_name, source, type_name};
use super::usage::Usage;

/// Makes every struct with named fields `#[non_exhaustive]`, lets fields with a default be `null`,
/// and drops the builders of what is never sent.
pub(super) fn apply(types: &mut File, usage: &Usage) {
    let is_built = |name: Option<String>| name.is_none_or(|name| usage.sent.contains(&name));
    types.items.retain_mut(|item| match item {
        Item::Struct(item) => {
            if matches!(item.fields, syn::Fields::Named(_)) {
                item.attrs.push(parse_quote!(#[non_exhaustive]));
                item.fields.iter_mut().for_each(tolerate_null);
            }
            true
        }
        Item::Impl(block) if is_builder_constructor(block) => is_built(self_name(block)),
        Item::Mod(module) if module.ident == "builder" => retain_builders(module, &is_built),
        _ => true,
    });
}

/// Servers send `null`, or nothing at all, where they have nothing to say.
fn tolerate_null(field: &mut Field) {
    // Typify's way to insist that the key is there.
    let insists: Attribute =
        parse_quote!(#[serde(deserialize_with = "::std::option::Option::deserialize")]);
    field.attrs.retain(|attribute| *attribute != insists);
    let has_default = field.attrs.iter().any(|attribute| {
        attribute.path().is_ident("serde") && source(&attribute.meta).contains("(default")
    });
    if has_default && type_name(&field.ty).as_deref() != Some("Option") {
        field.attrs.push(parse_quote! {
            #[serde(deserialize_with = "crate::runtime::null::or_default")]
        });
    }
}

/// `impl X { pub fn builder() -> builder::X }`
fn is_builder_constructor(block: &syn::ItemImpl) -> bool {
    block.trait_.is_none() && super::ast::method(block, "builder").is_some()
}

fn retain_builders(module: &mut ItemMod, is_built: &impl Fn(Option<String>) -> bool) -> bool {
    let Some((_, items)) = &mut module.content else {
        return false;
    };
    items.retain(|item| match item {
        Item::Struct(item) => is_built(Some(item.ident.to_string())),
        Item::Impl(block) => is_built(self_name(block)),
        _ => true,
    });
    !items.is_empty()
}
