#![doc = include_str!("../README.md")]

mod builder;
pub mod download;
mod env;
mod host;
pub mod pagination;
pub mod prelude;
mod retry;
mod token;
mod transport;

pub use builder::ClientBuilder;
pub use env::from_env;
pub use host::Host;
pub use retry::{RetryPolicy, Wait};
pub use token::{Token, TokenSource};

pub use gha_api::{
    BaseUrl, Client, Error, ErrorKind, Operation, Paginated, RateLimit, Redirected, Response,
    SignedUrl, UnknownValue, builder as operations, types,
};

/// Starts a client: of github.com, without a token, unless told otherwise.
pub fn builder() -> ClientBuilder {
    ClientBuilder::default()
}

#[doc = include_str!("../docs/recipes.md")]
pub mod recipes {}

#[doc = include_str!("../docs/security.md")]
pub mod security {}
