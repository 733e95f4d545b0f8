//! What a program can see of generated code, and how that changed.

mod compare;
mod items;

pub use compare::{RustChange, compare};
pub(super) use items::kind;
pub use items::{Item, Items, collect};
