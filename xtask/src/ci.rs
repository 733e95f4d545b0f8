//! `cargo xtask ci`: the checks that a change must pass, in the order that fails soonest.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

/// Runs every check, and stops at the first that fails.
pub fn run(root: &Path, skip_tests: bool, report: &mut dyn Write) -> Result<()> {
    step(root, report, "fmt --all --check", &[])?;
    writeln!(report, "> cargo xtask codegen --check")?;
    crate::codegen::run(root, true, report)?;
    let denied = [("RUSTFLAGS", "-D warnings")];
    step(
        root,
        report,
        "clippy --workspace --all-targets --all-features --locked",
        &denied,
    )?;
    step(
        root,
        report,
        "doc --workspace --no-deps --all-features --locked",
        &[("RUSTDOCFLAGS", "-D warnings")],
    )?;
    if !skip_tests {
        step(root, report, "test --workspace --locked", &[])?;
    }
    Ok(())
}

fn step(root: &Path, report: &mut dyn Write, command: &str, env: &[(&str, &str)]) -> Result<()> {
    let start = Instant::now();
    writeln!(report, "> cargo {command}")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(command.split(' '))
        .envs(env.iter().copied())
        .current_dir(root)
        .status()
        .with_context(|| format!("cannot start `cargo {command}`"))?;
    ensure!(status.success(), "`cargo {command}` failed");
    writeln!(report, "  passed in {} s", start.elapsed().as_secs())?;
    Ok(())
}
