//! Everything that knows OpenAPI: load, trim, overlay, hoist, lint.

pub(crate) mod answer;
pub(crate) mod document;
mod folder;
mod lint;
mod load;
pub(crate) mod openapi;
pub mod overlay;
mod paths;
pub mod pointer;
pub mod problem;
pub mod provenance;
pub mod selection;
pub(crate) mod shape;
pub mod stubs;
mod suggest;
pub mod trim;
pub mod yaml;

pub use folder::Folder;
pub(crate) use lint::is_bidirectional;
pub(crate) use load::trim_text;
pub use load::{
    EffectiveSpec, Refused, Text, foreign, in_shape, load, load_overlay, load_with, ready, refused,
    without,
};
pub use paths::{ACTIONS, OVERLAY, SELECTION};
pub(crate) use paths::{FolderName, quoted, shown};

/// The key of the document under which the overlay declares handles, by the prefix of their paths.
pub const HANDLES: &str = "x-handles";
