//! Everything that knows OpenAPI: load, trim, overlay, hoist, lint.

pub(crate) mod document;
mod hoist;
mod lint;
mod load;
pub(crate) mod openapi;
pub mod overlay;
pub mod pointer;
pub mod problem;
pub mod provenance;
mod prune;
pub mod selection;
mod suggest;
pub mod trim;
mod words;
pub mod yaml;

pub use load::{ACTIONS, EffectiveSpec, Strictness, Text, foreign, load, load_with};
pub use overlay::FILE as OVERLAY;

/// The key of the document under which the overlay declares handles, by the prefix of their paths.
pub const HANDLES: &str = "x-handles";
