//! A selection, an overlay and a crate of somebody else: docs/codegen.md is true, and mistakes lose nothing.

use std::path::Path;
use std::process::Command;

use crate::common::{copy_folder, files, root};

const EXAMPLE: &str = "examples/repo-client";

/// A folder with the example in it, where nothing is generated yet.
fn unfinished() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_folder(&root().join(EXAMPLE), &copy.path().join(EXAMPLE));
    std::fs::remove_dir_all(copy.path().join(EXAMPLE).join("src/generated")).unwrap();
    std::fs::remove_file(copy.path().join(EXAMPLE).join("spec/actions.yaml")).unwrap();
    copy
}

/// Runs `cargo xtask …` in a folder.
fn run(folder: &Path, command: &str) -> Result<String, String> {
    let words = command.strip_prefix("cargo xtask ").expect(command);
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(words.split_whitespace())
        .current_dir(folder)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    match output.status.success() {
        true => Ok(text(output.stdout)),
        false => Err(text(output.stderr)),
    }
}

/// The fenced blocks of the page: their languages and texts.
fn blocks() -> Vec<(String, String)> {
    let page = std::fs::read_to_string(root().join("docs/codegen.md")).unwrap();
    let page = page.replace("\r\n", "\n");
    let blocks = page.split("```").skip(1).step_by(2);
    let block = |block: &str| {
        let (language, text) = block.split_once('\n').unwrap();
        (language.to_owned(), text.to_owned())
    };
    blocks.map(block).collect()
}

#[test]
fn the_commands_of_the_page_make_the_example() {
    let copy = unfinished();
    let mut count = 0;
    for (language, text) in blocks() {
        let commands = text.lines().filter(|line| line.contains(EXAMPLE));
        for command in commands.filter(|_| language == "sh") {
            run(copy.path(), command).unwrap();
            count += 1;
        }
    }
    assert_eq!(count, 2, "trim and codegen");
    assert_eq!(
        files(&copy.path().join(EXAMPLE)),
        files(&root().join(EXAMPLE)),
        "the example is stale: run the commands of docs/codegen.md"
    );
    let check = format!("cargo xtask codegen --selection {EXAMPLE}/spec --out {EXAMPLE} --check");
    run(copy.path(), &check).unwrap();
}

#[test]
fn the_page_shows_the_files_of_the_example() {
    let lines = |text: &str| {
        text.lines()
            .map(|it| format!("{}\n", it.trim_start()))
            .collect::<String>()
    };
    let example: String = files(&root().join(EXAMPLE))
        .into_values()
        .map(|bytes| lines(&String::from_utf8(bytes).unwrap()))
        .collect();
    let blocks = blocks();
    for (language, text) in &blocks {
        let shown = language == "sh" || example.contains(&lines(text));
        assert!(shown, "no file of {EXAMPLE} has\n{text}");
    }
    assert!(blocks.len() > 8);
}

