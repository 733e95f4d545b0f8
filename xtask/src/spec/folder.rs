//! Where a selection, its trim and its overlay stand: in `spec`, or in a folder of somebody else.

use std::io;
use std::path::{Path, PathBuf};

use super::problem::{Problem, Problems};

/// The folder of this workspace, below its root.
const OWN: &str = "spec";

/// A folder with a selection, its trim and its overlay.
///
/// Whatever finds a problem speaks of `spec`; [`told`](Self::told) makes that the folder that is meant.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
    /// What people call it, if it is not that of this workspace.
    name: Option<String>,
}

impl Folder {
    /// `spec` below the root of this workspace.
    pub fn of(root: &Path) -> Self {
        Self {
            path: root.join(OWN),
            name: None,
        }
    }

    /// Any other one.
    pub fn at(path: &Path) -> Self {
        let name = path.display().to_string().replace('\\', "/");
        Self {
            path: path.to_owned(),
            name: Some(name.trim_end_matches('/').to_owned()),
        }
    }

    /// Where the file is that is called `spec/…`.
    pub fn path_of(&self, file: &str) -> PathBuf {
        let inside = file.strip_prefix(OWN).unwrap_or(file);
        self.path.join(inside.trim_start_matches('/'))
    }

    /// The text of that file; `None` if it is not there.
    pub(super) fn read(&self, file: &str) -> Result<Option<String>, Problem> {
        match std::fs::read_to_string(self.path_of(file)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Problem::new(format!("cannot be read: {error}")).in_file(file)),
        }
    }

    /// A text about `spec` as one about this folder: its files, and the commands that read it.
    pub fn told(&self, text: &str) -> String {
        let Some(name) = &self.name else {
            return text.to_owned();
        };
        let mut told = text.to_owned();
        for file in ["selection.yaml", "actions.yaml", "overlay.yaml", "editions"] {
            let ours = format!("{OWN}/{file}");
            let mut pieces = told.split(&ours);
            let mut other = pieces.next().unwrap_or_default().to_owned();
            for piece in pieces {
                // The file of yet another folder keeps its name.
                let is_ours = !other.ends_with(|c: char| c == '/' || c.is_alphanumeric());
                other.push_str(&if is_ours {
                    format!("{name}/{file}")
                } else {
                    ours.clone()
                });
                other.push_str(piece);
            }
            told = other;
        }
        for command in ["cargo xtask trim", "cargo xtask overlay"] {
            told = told.replace(command, &format!("{command} --selection {name}"));
        }
        told
    }

    /// Problems of this folder.
    pub(super) fn problems(&self, problems: impl Into<Problems>) -> Problems {
        problems.into().told(|text| self.told(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_spec_is_told_of_the_folder() {
        let text = "spec/actions.yaml: a\n    run `cargo xtask trim --from x`, or edit spec/overlay.yaml; not a/spec/overlay.yaml";
        assert_eq!(
            Folder::at(Path::new("my/spec/")).told(text),
            "my/spec/actions.yaml: a\n    run `cargo xtask trim --selection my/spec --from x`, or edit \
             my/spec/overlay.yaml; not a/spec/overlay.yaml"
        );
        assert_eq!(Folder::of(Path::new("/x")).told(text), text);
        let file = |folder: Folder| folder.path_of("spec/editions/a.yaml");
        assert_eq!(
            file(Folder::at(Path::new("m"))),
            Path::new("m/editions/a.yaml")
        );
        assert_eq!(
            file(Folder::of(Path::new("/x"))),
            Path::new("/x/spec/editions/a.yaml")
        );
    }
}
