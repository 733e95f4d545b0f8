//! Steps of GitHub's description as they happened, and a workspace that goes along with them.

use std::path::Path;

use xtask::spec::trim::TrimOptions;

use super::{commit, git};

/// GitHub's description of two operations as it was, cut to them.
pub(crate) fn description(version: &str) -> String {
    let base = include_str!("../../fixtures/history/18.2.0.yaml");
    let text = match version {
        // Before artifacts had digests.
        "17.0.0" => without(
            base,
            "        digest:\n          type: string\n          nullable: true\n",
        ),
        // Nothing of it changed.
        "18.2.0" | "22.0.0" => base.to_owned(),
        // Lists can be ordered.
        "23.0.0" => {
            let name = "      - $ref: '#/components/parameters/artifact-name'\n";
            let direction = "      - $ref: '#/components/parameters/direction'\n";
            base.replace(name, &format!("{name}{direction}")).replace(
                "    owner:\n",
                "    direction:\n      name: direction\n      in: query\n      required: false\n      \
                 schema:\n        type: string\n        enum:\n        - asc\n        - desc\n        \
                 default: desc\n    owner:\n",
            )
        }
        other => panic!("{other} is not among the steps"),
    };
    text.replacen("version: ''", &format!("version: {version}"), 1)
}

fn without(text: &str, part: &str) -> String {
    assert!(text.contains(part));
    text.replace(part, "")
}

/// Writes the descriptions of all editions as a release has them.
pub(crate) fn publish(folder: &Path, version: &str) {
    std::fs::create_dir_all(folder).unwrap();
    for (edition, version) in [("api.github.com", version), ("ghes-3.16", "17.0.0")] {
        let path = folder.join(format!("{edition}.json"));
        std::fs::write(path, description(version)).unwrap();
    }
}

/// Makes a repository as of 17.0.0, with one commit on `main`.
pub(crate) fn workspace(folder: &Path, source: &str) {
    for name in ["docs", "spec/editions"] {
        std::fs::create_dir_all(folder.join(name)).unwrap();
    }
    let selection = format!(
        "edition: api.github.com\neditions: {{ghes-3.16: v22.0.0}}\nsource: {source}\n\
         operations: [actions/get-artifact, actions/list-workflow-run-artifacts]\n"
    );
    let overlay = include_str!("../../fixtures/history/overlay.yaml");
    for (file, text) in [
        ("spec/selection.yaml", selection.as_str()),
        ("spec/overlay.yaml", overlay),
        (
            "docs/editions.md",
            "<!-- editions:start -->\n<!-- editions:end -->\n",
        ),
        ("Cargo.toml", "[workspace.package]\nversion = \"0.1.0\"\n"),
    ] {
        std::fs::write(folder.join(file), text).unwrap();
    }
    let upstream = tempfile::tempdir().unwrap();
    publish(upstream.path(), "17.0.0");
    for (name, edition) in [("api.github.com", None), ("ghes-3.16", Some("ghes-3.16"))] {
        let options = TrimOptions {
            from: format!("{}/{name}.json", upstream.path().display()),
            edition: edition.map(str::to_owned),
        };
        xtask::spec::trim::run(&xtask::spec::Folder::of(folder), &options, &mut Vec::new())
            .unwrap();
    }
    xtask::codegen::run(&xtask::codegen::Place::own(folder), false, &mut Vec::new()).unwrap();
    xtask::editions::run(folder, false, &mut Vec::new()).unwrap();
    git(folder, &["init", "--quiet", "--initial-branch=main"]);
    commit(folder, "first");
}

/// The action that names the order of lists, which came with 23.0.0.
pub(crate) const WORDS: &str = "  - target: $.components.parameters.direction.schema\n    \
                                update: {title: Direction, description: An order.}\n";
