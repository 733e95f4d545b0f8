//! What we change in the types that progenitor writes: small functions over their syntax tree.

pub(super) mod answers;
mod constructors;
mod docs;
mod enums;
mod open_structs;
mod unions;

use syn::{File, Item, ItemStruct};

use super::model::Model;
use super::progenitor::Generated;
use crate::spec::problem::Problems;

/// Puts what `by` makes of structs in their places.
fn replace_structs(types: &mut File, mut by: impl FnMut(&ItemStruct) -> Option<Vec<Item>>) {
    let items = std::mem::take(&mut types.items).into_iter();
    let replaced = items.flat_map(|item| {
        let new = match &item {
            Item::Struct(item) => by(item),
            _ => None,
        };
        new.unwrap_or_else(|| vec![item])
    });
    types.items = replaced.collect();
}

/// Applies all passes, a later one to what an earlier one wrote, and tells what stands after each.
pub fn apply(
    generated: &mut Generated,
    model: &Model,
    mut after: impl FnMut(&str, &File),
) -> Result<(), Problems> {
    answers::apply(&mut generated.types, model);
    after("answers", &generated.types);
    Problems::check(unions::apply(generated))?;
    after("unions", &generated.types);
    enums::apply(generated);
    after("enums", &generated.types);
    constructors::apply(generated);
    after("constructors", &generated.types);
    open_structs::apply(generated);
    after("open_structs", &generated.types);
    docs::apply(&mut generated.types);
    after("docs", &generated.types);
    Ok(())
}
