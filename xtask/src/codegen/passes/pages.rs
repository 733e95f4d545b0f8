//! Operations that answer with one page of a list implement `Paginated`.

use anyhow::{Context as _, Result, ensure};
use quote::{format_ident, quote};
use syn::{File, ImplItemFn, Item, ItemStruct, Type, parse_quote};

use super::ast::{argument_of, builder_blocks, client_field, fields, method, structs, type_name};
use crate::codegen::model::{Model, Operation};

/// An operation with `page` and `per_page` whose answer is an array, or an object with exactly one
/// array, is a page operation.
pub(super) fn apply(builder: &mut File, types: &File, model: &Model) -> Result<()> {
    let types = structs(types);
    let mut answers = Vec::new();
    for (name, block) in builder_blocks(builder) {
        let operation = model
            .operation(&name)
            .filter(|operation| operation.takes_pages());
        if let (Some(operation), Some(send)) = (operation, method(block, "send"))
            && let Some(list) = List::of(send, &types)
        {
            answers.push((name, operation, list));
        }
    }
    let builders = structs(builder);
    let mut items = Vec::new();
    for (name, operation, list) in answers {
        let block = implementation(builders[&name], operation, &list, &types)
            .with_context(|| format!("operation `{}`", operation.id))?;
        items.extend(block);
    }
    builder.items.extend(items);
    Ok(())
}

type Structs<'a> = std::collections::BTreeMap<String, &'a ItemStruct>;

/// Where a page keeps its items.
struct List {
    item: Type,
    split: proc_macro2::TokenStream,
}

impl List {
    fn of(send: &ImplItemFn, types: &Structs) -> Option<Self> {
        let syn::ReturnType::Type(_, output) = &send.sig.output else {
            return None;
        };
        let body = argument_of(argument_of(output, "Result")?, "Response")?;
        if let Some(item) = argument_of(body, "Vec") {
            return Some(Self {
                item: item.clone(),
                split: quote!(crate::PageBody::new(None, body)),
            });
        }
        let page = types.get(&type_name(body)?)?;
        let mut arrays =
            fields(page).filter_map(|(name, ty)| Some((name, argument_of(ty, "Vec")?)));
        let (array, item) = arrays.next()?;
        if arrays.next().is_some() {
            return None;
        }
        let total = match fields(page).find(|(name, _)| *name == "total_count") {
            Some((_, ty)) if type_name(ty).as_deref() == Some("i64") => {
                quote!(Some(body.total_count))
            }
            Some((_, ty)) if argument_of(ty, "Option").is_some() => quote!(body.total_count),
            _ => quote!(None),
        };
        Some(Self {
            item: in_types(item)?,
            split: quote!(crate::PageBody::new(#total, body.#array)),
        })
    }
}

/// The type as named from another module.
fn in_types(ty: &Type) -> Option<Type> {
    match ty {
        Type::Path(path) if path.path.leading_colon.is_none() => {
            let name = format_ident!("{}", type_name(ty)?);
            Some(parse_quote!(crate::types::#name))
        }
        other => Some(other.clone()),
    }
}

fn implementation(
    builder: &ItemStruct,
    operation: &Operation,
    list: &List,
    types: &Structs,
) -> Result<Vec<Item>> {
    for parameter in ["page", "per_page"] {
        let integer = fields(builder)
            .find(|(name, _)| *name == parameter)
            .and_then(|(_, ty)| argument_of(argument_of(ty, "Result")?, "Option"))
            .and_then(type_name);
        ensure!(
            integer.as_deref() == Some("i64"),
            "parameter `{parameter}` is no optional integer, as pagination needs it"
        );
    }
    let name = &builder.ident;
    let client = client_field(builder)?;
    let List { item, split } = list;
    let id_type = type_name(item)
        .and_then(|item| types.get(&item).copied())
        .and_then(|item| fields(item).find(|(name, _)| *name == "id"))
        .map(|(_, ty)| ty);
    let (pattern, id) = match id_type {
        Some(ty) if type_name(ty).as_deref() == Some("i64") => {
            (quote!(item), quote!(Some(item.id)))
        }
        Some(ty) if argument_of(ty, "Option").and_then(type_name).as_deref() == Some("i64") => {
            (quote!(item), quote!(item.id))
        }
        _ => (quote!(_), quote!(None)),
    };
    debug_assert!(operation.takes_pages());
    let file: File = parse_quote! {
        impl crate::runtime::traits::sealed::Sealed for #name {}

        impl crate::Paginated for #name {
            type Item = #item;

            fn client(&self) -> &crate::Client {
                &self.#client
            }

            fn operation(&self) -> &'static crate::Operation {
                Self::OPERATION
            }

            fn page_number(&self) -> Option<i64> {
                self.page.as_ref().ok().copied().flatten()
            }

            fn page_size(&self) -> Option<i64> {
                self.per_page.as_ref().ok().copied().flatten()
            }

            fn with_page(self, page: i64) -> Self {
                Self { page: self.page.and(Ok(Some(page))), ..self }
            }

            fn with_per_page(self, per_page: i64) -> Self {
                Self { per_page: self.per_page.and(Ok(Some(per_page))), ..self }
            }

            async fn send_page(
                self,
            ) -> Result<crate::Response<crate::PageBody<Self::Item>>, crate::Error> {
                Ok(self.send().await?.map(|body| #split))
            }

            fn item_id(#pattern: &Self::Item) -> Option<i64> {
                #id
            }
        }
    };
    Ok(file.items)
}
