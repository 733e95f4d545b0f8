//! Downloads, over real HTTP against a fake GitHub.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]
#![allow(unreachable_pub, reason = "helpers of tests")]

mod faults;
mod links;
mod parallel;
mod raw;
mod resumable;
mod saving;
mod source;
mod support;
mod text;
mod threads;
