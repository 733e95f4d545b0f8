//! Operations that answer with a signed URL implement `Redirected`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use quote::quote;
use syn::{File, Ident, ImplItemFn, Item, ItemImpl, ItemStruct, Type, parse_quote};

use super::ast::{argument_of, builder_blocks, client_field, fields, method, method_mut, structs};
use crate::codegen::model::Model;

/// An operation that answers 302 with `Location` is a redirect operation.
pub(super) fn apply(builder: &mut File, model: &Model) -> Result<()> {
    let mut answers = BTreeMap::new();
    for (name, block) in builder_blocks(builder) {
        let body = method(block, "send").and_then(|send| match &send.sig.output {
            syn::ReturnType::Type(_, ty) => argument_of(argument_of(ty, "Result")?, "Response"),
            syn::ReturnType::Default => None,
        });
        answers.insert(name, body.cloned());
    }
    let mut items = Vec::new();
    let mut explained = BTreeSet::new();
    for item in structs(builder).into_values() {
        let Some(operation) = model
            .operation(&item.ident.to_string())
            .filter(|operation| operation.redirects)
        else {
            continue;
        };
        let subject = model.subject(operation).and_then(|subject| {
            let builders = structs(builder);
            let (name, found) = builders
                .into_iter()
                .find(|(name, _)| model.operation(name).is_some_and(|it| it.id == subject.id))?;
            Some((found, answers.get(&name)?.clone()?))
        });
        if subject.is_some() {
            explained.insert(item.ident.to_string());
        }
        items.extend(
            implementation(item, subject)
                .with_context(|| format!("operation `{}`", operation.id))?,
        );
    }
    builder.items.extend(items);
    for (name, block) in builder_blocks(builder) {
        if explained.contains(&name) {
            explain_errors(block)?;
        }
    }
    Ok(())
}

/// Lets the subject speak where the content is missing.
fn explain_errors(block: &mut ItemImpl) -> Result<()> {
    let send = method_mut(block, "send")?;
    let explained: ImplItemFn = parse_quote! {
        pub async fn send(self) -> Result<crate::SignedUrl, crate::Error> {
            match self.clone().request_signed_url().await {
                Ok(url) => Ok(url),
                Err(error) => Err(crate::runtime::traits::explained(error, self).await),
            }
        }
    };
    let plain = std::mem::replace(send, explained);
    let body = &plain.block;
    block.items.push(parse_quote! {
        async fn request_signed_url(self) -> Result<crate::SignedUrl, crate::Error> #body
    });
    Ok(())
}

fn implementation(builder: &ItemStruct, subject: Option<(&ItemStruct, Type)>) -> Result<Vec<Item>> {
    let name = &builder.ident;
    let client = client_field(builder)?;
    let (answer, request): (Type, _) = match subject {
        None => (parse_quote!(()), quote!(Ok(None))),
        Some((subject, answer)) => {
            let shared = shared_fields(builder, subject, &client);
            let subject = &subject.ident;
            let request = quote! {
                let mut subject = #subject::new(&self.#client);
                #(subject.#shared = self.#shared;)*
                subject.send().await.map(Some)
            };
            (answer, request)
        }
    };
    let file: File = parse_quote! {
        impl crate::runtime::traits::sealed::Sealed for #name {}

        impl crate::Redirected for #name {
            type Subject = #answer;

            fn client(&self) -> &crate::Client {
                &self.#client
            }

            async fn send_redirect(self) -> Result<crate::SignedUrl, crate::Error> {
                self.send().await
            }

            async fn send_subject(
                self,
            ) -> Result<Option<crate::Response<Self::Subject>>, crate::Error> {
                #request
            }
        }
    };
    Ok(file.items)
}

fn shared_fields<'a>(
    builder: &'a ItemStruct,
    subject: &ItemStruct,
    client: &Ident,
) -> Vec<&'a Ident> {
    fields(builder)
        .map(|(name, _)| name)
        .filter(|name| *name != client && fields(subject).any(|(other, _)| other == *name))
        .collect()
}
