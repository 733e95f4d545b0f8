//! `cargo xtask sync`: the whole loop, and what stops it. And what `--help` says of each command.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::common::{commit, files, history};

fn xtask(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .env("CARGO_MANIFEST_DIR", folder.join("xtask"))
        .output()
        .unwrap()
}

fn passed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A workspace below a temporary folder, and the folder of descriptions beside it.
fn workspace(source: &str) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (root, upstream) = (folder.path().join("root"), folder.path().join("upstream"));
    history::workspace(&root, source);
    (folder, root, upstream)
}

const NOWHERE: &str = "https://example.invalid/{release}/{edition}.json";

#[test]
fn one_command_goes_the_whole_way() {
    let (_folder, root, upstream) = workspace(NOWHERE);
    let from = upstream.to_str().unwrap();
    // Another edition is not published any more.
    history::publish(&upstream, "18.2.0");
    std::fs::remove_file(upstream.join("ghes-3.16.json")).unwrap();
    let report = passed(&xtask(&root, &["sync", "--from", from]));
    for line in [
        "kept    spec/editions/ghes-3.16.yaml, for no folder has ghes-3.16.json\n",
        "changed spec/actions.yaml\n",
        "changed crates/gha-api/src/generated/types.rs\n",
        "changed docs/editions.md\n",
        "verdict  additive (API: 1 additive; Rust: 1 additive)\n",
        "types::Artifact.digest: Option<String> added\n",
    ] {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }
    passed(&xtask(&root, &["codegen", "--check"]));
    passed(&xtask(&root, &["editions", "--check"]));
    let before = files(&root);
    let markdown = passed(&xtask(&root, &["sync", "--from", from, "--markdown"]));
    assert!(
        markdown.starts_with("<!-- cargo-xtask-diff -->\n"),
        "{markdown}"
    );
    assert_eq!(files(&root), before);

    // Where it is kept in another folder, it is taken from there.
    let archive = root.with_file_name("archive");
    history::publish(&archive, "22.0.0");
    let report = passed(&xtask(
        &root,
        &["sync", "--from", from, "--from", archive.to_str().unwrap()],
    ));
    assert!(
        report.contains("same    spec/editions/ghes-3.16.yaml\n"),
        "{report}"
    );
}

#[test]
fn descriptions_come_from_where_they_are_published() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let source = format!(
        "http://{}/{{release}}/{{edition}}.json",
        server.local_addr().unwrap()
    );
    let (_folder, root, _) = workspace(&source);
    let serve = std::thread::spawn(move || {
        // Two that are there, then one that is not.
        for answered in 0..3 {
            let (mut connection, _) = server.accept().unwrap();
            let mut lines = BufReader::new(connection.try_clone().unwrap()).lines();
            let first = lines.next().unwrap().unwrap();
            while !lines.next().unwrap().unwrap().is_empty() {}
            let (status, body) = match (answered, first.as_str()) {
                (0, "GET /main/api.github.com.json HTTP/1.1") => {
                    ("200 OK", history::description("18.2.0"))
                }
                (1, "GET /v22.0.0/ghes-3.16.json HTTP/1.1") => {
                    ("200 OK", history::description("17.0.0"))
                }
                _ => ("404 Not Found", String::new()),
            };
            let length = body.len();
            write!(
                connection,
                "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
            )
            .unwrap();
        }
    });
    let report = passed(&xtask(&root, &["sync"]));
    assert!(
        report.contains("same    spec/editions/ghes-3.16.yaml\n"),
        "{report}"
    );

    let before = files(&root);
    let error = refused(&xtask(&root, &["sync"]));
    serve.join().unwrap();
    for line in [
        "the descriptions cannot be trimmed\napi.github.com: http://127.0.0.1",
        "404",
        "where there is no network, `cargo xtask sync --from FOLDER` reads copies",
        "Nothing was written.",
    ] {
        assert!(error.contains(line), "{line} is not in\n{error}");
    }
    assert!(!error.contains("it is published as"), "{error}");
    assert_eq!(files(&root), before);
}

