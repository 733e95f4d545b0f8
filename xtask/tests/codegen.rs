//! `cargo xtask codegen`: what it writes, when it refuses, and that the repository is fresh.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use std::path::Path;
use std::process::Command;

use serde_json::json;

use common::{copy_of_workspace, files, root, shapes};

/// Runs the command on a folder and returns what it reports.
fn codegen(folder: &Path, check: bool) -> Result<String, String> {
    let mut report = Vec::new();
    let result = xtask::codegen::run(folder, check, &mut report);
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
    let crate_folder = copy.path().join(xtask::codegen::CRATE);
    std::fs::remove_dir_all(&crate_folder).unwrap();
    codegen(copy.path(), false).unwrap();
    assert_eq!(
        files(&crate_folder),
        files(&root().join(xtask::codegen::CRATE))
    );
}

#[test]
fn a_second_run_changes_nothing() {
    let copy = copy_of_workspace();
    let report = codegen(copy.path(), false).unwrap();
    assert!(report.contains("none changed"), "{report}");
    assert!(report.contains("9 operations"), "{report}");
}

#[test]
fn check_shows_the_difference_and_writes_nothing() {
    let copy = copy_of_workspace();
    let types = copy.path().join("crates/gha-api/src/types.rs");
    let fresh = std::fs::read_to_string(&types).unwrap();
    std::fs::write(
        &types,
        fresh.replace("pub expired: bool", "pub expired: u8"),
    )
    .unwrap();
    let before = files(copy.path());

    let report = codegen(copy.path(), true).unwrap_err();

    for line in [
        "--- crates/gha-api/src/types.rs",
        "+++ crates/gha-api/src/types.rs",
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
    let stray = copy.path().join("crates/gha-api/src/runtime/old.rs");
    std::fs::write(&stray, "// left over\n").unwrap();
    let report = codegen(copy.path(), true).unwrap_err();
    assert!(report.contains("-// left over"), "{report}");
    assert!(report.contains("+++ /dev/null"), "{report}");
    codegen(copy.path(), false).unwrap();
    assert!(!stray.exists());
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
    // Two kinds of success: lint refuses that, progenitor asserts.
    document["paths"]["/repos/{owner}/runs/{run_id}"]["get"]["responses"]["201"] = json!({
        "description": "",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/release"}}},
    });
    let error = xtask::codegen::render(&document).unwrap_err().to_string();
    let at = "spec/actions.yaml#/paths/~1repos~1{owner}~1runs~1{run_id}/get: ";
    assert!(error.starts_with(at), "{error}");
    assert!(error.contains("response_types.len() <= 1"), "{error}");
    assert!(error.contains("spec/overlay.yaml"), "{error}");
}

#[test]
fn errors_need_their_body() {
    let mut document = shapes();
    document["components"]["schemas"]
        .as_object_mut()
        .unwrap()
        .remove("ApiError");
    let error = xtask::codegen::render(&document).unwrap_err().to_string();
    assert!(error.contains("`ApiError`"), "{error}");
    assert!(error.contains("spec/overlay.yaml"), "{error}");
}

/// Runs in the crate below, which is built without a cryptography provider.
const WITHOUT_PROVIDER: &str = r#"
//! A client cannot be built before the application installs a provider; that is no panic.

#[test]
fn an_error_says_what_is_missing() {
    let error = gha_api::Client::builder("https://api.example.com").build().unwrap_err();
    assert_eq!(error.kind(), gha_api::ErrorKind::Configuration);
    assert!(error.to_string().contains("install_default"), "{error}");
}
"#;

/// Shapes that our nine operations lack: bare arrays, request bodies, cycles, compositions.
#[test]
fn other_shapes_become_a_crate_that_compiles() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("shapes");
    let rendered = xtask::codegen::render(&shapes()).unwrap();
    let builder = &rendered["src/builder.rs"];
    for wanted in [
        "impl crate::Paginated for ListReleases",
        "type Item = crate::types::Release;",
        "crate::PageBody::new(None, body)",
        "Some(item.id)",
        "impl crate::Redirected for DownloadLogs",
        "type Subject = crate::types::Run;",
        ".json(&body)",
    ] {
        assert!(builder.contains(wanted), "{wanted} is not in\n{builder}");
    }
    for (path, text) in &rendered {
        let path = folder.join("gha-api").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    // The README's example speaks of our own operations, so documentation is not compiled here.
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest = manifest.replace(
        r#"members = ["xtask", "crates/*"]"#,
        r#"members = ["gha-api"]"#,
    );
    assert!(manifest.contains(r#"members = ["gha-api"]"#));
    let manifest: String = manifest
        .lines()
        .filter(|line| !line.contains("path = \"crates/"))
        .flat_map(|line| [line, "\n"])
        .collect();
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    std::fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();

    let test = folder.join("gha-api/tests/provider.rs");
    std::fs::create_dir_all(test.parent().unwrap()).unwrap();
    std::fs::write(test, WITHOUT_PROVIDER).unwrap();

    let output = Command::new(env!("CARGO"))
        .args(["test", "--offline", "--quiet", "--test", "provider"])
        .args(["--no-default-features", "--features", "rustls-no-provider"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env("RUSTFLAGS", "-D warnings")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{report}{errors}");
    assert!(report.contains("1 passed"), "{report}");
}
