//! Commands whose output nobody reads to its end, as before `| head -1`.

use std::process::{Command, Stdio};

use crate::common::{files, repository};

#[test]
fn commands_end_quietly_where_nobody_reads_and_do_their_work() {
    let copy = repository();
    std::fs::create_dir(copy.path().join("docs")).unwrap();
    let document = "<!-- editions:start -->\n<!-- editions:end -->\n";
    std::fs::write(copy.path().join("docs/editions.md"), document).unwrap();
    let overlay = copy.path().join("spec/overlay.yaml");
    let text = std::fs::read_to_string(&overlay).unwrap();
    std::fs::write(&overlay, text.replacen("lists", "counts", 1)).unwrap();
    let run = |command: &str, code: i32| {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(command.split(' '))
            .env("CARGO_MANIFEST_DIR", copy.path().join("xtask"))
            .current_dir(copy.path())
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{command}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    let before = files(copy.path());
    assert!(run("codegen --check", 1).starts_with("error: crates/gha-api/src/generated is stale"));
    assert_eq!(files(copy.path()), before);
    for (command, code) in [
        ("diff", 0),
        ("diff --format markdown", 0),
        ("diff --format json", 0),
        ("diff --help", 0),
        ("codegen", 0),
        ("codegen --check", 0),
        ("editions", 0),
        ("editions --check", 0),
        ("overlay --missing", 0),
        ("trim --from spec/editions/ghec.yaml --edition ghec", 0),
    ] {
        assert_eq!(run(command, code), "", "{command}");
    }
    assert_ne!(files(copy.path()), before);
}
