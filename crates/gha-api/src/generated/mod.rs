// Written by `cargo xtask codegen`. Do not edit.

mod client;
#[allow(clippy::too_many_arguments, clippy::type_complexity, reason = "operations take what the API says")]
pub mod operations;
#[allow(clippy::all, reason = "typify's style")]
pub mod types;

pub use client::{Client, Repo};
