//! A client of the files and branches of repositories; docs/codegen.md says how it is made.

#[rustfmt::skip]
mod generated;

pub use generated::*;
