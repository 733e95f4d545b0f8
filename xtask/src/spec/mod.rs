//! Everything that knows OpenAPI: load, trim, overlay, hoist, lint.

mod model;
pub mod pointer;
pub mod problem;
pub mod provenance;
pub mod selection;
mod suggest;
pub mod trim;
pub mod yaml;
