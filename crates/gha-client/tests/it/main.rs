//! The wrapper, over real HTTP against a fake GitHub.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]
#![allow(unreachable_pub, reason = "helpers of tests")]

mod any_request;
mod credentials;
mod errors;
mod examples;
mod hosts;
mod limits;
mod moves;
mod pagination;
mod pagination_changes;
mod prefetch;
mod retries;
mod runs;
mod support;
mod surroundings;
mod tracing;
mod traversal;
