//! The fake, as its clients see it.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]
#![allow(unreachable_pub, reason = "helpers of tests")]

mod access;
mod archives;
mod changes;
mod downloads;
mod faults_in_answers;
mod faults_in_bodies;
mod lists;
mod program;
mod proxies;
mod runs;
mod strictness;
mod support;
mod tokens;
mod undocumented_payloads;
