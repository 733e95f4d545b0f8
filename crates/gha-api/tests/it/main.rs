//! The generated client alone, with the plain transport.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]
#![allow(unreachable_pub, reason = "helpers of tests")]

mod decoding;
// The compiler says the same everywhere; tests that were built for another machine have none.
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod mistakes;
mod requests;
