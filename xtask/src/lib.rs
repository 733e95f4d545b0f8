//! Maintainers' tools behind `cargo xtask`: from GitHub's description of its API to the `gha-api` crate.

pub mod ci;
pub mod codegen;
pub mod diff;
pub mod editions;
mod files;
pub mod spec;
pub mod sweep;
pub mod sync;

/// What the README shows has to compile; no package could carry the file.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
