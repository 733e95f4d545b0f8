// Written by `cargo xtask codegen`. Do not edit.

//! The hand-written part of this crate: what generated builders call.
#![allow(
    dead_code,
    reason = "which helpers are called depends on the selected operations"
)]

mod base_url;
mod body;
#[cfg(target_arch = "wasm32")]
mod browser;
mod client;
mod error;
mod error_kind;
mod http;
mod limit;
#[cfg(not(target_arch = "wasm32"))]
mod native;
pub(crate) mod null;
pub(crate) mod open_enum;
mod operation;
mod request;
mod response;
mod signed_url;
pub(crate) mod time;
mod tls;
pub(crate) mod traits;
mod transport;

#[cfg(target_arch = "wasm32")]
use browser as platform;
#[cfg(not(target_arch = "wasm32"))]
use native as platform;

pub use base_url::BaseUrl;
pub use client::Client;
pub use error::Error;
pub use error_kind::ErrorKind;
pub use http::ClientBuilder;
pub use limit::RateLimit;
pub use open_enum::UnknownValue;
pub use operation::Operation;
pub use platform::MaybeSend;
pub(crate) use request::Request;
pub use response::Response;
pub use signed_url::SignedUrl;
pub use tls::ensure_provider;
pub use traits::{PageBody, Paginated, Redirected};
pub use transport::{ExplainMissing, Transport, TransportFuture};