#[test]
fn mistakes_are_told_of_the_folder_and_lose_nothing() {
    let copy = unfinished();
    let at = |path: &str| copy.path().join(EXAMPLE).join(path);
    let spec = format!("{EXAMPLE}/spec");
    let trim = format!("cargo xtask trim --selection {spec} --from {EXAMPLE}/description.yaml");
    let codegen = format!("cargo xtask codegen --selection {spec} --out {EXAMPLE}");
    let refuses = |command: &str, messages: &[&str]| {
        let before = files(copy.path());
        let error = run(copy.path(), command).unwrap_err();
        for message in messages {
            assert!(error.contains(message), "{message} is not in\n{error}");
        }
        assert!(!error.contains(" spec/"), "{error}");
        assert_eq!(files(copy.path()), before);
    };
    let rewrite = |path: &str, old: &str, new: &str| {
        let text = std::fs::read_to_string(at(path)).unwrap();
        assert!(text.contains(old), "{old} is not in {path}");
        std::fs::write(at(path), text.replacen(old, new, 1)).unwrap();
    };

    refuses(
        "cargo xtask trim --selection nowhere --from x",
        &[
            "nowhere/selection.yaml: is missing\n    it names operations",
            "operations:\n",
        ],
    );
    refuses(
        &codegen,
        &[&format!(
            "{spec}/actions.yaml: is missing\n    write it with `cargo xtask trim --selection {spec} --from"
        )],
    );
    run(copy.path(), &trim).unwrap();
    for (out, name) in [("nowhere", "nowhere"), (&*spec, &*spec)] {
        refuses(
            &format!("cargo xtask codegen --selection {spec} --out {out}"),
            &[
                &format!("{name} is no crate"),
                &format!("`cargo init --lib {name}`"),
            ],
        );
    }
    let manifest = std::fs::read_to_string(at("Cargo.toml")).unwrap();
    rewrite("Cargo.toml", "[package]", "[ package ] # as TOML allows");
    refuses(&format!("{codegen} --check"), &["is stale in"]);
    std::fs::write(at("Cargo.toml"), manifest).unwrap();
    std::fs::write(copy.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    refuses(
        &format!("cargo xtask codegen --selection {spec} --out ."),
        &[". is no crate"],
    );
    refuses(
        &format!("cargo xtask codegen --selection {spec}"),
        &["--out"],
    );
    refuses(
        &format!("cargo xtask codegen --out {EXAMPLE}"),
        &["--selection"],
    );

    // What is refused is mended in the overlay there, whichever step refuses it.
    for (old, new, messages) in [
        (
            "get_content",
            "list_branches",
            ["give one of them another in", "#/paths"],
        ),
        (
            "operationId: get_content",
            "operationId: response",
            [
                "its builder would be a second",
                "give the operation another name in",
            ],
        ),
        (
            "name: Repo,",
            "name: Response,",
            ["cannot be the name of a handle", "#/x-handles"],
        ),
    ] {
        let text = std::fs::read_to_string(at("spec/overlay.yaml")).unwrap();
        rewrite("spec/overlay.yaml", old, new);
        refuses(&codegen, &[messages[0], messages[1], &format!("{spec}/")]);
        std::fs::write(at("spec/overlay.yaml"), text).unwrap();
    }
    rewrite("spec/selection.yaml", "words: derived\n", "");
    refuses(
        &codegen,
        &[
            &format!("`cargo xtask overlay --selection {spec} --missing`"),
            &format!("in {spec}/overlay.yaml"),
        ],
    );
    let stubs = run(
        copy.path(),
        &format!("cargo xtask overlay --missing --selection {spec}"),
    );
    assert!(
        stubs
            .unwrap()
            .contains(&format!("stubs in {spec}/overlay.yaml, "))
    );
    // What nobody has written is no documentation, not even where words need not be written.
    let selection = std::fs::read_to_string(at("spec/selection.yaml")).unwrap();
    rewrite(
        "spec/selection.yaml",
        "operations:",
        "words: derived\noperations:",
    );
    refuses(
        &codegen,
        &[
            "spec/overlay.yaml#/actions/",
            ": is a stub",
            "drop the action",
        ],
    );
    std::fs::write(at("spec/selection.yaml"), selection).unwrap();
    let text = std::fs::read_to_string(at("spec/overlay.yaml")).unwrap();
    std::fs::write(at("spec/overlay.yaml"), text.replace('…', "Words")).unwrap();
    let report = run(copy.path(), &codegen).unwrap();
    assert!(
        report.contains(&format!("added {EXAMPLE}/src/generated/types.rs\n")),
        "{report}"
    );

    // A trim is the generator's, and so is the folder; what somebody else wrote there stays.
    rewrite("src/generated/types.rs", "// Written by", "// By");
    rewrite("src/generated/client.rs", "struct", "struct ");
    refuses(
        &codegen,
        &[&format!(
            "{EXAMPLE}/src/generated/types.rs was not written by codegen"
        )],
    );
    rewrite("src/generated/types.rs", "// By", "// Written by");
    run(copy.path(), &codegen).unwrap();
    rewrite(
        "spec/actions.yaml",
        "operationId: repos/get-content",
        "operationId: repos/got-content",
    );
    refuses(
        &codegen,
        &[
            &format!("{spec}/actions.yaml: was edited by hand"),
            &format!("corrections belong in {spec}/overlay.yaml"),
        ],
    );
}

#[test]
fn a_folder_may_have_spaces_in_its_name_and_no_overlay() {
    let copy = unfinished();
    let spec = copy.path().join("my spec");
    copy_folder(&root().join(EXAMPLE).join("spec"), &spec);
    let codegen = || {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["codegen", "--selection", "my spec", "--out", EXAMPLE])
            .current_dir(copy.path())
            .output()
            .unwrap()
    };
    std::fs::remove_file(spec.join("overlay.yaml")).unwrap();
    let output = codegen();
    assert!(output.status.success(), "{output:?}");
    let report = String::from_utf8(output.stdout).unwrap();
    let start = "read my spec/actions.yaml: 3 operations, ";
    assert!(report.starts_with(start), "{report}");

    std::fs::remove_file(spec.join("actions.yaml")).unwrap();
    let error = String::from_utf8(codegen().stderr).unwrap();
    let command =
        "`cargo xtask trim --selection 'my spec' --from https://example.com/main/example.yaml`";
    assert!(error.contains(command), "{error}");
}
