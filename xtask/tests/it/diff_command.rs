//! `cargo xtask diff` as its users run it: in checkouts, shallow clones, with files, with mistakes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use xtask::diff::api::Change;
use xtask::diff::render::{LIMIT, MARKER, markdown, text};
use xtask::diff::report::Report;
use xtask::diff::rule::{Rule, Severity};
use xtask::diff::rust::RustChange;

use crate::common::{commit, copy_folder, copy_of_workspace, edit_trim, git, repository, root};

fn replace(folder: &Path, file: &str, old: &str, new: &str) {
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(old), "{old} is not in {file}");
    std::fs::write(path, text.replacen(old, new, 1)).unwrap();
}

/// Makes a field required, in the spec and in the crate.
fn break_it(folder: &Path) {
    let path = folder.join("spec/overlay.yaml");
    let overlay = std::fs::read_to_string(&path).unwrap();
    let target = "  - target: $.components.schemas.job.required[?@=='created_at']\n";
    let (before, after) = overlay.split_once(target).unwrap();
    // An action has three lines.
    let after: String = after.split_inclusive('\n').skip(2).collect();
    std::fs::write(path, format!("{before}{after}")).unwrap();
    let file = "crates/gha-api/src/generated/types.rs";
    replace(
        folder,
        file,
        "pub digest: Option<String>",
        "pub digest: String",
    );
}

/// Runs the command in a folder of the workspace at `folder`.
fn diff(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("diff")
        .args(arguments)
        .env("CARGO_MANIFEST_DIR", folder.join("xtask"))
        .current_dir(folder.join("spec"))
        .output()
        .unwrap()
}

