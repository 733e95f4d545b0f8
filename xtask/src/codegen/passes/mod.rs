//! What we change in progenitor's output: small functions over its syntax tree.

mod ast;
pub mod docs;
pub mod open_enums;
pub mod open_structs;
pub mod owned_client;
pub mod pages;
pub mod path_safety;
pub mod plain_paths;
pub mod redirects;
pub mod transport;
pub mod usage;

use anyhow::Result;

use super::model::Model;
use super::parts::Parts;
use usage::Usage;

/// All passes, in an order that matters where a later one reads what an earlier one wrote.
pub fn apply(parts: &mut Parts, model: &Model) -> Result<()> {
    let usage = Usage::of(parts);
    open_enums::apply(&mut parts.types, &usage);
    open_structs::apply(&mut parts.types, &usage);
    owned_client::apply(parts)?;
    transport::apply(&mut parts.builder, model)?;
    path_safety::apply(&mut parts.builder)?;
    pages::apply(&mut parts.builder, &parts.types, model)?;
    redirects::apply(&mut parts.builder, model)?;
    docs::apply(parts, model)?;
    plain_paths::apply(parts);
    Ok(())
}
