//! Lists that are read page by page, by numbers or by cursors.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit_mut::{self, VisitMut};
use syn::{ItemStruct, Type, parse_quote};

use super::model::{Answer, Operation, Parameter};
use super::syntax::{argument_of, fields, is_foreign, own_name};

pub(super) type Structs<'a> = std::collections::BTreeMap<String, &'a ItemStruct>;

/// Where a page keeps its items.
pub(super) struct List {
    item: Type,
    split: TokenStream,
}

impl List {
    /// Of an operation that takes `page` and `per_page`, or a cursor, and answers with an array, or with an
    /// object that has exactly one.
    pub(super) fn of(operation: &Operation, types: &Structs<'_>) -> Option<Self> {
        if !operation.takes_pages() && operation.cursors().is_empty() {
            return None;
        }
        let Answer::Json(body) = &operation.answer else {
            return None;
        };
        if let Some(item) = argument_of(body, "Vec") {
            return Some(Self {
                item: item.clone(),
                split: quote!(PageBody::new(None, body)),
            });
        }
        let page = types.get(&own_name(body)?)?;
        let mut arrays =
            fields(page).filter_map(|(name, ty)| Some((name, argument_of(ty, "Vec")?)));
        let (array, item) = arrays.next()?;
        if arrays.next().is_some() {
            return None;
        }
        let total = match fields(page).find(|(name, _)| *name == "total_count") {
            Some((_, ty)) if is_foreign(ty, "i64") => {
                quote!(Some(body.total_count))
            }
            Some((_, ty)) if argument_of(ty, "Option").is_some_and(|it| is_foreign(it, "i64")) => {
                quote!(body.total_count)
            }
            _ => quote!(None),
        };
        Some(Self {
            item: in_types(item),
            split: quote!(PageBody::new(#total, body.#array)),
        })
    }
}

/// The type as named from another module.
fn in_types(ty: &Type) -> Type {
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

/// Renders how a list is read.
pub(super) fn paginated(operation: &Operation, list: List, types: &Structs<'_>) -> TokenStream {
    let List { item, split } = list;
    let name = operation.builder();
    let id_type = own_name(&item)
        .and_then(|item| types.get(&item).copied())
        .and_then(|item| fields(item).find(|(name, _)| *name == "id"))
        .map(|(_, ty)| ty);
    let (pattern, id) = match id_type {
        Some(ty) if is_foreign(ty, "i64") => (quote!(item), quote!(Some(item.id))),
        Some(ty) if argument_of(ty, "Option").is_some_and(|it| is_foreign(it, "i64")) => {
            (quote!(item), quote!(item.id))
        }
        _ => (quote!(_), quote!(None)),
    };
    let cursors = operation.cursors();
    let is_numbered = cursors.is_empty();
    let cursor = (!is_numbered).then(|| by_cursor(&cursors));
    let page_number = is_numbered.then(|| {
        quote! {
            fn page_number(&self) -> Option<i64> {
                self.page
            }
        }
    });
    let with_page = is_numbered.then(|| {
        quote! {
            fn with_page(self, page: i64) -> Self {
                self.page(page)
            }
        }
    });
    let is_sized = operation.counts("per_page");
    let page_size = is_sized.then(|| {
        quote! {
            fn page_size(&self) -> Option<i64> {
                self.per_page
            }
        }
    });
    let with_per_page = is_sized.then(|| {
        quote! {
            fn with_per_page(self, per_page: i64) -> Self {
                self.per_page(per_page)
            }
        }
    });
    quote! {
        impl Sealed for #name {}

        impl Paginated for #name {
            type Item = #item;

            fn api(&self) -> &Api {
                self.handle.api()
            }

            fn operation(&self) -> &'static Operation {
                Self::OPERATION
            }

            #page_number

            #page_size

            #with_page

            #with_per_page

            #cursor

            async fn send_page(self) -> Result<Response<PageBody<Self::Item>>, Error> {
                Ok(self.send().await?.map(|body| #split))
            }

            fn item_id(#pattern: &Self::Item) -> Option<i64> {
                #id
            }
        }
    }
}

/// How a list is read whose pages have no numbers.
fn by_cursor(cursors: &[&Parameter]) -> TokenStream {
    let wires: Vec<_> = cursors.iter().map(|it| &it.wire).collect();
    let names: Vec<_> = cursors.iter().map(|it| &it.name).collect();
    let values = cursors.iter().map(|it| match is_foreign(&it.ty, "String") {
        true => quote!(.map(::std::convert::Into::into)),
        false => quote!(.and_then(|id| id.parse().ok())),
    });
    quote! {
        fn cursor_names() -> &'static [&'static str] {
            &[#(#wires),*]
        }

        fn cursor(&self) -> PageCursor {
            PageCursor::new([#((#wires, self.#names.as_ref().map(ToString::to_string))),*])
        }

        fn with_cursor(mut self, cursor: &PageCursor) -> Self {
            #(self.#names = cursor.get(#wires)#values;)*
            self
        }
    }
}