#[test]
fn what_cannot_be_trimmed_leaves_everything_as_it_was() {
    let (_folder, root, upstream) = workspace(NOWHERE);
    let from = upstream.to_str().unwrap();
    let before = files(&root);
    let missing = refused(&xtask(&root, &["sync", "--from", from]));
    let line = "upstream is no folder\n    name the one that holds api.github.com.json";
    assert!(missing.contains(line), "{missing}");
    std::fs::create_dir(&upstream).unwrap();
    let empty = refused(&xtask(&root, &["sync", "--from", from]));
    let line = "api.github.com: no folder has api.github.com.json\n    \
                it is published as https://example.invalid/main/api.github.com.json";
    assert!(empty.contains(line), "{empty}");

    history::publish(&upstream, "18.2.0");
    let path = root.join("spec/selection.yaml");
    let selection = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, selection.replace("get-artifact", "get-artefact")).unwrap();
    let error = refused(&xtask(&root, &["sync", "--from", from]));
    for line in [
        "the description has no operation `actions/get-artefact`",
        "the nearest: actions/get-artifact",
        "Nothing was written.",
    ] {
        assert!(error.contains(line), "{line} is not in\n{error}");
    }
    std::fs::write(&path, selection).unwrap();
    assert_eq!(files(&root), before);
}

#[test]
fn what_codegen_refuses_says_what_to_write_into_the_overlay() {
    let (_folder, root, upstream) = workspace(NOWHERE);
    let arguments = ["sync", "--from", upstream.to_str().unwrap()];
    history::publish(&upstream, "22.0.0");
    passed(&xtask(&root, &arguments));
    commit(&root, "as of 22.0.0");

    history::publish(&upstream, "23.0.0");
    let error = refused(&xtask(&root, &arguments));
    let action =
        "to write into spec/overlay.yaml:\n  - target: $.components.parameters.direction.schema\n";
    assert!(error.contains(action), "{error}");
    assert!(error.contains("run `cargo xtask sync` again"), "{error}");

    // In Markdown, the same is an answer.
    let output = xtask(&root, &[&arguments[..], &["--markdown"]].concat());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let markdown = String::from_utf8(output.stdout).unwrap();
    assert!(
        markdown.starts_with("### Spec sync: codegen refuses the new description\n"),
        "{markdown}"
    );

    let path = root.join("spec/overlay.yaml");
    let overlay = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, overlay.clone() + history::WORDS).unwrap();
    let report = passed(&xtask(&root, &arguments));
    assert!(report.contains("types::Direction: enum added"), "{report}");
    commit(&root, "as of 23.0.0");

    // An action too many is to be dropped.
    let many = "  - target: $.components.parameters.nobody\n    update: {description: Words.}\n";
    std::fs::write(&path, overlay + history::WORDS + many).unwrap();
    let error = refused(&xtask(&root, &arguments));
    assert!(
        error.contains("target: $.components.parameters.nobody"),
        "{error}"
    );
    assert!(error.contains("drop the action"), "{error}");
}

#[test]
fn the_help_of_each_command_has_an_example() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let help = passed(&xtask(folder, &["--help"]));
    let (_, commands) = help.split_once("Commands:\n").unwrap();
    let (commands, _) = commands.split_once("\n\n").unwrap();
    let names: BTreeSet<&str> = commands
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    assert!(names.contains("sync") && names.contains("ci"), "{names:?}");
    for name in names {
        let help = passed(&xtask(folder, &[name, "--help"]));
        let (_, examples) = help
            .split_once("Example")
            .unwrap_or_else(|| panic!("the help of {name} has no example"));
        let lines = examples.lines().skip(1).filter(|line| !line.is_empty());
        for line in lines {
            assert!(line.starts_with(&format!("  cargo xtask {name}")), "{line}");
        }
    }
}
