// Written by `cargo xtask codegen`. Do not edit.

#![doc = include_str!("../README.md")]

#[rustfmt::skip]
pub mod builder;
#[rustfmt::skip]
mod operations;
mod runtime;
#[allow(clippy::all, reason = "typify's style")]
#[rustfmt::skip]
pub mod types;

pub use runtime::{
    BaseUrl, Client, ClientBuilder, Error, ErrorKind, ExplainMissing, MaybeSend, Operation,
    PageBody, Paginated, RateLimit, Redirected, Response, SignedUrl, Transport, TransportFuture,
    UnknownValue, ensure_provider,
};
