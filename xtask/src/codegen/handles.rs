//! The client, and the handles that know what their operations share.

use heck::ToSnakeCase as _;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::File;

use super::arguments::Accepted;
use super::lists::{List, Structs};
use super::model::{Handle, Model, Parameter};
use super::syntax::{docs, is_foreign, structs};

/// Renders `client.rs`.
pub(super) fn render(model: &Model, types: &File) -> TokenStream {
    let types = structs(types);
    let makers = model.handles.iter().map(maker);
    let handles = (0..model.handles.len()).map(|index| definition(model, &types, index));
    let call = model.operations_of(None).next().map(|_| {
        quote! {
            pub(super) fn call(&self, operation: &'static Operation) -> Request<'_> {
                Request::new(&self.0, operation)
            }
        }
    });
    quote! {
        /// A client of the API; cheap to clone.
        #[derive(Clone, Debug)]
        pub struct Client(Api);

        impl Client {
            /// A client of the API, whatever carries its requests.
            pub fn new(api: Api) -> Self {
                Self(api)
            }

            /// The API that is called.
            pub fn api(&self) -> &Api {
                &self.0
            }

            /// The same client with a limit on the time that one attempt of a call may take; see
            /// [`Api::with_timeout`].
            #[must_use]
            pub fn with_timeout(self, timeout: Duration) -> Self {
                Self(self.0.with_timeout(timeout))
            }

            /// The same client with another policy for attempts that fail; see [`Api::with_retry`].
            #[must_use]
            pub fn with_retry(self, policy: RetryPolicy) -> Self {
                Self(self.0.with_retry(policy))
            }

            /// The rate limit that the API told last, where the transport keeps it.
            pub fn rate_limit(&self) -> Option<RateLimit> {
                self.0.rate_limit()
            }

            /// A request of any other path, with the same credentials, retries and limits; see
            /// [`Api::request`].
            pub fn request(&self, method: Method, path: impl Into<String>) -> AnyRequest {
                self.0.request(method, path)
            }

            #(#makers)*

            #call
        }

        #(#handles)*
    }
}

/// The methods that make a handle.
fn maker(handle: &Handle) -> TokenStream {
    let name = format_ident!("{}", handle.name);
    let method = format_ident!("{}", handle.name.to_snake_case());
    let fields: Vec<_> = handle.parameters.iter().map(|it| &it.name).collect();
    let accepted: Vec<_> = handle.parameters.iter().map(Accepted::of).collect();
    let types = accepted.iter().map(|it| &it.ty);
    let set = accepted
        .iter()
        .zip(&fields)
        .map(|(it, name)| it.field(name));
    let sentence = format!(
        "{}\n\nNothing is sent. An argument that cannot stand in a path is an error of each call.",
        handle.docs
    );
    let words = docs(&sentence);
    let parse = parser(handle);
    quote! {
        #words
        pub fn #method(&self, #(#fields: #types),*) -> #name {
            #name { api: self.0.clone(), #(#set),* }
        }

        #parse
    }
}

/// What takes all parts of a handle from one text, where they stand together in the path.
fn parser(handle: &Handle) -> Option<TokenStream> {
    let parts = &handle.parameters;
    let template: Vec<_> = parts.iter().map(|it| format!("{{{}}}", it.wire)).collect();
    let text = |parameter: &Parameter| is_foreign(&parameter.ty, "String");
    let form = template.join("/");
    let is_part = |it: &Parameter| text(it) && !it.is_multi_segment;
    if parts.len() < 2 || !handle.prefix.ends_with(&form) || !parts.iter().all(is_part) {
        return None;
    }
    let form = form.replace(['{', '}'], "").to_uppercase();
    let method = format_ident!("{}", handle.name.to_snake_case());
    let parse = format_ident!("parse_{method}");
    let name = format_ident!("{}", handle.name);
    let fields: Vec<_> = parts.iter().map(|it| &it.name).collect();
    let words = docs(&format!(
        "The same from one text, `{form}`.\n\n# Errors\n\n\
         [`InvalidRequest`](gha_core::ErrorKind::InvalidRequest) if the text has another form."
    ));
    Some(quote! {
        #words
        pub fn #parse(&self, text: &str) -> Result<#name, Error> {
            let [#(#fields),*] = ::gha_core::generated::split(text, #form)?;
            Ok(self.#method(#(#fields),*))
        }
    })
}

fn definition(model: &Model, structs: &Structs<'_>, index: usize) -> TokenStream {
    let handle = &model.handles[index];
    let name = format_ident!("{}", handle.name);
    let fields: Vec<_> = handle.parameters.iter().map(|it| &it.name).collect();
    let types = handle.parameters.iter().map(|it| &it.ty);
    let wires = handle.parameters.iter().map(|it| &it.wire);
    let setters = handle.parameters.iter().map(Parameter::request_method);
    let getters = handle.parameters.iter().map(|parameter| {
        let (name, ty) = (&parameter.name, &parameter.ty);
        let words = docs(&parameter.docs);
        if is_foreign(ty, "String") {
            quote!(#words pub fn #name(&self) -> &str { &self.#name })
        } else {
            quote!(#words pub fn #name(&self) -> &#ty { &self.#name })
        }
    });
    let summary = docs(&handle.docs);
    let lends = model
        .operations_of(Some(index))
        .any(|operation| operation.is_redirect() || List::of(operation, structs).is_some());
    let api = lends.then(|| {
        quote! {
            pub(super) fn api(&self) -> &Api {
                &self.api
            }
        }
    });
    quote! {
        #summary
        #[derive(Clone, Debug)]
        #[must_use]
        pub struct #name {
            api: Api,
            #(#fields: #types,)*
        }

        impl #name {
            #(#getters)*

            pub(super) fn call(&self, operation: &'static Operation) -> Request<'_> {
                Request::new(&self.api, operation) #(.#setters(#wires, &self.#fields))*
            }

            #api
        }
    }
}
