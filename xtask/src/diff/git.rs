//! Files as they were at a commit, by way of the `git` program.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::spec::problem::Problem;
use crate::spec::{FolderName, quoted};

/// The branch that work is compared with.
const MAIN: &str = "origin/main";

/// The repository that a folder lies in.
#[derive(Debug)]
pub(super) struct Repository {
    root: PathBuf,
    /// How people call git there.
    pub(super) git: String,
    /// What is left to those whose repository cannot answer.
    files: String,
}

/// A commit and how it was found.
#[derive(Clone, Debug)]
pub(super) struct Commit {
    pub(super) id: String,
    /// What a reader calls it.
    pub(super) label: String,
}

/// Files of a commit, under the names that they have now.
#[derive(Debug)]
pub(super) struct CommittedFiles {
    pub(super) texts: BTreeMap<String, String>,
    /// What was called otherwise at the commit, for readers.
    pub(super) renames: Vec<String>,
}

impl Repository {
    /// That of `root`, with the files of the folder that has this name.
    pub(super) fn new(root: &Path, name: &FolderName) -> Self {
        let diff = name.command("diff");
        Self {
            root: root.to_owned(),
            git: name.git(),
            files: format!("compare two files instead: `{diff} OLD NEW`"),
        }
    }

    /// The commit that `reference` names; by default the merge base with `origin/main`, else `HEAD`.
    pub(super) fn base(&self, reference: Option<&str>) -> Result<Commit> {
        if let Some(reference) = reference {
            return self.commit(reference, reference);
        }
        if self.resolve(MAIN)?.is_none() {
            return self.commit("HEAD", &format!("HEAD; there is no {MAIN} here"));
        }
        let head = self.commit("HEAD", "HEAD")?;
        if let Some(id) = self.run(&["merge-base", MAIN, &head.id])? {
            return self.commit(id.trim(), &format!("the merge base with {MAIN}"));
        }
        let git = &self.git;
        let problem = if self.is_shallow()? {
            Problem::new(format!(
                "this clone is shallow, and where HEAD left {MAIN} lies beyond its edge"
            ))
            .help(format!(
                "fetch the rest of history: `{git} fetch --unshallow origin`"
            ))
        } else {
            Problem::new(format!("HEAD and {MAIN} have no commit in common"))
                .help(format!("compare their files all the same: `--base {MAIN}`"))
        };
        Err(problem.into())
    }

    fn commit(&self, reference: &str, label: &str) -> Result<Commit> {
        let Some(id) = self.resolve(reference)? else {
            return Err(self.missing(reference)?.into());
        };
        Ok(Commit {
            label: format!("{} ({label})", &id[..id.len().min(12)]),
            id,
        })
    }

    /// Why a reference names no commit here, and what to type.
    fn missing(&self, reference: &str) -> Result<Problem> {
        let Self { git, files, .. } = self;
        if self.resolve("HEAD")?.is_none() {
            let branch = self.run(&["symbolic-ref", "--short", "HEAD"])?;
            let branch = branch.unwrap_or_default();
            return Ok(
                Problem::new(format!("the branch `{}` has no commit yet", branch.trim())).help(
                    format!("make one: `{git} add --all && {git} commit`; or {files}"),
                ),
            );
        }
        let name = reference.strip_prefix("origin/").unwrap_or(reference);
        let has_origin = self.run(&["remote", "get-url", "origin"])?.is_some();
        // What has these, or begins so, is no name of a ref, which could be fetched.
        let is_name = !name.contains(['^', '~', '@', ':', ' ']) && !name.contains("..");
        let is_walk = !is_name || name.is_empty() || name.starts_with('-');
        let name = quoted(name);
        let is_shallow = self.is_shallow()?;
        let help = match (is_shallow, is_walk) {
            (true, true) => format!("fetch the rest of history: `{git} fetch --unshallow`"),
            (true, false) => format!(
                "fetch it: `{git} fetch --depth=1 origin {name}`, then use `--base FETCH_HEAD`"
            ),
            (false, true) => format!("`{git} log --oneline` shows which commits there are"),
            (false, false) if !has_origin => {
                format!("`{git} branch --all` shows which there are")
            }
            (false, false) => format!(
                "fetch it: `{git} fetch origin {name}`, then use `--base FETCH_HEAD`; `{git} branch --all` shows which there are"
            ),
        };
        let clone = if is_shallow { "shallow clone" } else { "clone" };
        let message = format!("there is no git ref `{reference}` in this {clone}");
        Ok(Problem::new(message).help(help))
    }

