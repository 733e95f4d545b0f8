//! Archives, remote and extracted.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]
#![allow(unreachable_pub, reason = "helpers of tests")]

mod examples;
mod extract;
// Where seccompiler can make a kernel say no.
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod file_systems;
mod forms;
mod hostile;
mod mutations;
mod remote;
mod round_trips;
mod support;
