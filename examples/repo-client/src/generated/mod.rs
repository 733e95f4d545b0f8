// Written by `cargo xtask codegen`. Do not edit.

mod client;
pub mod operations;
#[allow(clippy::all, reason = "typify's style")]
pub mod types;

pub use client::{Client, Repo};
