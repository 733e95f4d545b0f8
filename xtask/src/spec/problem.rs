//! Errors that a maintainer can act on: which file, where in it, what is wrong, what to do.

use std::fmt;

use serde_json::Value;

use super::paths::{FolderName, OVERLAY, SELECTION};
use super::pointer::{scalar, target};

/// One thing that is wrong in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    file: Option<File>,
    place: Option<Location>,
    message: String,
    help: Option<String>,
    /// The folder that it is about.
    folder: FolderName,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum File {
    /// Of the folder, by the name that it has in `spec`.
    OfFolder(&'static str),
    Other(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Location {
    Pointer(String),
    Line { line: usize, column: usize },
}

impl Problem {
    /// Starts lowercase, no full stop.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            file: None,
            place: None,
            message: message.into(),
            help: None,
            folder: FolderName::default(),
        }
    }

    /// Names the file, relative to the workspace root, unless an inner layer already did.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        self.file
            .get_or_insert_with(|| File::Other(file.to_owned()));
        self
    }

    /// Names a file of the folder that it is about, as `spec` calls it, unless an inner layer named one.
    #[must_use]
    pub fn in_spec(mut self, file: &'static str) -> Self {
        self.file.get_or_insert(File::OfFolder(file));
        self
    }

    /// The folder that it is about, which is `spec` unless told otherwise.
    #[must_use]
    pub(crate) fn of(mut self, folder: &FolderName) -> Self {
        self.folder = folder.clone();
        self
    }

    /// Where in the document: a JSON pointer (RFC 6901), `""` for the whole of it.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.place = Some(Location::Pointer(pointer.into()));
        self
    }

    /// Writes into the help, where it has the word `<target>`, the JSONPath of the place.
    #[must_use]
    pub(super) fn targeted(mut self, document: &Value) -> Self {
        if let (Some(Location::Pointer(pointer)), Some(help)) = (&self.place, &mut self.help)
            && help.contains("<target>")
        {
            *help = help.replace("<target>", &target(document, pointer));
        }
        self
    }

    /// The same problem where `place` says, if it has a JSON pointer.
    #[must_use]
    pub(crate) fn moved(self, place: impl FnOnce(&str) -> String) -> Self {
        match self.pointer().map(place) {
            Some(pointer) => self.at(pointer),
            None => self,
        }
    }

    /// Where in the text, both counted from 1.
    #[must_use]
    pub fn at_line(mut self, line: usize, column: usize) -> Self {
        self.place = Some(Location::Line { line, column });
        self
    }

    /// What to do next, unless an inner layer told it. `<overlay>` and `<selection>` stand for those files of
    /// the folder that it is about, `<xtask trim>` and `<xtask overlay>` for what to type for those commands.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.get_or_insert_with(|| help.into());
        self
    }

    /// What to do next, of the folder that it is about.
    fn filled(&self, help: &str) -> String {
        let folder = &self.folder;
        help.replace("<overlay>", &folder.file(OVERLAY))
            .replace("<selection>", &folder.file(SELECTION))
            .replace("<xtask trim>", &folder.command("trim"))
            .replace("<xtask overlay>", &folder.command("overlay"))
    }

    /// The JSON pointer, if the problem has one.
    pub fn pointer(&self) -> Option<&str> {
        match &self.place {
            Some(Location::Pointer(pointer)) => Some(pointer),
            _ => None,
        }
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// Why a file cannot be read, say.
pub(crate) fn cannot_be<E: fmt::Display>(done: &str, file: &str) -> impl Fn(E) -> Problem {
    move |error| Problem::new(format!("cannot be {done}: {error}")).in_file(file)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(File::OfFolder(file)) => f.write_str(&self.folder.file(file))?,
            Some(File::Other(file)) => f.write_str(file)?,
            None => {}
        }
        match &self.place {
            Some(Location::Pointer(pointer)) => write!(f, "#{pointer}")?,
            Some(Location::Line { line, column }) => write!(f, ":{line}:{column}")?,
            None => {}
        }
        if self.file.is_some() || self.place.is_some() {
            f.write_str(": ")?;
        }
        f.write_str(&self.message)?;
        if let Some(help) = &self.help {
            for line in self.filled(help).lines() {
                match line.strip_prefix("- target: ") {
                    Some(target) => write!(f, "\n    - target: {}", scalar(target))?,
                    None => write!(f, "\n    {line}")?,
                }
            }
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

/// Everything that one command found wrong: one run shows it all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// `Ok` when there are none.
    pub fn check(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Self(problems))
        }
    }

    /// Names the file of every problem that does not name one yet.
    #[must_use]
    pub fn in_file(self, file: &str) -> Self {
        self.map(|problem| problem.in_file(file))
    }

    /// The same with a file of the folder, as `spec` calls it.
    #[must_use]
    pub fn in_spec(self, file: &'static str) -> Self {
        self.map(|problem| problem.in_spec(file))
    }

    /// The folder that all of them are about.
    #[must_use]
    pub(crate) fn of(self, folder: &FolderName) -> Self {
        self.map(|problem| problem.of(folder))
    }

    pub(crate) fn map(self, change: impl Fn(Problem) -> Problem) -> Self {
        Self(self.0.into_iter().map(change).collect())
    }
}

impl From<Vec<Problem>> for Problems {
    fn from(problems: Vec<Problem>) -> Self {
        Self(problems)
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.len() > 1 {
            writeln!(f, "{} problems", self.0.len())?;
        }
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
