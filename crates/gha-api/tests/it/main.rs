//! The generated client alone, with the plain transport.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]
#![allow(unreachable_pub, reason = "helpers of tests")]

mod decoding;
// What the compiler says is the same everywhere, and Wine has none.
#[cfg(not(windows))]
mod mistakes;
mod requests;
