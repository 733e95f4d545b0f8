#![doc = include_str!("../README.md")]

mod api;
mod base_url;
#[cfg(not(target_arch = "wasm32"))]
#[doc(hidden)]
pub mod blocking;
mod body;
mod error;
mod operation;
mod path;
mod plain;
mod rate_limit;
mod request;
mod response;
#[cfg(not(target_arch = "wasm32"))]
mod retries;
mod retry;
mod signed_url;
mod traits;
mod transport;
mod value;

#[cfg(target_arch = "wasm32")]
#[path = "browser.rs"]
mod platform;
#[cfg(not(target_arch = "wasm32"))]
#[path = "native.rs"]
mod platform;

pub use api::Api;
pub use base_url::BaseUrl;
pub use body::Body;
pub use bytes::Bytes;
pub use error::{ApiError, Error, ErrorKind};
pub use http::Method;
pub use operation::Operation;
pub use plain::{PlainBuilder, plain};
pub use rate_limit::RateLimit;
pub use request::AnyRequest;
pub use response::Response;
#[cfg(not(target_arch = "wasm32"))]
pub use retries::Retries;
pub use retry::RetryPolicy;
pub use signed_url::SignedUrl;
pub use traits::{Content, PageBody, PageCursor, Paginated, Redirected};
pub use transport::{Answer, Context, MaybeSend, Transport, TransportFuture, Wait};
pub use value::UnknownValue;

#[doc(hidden)]
pub use plain::{bearer, header, redacted};
/// HTTP for transports in other crates, with what this crate promises of it.
#[doc(hidden)]
pub use platform::Http;

/// What generated code calls, and nobody else.
#[doc(hidden)]
pub mod generated {
    pub use crate::request::{ByStatus, Received, Request, split};
    pub use crate::traits::sealed::Sealed;
    pub use crate::value::{null_or_default, open_enum, optional_time, present};
}
