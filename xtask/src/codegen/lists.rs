//! Lists that are read page by page, by numbers or by cursors.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ItemStruct, Type};

use super::model::{Answer, Operation, Parameter};
use super::passes::answers::variant_name;
use super::syntax::{argument_of, fields, in_types, is_foreign, own_name};

pub(super) type Structs<'a> = std::collections::BTreeMap<String, &'a ItemStruct>;

/// Where a page keeps its items.
pub(super) struct List {
    item: Type,
    split: TokenStream,
}

impl List {
    /// Of an operation that takes `page` and `per_page`, or a cursor, and answers with an array, or with an
    /// object that has exactly one. Where another status says that there is nothing, the page has no items.
    pub(super) fn of(operation: &Operation, types: &Structs<'_>) -> Option<Self> {
        if !operation.takes_pages() && operation.cursors().is_empty() {
            return None;
        }
        match &operation.answer {
            Answer::Json(body) => Self::in_body(body, types),
            Answer::ByStatus(name, all) => {
                let (status, list) = all.iter().find_map(|(status, it)| match it {
                    Answer::Json(body) => Some((status, Self::in_body(&in_types(body), types)?)),
                    _ => None,
                })?;
                let is_nothing = |answer: &Answer| match answer {
                    Answer::Json(body) => is_foreign(body, "Map"),
                    other => matches!(other, Answer::Empty),
                };
                let mut others = all.iter().filter(|(it, _)| it != status);
                let Self { item, split } = list;
                let variant = variant_name(status);
                others.all(|(_, it)| is_nothing(it)).then(|| Self {
                    item,
                    split: quote! {
                        match body {
                            types::#name::#variant(body) => #split,
                            _ => PageBody::new(None, ::std::vec::Vec::new()),
                        }
                    },
                })
            }
            _ => None,
        }
    }

    /// Of what a body holds.
    fn in_body(body: &Type, types: &Structs<'_>) -> Option<Self> {
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
        let total = integer(page, "total_count", &quote!(body)).unwrap_or_else(|| quote!(None));
        Some(Self {
            item: in_types(item),
            split: quote!(PageBody::new(#total, body.#array)),
        })
    }
}

/// An integer of a value, which may be absent, as an `Option`.
fn integer(of: &ItemStruct, name: &str, value: &TokenStream) -> Option<TokenStream> {
    let (field, ty) = fields(of).find(|(field, _)| *field == name)?;
    match argument_of(ty, "Option") {
        Some(inner) => is_foreign(inner, "i64").then(|| quote!(#value.#field)),
        None => is_foreign(ty, "i64").then(|| quote!(Some(#value.#field))),
    }
}

/// Renders how a list is read.
pub(super) fn paginated(operation: &Operation, list: List, types: &Structs<'_>) -> TokenStream {
    let List { item, split } = list;
    let name = operation.builder();
    let id = own_name(&item)
        .and_then(|item| types.get(&item).copied())
        .and_then(|item| integer(item, "id", &quote!(item)));
    let (pattern, id) = match id {
        Some(id) => (quote!(item), id),
        None => (quote!(_), quote!(None)),
    };
    let (cursors, is_numbered) = (operation.cursors(), operation.takes_pages());
    let cursor = (!cursors.is_empty()).then(|| by_cursor(&cursors, is_numbered));
    let number = is_numbered.then(|| {
        quote! {
            fn page_number(&self) -> Option<i64> {
                self.page
            }

            fn with_page(self, page: i64) -> Self {
                self.page(page)
            }
        }
    });
    let size = operation.counts("per_page").then(|| {
        quote! {
            fn page_size(&self) -> Option<i64> {
                self.per_page
            }

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

            #number

            #size

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

/// How a list is read by cursors; one whose pages have numbers too, where it is given a cursor.
fn by_cursor(cursors: &[&Parameter], is_numbered: bool) -> TokenStream {
    let wires: Vec<_> = cursors.iter().map(|it| &it.wire).collect();
    let names: Vec<_> = cursors.iter().map(|it| &it.name).collect();
    let values = cursors.iter().map(|it| match is_foreign(&it.ty, "String") {
        true => quote!(.map(::std::convert::Into::into)),
        false => quote!(.and_then(|id| id.parse().ok())),
    });
    let without = is_numbered.then(|| {
        quote! {
            if [#(&self.#names),*].iter().all(|it| it.is_none()) {
                return &[];
            }
        }
    });
    let unnumbered = is_numbered.then(|| quote!(self.page = None;));
    quote! {
        fn cursor_names(&self) -> &'static [&'static str] {
            #without
            &[#(#wires),*]
        }

        fn cursor(&self) -> PageCursor {
            PageCursor::new([#((#wires, self.#names.as_ref().map(ToString::to_string))),*])
        }

        fn with_cursor(mut self, cursor: &PageCursor) -> Self {
            #unnumbered
            #(self.#names = cursor.get(#wires)#values;)*
            self
        }
    }
}
