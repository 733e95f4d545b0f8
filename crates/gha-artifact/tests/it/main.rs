//! Archives, remote and extracted.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]
#![allow(unreachable_pub, reason = "helpers of tests")]

mod examples;
mod extract;
mod forms;
mod hostile;
mod mutations;
mod remote;
mod round_trips;
mod support;
