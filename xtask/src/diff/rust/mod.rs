//! What a program can see of a generated crate, and how that changed.

mod compare;
mod exports;
mod items;
mod text;
mod tree;

use std::collections::BTreeMap;

pub use compare::{RustChange, compare};
pub use items::{Item, Items, collect};

/// The sources of a crate by their path below its folder, `src/lib.rs` among them.
pub type Sources = BTreeMap<String, String>;
