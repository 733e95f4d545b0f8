//! Maintainers' tools behind `cargo xtask`: from GitHub's description of its API to the `gha-api` crate.

pub mod ci;
pub mod codegen;
pub mod diff;
pub mod editions;
pub mod spec;
mod whole_file;
