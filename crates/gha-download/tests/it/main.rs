//! Downloads, over real HTTP against a fake GitHub.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]
#![allow(unreachable_pub, reason = "helpers of tests")]

mod faults;
// Where seccompiler can make a kernel say no.
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod file_systems;
mod links;
mod parallel;
mod raw;
mod resumable;
mod saving;
mod source;
mod support;
mod text;
mod threads;
