//! The program form, as a user runs it.
#![cfg(all(feature = "cli", unix))]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};

/// The program while it runs, and what it said.
struct Program {
    child: Child,
    welcome: Vec<String>,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_gha-fake"))
            .args(args)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let until_end = |line: &String| !line.starts_with("Ctrl-C");
        let lines = out.lines().map(Result::unwrap);
        let welcome = lines.take_while(until_end).collect();
        Self { child, welcome }
    }

    fn value(&self, name: &str) -> &str {
        let line = self.welcome.iter().find(|line| line.starts_with(name));
        line.unwrap().split_whitespace().nth(1).unwrap()
    }

    /// Runs the printed command that contains this, as pasted into a shell, in `dir`.
    fn paste(&self, contains: &str, dir: &std::path::Path) -> Vec<u8> {
        let line = self
            .welcome
            .iter()
            .find(|line| line.contains(contains))
            .unwrap();
        let command = line.replacen("curl", "curl -sSf", 1);
        let out = Command::new("sh")
            .arg("-c")
            .arg(&command)
            .current_dir(dir)
            .output()
            .unwrap();
        assert!(
            out.status.success(),
            "{command}: {}",
            String::from_utf8_lossy(&out.stderr)
        );
        out.stdout
    }
}

fn refuse(args: &[&str]) -> String {
    let program = Command::new(env!("CARGO_BIN_EXE_gha-fake"))
        .args(args)
        .output();
    let Output { status, stderr, .. } = program.unwrap();
    assert!(!status.success());
    String::from_utf8(stderr).unwrap()
}

#[test]
fn the_printed_commands_work() {
    let program = Program::start(&[
        "--repo",
        "octo-org/octo-docs",
        "--artifacts",
        "250",
        "--jobs",
        "40",
        "--artifact-size",
        "1MiB",
        "--private",
    ]);
    assert_ne!(program.value("api:"), program.value("blobs:"));
    let dir = tempfile::tempdir().unwrap();

    let list: serde_json::Value =
        serde_json::from_slice(&program.paste("per_page", dir.path())).unwrap();
    assert_eq!(list["total_count"], 250);
    let jobs: serde_json::Value =
        serde_json::from_slice(&program.paste("/jobs'", dir.path())).unwrap();
    assert_eq!(jobs["total_count"], 20);
    let log = String::from_utf8(program.paste("/logs", dir.path())).unwrap();
    assert!(log.contains("Run make all"), "{log}");
    program.paste("dist.zip", dir.path());
    let zip = std::fs::File::open(dir.path().join("dist.zip")).unwrap();
    assert_eq!(
        zip.metadata().unwrap().len(),
        list["artifacts"][0]["size_in_bytes"].as_u64().unwrap()
    );
    let mut archive = zip::ZipArchive::new(zip).unwrap();
    let mut noise = archive.by_name("noise.bin").unwrap();
    assert_eq!(
        std::io::copy(&mut noise, &mut std::io::sink()).unwrap(),
        1 << 20
    );
}

#[test]
fn the_printed_commands_work_on_one_origin() {
    let program = Program::start(&["--one-origin", "--jobs", "1", "--artifacts", "1"]);
    assert_eq!(program.value("api:"), program.value("blobs:"));
    let dir = tempfile::tempdir().unwrap();
    let jobs = program.paste("/jobs'", dir.path());
    let jobs: serde_json::Value = serde_json::from_slice(&jobs).unwrap();
    assert_eq!(jobs["total_count"], 1);
    let log = String::from_utf8(program.paste("/logs", dir.path())).unwrap();
    assert!(log.contains("Run make all"), "{log}");
    program.paste("dist.zip", dir.path());
    let zip = std::fs::File::open(dir.path().join("dist.zip")).unwrap();
    assert_eq!(zip::ZipArchive::new(zip).unwrap().len(), 1);
}

#[test]
fn every_option_is_heeded() {
    let program = Program::start(&[
        "--enterprise-server",
        "--token",
        "s3cret",
        "--one-origin",
        "--rate-limit",
        "1",
        "--latency",
        "1ms",
        "--throttle",
        "10MB",
        "--undocumented",
        "--artifacts",
        "0",
        "--jobs",
        "0",
    ]);
    let api = program.value("api:");
    assert!(api.ends_with("/api/v3"), "{api}");
    assert!(api.starts_with(program.value("blobs:")));
    assert_eq!(program.value("token:"), "s3cret");
    assert!(!program.welcome.iter().any(|line| line.contains("/logs")));
    let list = program.paste("per_page", std::env::temp_dir().as_path());
    assert_eq!(list, br#"{"total_count":0,"artifacts":[]}"#);
}

#[test]
fn bad_options_are_refused_with_a_reason() {
    for repo in [
        "octo-docs",
        "/",
        "a/b/c",
        "a/..",
        "a b/c",
        "a/b?c",
        "a/b%20c",
        "o'/r",
    ] {
        assert!(
            refuse(&["--repo", repo]).contains("expected owner/name"),
            "{repo}"
        );
    }
    for token in ["", "it's", "a b", "tök"] {
        let told = refuse(&["--token", token]);
        assert!(told.contains("a token has letters"), "{told}");
    }
    assert!(refuse(&["--artifact-size", "5XB"]).contains("\"XB\""));
    assert!(refuse(&["--artifact-size", "99999999999GiB"]).contains("too large"));
    assert!(refuse(&["--artifact-size", "-1"]).contains("unexpected argument"));
    assert!(refuse(&["--latency", "5"]).contains("time unit needed"));
    assert!(refuse(&["--throttle", "0"]).contains("never ends"));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let message = refuse(&["--port", &port]);
    assert!(message.contains("cannot listen on 127.0.0.1"), "{message}");
}
