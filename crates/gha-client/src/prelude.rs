//! The traits that give generated operations their methods: `use gha_client::prelude::*`.

pub use crate::download::RedirectedExt;
pub use crate::pagination::PaginatedExt;
