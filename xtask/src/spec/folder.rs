//! Where a selection, its trim and its overlay stand: in `spec`, or in a folder of somebody else.

use std::io;
use std::path::{Path, PathBuf};

use super::paths::{FolderName, below};
use super::problem::{Problem, cannot_be};

/// A folder with a selection, its trim and its overlay. Its files have the names of those of this workspace:
/// `spec/overlay.yaml` is the overlay of whatever folder.
#[derive(Clone, Debug)]
pub struct Folder {
    pub(crate) path: PathBuf,
    pub(crate) name: FolderName,
}

impl Folder {
    /// `spec` below the root of this workspace.
    pub fn of(root: &Path) -> Self {
        Self {
            path: root.join("spec"),
            name: FolderName::default(),
        }
    }

    /// Any other one.
    pub fn at(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
            name: FolderName::new(path),
        }
    }

    /// Where a file is.
    pub fn path_of(&self, file: &str) -> PathBuf {
        self.path.join(below(file))
    }

    /// The text of a file; `None` if it is not there.
    pub(super) fn read(&self, file: &str) -> Result<Option<String>, Problem> {
        match std::fs::read_to_string(self.path_of(file)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                let is_text = error.kind() != io::ErrorKind::InvalidData;
                let problem = cannot_be("read", &self.name.file(file))(error);
                Err(match is_text {
                    true => problem,
                    false => problem.help("save it as UTF-8"),
                })
            }
        }
    }

    /// Writes a file, as a whole or not at all.
    pub(super) fn write(&self, file: &str, text: &str) -> Result<(), Problem> {
        crate::files::replace(&self.path_of(file), text)
            .map_err(cannot_be("written", &self.name.file(file)))
    }
}
