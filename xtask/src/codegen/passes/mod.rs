//! What we change in the types that progenitor writes: small functions over their syntax tree.

mod answers;
mod constructors;
mod docs;
mod enums;
mod open_structs;
mod unions;
mod usage;

use syn::File;

use super::model::Model;
use super::progenitor::Generated;
use crate::spec::problem::Problem;
use usage::Usage;

/// Applies all passes, a later one to what an earlier one wrote, and tells what stands after each.
pub fn apply(
    generated: &mut Generated,
    model: &Model,
    mut after: impl FnMut(&str, &File),
) -> Result<(), Problem> {
    answers::apply(generated);
    after("answers", &generated.types);
    unions::apply(generated)?;
    after("unions", &generated.types);
    let usage = Usage::of(&generated.types, model);
    enums::apply(generated, &usage);
    after("enums", &generated.types);
    constructors::apply(&mut generated.types, &usage);
    after("constructors", &generated.types);
    open_structs::apply(&mut generated.types);
    after("open_structs", &generated.types);
    docs::apply(&mut generated.types);
    after("docs", &generated.types);
    Ok(())
}
