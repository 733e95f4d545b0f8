//! Errors that a maintainer can act on: which file, where in it, what is wrong, what to do.

use std::fmt;

use serde_json::Value;

use super::pointer::target;

/// One thing that is wrong in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    file: Option<String>,
    place: Option<Location>,
    message: String,
    help: Option<String>,
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
        }
    }

    /// Names the file, relative to the workspace root, unless an inner layer already did.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        self.file.get_or_insert_with(|| file.to_owned());
        self
    }

    /// Where in the document: a JSON pointer (RFC 6901), `""` for the whole of it.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.place = Some(Location::Pointer(pointer.into()));
        self
    }

    /// Writes into the help, where it has the word `{target}`, the JSONPath of the place.
    #[must_use]
    pub(super) fn targeted(mut self, document: &Value) -> Self {
        if let (Some(Location::Pointer(pointer)), Some(help)) = (&self.place, &mut self.help)
            && help.contains("{target}")
        {
            *help = help.replace("{target}", &target(document, pointer));
        }
        self
    }

    /// The same problem where `place` says, if it has a JSON pointer.
    #[must_use]
    pub(super) fn moved(self, place: impl FnOnce(&str) -> String) -> Self {
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

    /// The same in other words: of its file, of what is wrong, and of what to do.
    fn told(self, words: impl Fn(&str) -> String) -> Self {
        Self {
            file: self.file.as_deref().map(&words),
            place: self.place,
            message: words(&self.message),
            help: self.help.as_deref().map(&words),
        }
    }

    /// What to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
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

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            f.write_str(file)?;
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
            for line in help.lines() {
                write!(f, "\n    {line}")?;
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

    /// The same in other words.
    #[must_use]
    pub(super) fn told(self, words: impl Fn(&str) -> String) -> Self {
        let problems = self.0.into_iter();
        Self(problems.map(|problem| problem.told(&words)).collect())
    }

    /// Names the file of every problem that does not name one yet.
    #[must_use]
    pub fn in_file(self, file: &str) -> Self {
        Self(
            self.0
                .into_iter()
                .map(|problem| problem.in_file(file))
                .collect(),
        )
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
