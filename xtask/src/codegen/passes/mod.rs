//! What we change in the types that progenitor writes: small functions over their syntax tree.

mod constructors;
mod docs;
mod open_enums;
mod open_structs;
mod unions;
mod usage;

use syn::File;

use super::model::Model;
use usage::Usage;

/// A change to all types.
pub type Pass = fn(&mut File, &Usage);

/// All passes by name, in their order: a later one may read what an earlier one wrote.
pub const PASSES: [(&str, Pass); 5] = [
    ("unions", |types, _| unions::apply(types)),
    ("open_enums", open_enums::apply),
    ("constructors", constructors::apply),
    ("open_structs", |types, _| open_structs::apply(types)),
    ("docs", |types, _| docs::apply(types)),
];

/// Applies all passes, and tells what stands between them.
pub fn apply(types: &mut File, model: &Model, mut between: impl FnMut(&str, &File)) {
    let usage = Usage::of(types, model);
    for (name, pass) in PASSES {
        pass(types, &usage);
        between(name, types);
    }
}
