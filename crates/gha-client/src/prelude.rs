//! The traits that give generated operations their methods: `use gha_client::prelude::*`.

#[cfg(feature = "download")]
pub use gha_download::RedirectedExt;

pub use crate::pagination::PaginatedExt;
