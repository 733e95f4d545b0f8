//! `cargo xtask codegen`: what it writes, when it refuses, and that the repository is fresh.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::json;

use xtask::codegen::{GENERATED, HEADER, Place};

use crate::common::{copy_of_workspace, files, root, shapes};

/// Runs the command on a folder and returns what it reports.
fn codegen(folder: &Path, check: bool) -> Result<String, String> {
    let mut report = Vec::new();
    let result = xtask::codegen::run(&Place::own(folder), check, &mut report);
    let report = String::from_utf8(report).unwrap();
    match result {
        Ok(()) => Ok(report),
        Err(error) => Err(format!("{report}{error:#}")),
    }
}

#[test]
fn the_generated_crate_is_fresh() {
    if let Err(report) = codegen(root(), true) {
        panic!("{report}");
    }
}

#[test]
fn an_empty_folder_gets_every_file() {
    let copy = copy_of_workspace();
    let generated = copy.path().join(GENERATED);
    std::fs::remove_dir_all(&generated).unwrap();
    codegen(copy.path(), false).unwrap();
    assert_eq!(files(&generated), files(&root().join(GENERATED)));
}

#[test]
fn a_second_run_changes_nothing() {
    let copy = copy_of_workspace();
    let report = codegen(copy.path(), false).unwrap();
    assert!(report.contains("none changed"), "{report}");
}

#[test]
fn lines_may_end_as_git_ends_them_on_windows() {
    let copy = copy_of_workspace();
    for (path, bytes) in files(&copy.path().join(GENERATED)) {
        let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
        std::fs::write(copy.path().join(GENERATED).join(path), text).unwrap();
    }
    let report = codegen(copy.path(), true).unwrap();
    assert!(report.contains("none changed"), "{report}");
}

#[test]
fn check_shows_the_difference_and_writes_nothing() {
    let copy = copy_of_workspace();
    let types = copy.path().join("crates/gha-api/src/generated/types.rs");
    let fresh = std::fs::read_to_string(&types).unwrap();
    std::fs::write(
        &types,
        fresh.replace("pub expired: bool", "pub expired: u8"),
    )
    .unwrap();
    let before = files(copy.path());

    let report = codegen(copy.path(), true).unwrap_err();

    for line in [
        "--- crates/gha-api/src/generated/types.rs",
        "+++ crates/gha-api/src/generated/types.rs",
        "-    pub expired: u8,",
        "+    pub expired: bool,",
        "run `cargo xtask codegen`",
    ] {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }
    assert_eq!(files(copy.path()), before);
    codegen(copy.path(), false).unwrap();
    assert_eq!(std::fs::read_to_string(&types).unwrap(), fresh);
}

#[test]
fn a_source_that_nobody_rendered_is_stale() {
    let copy = copy_of_workspace();
    let stray = copy.path().join("crates/gha-api/src/generated/old.rs");
    std::fs::write(&stray, format!("{HEADER}\n// left over\n")).unwrap();
    let report = codegen(copy.path(), true).unwrap_err();
    assert!(report.contains("-// left over"), "{report}");
    assert!(report.contains("+++ /dev/null"), "{report}");
    codegen(copy.path(), false).unwrap();
    assert!(!stray.exists());
}

#[test]
fn what_somebody_wrote_is_neither_replaced_nor_removed() {
    for file in ["mine.rs", "deep/mine.rs", "types.rs"] {
        let copy = copy_of_workspace();
        let path = copy.path().join(GENERATED).join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "pub struct Mine;\n").unwrap();
        // Something else is stale as well.
        std::fs::remove_file(copy.path().join(GENERATED).join("client.rs")).unwrap();
        let before = files(copy.path());
        let error = codegen(copy.path(), false).unwrap_err();
        let told = format!("{GENERATED}/{file} was not written by codegen, and would be lost");
        assert!(error.contains(&told), "{error}");
        assert_eq!(files(copy.path()), before);
    }
}

