//! Downloads of what redirects lead to.

pub(crate) mod explain;
