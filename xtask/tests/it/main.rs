//! The maintainers' commands.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps nothing")]
#![allow(unreachable_pub, reason = "helpers of tests")]

mod closed_output;
mod codegen;
mod codegen_elsewhere;
mod common;
mod diff_command;
mod diff_examples;
mod diff_properties;
mod diff_rules;
mod diff_rust;
mod editions;
mod fake_conforms;
mod meaning;
mod modules;
mod passes;
mod readme;
mod release;
mod spec_hoist;
mod spec_lint;
mod spec_overlay;
mod spec_shapes;
mod spec_trim;
mod sync;
mod workflows;
