//! What several test binaries need.

pub(crate) mod history;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use xtask::spec::provenance::{sha256, verify};
use xtask::spec::selection::{Selection, Words};
use xtask::spec::trim::{Trimmed, trim};
use xtask::spec::{EffectiveSpec, Text, load_with};

/// The workspace root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask lies in the workspace")
}

/// The trim of the fixture that holds shapes beyond our operations.
pub(crate) fn trimmed_shapes() -> Trimmed {
    let selection = Selection::parse(include_str!("../../forge/spec/selection.yaml")).unwrap();
    let description = include_bytes!("../../forge/spec/description.yaml");
    trim("description.yaml", description, &selection, "forge").unwrap()
}

/// The effective document of that fixture.
pub(crate) fn shapes() -> Value {
    effective_shapes().document
}

/// The trim with its overlay.
pub(crate) fn effective_shapes() -> EffectiveSpec {
    let text = trimmed_shapes().text;
    let spec = Text {
        file: "spec/actions.yaml",
        text: &text,
    };
    let overlay = Text {
        file: "spec/overlay.yaml",
        text: include_str!("../../forge/spec/overlay.yaml"),
    };
    load_with(spec, overlay, Words::Ours).unwrap_or_else(|problems| panic!("{problems}"))
}

/// A copy of what codegen reads and writes, below a temporary folder.
pub(crate) fn copy_of_workspace() -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for folder in ["spec", "crates/gha-api"] {
        copy_folder(&root().join(folder), &copy.path().join(folder));
    }
    copy
}

/// Copies a folder with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Changes the body of a trim as if it had been published so.
pub(crate) fn edit_trim(path: &Path, edit: impl FnOnce(&str) -> String) {
    let (mut provenance, body) = verify(&std::fs::read_to_string(path).unwrap()).unwrap();
    let edited = edit(&body);
    assert_ne!(edited, body);
    provenance.body_sha256 = sha256(edited.as_bytes());
    std::fs::write(path, provenance.with_body(&edited)).unwrap();
}

/// A copy of the workspace as a git repository with one commit on `main`.
pub(crate) fn repository() -> tempfile::TempDir {
    let copy = copy_of_workspace();
    std::fs::copy(root().join("Cargo.toml"), copy.path().join("Cargo.toml")).unwrap();
    git(copy.path(), &["init", "--quiet", "--initial-branch=main"]);
    commit(copy.path(), "first");
    copy
}

pub(crate) fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args([
            "-c",
            "user.name=Tester",
            "-c",
            "user.email=tester@example.com",
        ])
        .args(["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
}

pub(crate) fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message", message]);
}

/// All files below a folder, relative to it, with their bytes.
pub(crate) fn files(folder: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_path_buf();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}
