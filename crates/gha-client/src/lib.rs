#![doc = include_str!("../README.md")]

pub mod download;
pub mod prelude;

pub use gha_api::{Client, Error, ErrorKind, RateLimit, Response, SignedUrl};