    fn is_shallow(&self) -> Result<bool> {
        let answer = self.run(&["rev-parse", "--is-shallow-repository"])?;
        Ok(answer.is_some_and(|answer| answer.trim() == "true"))
    }

    fn resolve(&self, reference: &str) -> Result<Option<String>> {
        // No ref begins with a dash; an option of git does.
        if reference.starts_with('-') {
            return Ok(None);
        }
        let parse = |name: &str| self.run(&["rev-parse", "--verify", "--quiet", name]);
        // What is appended to `:/words` is one more of its words.
        let Some(id) = parse(reference)? else {
            return Ok(None);
        };
        let id = parse(&format!("{}^{{commit}}", id.trim()))?;
        Ok(id.map(|id| id.trim().to_owned()))
    }

    /// The text files at and below `paths` as they were, by path from the root of the workspace.
    /// What had another name then is found by git's detection of renames.
    pub(super) fn files(&self, commit: &Commit, paths: &[&str]) -> Result<CommittedFiles> {
        let mut arguments = vec!["ls-tree", "-r", "-z", "--name-only", &commit.id, "--"];
        arguments.extend(paths);
        let cannot = || format!("git cannot read the files of {}", commit.label);
        let list = self.run(&arguments)?.with_context(cannot)?;
        let names = list.split('\0').filter(|name| !name.is_empty());
        let mut names: Vec<(String, String)> = names
            .map(|name| (name.to_owned(), name.to_owned()))
            .collect();
        let renamed = self.renamed(commit, paths)?;
        let renames = renamed
            .iter()
            .map(|(old, new)| format!("{new} was called {old} at {}", commit.label))
            .collect();
        names.extend(renamed);
        let texts = names.into_iter().map(|(old, new)| {
            // From the folder of the workspace, which need not be that of the repository.
            let object = format!("{}:./{old}", commit.id);
            let text = self.run(&["cat-file", "blob", &object])?;
            Ok((new, text.with_context(cannot)?.replace("\r\n", "\n")))
        });
        Ok(CommittedFiles {
            texts: texts.collect::<Result<_>>()?,
            renames,
        })
    }

    /// What lay elsewhere at the commit and is at or below `paths` now, each with its old name.
    fn renamed(&self, commit: &Commit, paths: &[&str]) -> Result<Vec<(String, String)>> {
        let arguments = [
            "diff",
            "--name-status",
            "--find-renames",
            "--diff-filter=R",
            "--relative",
            "-z",
            &commit.id,
        ];
        let list = self.run(&arguments)?.unwrap_or_default();
        let within = |name: &str| {
            paths.iter().any(|path| {
                let rest = name.strip_prefix(path);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        };
        let fields: Vec<_> = list.split('\0').collect();
        let entries = fields.chunks_exact(3).map(|entry| (entry[1], entry[2]));
        Ok(entries
            .filter(|(old, new)| within(new) && !within(old))
            .map(|(old, new)| (old.to_owned(), new.to_owned()))
            .collect())
    }

    /// Standard output, or `None` if git says no.
    fn run(&self, arguments: &[&str]) -> Result<Option<String>> {
        let output = self.command(arguments).output().map_err(|error| {
            let problem = match error.kind() {
                ErrorKind::NotFound => Problem::new("there is no `git` on the PATH")
                    .help(format!("install it, or {}", self.files)),
                _ => Problem::new(format!("cannot start git: {error}")),
            };
            anyhow::Error::from(problem)
        })?;
        if output.status.success() {
            return Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()));
        }
        let message = String::from_utf8_lossy(&output.stderr);
        let message = message.trim();
        // Code 128 with words is a real failure; silence or another code is a plain no.
        if output.status.code() == Some(128) && message.contains("not a git repository") {
            let place = self.root.display();
            return Err(Problem::new(format!("{place} is not in a git repository"))
                .help(&self.files)
                .into());
        }
        if message.contains("dubious ownership") {
            // It says what to type.
            return Err(Problem::new("git refuses this folder").help(message).into());
        }
        Ok(None)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.root)
            .args(arguments)
            // Its words are read.
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }
}
