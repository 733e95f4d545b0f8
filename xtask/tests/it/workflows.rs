//! The scripts of the workflows, run as there, with a `gh` that only takes notes.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use xtask::spec::yaml;

use crate::common::history;
use crate::common::{commit, git, repository, root};

const SPEC_SYNC: &str = ".ci/spec-sync";
const BRANCH: &str = "refs/heads/spec-sync";

/// A clone of a repository of ours, where one operation after another is what GitHub has.
struct Checkout {
    folder: tempfile::TempDir,
}

impl Checkout {
    /// As of 17.0.0: `origin`, `work`, the programs in `bin`, and what `gh` remembers in `gh`.
    fn new() -> Self {
        let checkout = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        let work = checkout.path("work");
        history::workspace(&work, "https://example.invalid/{release}/{edition}.json");
        for name in ["bin", "gh", "origin"] {
            std::fs::create_dir(checkout.path(name)).unwrap();
        }
        std::fs::create_dir(work.join(".ci")).unwrap();
        std::fs::copy(root().join(SPEC_SYNC), work.join(SPEC_SYNC)).unwrap();
        checkout.program(
            "cargo",
            "shift\nCARGO_MANIFEST_DIR=\"$PWD/xtask\" exec \"$XTASK\" \"$@\"\n",
        );
        // Remembers what is open, and what it was told.
        checkout.program(
            "gh",
            "echo \"$1 $2\" >>\"$NOTES/calls\"\n\
             case \"$1 $2\" in\n\
             'pr list') if [ -e \"$NOTES/pr\" ]; then echo 7; fi ;;\n\
             'issue list') if [ -e \"$NOTES/issue\" ]; then echo 8; fi ;;\n\
             'pr create' | 'pr edit' | 'issue create' | 'issue edit')\n\
               while [ \"$1\" != --body-file ]; do case \"$1\" in pr|issue) name=$1;; esac; shift; done\n\
               cp \"$2\" \"$NOTES/$name\" ;;\n\
             'issue close') rm \"$NOTES/issue\" ;;\n\
             esac\n",
        );
        checkout.publish("17.0.0");
        let origin = checkout.path("origin");
        git(
            &origin,
            &["init", "--quiet", "--bare", "--initial-branch=main"],
        );
        git(
            &work,
            &["remote", "add", "origin", origin.to_str().unwrap()],
        );
        commit(&work, "first");
        git(
            &work,
            &["push", "--quiet", "--set-upstream", "origin", "main"],
        );
        checkout
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn program(&self, name: &str, script: &str) {
        let path = self.path("bin").join(name);
        std::fs::write(&path, format!("#!/bin/sh\nset -eu\n{script}")).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    }

    /// From now on, this is what GitHub has.
    fn publish(&self, version: &str) {
        history::publish(&self.path("upstream"), version);
    }

    /// What a maintainer does by hand.
    fn xtask_sync(&self) {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["sync", "--from", self.path("upstream").to_str().unwrap()])
            .env("CARGO_MANIFEST_DIR", self.path("work/xtask"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    }

    /// Runs the script in a fresh clone; gives whether it passed, and what it told `gh` to do.
    fn sync(&self) -> (bool, Vec<String>) {
        let clone = tempfile::tempdir().unwrap();
        let (origin, folder) = (self.path("origin"), clone.path().to_str().unwrap());
        let url = format!("file://{}", origin.display());
        git(&origin, &["clone", "--quiet", &url, folder]);
        let path = std::env::var("PATH").unwrap();
        let _ = std::fs::remove_file(self.path("gh/calls"));
        let output = Command::new(clone.path().join(SPEC_SYNC))
            .args(["--from", self.path("upstream").to_str().unwrap()])
            .env("PATH", format!("{}:{path}", self.path("bin").display()))
            .env("XTASK", env!("CARGO_BIN_EXE_xtask"))
            .env("NOTES", self.path("gh"))
            .env("GITHUB_SERVER_URL", "https://github.example.com")
            .env("GITHUB_REPOSITORY", "octo-org/octo")
            .env("GITHUB_RUN_ID", "42")
            .output()
            .unwrap();
        let calls = std::fs::read_to_string(self.path("gh/calls")).unwrap();
        let calls = calls.lines().filter(|call| !call.ends_with("list"));
        let calls = calls.filter(|call| *call != "auth setup-git");
        let passed = output.status.success();
        if !passed {
            assert_eq!(output.status.code(), Some(1), "{output:?}");
        }
        (passed, calls.map(str::to_owned).collect())
    }

    fn note(&self, name: &str) -> String {
        std::fs::read_to_string(self.path("gh").join(name)).unwrap()
    }

    /// What a ref of `origin` is at.
    fn at(&self, reference: &str) -> Option<String> {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.path("origin"))
            .args(["rev-parse", "--verify", "--quiet", reference])
            .output()
            .unwrap();
        let id = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        (!id.is_empty()).then_some(id)
    }

    fn is_ancestor(&self, old: &str, new: &str) -> bool {
        let origin = self.path("origin");
        let mut git = Command::new("git");
        git.arg("-C").arg(origin);
        git.args(["merge-base", "--is-ancestor", old, new]);
        git.status().unwrap().success()
    }

    /// Somebody commits a file to a branch.
    fn somebody(&self, branch: &str, file: &str, text: &str) -> String {
        let work = self.path("work");
        git(&work, &["fetch", "--quiet", "origin", branch]);
        git(&work, &["switch", "--quiet", "--detach", "FETCH_HEAD"]);
        std::fs::write(work.join(file), text).unwrap();
        commit(&work, "somebody's");
        let target = format!("HEAD:refs/heads/{branch}");
        git(&work, &["push", "--quiet", "origin", &target]);
        self.at(branch).unwrap()
    }
}

#[test]
fn a_new_field_is_proposed_and_the_proposal_kept_up_to_date() {
    let checkout = Checkout::new();
    assert_eq!(checkout.sync(), (true, vec![]));
    assert_eq!(checkout.at(BRANCH), None);

    checkout.publish("18.2.0");
    assert_eq!(checkout.sync(), (true, vec!["pr create".to_owned()]));
    let first = checkout.at(BRANCH).unwrap();
    let text = checkout.note("pr");
    assert!(text.contains("### Spec diff: additive"), "{text}");
    assert!(text.contains("`types::Artifact.digest`"), "{text}");

    // Another version with the same facts is no reason for another commit.
    checkout.publish("22.0.0");
    assert_eq!(checkout.sync(), (true, vec!["pr edit".to_owned()]));
    assert_eq!(checkout.at("spec-sync~1"), checkout.at("main"));

    // Nobody else has a commit there, so that it starts again from the newest main.
    let main = checkout.somebody("main", "notes.txt", "main");
    assert_eq!(checkout.sync(), (true, vec!["pr edit".to_owned()]));
    assert_eq!(checkout.at("spec-sync~1"), Some(main));
    assert_ne!(checkout.at(BRANCH), Some(first));
}

#[test]
fn commits_of_others_stay() {
    let checkout = Checkout::new();
    checkout.publish("18.2.0");
    checkout.sync();
    let theirs = checkout.somebody("spec-sync", "notes.txt", "theirs");
    let main = checkout.somebody("main", "more.txt", "main");
    assert_eq!(checkout.sync(), (true, vec!["pr edit".to_owned()]));
    let now = checkout.at(BRANCH).unwrap();
    for commit in [&theirs, &main] {
        assert!(checkout.is_ancestor(commit, &now), "{commit} is lost");
    }

    // Where they cannot be kept, people are asked, and nothing is touched.
    let theirs = checkout.somebody("spec-sync", "more.txt", "theirs");
    checkout.somebody("main", "more.txt", "another main");
    assert_eq!(checkout.sync(), (false, vec!["issue create".to_owned()]));
    assert_eq!(checkout.at(BRANCH), Some(theirs));
    let issue = checkout.note("issue");
    assert!(
        issue.contains("has commits of others, and conflicts with `main`"),
        "{issue}"
    );
}

#[test]
fn where_people_are_needed_an_issue_says_so_until_they_are_not() {
    let checkout = Checkout::new();
    checkout.publish("23.0.0");
    assert_eq!(checkout.sync(), (false, vec!["issue create".to_owned()]));
    assert_eq!(checkout.at(BRANCH), None);
    let issue = checkout.note("issue");
    for line in [
        "### Spec sync: codegen refuses the new description",
        "an enum without a title",
        "To write into `spec/overlay.yaml`:\n\n```yaml\n  - target: $.components.parameters.direction.schema",
        "https://github.example.com/octo-org/octo/actions/runs/42",
    ] {
        assert!(issue.contains(line), "{line} is not in\n{issue}");
    }
    assert_eq!(checkout.sync(), (false, vec!["issue edit".to_owned()]));

    // The words of somebody, with the trim that they belong to.
    let work = checkout.path("work");
    let overlay = work.join("spec/overlay.yaml");
    let text = std::fs::read_to_string(&overlay).unwrap();
    std::fs::write(overlay, text + history::WORDS).unwrap();
    checkout.xtask_sync();
    commit(&work, "words");
    git(
        &work,
        &["push", "--quiet", "origin", "HEAD:refs/heads/main"],
    );
    assert_eq!(checkout.sync(), (true, vec!["issue close".to_owned()]));
}

#[test]
fn the_comment_of_a_pull_request_is_the_diff() {
    let copy = repository();
    let folder = copy.path();
    std::fs::create_dir(folder.join(".ci")).unwrap();
    for name in ["spec-diff", "spec-comment"] {
        let name = format!(".ci/{name}");
        std::fs::copy(root().join(&name), folder.join(&name)).unwrap();
    }
    let bin = folder.join("bin");
    std::fs::create_dir(&bin).unwrap();
    let program = |name: &str, script: &str| {
        let path = bin.join(name);
        std::fs::write(&path, format!("#!/bin/sh\nset -eu\n{script}")).unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    };
    program(
        "cargo",
        "shift\nCARGO_MANIFEST_DIR=\"$PWD/xtask\" exec \"$XTASK\" \"$@\"\n",
    );
    // Finds the comment if there is one; notes method, place and body.
    program(
        "gh",
        "case \"$*\" in\n\
         *--paginate*) if [ -e comment ]; then echo 5; fi ;;\n\
         *) echo \"$4 $5\" >place; cat >comment ;;\n\
         esac\n",
    );
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let run = |script: &str, arguments: &[&str], markdown: &str| {
        let output = Command::new(folder.join(script))
            .args(arguments)
            .current_dir(folder)
            .env("PATH", &path)
            .env("XTASK", env!("CARGO_BIN_EXE_xtask"))
            .env("GITHUB_STEP_SUMMARY", folder.join("summary"))
            .env("GITHUB_OUTPUT", folder.join("output"))
            .env("REPOSITORY", "octo-org/octo")
            .env("NUMBER", "3")
            .env("MARKDOWN", markdown)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();

    run(".ci/spec-diff", &["HEAD"], "");
    let output = read("output");
    let (end, rest) = output
        .strip_prefix("markdown<<")
        .unwrap()
        .split_once('\n')
        .unwrap();
    let markdown = rest.strip_suffix(&format!("{end}\n")).unwrap();
    assert!(
        markdown.starts_with("<!-- cargo-xtask-diff -->\n### Spec diff: no changes"),
        "{markdown}"
    );
    assert_eq!(read("summary"), markdown);

    run(".ci/spec-comment", &[], markdown);
    assert_eq!(read("comment"), markdown);
    assert_eq!(
        read("place"),
        "POST repos/octo-org/octo/issues/3/comments\n"
    );
    run(".ci/spec-comment", &[], "again");
    assert_eq!(read("comment"), "again");
    assert_eq!(
        read("place"),
        "PATCH repos/octo-org/octo/issues/comments/5\n"
    );
}

fn workflows() -> Vec<(PathBuf, Value)> {
    let folder = root().join(".github/workflows");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    files
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path, yaml::parse(&text).unwrap())
        })
        .collect()
}

/// What a workflow does is a command, or a script that can be run elsewhere too.
#[test]
fn workflows_run_commands_of_one_line() {
    fn runs<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("run").and_then(Value::as_str));
                map.values().for_each(|value| runs(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| runs(value, found)),
            _ => {}
        }
    }
    let mut count = 0;
    for (path, workflow) in workflows() {
        let mut found = Vec::new();
        runs(&workflow, &mut found);
        for run in found {
            count += 1;
            assert!(!run.trim_end().contains('\n'), "{}: {run}", path.display());
            if let Some(script) = run
                .split(' ')
                .next()
                .filter(|word| word.starts_with(".ci/"))
            {
                assert!(
                    root().join(script).is_file(),
                    "{}: {script}",
                    path.display()
                );
            }
        }
    }
    assert!(count > 10, "{count}");
}

#[test]
fn the_diff_runs_where_spec_or_generator_change() {
    let (_, workflow) = workflows()
        .into_iter()
        .find(|(path, _)| path.ends_with("spec-diff.yml"))
        .unwrap();
    let paths = &workflow["on"]["pull_request"]["paths"];
    assert_eq!(*paths, serde_json::json!(["spec/**", "xtask/**"]));
}