#[test]
fn a_folder_in_the_place_of_a_file_leaves_all_as_it_was() {
    let copy = copy_of_workspace();
    let generated = copy.path().join(GENERATED);
    std::fs::remove_dir_all(&generated).unwrap();
    std::fs::create_dir_all(generated.join("types.rs")).unwrap();
    let error = codegen(copy.path(), false).unwrap_err();
    assert!(error.contains("types.rs is a folder"), "{error}");
    assert_eq!(files(&generated), BTreeMap::new());
}

#[test]
fn a_mistake_in_the_spec_leaves_the_crate_alone() {
    for (file, old, new, expected) in [
        (
            "spec/overlay.yaml",
            "target: $.components.parameters.owner",
            "target: $.components.parameters.owned",
            "matches nothing",
        ),
        (
            "spec/actions.yaml",
            "operationId: actions/get-artifact",
            "operationId: actions/got-artifact",
            "spec/overlay.yaml",
        ),
        (
            "spec/overlay.yaml",
            "operationId: get_job\n",
            "operationId: get_artifact\n",
            "get_artifact",
        ),
        (
            "spec/selection.yaml",
            "  - actions/get-artifact\n",
            "  - actions/get-artifact\n  - actions/cancel-workflow-run\n",
            "`actions/cancel-workflow-run` is not in spec/actions.yaml",
        ),
        (
            "spec/selection.yaml",
            "  - actions/get-artifact\n",
            "",
            "spec/actions.yaml speaks of `actions/get-artifact`, which is not selected",
        ),
        (
            "spec/overlay.yaml",
            "actions:\n",
            "actions: [\n",
            "spec/overlay.yaml:",
        ),
    ] {
        let copy = copy_of_workspace();
        let path = copy.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(old), "{old} is not in {file}");
        std::fs::write(&path, text.replacen(old, new, 1)).unwrap();
        let before = files(copy.path());
        let error = codegen(copy.path(), false).unwrap_err();
        assert!(error.contains(expected), "{expected} is not in\n{error}");
        assert!(error.contains(file), "{file} is not in\n{error}");
        assert_eq!(files(copy.path()), before);
    }
}

#[test]
fn a_panic_of_progenitor_names_the_operation() {
    let mut document = shapes();
    // A `$ref` to nothing: lint refuses that, typify panics.
    document["paths"]["/repos/{owner}/runs/{run_id}"]["get"]["responses"]["200"]["content"]["application/json"]
        ["schema"] = json!({"$ref": "#/components/schemas/nothing"});
    let error = xtask::codegen::render(&document).unwrap_err().to_string();
    let at = "#/paths/~1repos~1{owner}~1runs~1{run_id}/get: ";
    assert!(error.starts_with(at), "{error}");
    assert!(
        error.contains("progenitor cannot generate this: "),
        "{error}"
    );
    assert!(error.contains("spec/overlay.yaml"), "{error}");
}

/// A whole crate of shapes that our operations lack; it is compiled and tested with the workspace.
#[test]
fn the_forge_is_fresh() {
    let folder = root().join("xtask/tests/forge/src/generated");
    let rendered = xtask::codegen::render(&shapes()).unwrap();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        for (path, text) in &rendered {
            std::fs::write(folder.join(path), text).unwrap();
        }
        return;
    }
    for (path, text) in &rendered {
        let golden = std::fs::read_to_string(folder.join(path)).unwrap();
        let diff = similar::TextDiff::from_lines(&golden, text);
        assert!(golden == *text, "{path}:\n{}", diff.unified_diff());
    }
}

