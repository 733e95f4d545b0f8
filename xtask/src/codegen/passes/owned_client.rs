//! Builders that own their client, so that futures and streams made of them are `'static`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use syn::{Expr, File, ImplItem, ImplItemFn, Item, ReturnType, Stmt, parse_quote};

use super::ast::{
    argument_of, builder_blocks, client_field, fields, method_mut, source, structs, type_name,
};
use crate::codegen::parts::Parts;

/// Removes the lifetime from every builder and clones the client into it.
pub(super) fn apply(parts: &mut Parts) -> Result<()> {
    own_client(&mut parts.builder)?;
    for item in &mut parts.operations.items {
        if let Item::Impl(block) = item {
            *block.self_ty = parse_quote!(crate::Client);
            for item in &mut block.items {
                if let ImplItem::Fn(function) = item {
                    return_owned_builder(function)?;
                }
            }
        }
    }
    Ok(())
}

fn own_client(builder: &mut File) -> Result<()> {
    let mut clients = BTreeMap::new();
    let mut optional = BTreeSet::new();
    for (name, item) in structs(builder) {
        for (field, ty) in fields(item) {
            if argument_of(ty, "Result")
                .and_then(|value| argument_of(value, "Option"))
                .is_some()
            {
                optional.insert((name.clone(), field.clone()));
            }
        }
        clients.insert(name, client_field(item)?);
    }
    for item in &mut builder.items {
        match item {
            Item::Struct(item) => {
                item.generics.params.clear();
                for field in &mut item.fields {
                    if type_name(&field.ty).as_deref() == Some("Client") {
                        field.ty = parse_quote!(crate::Client);
                    }
                }
            }
            Item::Impl(block) => {
                block.generics.params.clear();
                let name = type_name(&block.self_ty).context("an `impl` block of no builder")?;
                let name = quote::format_ident!("{name}");
                *block.self_ty = parse_quote!(#name);
            }
            _ => {}
        }
    }
    for (name, block) in builder_blocks(builder) {
        let client = &clients[&name];
        let new = method_mut(block, "new")?;
        let Some(Stmt::Expr(Expr::Struct(literal), _)) = new.block.stmts.last_mut() else {
            anyhow::bail!("`{name}::new` does not end in a struct literal");
        };
        for field in &mut literal.fields {
            let syn::Member::Named(member) = &field.member else {
                continue;
            };
            if member == client {
                field.expr = parse_quote!(client.clone());
            } else if optional.contains(&(name.clone(), member.clone())) {
                // Progenitor insists on a body even where the description does not.
                field.expr = parse_quote!(Ok(None));
            }
        }
        let body = &new.block;
        *new = parse_quote!(pub(crate) fn new(client: &crate::Client) -> Self #body);
    }
    Ok(())
}

fn return_owned_builder(function: &mut ImplItemFn) -> Result<()> {
    let name = &function.sig.ident;
    let builder = match &function.sig.output {
        ReturnType::Type(_, ty) => type_name(ty),
        ReturnType::Default => None,
    }
    .with_context(|| format!("operation `{}` returns no builder", source(name)))?;
    let builder = quote::format_ident!("{builder}");
    let attrs = &function.attrs;
    *function = parse_quote! {
        #(#attrs)*
        pub fn #name(&self) -> crate::builder::#builder {
            crate::builder::#builder::new(self)
        }
    };
    Ok(())
}
