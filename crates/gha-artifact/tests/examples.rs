//! The examples, run as a newcomer runs them: without arguments, against their embedded fake.

use std::path::PathBuf;
use std::process::Command;

/// `cargo test` builds the examples beside the tests.
fn printed(name: &str, arguments: &[&str]) -> Vec<u8> {
    let mut folder: PathBuf = std::env::current_exe().expect("a test has a program");
    folder.pop();
    folder.pop();
    let program = folder.join("examples").join(name);
    let output = Command::new(program)
        .args(arguments)
        .output()
        .expect("`cargo test` builds examples");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {errors}");
    output.stdout
}

#[test]
fn one_file() {
    let list = String::from_utf8(printed("one_file", &[])).unwrap();
    assert_eq!(list.lines().count(), 2, "{list}");
    assert!(list.contains("a.txt"), "{list}");
    assert_eq!(printed("one_file", &["--member", "b.txt"]), b"beta");
}

#[test]
fn download_artifact() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dist.zip");
    printed("download_artifact", &["--output", file.to_str().unwrap()]);
    assert!(std::fs::read(&file).unwrap().starts_with(b"PK"));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}
