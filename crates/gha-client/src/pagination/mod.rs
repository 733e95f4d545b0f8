//! Lists as streams.

/// Streams.
pub trait PaginatedExt {}
