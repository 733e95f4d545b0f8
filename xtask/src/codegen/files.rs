//! The crate on disk: what differs from the rendered files, and how it is made the same.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};
use similar::TextDiff;

use super::render::Files;
use crate::whole_file::replace;

/// A file that is not as rendered.
#[derive(Debug)]
pub(super) struct Change {
    /// Below the folder of the crate.
    pub(super) path: String,
    /// What is there; `None` if it is missing.
    pub(super) old: Option<String>,
    /// What should be there; `None` if it should be gone.
    pub(super) new: Option<String>,
}

impl Change {
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

/// Compares the crate in `folder` with the rendered files. Sources that nobody rendered count too:
/// they would be compiled into nothing, or hide that a module is gone.
pub(super) fn changes(folder: &Path, files: &Files) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    for (path, new) in files {
        let old = read(&folder.join(path))?;
        if old.as_deref() != Some(new) {
            changes.push(Change {
                path: path.clone(),
                old,
                new: Some(new.clone()),
            });
        }
    }
    for path in sources(folder, "src")? {
        if !files.contains_key(&path) {
            changes.push(Change {
                old: read(&folder.join(&path))?,
                path,
                new: None,
            });
        }
    }
    Ok(changes)
}

/// Makes the changes. Each file is replaced as a whole, or not at all.
pub(super) fn write(folder: &Path, changes: &[Change]) -> Result<()> {
    for change in changes {
        let path = folder.join(&change.path);
        match &change.new {
            Some(text) => replace(&path, text),
            None => std::fs::remove_file(&path),
        }
        .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<Option<String>> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// The Rust files below `folder/below`, relative to `folder`.
fn sources(folder: &Path, below: &str) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let entries = match std::fs::read_dir(folder.join(below)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error).with_context(|| format!("cannot read {below}")),
    };
    for entry in entries {
        let entry = entry?;
        let path = format!("{below}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            found.extend(sources(folder, &path)?);
        } else if path.ends_with(".rs") {
            found.insert(path);
        }
    }
    Ok(found)
}
