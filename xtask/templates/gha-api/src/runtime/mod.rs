//! The hand-written part of this crate: what generated builders call.
#![allow(
    dead_code,
    reason = "which helpers are called depends on the selected operations"
)]

mod base_url;
mod body;
mod client;
mod error;
mod error_kind;
mod http;
mod limit;
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

pub use base_url::BaseUrl;
pub use client::Client;
pub use error::Error;
pub use error_kind::ErrorKind;
pub use http::ClientBuilder;
pub use limit::RateLimit;
pub use open_enum::UnknownValue;
pub use operation::Operation;
pub(crate) use request::Request;
pub use response::Response;
pub use signed_url::SignedUrl;
pub use tls::ensure_provider;
pub use traits::{PageBody, Paginated, Redirected};
pub use transport::{ExplainMissing, Transport, TransportFuture};
