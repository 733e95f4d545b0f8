//! `cargo xtask ci`: the checks that a change must pass, in the order that fails soonest.

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

/// What browsers run.
const WASM: &str = "wasm32-unknown-unknown";

/// Runs every check, and stops at the first that fails.
pub fn run(root: &Path, skip_tests: bool, report: &mut dyn Write) -> Result<()> {
    step(root, report, "fmt --all --check", &[])?;
    writeln!(report, "> cargo xtask codegen --check")?;
    crate::codegen::run(&crate::codegen::Place::own(root), true, report)?;
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
    if has_target(WASM)? {
        let check = format!("check --package gha-core --package gha-api --target {WASM} --locked");
        step(root, report, &check, &denied)?;
    } else {
        writeln!(
            report,
            "> gha-core and gha-api for {WASM}\n  skipped: target not installed"
        )?;
    }
    if !skip_tests {
        step(root, report, "test --workspace --locked", &[])?;
    }
    Ok(())
}

/// Whether the standard library of a target is installed.
fn has_target(target: &str) -> Result<bool> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc)
        .args(["--print", "target-libdir", "--target", target])
        .output()
        .context("cannot start `rustc`")?;
    let directory = String::from_utf8_lossy(&output.stdout);
    Ok(output.status.success() && Path::new(directory.trim()).is_dir())
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
