//! What we change in progenitor's output: small functions over its syntax tree.

mod ast;
mod docs;
mod open_enums;
mod open_structs;
mod owned_client;
mod pages;
mod path_safety;
mod plain_paths;
mod redirects;
mod times;
mod transport;
mod usage;

use anyhow::{Context as _, Result};

use super::model::Model;
use super::parts::Parts;
use usage::Usage;

/// What passes know beside the code.
#[derive(Debug)]
pub struct Context {
    model: Model,
    usage: Usage,
}

impl Context {
    /// Of a description and what progenitor made of it.
    pub fn new(model: Model, parts: &Parts) -> Self {
        Self {
            usage: Usage::of(parts),
            model,
        }
    }
}

/// A change to all operations or all types.
pub type Pass = fn(&mut Parts, &Context) -> Result<()>;

/// All passes by name, in their order: a later one may read what an earlier one wrote.
pub const PASSES: [(&str, Pass); 10] = [
    ("open_enums", |parts, context| {
        open_enums::apply(&mut parts.types, &context.usage);
        Ok(())
    }),
    ("open_structs", |parts, context| {
        open_structs::apply(&mut parts.types, &context.usage);
        Ok(())
    }),
    ("times", |parts, _| {
        times::apply(&mut parts.types);
        Ok(())
    }),
    ("owned_client", |parts, _| owned_client::apply(parts)),
    ("transport", |parts, context| {
        transport::apply(&mut parts.builder, &context.model)
    }),
    ("path_safety", |parts, _| {
        path_safety::apply(&mut parts.builder)
    }),
    ("pages", |parts, context| {
        pages::apply(&mut parts.builder, &parts.types, &context.model)
    }),
    ("redirects", |parts, context| {
        redirects::apply(&mut parts.builder, &context.model)
    }),
    ("docs", |parts, context| docs::apply(parts, &context.model)),
    ("plain_paths", |parts, _| {
        plain_paths::apply(parts);
        Ok(())
    }),
];

/// Applies all passes.
pub fn apply(parts: &mut Parts, model: Model) -> Result<()> {
    let context = Context::new(model, parts);
    for (name, pass) in PASSES {
        pass(parts, &context).with_context(|| format!("pass `{name}`"))?;
    }
    Ok(())
}
