//! A builder for each operation: what must be given are arguments, what may be given has a setter.

use heck::ToSnakeCase as _;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;
use syn::File;

use super::arguments::Accepted;
use super::lists::{List, paginated};
use super::model::{Answer, Model, Operation, Parameter, Place};
use super::syntax::{code, docs, own_name, structs};

/// Renders `operations.rs`.
pub(super) fn render(model: &Model, types: &File) -> TokenStream {
    let types = structs(types);
    let methods = methods(model);
    let operations = model.operations.iter();
    let builders: TokenStream = operations
        .map(|operation| {
            let list = List::of(operation, &types);
            let builder = builder(model, operation, list.is_some());
            let list = list.map(|list| paginated(operation, list, &types));
            let redirect = redirected(model, operation);
            quote!(#builder #list #redirect)
        })
        .collect();
    quote!(#methods #builders)
}

/// The operations of the client, and of each handle, as their methods.
fn methods(model: &Model) -> TokenStream {
    let handles = (0..model.handles.len()).map(Some);
    std::iter::once(None)
        .chain(handles)
        .map(|handle| {
            let name = handle_name(model, handle);
            let methods: Vec<_> = model.operations_of(handle).map(method).collect();
            match methods.is_empty() {
                true => TokenStream::new(),
                false => quote!(impl #name { #(#methods)* }),
            }
        })
        .collect()
}

fn handle_name(model: &Model, handle: Option<usize>) -> Ident {
    match handle {
        Some(index) => format_ident!("{}", model.handles[index].name),
        None => format_ident!("Client"),
    }
}

fn method(operation: &Operation) -> TokenStream {
    let name = syn::Ident::new(&operation.name, proc_macro2::Span::call_site());
    let builder = operation.builder();
    let arguments: Vec<_> = operation.arguments().map(|it| &it.name).collect();
    let accepted = operation.arguments().map(Accepted::of);
    let types = accepted.map(|it| it.ty);
    let words = docs(&operation_docs(operation));
    quote! {
        #words
        pub fn #name(&self, #(#arguments: #types),*) -> #builder {
            #builder::new(self.clone(), #(#arguments),*)
        }
    }
}

fn operation_docs(operation: &Operation) -> String {
    let mut paragraphs = operation.docs.clone();
    let segments = operation.parameters.iter().filter(|it| it.is_multi_segment);
    paragraphs
        .extend(segments.map(|it| format!("{} may hold slashes.", code(&it.name.to_string()))));
    let request = format!("`{} {}`", operation.method, operation.path);
    paragraphs.push(match &operation.docs_url {
        Some(url) => format!("{request}, see [GitHub's documentation]({url})."),
        None => format!("{request}."),
    });
    paragraphs.join("\n\n")
}

fn builder(model: &Model, operation: &Operation, is_list: bool) -> TokenStream {
    let name = operation.builder();
    let handle = handle_name(model, operation.handle);
    let parameters = &operation.parameters;
    let kept: Vec<_> = parameters.iter().map(|it| &it.name).collect();
    let kept_types = parameters.iter().map(|parameter| {
        let ty = &parameter.ty;
        let is_option = !parameter.is_argument() && parameter.default.is_none();
        match is_option {
            true => quote!(Option<#ty>),
            false => quote!(#ty),
        }
    });
    let accepted: Vec<_> = operation.arguments().map(Accepted::of).collect();
    let arguments: Vec<_> = operation.arguments().map(|it| &it.name).collect();
    let types = accepted.iter().map(|it| &it.ty);
    let set = accepted
        .iter()
        .zip(&arguments)
        .map(|(it, name)| it.field(name));
    let options: Vec<_> = operation.options().map(|it| &it.name).collect();
    let defaults = operation.options().map(|it| match &it.default {
        Some(default) => literal(default),
        None => quote!(None),
    });
    let setters = operation.options().map(setter);
    let (id, path) = (&operation.name, &operation.path);
    let method = format_ident!("{}", operation.method);
    let summary = docs(&summary(operation, &handle, is_list));
    let send = send(operation);
    quote! {
        #summary
        #[derive(Clone, Debug)]
        #[must_use = "nothing is sent yet"]
        pub struct #name {
            handle: #handle,
            #(#kept: #kept_types,)*
        }

        impl #name {
            /// The operation that this builder requests.
            pub const OPERATION: &'static Operation = &Operation::new(#id, Method::#method, #path);

                fn new(handle: #handle, #(#arguments: #types),*) -> Self {
                Self {
                    handle,
                    #(#set,)*
                    #(#options: #defaults,)*
                }
            }

            #(#setters)*

            #send
        }
    }
}

/// The type of a request, and what can be done with it.
fn summary(operation: &Operation, handle: &Ident, is_list: bool) -> String {
    let name = &operation.name;
    let mut call = format!("{}.{name}(", handle.to_string().to_snake_case());
    let arguments = operation.arguments().map(|it| it.name.to_string());
    call.push_str(&arguments.collect::<Vec<_>>().join(", "));
    call.push(')');
    let mut lines = vec![format!("A request of [`{handle}::{name}`]."), String::new()];
    let sent = match &operation.answer {
        Answer::Redirect => "the [`SignedUrl`] of the content".to_owned(),
        Answer::ByStatus(name, _) => format!("the `{name}`"),
        Answer::Json(ty) => match own_name(ty) {
            Some(name) => format!("the `{name}`"),
            None => "the answer".to_owned(),
        },
        Answer::Text => "the text".to_owned(),
        Answer::Bytes => "the bytes".to_owned(),
        Answer::Check => "whether it is so".to_owned(),
        Answer::Empty => String::new(),
    };
    match &operation.answer {
        _ if operation.is_redirect() => {
            lines.push(format!("- `{call}.send().await?` is {sent}."));
            lines.push(format!(
                "- `{call}.download().await?` opens the content, with \
                 [`gha-client`](https://docs.rs/gha-client)."
            ));
        }
        _ if is_list => {
            lines.push(format!("- `{call}.send().await?` is one page."));
            lines.push(format!(
                "- `{call}.stream()` gives the items of all pages, with \
                 [`gha-client`](https://docs.rs/gha-client)."
            ));
        }
        Answer::Empty => lines.push(format!(
            "`{call}.send().await?` sends it, and waits for the answer."
        )),
        _ => lines.push(format!("`{call}.send().await?` is {sent}.")),
    }
    lines.join("\n")
}

fn setter(parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    let Accepted { ty, value } = Accepted::of(parameter);
    let value = match parameter.default {
        Some(_) => value,
        None => quote!(Some(#value)),
    };
    let words = docs(&parameter.docs);
    quote! {
        #words
        pub fn #name(mut self, #name: #ty) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// The default of a path parameter.
fn literal(value: &Value) -> TokenStream {
    match value {
        Value::String(text) => quote!(#text.into()),
        Value::Bool(value) => quote!(#value),
        number => number.to_string().parse().unwrap_or_default(),
    }
}

/// The request with all its parameters, in the form that is asked for unless that is the usual one.
fn request(operation: &Operation, media_type: Option<&String>) -> TokenStream {
    let mut request = quote!(self.handle.call(Self::OPERATION));
    for parameter in &operation.parameters {
        let (wire, name) = (&parameter.wire, &parameter.name);
        let method = parameter.request_method();
        request.extend(match parameter.place {
            Place::Body if parameter.is_raw && parameter.required => quote!(.raw(Some(self.#name))),
            Place::Body if parameter.is_raw => quote!(.raw(self.#name)),
            Place::Body => quote!(.#method(&self.#name)),
            _ => quote!(.#method(#wire, &self.#name)),
        });
    }
    let content_type = operation.content_type.iter();
    request.extend(content_type.map(|it| quote!(.content_type(#it))));
    request.extend(media_type.map(|it| quote!(.accept(#it))));
    request
}

fn send(operation: &Operation) -> TokenStream {
    let media_type = operation.media_type.as_ref();
    let request = match operation.answer {
        Answer::Redirect => request(operation, operation.content.as_ref()),
        _ => request(operation, media_type),
    };
    let what = match operation.answer {
        Answer::Check => {
            "\n\nIt is not so as well where the caller may not know: GitHub says 404 then, too."
        }
        _ => "",
    };
    let words = docs(&format!(
        "Sends `{} {}`.{what}\n\n# Errors\n\n[`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if an \
         argument is unusable, before anything is sent; else see [`Error`].",
        operation.method, operation.path
    ));
    let (ty, read) = match &operation.answer {
        Answer::Json(ty) => (quote!(#ty), quote!(json)),
        Answer::ByStatus(name, _) => (quote!(types::#name), quote!(by_status)),
        Answer::Empty => (quote!(()), quote!(empty)),
        Answer::Text => (quote!(::std::string::String), quote!(text)),
        Answer::Bytes => (quote!(Bytes), quote!(bytes)),
        Answer::Check => (quote!(bool), quote!(check)),
        Answer::Redirect => {
            let body = match operation.explained_by {
                Some(_) => quote! {
                    match #request.redirect().await {
                        Err(error) if error.is_not_found() => Err(self.why_missing(error).await),
                        url => url,
                    }
                },
                None => quote!(#request.redirect().await),
            };
            return quote! {
                #words
                pub async fn send(self) -> Result<SignedUrl, Error> {
                    #body
                }
            };
        }
    };
    quote! {
        #words
        pub async fn send(self) -> Result<Response<#ty>, Error> {
            #request.#read().await
        }
    }
}

/// An operation that answers 302 is a redirect operation.
fn redirected(model: &Model, operation: &Operation) -> Option<TokenStream> {
    if !operation.is_redirect() {
        return None;
    }
    let name = operation.builder();
    let why_missing = operation.explained_by.map(|subject| {
        let subject = &model.operations[subject];
        let method = format_ident!("{}", subject.name);
        let arguments = subject.arguments().map(|it| {
            let name = &it.name;
            quote!(self.#name)
        });
        quote! {
            async fn why_missing(self, missing: Error) -> Error {
                match self.handle.#method(#(#arguments),*).send().await {
                    Ok(subject) => subject.why_missing(missing),
                    Err(_) => missing,
                }
            }
        }
    });
    let request = request(operation, operation.content.as_ref());
    let url = match operation.answer {
        Answer::Redirect => quote!(self.send().await),
        _ => quote!(#request.redirect().await),
    };
    let content = operation.content.as_ref().map(|_| {
        quote! {
            async fn send_content(self) -> Result<Content, Error> {
                #request.content().await
            }
        }
    });
    Some(quote! {
        impl Sealed for #name {}

        impl Redirected for #name {
            fn api(&self) -> &Api {
                self.handle.api()
            }

            fn operation(&self) -> &'static Operation {
                Self::OPERATION
            }

            async fn send_redirect(self) -> Result<SignedUrl, Error> {
                #url
            }

            #content

            #why_missing
        }
    })
}
