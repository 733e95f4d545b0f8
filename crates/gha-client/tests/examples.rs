//! The examples, run as a newcomer runs them: without arguments, against their embedded fake.

use std::path::PathBuf;
use std::process::{Command, Output};

/// `cargo test` builds the examples beside the tests.
fn run(name: &str, arguments: &[&str]) -> Output {
    let mut folder: PathBuf = std::env::current_exe().expect("a test has a program");
    folder.pop();
    folder.pop();
    let program = folder.join("examples").join(name);
    Command::new(&program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}

fn printed(name: &str, arguments: &[&str]) -> String {
    let output = run(name, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {errors}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn list_artifacts() {
    let table = printed("list_artifacts", &[]);
    assert!(table.contains("dist"), "{table}");
    assert!(table.ends_with("3 artifacts, 537.3 KiB\n"), "{table}");
    let named = printed("list_artifacts", &["--name", "log"]);
    assert!(named.contains("2 artifacts, "), "{named}");
}

#[test]
fn prune_artifacts() {
    let dry = printed("prune_artifacts", &["--days", "10"]);
    assert!(dry.contains("would delete 12 log"), "{dry}");
    assert!(dry.contains("2 artifacts older than 10 days"), "{dry}");
    let wet = printed(
        "prune_artifacts",
        &["--days", "10", "--delete", "--name", "log"],
    );
    assert!(wet.contains("deleted 13 log"), "{wet}");
    assert!(wet.ends_with("freed\n"), "{wet}");
}

#[test]
fn failed_jobs() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_str().unwrap();
    let chart = printed("failed_jobs", &["--svg", path]);
    assert!(chart.starts_with("1 failed jobs in run 1001\n"), "{chart}");
    assert!(chart.contains("✗ Test"), "{chart}");
    let svg = std::fs::read_to_string(path).unwrap();
    assert!(
        svg.starts_with("<svg ") && svg.ends_with("</svg>\n"),
        "{svg}"
    );
    assert_eq!(svg.matches("<rect").count(), 3);
}

#[test]
fn tail_job_log() {
    let log = printed("tail_job_log", &[]);
    assert_eq!(
        log.lines().next(),
        Some("2026-03-10T08:00:00.0000000Z Compiling")
    );
    let stripped = printed("tail_job_log", &["--strip-timestamps"]);
    assert_eq!(stripped, "Compiling\nDone\n");
    let missing = run("tail_job_log", &["--job", "43"]);
    let errors = String::from_utf8_lossy(&missing.stderr);
    assert!(
        !missing.status.success() && errors.contains("NotFound"),
        "{errors}"
    );
}

#[test]
fn bad_arguments() {
    let output = run("list_artifacts", &["--repo", "octo-docs"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("--repo takes OWNER/NAME"));
}
