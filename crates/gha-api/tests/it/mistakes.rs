//! Mistakes that do not compile, and what the compiler says of them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[test]
fn are_told_by_the_compiler() {
    let right = compiler("let _artifact = repo.get_artifact(11).send().await;");
    assert_eq!(right, Ok(()), "the harness is broken");
    for (mistake, said) in [
        (
            "let _artifact = repo.get_artifact().send().await;",
            &[
                "takes 1 argument but 0 arguments were supplied",
                "#1 of type `i64` is missing",
            ][..],
        ),
        (
            "let _jobs = repo.list_attempt_jobs(7).send().await;",
            &[
                "takes 2 arguments but 1 argument was supplied",
                "#2 of type `i64` is missing",
            ],
        ),
        (
            r#"let _job = repo.get_job("42").send().await;"#,
            &[
                "expected `i64`, found `&str`",
                "arguments to this method are incorrect",
            ],
        ),
        (
            r#"let _jobs = repo.list_run_jobs(7).filter("all").send().await;"#,
            &["expected `JobFilter`, found `&str`"],
        ),
        (
            "let _all = repo.list_run_artifacts(7).direction(gha_api::types::JobFilter::All);",
            &["expected `Direction`, found `JobFilter`"],
        ),
        (
            "repo.delete_artifact(11);",
            &[
                "unused `DeleteArtifact` that must be used",
                "nothing is sent yet",
            ],
        ),
    ] {
        let message = compiler(mistake).expect_err(mistake);
        for line in said {
            assert!(message.contains(line), "{line:?} is not in\n{message}");
        }
    }
}

/// What the compiler says of a statement that has a `repo`.
fn compiler(statement: &str) -> Result<(), String> {
    let program = format!(
        "#![deny(unused_must_use)]\npub async fn call(repo: gha_api::Repo) {{\n    {statement}\n}}\n"
    );
    let dependencies = std::env::current_exe().unwrap();
    let dependencies = dependencies.parent().unwrap();
    let mut compiler = Command::new("rustc")
        .args([
            "--edition",
            "2024",
            "--crate-type",
            "lib",
            "--emit",
            "metadata",
            "-",
        ])
        .args(["--out-dir", env!("CARGO_TARGET_TMPDIR")])
        .arg(format!("-Ldependency={}", dependencies.display()))
        .arg(format!(
            "--extern=gha_api={}",
            library(dependencies).display()
        ))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = compiler.stdin.take().unwrap();
    input.write_all(program.as_bytes()).unwrap();
    drop(input);
    let ended = compiler.wait_with_output().unwrap();
    match ended.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&ended.stderr).into_owned()),
    }
}

/// The crate as it was last built for tests.
fn library(dependencies: &Path) -> PathBuf {
    let files = dependencies.read_dir().unwrap().map(|it| it.unwrap());
    let built = files.filter(|file| {
        let name = file.file_name().into_string().unwrap_or_default();
        name.starts_with("libgha_api-") && name.ends_with(".rlib")
    });
    let newest = built.max_by_key(|file| file.metadata().and_then(|it| it.modified()).ok());
    newest.expect("cargo builds it before the test").path()
}
