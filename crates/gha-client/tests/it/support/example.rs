//! Runs examples as their users do.
#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test binary uses a part of it"
)]

use std::path::PathBuf;
use std::process::Command;

use gha_fake::Fake;

/// The token of the fakes that examples are sent to.
pub const TOKEN: &str = "t0ken-of-the-examples";

/// An example, with nothing of this process's environment that it would heed.
pub fn example(name: &str) -> Command {
    let mut folder: PathBuf = std::env::current_exe().expect("a test has a program");
    folder.pop();
    folder.pop();
    // `cargo test` builds the examples beside the tests.
    let mut command = Command::new(folder.join("examples").join(name));
    for (variable, _) in std::env::vars_os() {
        let text = variable.to_string_lossy();
        if text.starts_with("GH_") || text.starts_with("GITHUB_") || text == "RUST_BACKTRACE" {
            command.env_remove(variable);
        }
    }
    command
}

/// An example that takes this fake for the real thing, as inside a workflow.
pub fn example_against(fake: &Fake, name: &str) -> Command {
    let mut command = example(name);
    command
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_API_URL", fake.api_url())
        .env("GH_ENTERPRISE_TOKEN", TOKEN)
        .args(["--repo", "octo-org/octo-docs"]);
    command
}

/// What it printed, if it succeeded.
pub fn printed(command: &mut Command) -> String {
    let output = command.output().expect("`cargo test` builds examples");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    String::from_utf8(output.stdout).expect("text")
}

/// What it said went wrong.
pub fn complaint(command: &mut Command) -> String {
    failed(command).1
}

/// What it printed, and what it said besides, if it failed.
pub fn failed(command: &mut Command) -> (String, String) {
    let output = command.output().expect("`cargo test` builds examples");
    assert!(!output.status.success(), "{command:?} succeeded");
    let [stdout, stderr] = [output.stdout, output.stderr];
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(stdout), text(stderr))
}