#[test]
fn names_that_are_taken_are_refused_with_what_to_write() {
    for (path, method, id, message) in [
        (
            "/repos/{owner}/releases",
            "get",
            "owner",
            "`Owner` has a method `owner` already",
        ),
        (
            "/repos/{owner}/releases",
            "get",
            "call",
            "`Owner` has a method `call` already",
        ),
        (
            "/repos/{owner}/releases",
            "get",
            "response",
            "its builder would be a second `Response`",
        ),
        (
            "/repos/{owner}/releases",
            "get",
            "run_of",
            "its builder would be a second `RunOf`",
        ),
        (
            "/search/{kind}",
            "get",
            "new",
            "`Client` has a method `new` already",
        ),
        (
            "/search/{kind}",
            "get",
            "owner",
            "`Client` has a method `owner` already",
        ),
    ] {
        let mut document = shapes();
        document["paths"][path][method]["operationId"] = json!(id);
        let error = xtask::codegen::render(&document).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
        let target = format!("- target: $.paths['{path}'].{method}\n");
        assert!(error.contains(&target), "{error}");
    }
    let mut document = shapes();
    document["paths"]["/search/{kind}"]["get"]["operationId"] = json!("owner");
    document["paths"]["/logo"]["get"]["operationId"] = json!("new");
    document["x-handles"]["/orgs/{org}"] = json!({"name": "Org", "description": "x"});
    let error = xtask::codegen::render(&document).unwrap_err().to_string();
    assert!(error.starts_with("3 problems\n"), "{error}");
}

/// Whoever makes a handle says which one: nothing of its path is left out, and its slashes stay.
#[test]
fn a_handle_may_be_named_by_several_segments() {
    let mut document = shapes();
    document["x-handles"] = json!({
        "/branches/{branch}": {"name": "Branch", "description": "A branch."},
        "/contents/{path}": {"name": "File", "description": "A file."},
    });
    let files = xtask::codegen::render(&document).unwrap();
    for method in ["branch", "path"] {
        let call = format!(".path_segments(\"{method}\", &self.{method})");
        assert!(files["client.rs"].contains(&call), "{}", files["client.rs"]);
    }
    let calls = [
        "pub fn get_content(&self) -> GetContent",
        "pub fn unprotect(&self) -> Unprotect",
    ];
    assert!(
        calls
            .iter()
            .all(|call| files["operations.rs"].contains(call)),
        "{}",
        files["operations.rs"]
    );
}

#[test]
fn handles_that_would_be_there_twice_are_refused() {
    let handle = |name: &str| json!({"name": name, "description": "x"});
    for (handles, message) in [
        (
            json!({"/repos/{owner}": handle("Owner"), "/search/{kind}": handle("Owner")}),
            "the methods that make a `Owner` would be there twice\n    give the handle another `name`",
        ),
        (
            json!({"/repos/{owner}": handle("New")}),
            "the methods that make a `New` would be there twice",
        ),
        (
            json!({"/repos/{owner}": handle("Owner"), "/search/{kind}": handle("ParseOwner")}),
            "the methods that make a `ParseOwner` would be there twice",
        ),
        (
            json!({"/search/{kind}": handle("Search")}),
            "`Search::call` would be there twice\n    give the handle a shorter path",
        ),
    ] {
        let text = shapes().to_string().replace("kind", "call");
        let handles = serde_json::from_str(&handles.to_string().replace("kind", "call")).unwrap();
        let mut document: serde_json::Value = serde_json::from_str(&text).unwrap();
        document["x-handles"] = handles;
        let error = xtask::codegen::render(&document).unwrap_err().to_string();
        assert!(error.contains("spec/overlay.yaml#/x-handles: "), "{error}");
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn handles_that_are_not_there_are_refused() {
    for (handles, message) in [
        (
            json!({"/orgs/{org}": {"name": "Org", "description": "x"}}),
            "no operation is below `/orgs/{org}`\n    correct the path in spec/overlay.yaml, or drop the handle",
        ),
        (
            json!({"/repos/{owner}": {"name": "Owner"}}),
            "the handle of `/repos/{owner}` is incomplete",
        ),
    ] {
        let mut document = shapes();
        document["x-handles"] = handles;
        let error = xtask::codegen::render(&document).unwrap_err().to_string();
        assert!(
            error.starts_with("spec/overlay.yaml#/x-handles: "),
            "{error}"
        );
        assert!(error.contains(message), "{error}");
    }
}
