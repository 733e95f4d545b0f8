//! What people call the files of a folder, and type to work on it.

use std::path::Path;

/// The operations that are selected.
pub const SELECTION: &str = "spec/selection.yaml";
/// The trimmed description that codegen reads.
pub const ACTIONS: &str = "spec/actions.yaml";
/// The corrections of it, and words of ours.
pub const OVERLAY: &str = "spec/overlay.yaml";

/// The name of a folder with a selection, its trim and its overlay; without one, `spec` of this workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FolderName(Option<String>);

impl FolderName {
    pub(crate) fn new(path: &Path) -> Self {
        Self(Some(shown(path).trim_end_matches('/').to_owned()))
    }

    /// The file that is called `spec/…` in this workspace.
    pub(crate) fn file(&self, file: &str) -> String {
        match &self.0 {
            Some(folder) => format!("{folder}/{}", below(file)),
            None => file.to_owned(),
        }
    }

    /// What to type for a command that works on the folder.
    pub(crate) fn command(&self, name: &str) -> String {
        match &self.0 {
            Some(folder) => format!("cargo xtask {name} --selection {}", quoted(folder)),
            None => format!("cargo xtask {name}"),
        }
    }

    /// How git is called where the folder is, which may be another repository.
    pub(crate) fn git(&self) -> String {
        match &self.0 {
            Some(folder) => format!("git -C {}", quoted(folder)),
            None => "git".to_owned(),
        }
    }
}

/// A file without the folder that it is in.
pub(crate) fn below(file: &str) -> &str {
    file.strip_prefix("spec/").unwrap_or(file)
}

/// A path for people: with slashes on every system.
pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

/// A path as one word of a command.
pub(crate) fn quoted(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:@%,".contains(c);
    match !path.is_empty() && path.chars().all(is_plain) {
        true => path.to_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_commands_are_those_of_the_folder() {
        let file = "spec/editions/a.yaml";
        let own = FolderName::default();
        assert_eq!(own.file(file), file);
        assert_eq!(own.command("trim"), "cargo xtask trim");
        let other = FolderName::new(Path::new("my own/spec/"));
        assert_eq!(other.file(file), "my own/spec/editions/a.yaml");
        assert_eq!(
            other.command("trim"),
            "cargo xtask trim --selection 'my own/spec'"
        );
    }

    #[test]
    fn what_a_shell_would_split_or_expand_is_quoted() {
        for (path, word) in [
            ("a/b-c_1.yaml", "a/b-c_1.yaml"),
            ("C:/über", "C:/über"),
            ("a b", "'a b'"),
            ("it's $HOME", r"'it'\''s $HOME'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(path), word);
        }
    }
}
