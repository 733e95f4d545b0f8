//! What README.md shows of these commands is what they print.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use xtask::codegen::Place;
use xtask::spec::trim::TrimOptions;
use xtask::spec::{Folder, stubs, trim, yaml};

use crate::common::{copy_of_workspace, root};

fn shows(printed: &str) {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    assert!(
        readme.contains(printed),
        "README.md does not show\n{printed}"
    );
}

#[test]
fn adding_an_operation() {
    let copy = copy_of_workspace();
    let at = |path: &str| copy.path().join(path);
    let edit = |path: &Path, edit: &dyn Fn(&str) -> String| {
        let text = std::fs::read_to_string(path).unwrap();
        std::fs::write(path, edit(&text)).unwrap();
    };
    // A full description: the trim, and what nobody has selected.
    let parse = |text: &str| yaml::parse(text).unwrap();
    let mut full = parse(&std::fs::read_to_string(at("spec/actions.yaml")).unwrap());
    let more = parse(include_str!("../fixtures/readme/unselected.yaml"));
    let add = |to: &mut Value, from: &Value| {
        let to = to.as_object_mut().unwrap();
        to.extend(from.as_object().unwrap().clone());
    };
    add(&mut full["paths"], &more["paths"]);
    add(&mut full["components"]["schemas"], &more["schemas"]);
    std::fs::write(at("full.json"), full.to_string()).unwrap();

    edit(&at("spec/selection.yaml"), &|text| {
        format!("{text}  - actions/get-workflow\n")
    });
    let options = TrimOptions {
        from: at("full.json").display().to_string(),
        edition: None,
    };
    let spec = Folder::of(copy.path());
    trim::run(&spec, &options, &mut Vec::new()).unwrap();
    let mut printed = Vec::new();
    stubs::run(&spec, &mut printed).unwrap();
    shows(&String::from_utf8(printed).unwrap());

    edit(&at("spec/overlay.yaml"), &|text| text.replace('…', "Words"));
    let mut printed = Vec::new();
    xtask::codegen::run(&Place::own(copy.path()), false, &mut printed).unwrap();
    let printed = String::from_utf8(printed).unwrap();
    // The last line has a time in it.
    let (lasting, last) = printed.trim_end().rsplit_once('\n').unwrap();
    shows(lasting);
    shows(last.split(" in ").next().unwrap());
}

#[test]
fn a_diff_of_two_editions() {
    let printed = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["diff", "spec/editions/ghes-3.19.yaml", "spec/actions.yaml"])
        .current_dir(root())
        .output()
        .unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    shows(printed.split("\nNotes").next().unwrap());
}
