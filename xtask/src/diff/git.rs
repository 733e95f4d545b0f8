//! Files as they were at a commit, by way of the `git` program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::spec::problem::Problem;

/// The branch that work is compared with.
const MAIN: &str = "origin/main";

/// The repository that a folder lies in.
#[derive(Debug)]
pub(super) struct Repository {
    root: PathBuf,
}

/// A commit and how it was found.
#[derive(Clone, Debug)]
pub(super) struct Commit {
    pub(super) id: String,
    /// What a reader calls it.
    pub(super) label: String,
}

impl Repository {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// The commit that `reference` names; by default the merge base with `origin/main`, else `HEAD`.
    pub(super) fn base(&self, reference: Option<&str>) -> Result<Commit> {
        if let Some(reference) = reference {
            return self.commit(reference, reference);
        }
        if self.resolve(MAIN)?.is_none() {
            return self.commit("HEAD", "HEAD");
        }
        let merge_base = self.run(&["merge-base", MAIN, "HEAD"])?;
        match merge_base {
            Some(id) => self.commit(id.trim(), &format!("the merge base with {MAIN}")),
            None => Err(Problem::new(format!("HEAD and {MAIN} have no merge base here"))
                .help("fetch more history with `git fetch --unshallow`, or say what to compare with: `--base REF`")
                .into()),
        }
    }

    fn commit(&self, reference: &str, label: &str) -> Result<Commit> {
        let Some(id) = self.resolve(reference)? else {
            let problem = Problem::new(format!(
                "there is no git ref `{reference}` in this checkout"
            ));
            let name = reference.strip_prefix("origin/").unwrap_or(reference);
            return Err(problem
                .help(format!(
                    "where the clone is shallow, fetch it: `git fetch --depth=1 origin {name}`, then use `--base FETCH_HEAD`"
                ))
                .into());
        };
        Ok(Commit {
            label: format!("{} ({label})", &id[..id.len().min(12)]),
            id,
        })
    }

    fn resolve(&self, reference: &str) -> Result<Option<String>> {
        // No ref begins with a dash; an option of git does.
        if reference.starts_with('-') {
            return Ok(None);
        }
        let commit = format!("{reference}^{{commit}}");
        let id = self.run(&["rev-parse", "--verify", "--quiet", &commit])?;
        Ok(id.map(|id| id.trim().to_owned()))
    }

    /// The text files at and below `paths` as they were, by path from the root of the workspace.
    pub(super) fn files(
        &self,
        commit: &Commit,
        paths: &[&str],
    ) -> Result<BTreeMap<String, String>> {
        let mut arguments = vec!["ls-tree", "-r", "-z", "--name-only", &commit.id, "--"];
        arguments.extend(paths);
        let cannot = || format!("git cannot read the files of {}", commit.label);
        let list = self.run(&arguments)?.with_context(cannot)?;
        let names = list.split('\0').filter(|name| !name.is_empty());
        names
            .map(|name| {
                // From the folder of the workspace, which need not be that of the repository.
                let object = format!("{}:./{name}", commit.id);
                let text = self.run(&["cat-file", "blob", &object])?;
                let text = text.with_context(cannot)?.replace("\r\n", "\n");
                Ok((name.to_owned(), text))
            })
            .collect()
    }

    /// Standard output, or `None` if git says no.
    fn run(&self, arguments: &[&str]) -> Result<Option<String>> {
        let output = self
            .command(arguments)
            .output()
            .context("cannot start git, which `--base` needs")?;
        if output.status.success() {
            return Ok(Some(String::from_utf8_lossy(&output.stdout).into_owned()));
        }
        let message = String::from_utf8_lossy(&output.stderr);
        let message = message.trim();
        // Code 128 with words is a real failure; silence or another code is a plain no.
        if output.status.code() == Some(128) && message.contains("not a git repository") {
            bail!(
                "{} is not in a git repository; compare two files instead: `cargo xtask diff OLD NEW`",
                self.root.display()
            );
        }
        if message.contains("dubious ownership") {
            bail!("git refuses this folder: {message}");
        }
        Ok(None)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.root)
            .args(arguments)
            .stdin(Stdio::null());
        command
    }
}
