//! The generated folder on disk: what differs from the rendered files, and how it is made the same.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use similar::TextDiff;

use super::render::{Files, HEADER};
use crate::files::{replace_all, sources};

/// A file that is not as rendered.
#[derive(Debug)]
pub(super) struct FileChange {
    /// Below the folder.
    pub(super) path: String,
    /// What is there; `None` if it is missing.
    pub(super) old: Option<String>,
    /// What should be there; `None` if it should be gone.
    pub(super) new: Option<String>,
}

impl FileChange {
    /// A unified diff from what is there to what should be, with paths relative to the root.
    pub(super) fn diff(&self, folder: &str) -> String {
        let name = |side: &Option<String>| match side {
            Some(_) => format!("{folder}/{}", self.path),
            None => "/dev/null".to_owned(),
        };
        TextDiff::from_lines(
            self.old.as_deref().unwrap_or_default(),
            self.new.as_deref().unwrap_or_default(),
        )
        .unified_diff()
        .header(&name(&self.old), &name(&self.new))
        .to_string()
    }
}

/// Compares `folder` with the rendered files. Sources that nobody rendered count too: they would be
/// compiled into nothing, or hide that a module is gone. How a checkout ends its lines does not.
pub(super) fn changes(folder: &Path, files: &Files) -> Result<Vec<FileChange>> {
    let mut there = sources(folder)?;
    there
        .values_mut()
        .for_each(|text| *text = text.replace("\r\n", "\n"));
    let mut changes = Vec::new();
    for (path, new) in files {
        let old = there.remove(path);
        if old.as_ref() != Some(new) {
            changes.push(FileChange {
                path: path.clone(),
                old,
                new: Some(new.clone()),
            });
        }
    }
    changes.extend(there.into_iter().map(|(path, old)| FileChange {
        path,
        old: Some(old),
        new: None,
    }));
    Ok(changes)
}

/// Makes the changes, all or none: nothing takes its place before everything is written, and what
/// codegen did not write is neither replaced nor removed.
pub(super) fn write(folder: &Path, name: &str, changes: &[FileChange]) -> Result<()> {
    for FileChange { path, old, .. } in changes {
        let is_ours = |old: &String| old.trim().is_empty() || old.starts_with(HEADER.trim_end());
        ensure!(
            old.as_ref().is_none_or(is_ours),
            "{name}/{path} was not written by codegen, and would be lost\n    \
             move it out of {name}, or delete it"
        );
    }
    let new = changes
        .iter()
        .filter_map(|it| Some((folder.join(&it.path), it.new.as_deref()?)));
    replace_all(new).with_context(|| format!("cannot write {name}"))?;
    for change in changes.iter().filter(|it| it.new.is_none()) {
        let removed = std::fs::remove_file(folder.join(&change.path));
        removed.with_context(|| format!("cannot remove {name}/{}", change.path))?;
    }
    Ok(())
}