fn passed(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn refused(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn an_untouched_checkout_has_no_changes() {
    let copy = repository();
    let report = passed(&diff(copy.path(), &["--fail-on", "any"]));
    assert!(
        report.contains("(HEAD; there is no origin/main here)\n"),
        "{report}"
    );
    assert!(report.contains("verdict  no changes\n"), "{report}");
    assert!(
        report.contains("Next\n  1. Nothing: no user notices.\n"),
        "{report}"
    );
    assert!(!report.contains("version"), "{report}");
}

#[test]
fn the_working_tree_is_compared_with_head_or_the_merge_base() {
    let copy = repository();
    break_it(copy.path());
    let lines = [
        "verdict  breaking (API: 1 breaking; Rust: 1 breaking)",
        "breaking  response-field-became-required: ",
        "            job.created_at: optional → required, in get_job, list_attempt_jobs, list_run_jobs\n",
        "breaking  types::Artifact.digest: Option<String> → String",
        "version  0.1.0 → 0.2.0, a minor release\n",
    ];
    let report = passed(&diff(copy.path(), &[]));
    for line in lines {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }

    // What is committed since the merge base counts, what happened on main meanwhile does not.
    git(copy.path(), &["switch", "--quiet", "--create", "work"]);
    commit(copy.path(), "second");
    git(
        copy.path(),
        &["update-ref", "refs/remotes/origin/main", "main"],
    );
    let since = passed(&diff(copy.path(), &[]));
    assert!(
        since.contains("(the merge base with origin/main)"),
        "{since}"
    );
    assert!(since.contains(lines[0]), "{since}");
    let head = passed(&diff(copy.path(), &["--base", "HEAD"]));
    assert!(head.contains("verdict  no changes"), "{head}");
}

#[test]
fn the_exit_code_tells_an_answer_from_an_error() {
    let copy = repository();
    break_it(copy.path());
    for (arguments, code) in [
        (&["--fail-on", "breaking"][..], 1),
        (&["--fail-on", "any", "--format", "json"], 1),
        (&["--format", "markdown"], 0),
        (&["--base", "nowhere", "--fail-on", "any"], 2),
        (&["--format", "html"], 2),
        (&["one-file.yaml"], 2),
        (&["--base", "HEAD", "a.yaml", "b.yaml"], 2),
    ] {
        let output = diff(copy.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?} {output:?}");
    }
}

/// What nothing is known of is not called unchanged; everything else is compared.
#[test]
fn what_cannot_be_compared_is_unknown() {
    let unknown = |folder: &Path, arguments: &[&str], reasons: &[&str]| {
        let quiet = passed(&diff(folder, arguments));
        assert!(
            quiet.contains("verdict  unknown for a reason among the notes; of the rest: "),
            "{quiet}"
        );
        for reason in reasons {
            assert!(quiet.contains(reason), "{reason} is not in\n{quiet}");
        }
        assert!(!quiet.contains("no user notices"), "{quiet}");
        for kind in ["breaking", "any"] {
            let loud = diff(folder, &[arguments, &["--fail-on", kind]].concat());
            assert!(matches!(loud.status.code(), Some(1 | 2)), "{loud:?}");
        }
        let json = passed(&diff(folder, &[arguments, &["--format", "json"]].concat()));
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["verdict"], "unknown");
        assert_eq!(json["unknown"].as_array().unwrap().len(), 1);
    };

    // A crate that does not parse.
    let copy = repository();
    let types = "crates/gha-api/src/generated/types.rs";
    replace(copy.path(), types, "pub struct Job {", "pub struct Job {{");
    let reasons = [
        "the Rust items are not compared: ",
        "of the rest: no changes",
    ];
    unknown(copy.path(), &[], &reasons);
    let output = diff(copy.path(), &["--fail-on", "any"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");

    // A base without the crate.
    let copy = repository();
    std::fs::rename(copy.path().join("crates"), copy.path().join("away")).unwrap();
    commit(copy.path(), "no crate");
    std::fs::rename(copy.path().join("away"), copy.path().join("crates")).unwrap();
    unknown(
        copy.path(),
        &[],
        &["there is no generated code in crates/gha-api/src/generated at "],
    );

    // An overlay of the base that nobody can read: the commit is named, and Rust is compared.
    let copy = repository();
    replace(
        copy.path(),
        "spec/overlay.yaml",
        "overlay: 1.0.0",
        "overlay: 9.0.0",
    );
    commit(copy.path(), "a broken overlay");
    replace(
        copy.path(),
        "spec/overlay.yaml",
        "overlay: 9.0.0",
        "overlay: 1.0.0",
    );
    replace(
        copy.path(),
        types,
        "pub digest: Option<String>",
        "pub digest: String",
    );
    unknown(
        copy.path(),
        &[],
        &[
            "the API is not compared: the overlay at ",
            " here) cannot be read: spec/overlay.yaml#/overlay: not an overlay",
            "types::Artifact.digest: Option<String> → String",
        ],
    );

    // A trim of the base that somebody edited: that of the working tree is right.
    let copy = repository();
    replace(
        copy.path(),
        "spec/actions.yaml",
        "type: integer",
        "type: number",
    );
    commit(copy.path(), "an edited trim");
    replace(
        copy.path(),
        "spec/actions.yaml",
        "type: number",
        "type: integer",
    );
    unknown(
        copy.path(),
        &[],
        &[
            "the API is not compared: the trim at ",
            " here) cannot be read: spec/actions.yaml: was edited by hand",
            "of the rest: no changes",
        ],
    );

    // One operation of a file that cannot be generated.
    let copy = copy_of_workspace();
    let circle = published(copy.path(), "circle.yaml", |body| {
        body.replacen(
            "    job:\n      type: object\n",
            "    job:\n      allOf:\n      - $ref: '#/components/schemas/job'\n",
            1,
        )
    });
    let other = published(copy.path(), "other.yaml", |body| {
        body.replacen(
            "        expired:\n          type: boolean\n",
            "        expired:\n          type: string\n",
            1,
        )
    });
    let arguments = [circle.to_str().unwrap(), other.to_str().unwrap()];
    let report = passed(&diff(copy.path(), &arguments));
    for line in [
        "verdict  unknown for 3 reasons among the notes; of the rest: breaking (API: 1 breaking; Rust: 1 breaking)",
        "get_job is not compared: ",
        "consists of itself: job → job",
        "types::Artifact.expired: bool → String",
    ] {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }
    let itself = passed(&diff(copy.path(), &[arguments[0]; 2]));
    let line = "verdict  unknown for 3 reasons among the notes; of the rest: no changes";
    assert!(itself.contains(line), "{itself}");
    assert_eq!(
        itself.matches("get_job is not compared: ").count(),
        2,
        "{itself}"
    );
}

/// What codegen refuses, though the promises that clients read are the same.
const REFUSED: [(&str, &str, &str); 2] = [
    (
        "      responses:\n        '200':\n",
        "      responses:\n        default:\n          description: ''\n        '200':\n",
        "`default`",
    ),
    (
        "      - $ref: '#/components/parameters/artifact-id'\n",
        "",
        "no parameter is declared for `{artifact_id}`",
    ),
];

#[test]
fn an_end_that_codegen_refuses_is_unknown() {
    let types = "crates/gha-api/src/generated/types.rs";
    for (old, new, reason) in &REFUSED {
        let edit = |body: &str| body.replacen(old, new, 1);
        let copy = repository();
        edit_trim(&copy.path().join("spec/actions.yaml"), edit);
        replace(
            copy.path(),
            types,
            "pub digest: Option<String>",
            "pub digest: String",
        );
        let report = passed(&diff(copy.path(), &[]));
        for line in [
            "verdict  unknown for a reason among the notes; of the rest: ",
            "codegen refuses the working tree: spec/actions.yaml#/paths/",
            reason,
            "types::Artifact.digest: Option<String> → String",
        ] {
            assert!(report.contains(line), "{line} is not in\n{report}");
        }
        let next = next(&report);
        assert!(next.contains("  1. Mend what codegen refuses"), "{report}");
        assert_eq!(next.matches(reason).count(), 1, "{report}");

        // The same of a file, where it costs the operation alone.
        let copy = copy_of_workspace();
        let [a, b] = [
            published(copy.path(), "old.yaml", |body| body),
            published(copy.path(), "new.yaml", |body| {
                let body = edit(&body);
                let digest = "        expired:\n          type: ";
                body.replacen(&format!("{digest}boolean"), &format!("{digest}string"), 1)
            }),
        ];
        let arguments = [a.to_str().unwrap(), b.to_str().unwrap()];
        let report = passed(&diff(copy.path(), &arguments));
        for line in [
            " is not compared: ",
            "new.yaml#/paths/",
            reason,
            "types::Artifact.expired: bool → String",
        ] {
            assert!(report.contains(line), "{line} is not in\n{report}");
        }
    }
    for kind in ["breaking", "any"] {
        let copy = repository();
        let edit = |body: &str| body.replacen(REFUSED[0].0, REFUSED[0].1, 1);
        edit_trim(&copy.path().join("spec/actions.yaml"), edit);
        let output = diff(copy.path(), &["--fail-on", kind]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let json = passed(&diff(copy.path(), &["--format", "json"]));
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(json["verdict"], "unknown");
        // What codegen says has what to write.
        for text in [&json["unknown"][0], &json["next"][0]["code"]] {
            let text = text.as_str().unwrap();
            assert!(text.contains("`default`"), "{text}");
            assert!(text.contains("spec/overlay.yaml"), "{text}");
        }
    }
}

/// Words of ours may be missing while somebody looks what a new description means.
#[test]
fn files_are_compared_whatever_words_they_lack() {
    let copy = copy_of_workspace();
    let old = published(copy.path(), "old.yaml", |body| body);
    let new = published(copy.path(), "new.yaml", |body| {
        let digest = "        expired:\n";
        body.replacen(
            digest,
            &format!("        fresh:\n          type: string\n{digest}"),
            1,
        )
    });
    let report = passed(&diff(
        copy.path(),
        &[old.to_str().unwrap(), new.to_str().unwrap()],
    ));
    assert!(report.contains("verdict  additive"), "{report}");
}

/// A folder of somebody else, in a repository of its own.
#[test]
fn another_selection_is_compared_with_its_own_overlay() {
    let copy = tempfile::tempdir().unwrap();
    let example = root().join("examples/repo-client");
    copy_folder(&example.join("spec"), &copy.path().join("my/spec"));
    for name in ["old.yaml", "new.yaml"] {
        std::fs::copy(example.join("description.yaml"), copy.path().join(name)).unwrap();
    }
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("diff")
            .args(arguments)
            .args(["--selection", "my/spec"])
            .current_dir(copy.path())
            .output()
            .unwrap()
    };
    let lines = [
        "  breaking  response-type-changed: ",
        "            content.size: integer → string, in get_content\n",
        "\nRust items\n",
        "  breaking  types::Content.size: i64 → String\n",
        "1. Tell users in `CHANGELOG.md`.\n",
    ];
    let found = |report: &str, lines: &[&str]| {
        for line in lines {
            assert!(report.contains(line), "{line} is not in\n{report}");
        }
        for other in ["gha-api", "breaking-change", " spec/"] {
            assert!(!report.contains(other), "{other} is in\n{report}");
        }
    };
    replace(
        copy.path(),
        "new.yaml",
        "size: {type: integer}",
        "size: {type: string}",
    );
    found(&passed(&run(&["old.yaml", "new.yaml"])), &lines);
    // What a description cannot be made to mean is told of its file.
    let broken = std::fs::read_to_string(copy.path().join("new.yaml")).unwrap();
    let broken = broken.replace(
        "size: {type: string}",
        "size: {type: array, format: date-time}",
    );
    std::fs::write(copy.path().join("broken.yaml"), broken).unwrap();
    let selection = copy.path().join("my/spec/selection.yaml");
    let text = std::fs::read_to_string(&selection).unwrap();
    std::fs::write(&selection, format!("{text}- repos/get-contents\n")).unwrap();
    found(
        &passed(&run(&["old.yaml", "broken.yaml"])),
        &[
            " is not compared: broken.yaml#/",
            "\n  my/spec/selection.yaml#/operations/3: neither file has `repos/get-contents`\n",
        ],
    );
    std::fs::write(&selection, text).unwrap();

    // The same in git, where the folder is a part of another workspace.
    git(copy.path(), &["init", "--quiet", "--initial-branch=main"]);
    commit(copy.path(), "first");
    let report = passed(&run(&[]));
    assert!(report.contains("verdict  no changes\n"), "{report}");
    let trim = copy.path().join("my/spec/actions.yaml");
    let size = |kind: &str| format!("        size:\n          type: {kind}\n");
    edit_trim(&trim, |body| {
        body.replacen(&size("integer"), &size("string"), 1)
    });
    found(&passed(&run(&[])), &lines);

    // Its problems are told of the folder.
    replace(
        copy.path(),
        "my/spec/overlay.yaml",
        "$.paths['/repos/{owner}/{repo}/branches'].get",
        "$.paths['/nowhere'].get",
    );
    found(
        &passed(&run(&["--base", "HEAD"])),
        &[
            "verdict  unknown for a reason",
            "codegen refuses the working tree: my/spec/overlay.yaml#/actions/1: ",
        ],
    );
    found(
        &passed(&run(&["old.yaml", "new.yaml"])),
        &["Drop or correct what does not apply any more in `my/spec/overlay.yaml`:"],
    );
    let error = refused(&run(&["--base", "nowhere"]));
    assert!(error.contains("there is no git ref `nowhere`"), "{error}");
    let command = "`git -C my/spec branch --all`";
    assert!(error.contains(command), "{error}");
    let overlay = copy.path().join("my/spec/overlay.yaml");
    std::fs::write(&overlay, "overlay: 9.0.0\n").unwrap();
    commit(copy.path(), "a broken overlay");
    git(copy.path(), &["checkout", "--quiet", "HEAD~1", "my/spec"]);
    found(
        &passed(&run(&["--base", "HEAD"])),
        &[
            "verdict  unknown for a reason among the notes; of the rest: ",
            " cannot be read: 4 problems\n",
            "  my/spec/overlay.yaml#/overlay: not an overlay",
        ],
    );
    let moved = copy.path().join("my/other");
    std::fs::rename(copy.path().join("my/spec"), &moved).unwrap();
    for arguments in [&[][..], &["old.yaml", "new.yaml"]] {
        let error = refused(&run(arguments));
        assert!(
            error.contains("my/spec/selection.yaml: is missing"),
            "{error}"
        );
    }
    std::fs::rename(&moved, copy.path().join("my/spec")).unwrap();
    std::fs::remove_file(&trim).unwrap();
    let error = refused(&run(&[]));
    assert!(
        error.contains("my/spec/actions.yaml: is missing\n    write it with `cargo xtask trim --selection my/spec --from "),
        "{error}"
    );
    commit(copy.path(), "without a trim");
    let error = refused(&run(&["--base", "HEAD"]));
    let command = "git -C my/spec log --oneline -- actions.yaml";
    assert!(error.contains(&format!("`{command}`")), "{error}");
    let words: Vec<_> = command.split(' ').collect();
    let mut log = Command::new(words[0]);
    log.args(&words[1..]).current_dir(copy.path());
    let log = log.output().unwrap().stdout;
    assert!(!log.is_empty(), "{command}");
    std::fs::remove_dir_all(copy.path().join(".git")).unwrap();
    let error = refused(&run(&[]));
    assert_eq!(
        error,
        "error: my/spec is not in a git repository\n    \
         compare two files instead: `cargo xtask diff --selection my/spec OLD NEW`\n"
    );
}

#[test]
fn a_raised_version_is_enough_or_too_low() {
    let copy = repository();
    break_it(copy.path());
    let version = "version = \"0.1.0\"\nedition";
    replace(
        copy.path(),
        "Cargo.toml",
        version,
        "version = \"0.1.1\"\nedition",
    );
    let report = passed(&diff(copy.path(), &[]));
    assert!(
        report.contains("a minor release; 0.1.1 is too low"),
        "{report}"
    );
    replace(
        copy.path(),
        "Cargo.toml",
        "version = \"0.1.1\"",
        "version = \"0.2.0\"",
    );
    let report = passed(&diff(copy.path(), &[]));
    assert!(
        report.contains("a minor release; 0.2.0 is enough"),
        "{report}"
    );
}

#[test]
fn json_tells_everything() {
    let copy = repository();
    break_it(copy.path());
    let json = passed(&diff(copy.path(), &["--format", "json"]));
    let json: Value = serde_json::from_str(&json).unwrap();
    let keys: Vec<_> = json.as_object().unwrap().keys().collect();
    let expected = [
        "format", "old", "new", "verdict", "bump", "api", "rust", "notes", "next",
    ];
    assert_eq!(keys, expected);
    assert_eq!(json["format"], 1);
    assert_eq!(json["verdict"], "breaking");
    let bump =
        serde_json::json!({"level": "minor", "from": "0.1.0", "to": "0.2.0", "now": "0.1.0"});
    assert_eq!(json["bump"], bump);
    let api = serde_json::json!({
        "severity": "breaking",
        "rule": "response-field-became-required",
        "at": "job.created_at",
        "pointer": "/components/schemas/job/properties/created_at",
        "operations": ["get_job", "list_attempt_jobs", "list_run_jobs"],
        "old": "optional",
        "new": "required",
        "means": Rule::ResponseFieldBecameRequired.means(),
        "action": null,
    });
    let rust = serde_json::json!({
        "severity": "breaking",
        "item": "types::Artifact.digest",
        "old": "Option<String>",
        "new": "String",
        "members": 0,
    });
    assert_eq!(json["api"], serde_json::json!([api]));
    assert_eq!(json["rust"], serde_json::json!([rust]));
    let documentation = std::fs::read_to_string(root().join("docs/spec-diff.md")).unwrap();
    let objects = [
        &json,
        &json["bump"],
        &json["api"][0],
        &json["rust"][0],
        &json["next"][0],
    ];
    for key in objects
        .iter()
        .flat_map(|object| object.as_object().unwrap().keys())
    {
        assert!(
            documentation.contains(&format!("`{key}`")),
            "{key} is not documented"
        );
    }
}

#[test]
fn a_missing_ref_says_how_to_fetch_it() {
    let copy = repository();
    let url = "https://example.com/origin.git";
    git(copy.path(), &["remote", "add", "origin", url]);
    for (base, lines) in [
        (
            "origin/release",
            [
                "there is no git ref `origin/release` in this clone",
                "`git fetch origin release`",
            ],
        ),
        (
            "HEAD~7",
            [
                "there is no git ref `HEAD~7` in this clone",
                "`git log --oneline`",
            ],
        ),
        // Never an option of git.
        (
            "--output=/tmp/x",
            [
                "there is no git ref `--output=/tmp/x`",
                "`git log --oneline`",
            ],
        ),
        (
            "main..HEAD",
            ["there is no git ref `main..HEAD`", "`git log --oneline`"],
        ),
    ] {
        let error = refused(&diff(copy.path(), &[&format!("--base={base}")]));
        for line in lines {
            assert!(error.contains(line), "{line} is not in\n{error}");
        }
    }
    let report = passed(&diff(copy.path(), &["--base", ":/fir"]));
    assert!(report.contains("(:/fir)\n"), "{report}");
}

#[test]
fn a_branch_without_commits_says_so() {
    let copy = copy_of_workspace();
    git(copy.path(), &["init", "--quiet", "--initial-branch=spec"]);
    for arguments in [&[][..], &["--base", "HEAD"], &["--base", "main"]] {
        let error = refused(&diff(copy.path(), arguments));
        for line in [
            "the branch `spec` has no commit yet",
            "git commit",
            "cargo xtask diff OLD NEW",
        ] {
            assert!(error.contains(line), "{line} is not in\n{error}");
        }
    }
}

#[test]
fn histories_that_never_met_are_told_from_shallow_ones() {
    let copy = repository();
    git(
        copy.path(),
        &["update-ref", "refs/remotes/origin/main", "main"],
    );
    git(copy.path(), &["switch", "--quiet", "--orphan", "other"]);
    git(copy.path(), &["checkout", "main", "--", "."]);
    commit(copy.path(), "another first");
    let error = refused(&diff(copy.path(), &[]));
    assert!(
        error.contains("HEAD and origin/main have no commit in common"),
        "{error}"
    );
    assert!(error.contains("`--base origin/main`"), "{error}");
    let report = passed(&diff(copy.path(), &["--base", "origin/main"]));
    assert!(report.contains("verdict  no changes"), "{report}");
}

#[test]
fn files_that_had_other_names_are_found() {
    let copy = repository();
    git(copy.path(), &["mv", "spec/actions.yaml", "trim.yaml"]);
    git(
        copy.path(),
        &["mv", "crates/gha-api/src/generated", "client"],
    );
    commit(copy.path(), "elsewhere");
    git(copy.path(), &["mv", "trim.yaml", "spec/actions.yaml"]);
    git(
        copy.path(),
        &["mv", "client", "crates/gha-api/src/generated"],
    );
    break_it(copy.path());
    let report = passed(&diff(copy.path(), &["--base", "HEAD"]));
    for line in [
        "job.created_at: optional → required",
        "types::Artifact.digest: Option<String> → String",
        "spec/actions.yaml was called trim.yaml at ",
        "crates/gha-api/src/generated/types.rs was called client/types.rs at ",
    ] {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }

    // Where it was another file altogether, there is nothing to compare with.
    let older = tempfile::tempdir().unwrap();
    std::fs::write(older.path().join("words.txt"), "words").unwrap();
    git(older.path(), &["init", "--quiet"]);
    commit(older.path(), "first");
    let fetched = older.path().to_str().unwrap();
    git(copy.path(), &["fetch", "--quiet", fetched]);
    let error = refused(&diff(copy.path(), &["--base", "FETCH_HEAD"]));
    assert!(
        error.contains("spec/actions.yaml: is missing at "),
        "{error}"
    );
    assert!(
        error.contains("`git log --oneline -- spec/actions.yaml`"),
        "{error}"
    );
}

#[test]
fn without_git_on_the_path_two_files_are_left() {
    let copy = repository();
    let nothing = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("diff")
        .env("CARGO_MANIFEST_DIR", copy.path().join("xtask"))
        .env("PATH", nothing.path())
        .output()
        .unwrap();
    let error = refused(&output);
    assert!(error.contains("there is no `git` on the PATH"), "{error}");
    assert!(error.contains("cargo xtask diff OLD NEW"), "{error}");
}

/// The last part of a report in text.
fn next(report: &str) -> &str {
    report.split_once("\nNext\n").unwrap().1
}

#[test]
fn a_crate_that_codegen_did_not_write_is_said() {
    let types = "crates/gha-api/src/generated/types.rs";
    let copy = repository();
    replace(
        copy.path(),
        types,
        "pub digest: Option<String>",
        "pub digest:  Option<String>",
    );
    let report = passed(&diff(copy.path(), &[]));
    assert!(report.contains("verdict  no changes"), "{report}");
    let step = "1. Run `cargo xtask codegen` and commit what it writes: the crate is not as it was written";
    let flat = next(&report).split_whitespace().collect::<Vec<_>>();
    assert!(flat.join(" ").starts_with(step), "{report}");

    replace(
        copy.path(),
        types,
        "pub digest:  Option<String>",
        "pub digest: Option<String>",
    );
    break_it(copy.path());
    let report = passed(&diff(copy.path(), &[]));
    assert!(next(&report).contains("`cargo xtask codegen`"), "{report}");
    assert!(
        next(&report).contains("stale in 2 public items"),
        "{report}"
    );

    let path = copy.path().join(types);
    let rust = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("{rust}}}")).unwrap();
    let report = passed(&diff(copy.path(), &[]));
    assert!(report.contains("verdict  unknown"), "{report}");
    assert!(next(&report).contains("the crate is stale in "), "{report}");
    std::fs::write(&path, rust).unwrap();

    replace(
        copy.path(),
        "spec/overlay.yaml",
        "$.components.parameters.owner",
        "$.components.parameters.nobody",
    );
    let report = passed(&diff(copy.path(), &[]));
    assert!(
        next(&report).contains("1. Mend what codegen refuses"),
        "{report}"
    );
    assert!(
        next(&report).contains("target: $.components.parameters.nobody"),
        "{report}"
    );
    let markdown = passed(&diff(copy.path(), &["--format", "markdown"]));
    assert!(
        markdown.contains("1. Mend what codegen refuses"),
        "{markdown}"
    );
}

#[test]
fn a_shallow_clone_will_do() {
    let origin = repository();
    git(origin.path(), &["branch", "release"]);
    break_it(origin.path());
    commit(origin.path(), "second");
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", origin.path().display());
    let target = clone.path().to_str().unwrap();
    git(
        origin.path(),
        &["clone", "--quiet", "--depth=1", &url, target],
    );

    let report = passed(&diff(clone.path(), &[]));
    assert!(report.contains("verdict  no changes"), "{report}");
    let error = refused(&diff(clone.path(), &["--base", "HEAD^1"]));
    assert!(error.contains("`HEAD^1` in this shallow clone"), "{error}");
    assert!(error.contains("git fetch --unshallow"), "{error}");
    let error = refused(&diff(clone.path(), &["--base", "origin/release"]));
    assert!(
        error.contains("git fetch --depth=1 origin release"),
        "{error}"
    );
    git(
        clone.path(),
        &["fetch", "--quiet", "--depth=1", "origin", "release"],
    );
    let report = passed(&diff(clone.path(), &["--base", "FETCH_HEAD"]));
    assert!(
        report.contains("types::Artifact.digest: Option<String> → String"),
        "{report}"
    );

    // Two histories that meet beyond the edge of the clone.
    git(
        clone.path(),
        &["update-ref", "refs/remotes/origin/main", "FETCH_HEAD"],
    );
    let error = refused(&diff(clone.path(), &[]));
    assert!(error.contains("this clone is shallow"), "{error}");
    assert!(error.contains("git fetch --unshallow origin"), "{error}");
}

#[test]
fn without_git_two_files_are_left() {
    let copy = copy_of_workspace();
    let error = refused(&diff(copy.path(), &[]));
    assert!(error.contains("is not in a git repository"), "{error}");
    assert!(error.contains("cargo xtask diff OLD NEW"), "{error}");
    let report = passed(&diff(
        copy.path(),
        &["editions/ghes-3.19.yaml", "actions.yaml"],
    ));
    for line in [
        "additive  response-field-added: ",
        "            artifact.digest: string or null added, in ",
        "additive  types::Artifact.digest: Option<String> added",
        "has words for the property `digest`, which is not there",
    ] {
        assert!(report.contains(line), "{line} is not in\n{report}");
    }
}

#[test]
fn files_that_cannot_be_compared_are_named() {
    let copy = copy_of_workspace();
    let folder = copy.path().join("spec");
    std::fs::write(folder.join("words.txt"), "no description").unwrap();
    std::fs::write(folder.join("swagger.json"), r#"{"swagger": "2.0"}"#).unwrap();
    let trim = std::fs::read_to_string(folder.join("actions.yaml")).unwrap();
    let edited = trim.replacen("type: integer", "type: number", 1);
    std::fs::write(folder.join("edited.yaml"), edited).unwrap();
    let empty = r#"{"openapi": "3.0.3", "info": {"title": "", "version": ""}, "paths": {}}"#;
    std::fs::write(folder.join("empty.json"), empty).unwrap();
    for (old, new, reason) in [
        (
            "nowhere.yaml",
            "actions.yaml",
            "nowhere.yaml: cannot be read: ",
        ),
        ("actions.yaml", "words.txt", "words.txt"),
        (
            "swagger.json",
            "actions.yaml",
            "Swagger 2.0 is not supported",
        ),
        (
            "edited.yaml",
            "actions.yaml",
            "edited.yaml: was edited by hand",
        ),
        (
            "empty.json",
            "empty.json",
            "neither file has an operation of the selection",
        ),
    ] {
        let error = refused(&diff(copy.path(), &[old, new]));
        assert!(error.contains(reason), "{reason} is not in\n{error}");
    }
}

/// Rewrites the trim as upstream might have published it.
fn published(folder: &Path, name: &str, edit: impl Fn(String) -> String) -> PathBuf {
    let trim = std::fs::read_to_string(folder.join("spec/actions.yaml")).unwrap();
    let body: String = trim
        .split_inclusive('\n')
        .skip_while(|line| line.starts_with('#'))
        .collect();
    let path = folder.join(name);
    std::fs::write(&path, edit(body)).unwrap();
    path
}

#[test]
fn operations_of_full_descriptions_are_found_by_name_and_by_route() {
    let copy = copy_of_workspace();
    let old = published(copy.path(), "old.yaml", |body| body);
    let run = |edit: &dyn Fn(String) -> String| {
        let new = published(copy.path(), "new.yaml", edit);
        passed(&diff(
            copy.path(),
            &[old.to_str().unwrap(), new.to_str().unwrap()],
        ))
    };

    // Upstream's name is not ours.
    let renamed = run(&|body| body.replace("actions/get-artifact", "actions/fetch-artifact"));
    assert!(renamed.contains("verdict  no changes"), "{renamed}");

    let moved = run(&|body| {
        let (from, to) = (
            "/actions/artifacts/{artifact_id}:",
            "/artifacts/{artifact_id}:",
        );
        body.replacen(from, to, 1)
    });
    assert!(moved.contains("operation-path-changed"), "{moved}");
    assert!(!moved.contains("operation-removed"), "{moved}");
    assert!(!moved.contains("operation-added"), "{moved}");
    assert!(moved.contains("matches nothing"), "{moved}");

    // The name of one goes to the route of another, whose name goes.
    let taken = run(&|body| {
        let body = body.replace("actions/get-artifact", "actions/fetch-artifact");
        body.replace("actions/delete-artifact", "actions/get-artifact")
    });
    assert!(taken.contains("operation-removed"), "{taken}");

    let removed = run(&|body| {
        let start = body.find("    delete:\n").unwrap();
        let end = start + body[start..].find("  /repos").unwrap();
        format!("{}{}", &body[..start], &body[end..])
    });
    assert!(
        removed.contains(
            "delete_artifact: DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id} removed"
        ),
        "{removed}"
    );
    assert!(
        removed.contains("breaking  Repo::delete_artifact: "),
        "{removed}"
    );
    assert!(
        removed.contains("operations::DeleteArtifact: struct removed, with "),
        "{removed}"
    );
}

fn report(changes: usize, words: &str) -> Report {
    let api = (0..changes).map(|index| Change {
        rule: Rule::ALL[index % Rule::ALL.len()],
        at: format!("schema.{words}{index}"),
        pointer: "/components/schemas/schema".to_owned(),
        old: Some(words.to_owned()),
        new: Some(words.repeat(40)),
        operations: (0..200)
            .map(|n| format!("operation_{n}"))
            .collect::<BTreeSet<_>>(),
        action: None,
    });
    let mut api: Vec<_> = api.collect();
    api.sort_by_key(Change::severity);
    let rust = (0..changes).map(|index| RustChange {
        severity: Severity::ALL[index % 3],
        item: format!("types::{words}{index}"),
        old: None,
        new: Some(words.repeat(40)),
        members: index,
    });
    Report {
        old: words.to_owned(),
        new: words.to_owned(),
        api,
        rust: rust.collect(),
        bump: None,
        unknown: Vec::new(),
        stale: None,
        overlay: "spec/overlay.yaml".to_owned(),
        package: Some("gha-api"),
        idle: Vec::new(),
        notes: vec![words.to_owned(); changes],
    }
}

#[test]
fn markdown_fits_a_comment_whatever_there_is_to_say() {
    let mut many = String::new();
    for words in ["é€𐍈", "|\n`", "word"] {
        for changes in [1, 10, 100, 2_000] {
            let markdown = markdown(&report(changes, words));
            assert!(
                markdown.len() <= LIMIT,
                "{} bytes for {changes}",
                markdown.len()
            );
            assert!(markdown.starts_with(MARKER));
            let open = markdown.matches("<details").count();
            assert_eq!(open, markdown.matches("</details>").count());
            many = markdown;
        }
    }
    assert!(
        many.contains("more of 2000, which `cargo xtask diff` shows"),
        "{many}"
    );
    // The worst is what is left.
    let first = many.lines().find(|line| line.starts_with("| *")).unwrap();
    assert!(first.starts_with("| **breaking** |"), "{first}");
}

#[test]
fn changes_of_the_same_operations_name_them_once() {
    let change = |at: &str, operation: &str| Change {
        rule: Rule::ResponseFieldAdded,
        at: at.to_owned(),
        pointer: "/components/schemas/a".to_owned(),
        old: None,
        new: Some("string".to_owned()),
        operations: BTreeSet::from([operation.to_owned()]),
        action: None,
    };
    let mut report = report(0, "word");
    report.api = vec![change("a.b", "get"), change("a.c", "get")];
    let row = |report: &Report| markdown(report).lines().nth(7).unwrap().to_owned();
    let both = "`a.b`: `string` added<br>`a.c`: `string` added<br>";
    let shown = row(&report);
    assert!(shown.contains(&format!("{both}all in `get` |")), "{shown}");
    report.api.push(change("a.d", "find"));
    let shown = row(&report);
    let places = format!("`a.d`: `string` added, in `find`<br>{both}the last 2 in `get` |");
    assert!(shown.contains(&places), "{shown}");
}

/// What is cut short ends its block and no more: the steps after it are steps.
#[test]
fn a_step_that_is_cut_short_ends_where_it_ended() {
    let mut report = report(1, "word");
    report.unknown = (0..1_000)
        .map(|n| format!("reason {n}\n    help"))
        .collect();
    let markdown = markdown(&report);
    let (_, next) = markdown.split_once("**Next**\n\n").unwrap();
    let blocks: Vec<_> = next.split("   ```").collect();
    assert_eq!(blocks.len(), 3, "{next}");
    for line in blocks[1].lines().skip(1) {
        assert!(
            line.is_empty() || line.starts_with("   "),
            "{line} in\n{next}"
        );
    }
    assert!(blocks[1].contains("more of 2000, which"), "{next}");
    assert!(
        blocks[2].contains("\n2. Give the pull request the label"),
        "{next}"
    );
}

#[test]
fn words_from_a_description_stay_words() {
    let evil = "</details>`@maintainer` <img src=x onerror=y> | [x](javascript:z)\n# Title";
    let shown = markdown(&report(1, evil));
    for line in shown.lines() {
        assert!(!line.starts_with("# Title"), "{shown}");
        // Outside of code spans, nothing of it is left.
        let outside: String = line.split('`').step_by(2).collect();
        for part in ["@maintainer", "<img", "javascript:", "</details>x"] {
            assert!(!outside.contains(part), "{part} is markup in\n{line}");
        }
    }
    // What moves a cursor, hides or turns text around is shown.
    let sly = report(1, "a\u{1b}[2J\u{202e}b\nc");
    for shown in [text(&sly), markdown(&sly)] {
        assert!(shown.contains(r"a\u{1b}[2J\u{202e}b\nc"), "{shown}");
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    }
}

/// A step of real life: few things that matter, and many links that moved.
fn step() -> Report {
    let change =
        |rule, at: &str, old: Option<&str>, new: Option<&str>, operations: &[String]| Change {
            rule,
            at: at.to_owned(),
            pointer: format!("/components/schemas/{}", at.replace('.', "/properties/")),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
            operations: operations.iter().cloned().collect(),
            action: None,
        };
    let names: Vec<_> = (1..=110)
        .map(|index| format!("operation_{index:03}"))
        .collect();
    let mut api: Vec<_> = names
        .iter()
        .map(|name| {
            let name = std::slice::from_ref(name);
            let (old, new) = (Some("https://a.example/x"), Some("https://a.example/y"));
            change(Rule::DocumentationMoved, "", old, new, name)
        })
        .collect();
    api.extend([
        change(Rule::RedirectLost, "", None, None, &names[..1]),
        change(Rule::OperationDeprecated, "", None, None, &names),
        change(
            Rule::ResponseTypeChanged,
            "a-schema-with-a-very-long-name-that-goes-on-and-on.and_a_field_of_it",
            Some("integer"),
            Some("string"),
            &names[..9],
        ),
        change(
            Rule::ResponseTypeChanged,
            "job.status",
            Some("enum"),
            Some("string"),
            &names[..2],
        ),
    ]);
    api.sort_by_key(Change::severity);
    let rust = |severity, item: &str, old: Option<&str>, new: Option<&str>, members| RustChange {
        severity,
        item: item.to_owned(),
        old: old.map(str::to_owned),
        new: new.map(str::to_owned),
        members,
    };
    let mut items = vec![
        rust(
            Severity::Breaking,
            "impl Redirected for operations::DownloadSomethingWithAVeryLongNameForOnce",
            Some(""),
            None,
            0,
        ),
        rust(
            Severity::Breaking,
            "types::JobStatus",
            Some("enum"),
            Some("type JobStatus = String"),
            14,
        ),
    ];
    for index in 1..=6 {
        let item = format!("types::Page{index}.total_count");
        items.push(rust(Severity::Breaking, &item, Some("i64"), Some("u64"), 0));
        let item = format!("Repo::operation_{index:03}");
        let new = format!("fn(&self) -> operations::Operation{index:03}");
        items.push(rust(Severity::Additive, &item, None, Some(&new), 0));
    }
    items.sort();
    Report {
        old: "0123456789ab (HEAD)".to_owned(),
        new: "the working tree".to_owned(),
        api,
        rust: items,
        bump: None,
        unknown: Vec::new(),
        stale: None,
        overlay: "spec/overlay.yaml".to_owned(),
        package: Some("gha-api"),
        idle: vec![
            "spec/overlay.yaml#/actions/7: action 7: matches nothing\n    target: $.x".to_owned(),
        ],
        notes: Vec::new(),
    }
}

/// With `UPDATE=1` in the environment, writes what is found into the fixtures, to be reviewed.
#[test]
fn text_and_markdown_are_what_reviewers_know() {
    let folder = root().join("xtask/tests/fixtures/diff");
    for (file, found) in [
        ("report.txt", text(&step())),
        ("report.md", markdown(&step())),
    ] {
        let path = folder.join(file);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, found).unwrap();
        } else {
            assert_eq!(std::fs::read_to_string(path).unwrap(), found, "{file}");
        }
    }
}

#[test]
fn many_of_one_kind_share_a_line_and_links_come_last() {
    let text = text(&step());
    let line = text
        .lines()
        .position(|line| line.contains("110 × documentation-moved"))
        .unwrap();
    let rust = text.lines().position(|line| line.starts_with("Rust items"));
    assert!(rust.unwrap() < line, "{text}");
    assert!(
        text.contains("6 × i64 → u64: types::Page1.total_count"),
        "{text}"
    );
    assert!(
        text.contains("6 × method added: Repo::operation_001"),
        "{text}"
    );
    // No name is broken, and no line is longer than it must be.
    for line in text.lines().filter(|line| line.chars().count() > 100) {
        assert_eq!(line.split_whitespace().count(), 1, "{line}");
    }
    let markdown = markdown(&step());
    assert_eq!(
        markdown.matches("documentation-moved").count(),
        1,
        "{markdown}"
    );
    for row in markdown.lines().filter(|line| line.starts_with("| ")) {
        assert!(!row.contains("|  |"), "an empty cell in {row}");
        for word in row.split([' ', '<', '-']) {
            assert!(
                word.chars().count() <= 40,
                "{word} cannot be broken in {row}"
            );
        }
    }
}
