//! The scripts of a release, with a `cargo` that only takes notes.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::common::root;

const SCRIPTS: [&str; 2] = [".ci/release-notes", ".ci/publish"];

/// A folder with the scripts, this changelog, and a `cargo` that does this.
fn folder(changelog: &str, cargo: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path(".ci")).unwrap();
    std::fs::create_dir(path("bin")).unwrap();
    for script in SCRIPTS {
        std::fs::copy(root().join(script), path(script)).unwrap();
    }
    std::fs::write(path("CHANGELOG.md"), changelog).unwrap();
    std::fs::write(path("bin/cargo"), format!("#!/bin/sh\n{cargo}\n")).unwrap();
    let executable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(path("bin/cargo"), executable).unwrap();
    folder
}

fn run(folder: &Path, script: &str, argument: &str) -> Output {
    let path = format!(
        "{}:{}",
        folder.join("bin").display(),
        std::env::var("PATH").unwrap()
    );
    let mut command = Command::new(folder.join(script));
    command.arg(argument).env("PATH", path);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

const HEAD: &str = "# Changelog\n\n## [Unreleased]\n\n";
const NOTES: &str = "### Added\n\n- `## [0.0.1]` and more.\n";

#[test]
fn the_notes_of_a_release_are_its_part_of_the_changelog() {
    let changelog =
        format!("{HEAD}## [0.2.0] - 2026-12-01\n\n{NOTES}\n## [0.1.0] - 2026-11-01\n\n- First.\n");
    let folder = folder(
        &changelog,
        "echo 'path+file:///gha/crates/gha-x#gha-x@0.2.0'",
    );
    let notes = run(folder.path(), SCRIPTS[0], "v0.2.0");
    assert!(notes.status.success(), "{}", text(&notes.stderr));
    assert_eq!(text(&notes.stdout).trim(), NOTES.trim());
}

#[test]
fn a_release_that_is_not_ready_is_refused() {
    let dated = "## [0.2.0] - 2026-12-01\n\n";
    let cargo = "echo 'path+file:///gha/crates/gha-x#0.2.0'";
    for (tag, changelog, says) in [
        (
            "0.2.0",
            format!("{HEAD}{dated}{NOTES}"),
            "a tag is v and a version",
        ),
        (
            "v0.3.0",
            format!("{HEAD}{dated}{NOTES}"),
            "gha-fake has version 0.2.0",
        ),
        (
            "v0.2.0",
            format!("{HEAD}- New.\n\n{dated}{NOTES}"),
            "under [Unreleased]",
        ),
        (
            "v0.2.0",
            format!("{HEAD}## [0.2.0]\n\n{NOTES}"),
            "no heading",
        ),
        (
            "v0.2.0",
            format!("{HEAD}## [0.2.01] - 2026-12-01\n\n{NOTES}"),
            "no heading",
        ),
        ("v0.2.0", HEAD.to_owned(), "no heading"),
        (
            "v0.2.0",
            format!("{HEAD}{dated}## [0.1.0] - 2026-11-01\n\n- First.\n"),
            "says nothing",
        ),
    ] {
        let folder = folder(&changelog, cargo);
        let refused = run(folder.path(), SCRIPTS[0], tag);
        let said = text(&refused.stderr);
        assert!(
            !refused.status.success() && said.contains(says),
            "{says}: {said}"
        );
        assert_eq!(text(&refused.stdout), "");
    }
}

#[test]
fn publishing_goes_on_where_it_was_interrupted() {
    let cargo = "echo \"$*\" >>calls\n\
                 case \"$*\" in info*gha-fake@*|info*gha-core@*) ;; info*) exit 101 ;; esac\n\
                 case \"$*\" in publish*gha-client) exit 101 ;; esac";
    let folder = folder("", cargo);
    let published = run(folder.path(), SCRIPTS[1], "v0.2.0");
    assert!(!published.status.success(), "gha-client fails");
    let said = text(&published.stdout);
    let there = "gha-fake 0.2.0 is there already\ngha-core 0.2.0 is there already\n";
    assert_eq!(said, there);
    let calls = std::fs::read_to_string(folder.path().join("calls")).unwrap();
    let publish: Vec<_> = calls
        .lines()
        .filter_map(|call| call.strip_prefix("publish --locked --package "))
        .collect();
    assert_eq!(publish, ["gha-api", "gha-download", "gha-client"]);
}

/// Cargo wants on crates.io what a crate's tests need, too, where they name a version of it.
#[test]
fn each_crate_is_published_after_what_it_depends_on() {
    let list = Command::new(root().join(SCRIPTS[1])).arg("--list").output();
    let list = text(&list.unwrap().stdout);
    let order: Vec<&str> = list.lines().collect();

    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(root())
        .output();
    let metadata: Value = serde_json::from_slice(&metadata.unwrap().stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let published = packages
        .iter()
        .filter(|package| package["publish"].is_null());
    let mut names = BTreeSet::new();
    for package in published {
        let name = package["name"].as_str().unwrap();
        names.insert(name);
        let place = order.iter().position(|other| *other == name);
        for needed in package["dependencies"].as_array().unwrap() {
            if needed["path"].is_null() || needed["req"] == "*" {
                continue;
            }
            let before = order.iter().position(|other| needed["name"] == *other);
            assert!(before.is_some() && before < place, "{name} needs {needed}");
        }
    }
    assert_eq!(names, order.iter().copied().collect());
    assert_eq!(names.len(), order.len());
}
