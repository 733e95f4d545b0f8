#![doc = include_str!("../README.md")]

mod builder;
mod env;
mod host;
pub mod pagination;
pub mod prelude;
mod token;
mod transport;

pub use builder::ClientBuilder;
pub use env::from_env;
pub use host::Host;
pub use token::{Token, TokenSource};

#[doc(inline)]
pub use gha_api::*;
pub use gha_core::{Body, Transport, Wait};
/// Downloads, whole and verified.
#[cfg(feature = "download")]
#[doc(inline)]
pub use gha_download as download;

/// Starts a client: of github.com, without a token, unless told otherwise.
pub fn builder() -> ClientBuilder {
    ClientBuilder::default()
}

#[doc = include_str!("../docs/recipes.md")]
pub mod recipes {}

#[doc = include_str!("../docs/security.md")]
pub mod security {}
