//! From a full description to the selected operations and the closure of their `$ref`s.
//!
//! Facts stay, prose goes. The same facts give the same bytes, whatever the order of keys, and
//! whether they came as JSON or as YAML.

mod closure;
mod command;
mod input;
mod source;

use std::collections::BTreeSet;

use serde_json::Value;

use self::closure::{Routes, closure};
pub(crate) use self::command::{Pending, prepare};
pub use self::command::{TrimOptions, run};
pub use self::source::{Description, Found};
use super::document::entries;
use super::paths::SELECTION;
use super::problem::{Problem, Problems};
use super::provenance::{Provenance, sha256};
use super::selection::{ABSENT, Pick, Selection};
use super::yaml;

/// A trimmed description.
#[derive(Clone, Debug)]
pub struct Trimmed {
    /// What to write: header and body.
    pub text: String,
    /// What the header says.
    pub provenance: Provenance,
    /// How many operations the body holds.
    pub operations: usize,
    /// How many component schemas it holds.
    pub schemas: usize,
    /// The selected operations that its edition lacks.
    pub absent: Vec<String>,
}

/// Trims the full description `input` (JSON or YAML) of a file of this name to `selection`.
pub fn trim(
    name: &str,
    input: &[u8],
    selection: &Selection,
    edition: &str,
) -> Result<Trimmed, Problems> {
    let description = Description::read(name, input)?;
    trim_read(&description, input, selection, edition, false)
}

/// The same of a description that is read; what it lacks, if it `may_lack` something, the trim says.
fn trim_read(
    description: &Description,
    input: &[u8],
    selection: &Selection,
    edition: &str,
    may_lack: bool,
) -> Result<Trimmed, Problems> {
    let (routes, absent) = routes(description, selection, may_lack)?;
    let mut document = closure(description, &routes)?;
    if !absent.is_empty() {
        document[ABSENT] = absent.clone().into();
    }
    let body = yaml::write(&document)?;
    let provenance = Provenance {
        source: description.name.clone(),
        source_sha256: sha256(input),
        version: one_line(description.version()),
        edition: one_line(edition),
        body_sha256: sha256(body.as_bytes()),
    };
    Ok(Trimmed {
        text: provenance.with_body(&body),
        provenance,
        operations: routes.values().map(BTreeSet::len).sum(),
        schemas: entries(&document["components"]["schemas"]).count(),
        absent,
    })
}

impl Description {
    /// The part of the description that one operation needs.
    pub fn alone(&self, id: &str) -> Result<Value, Problems> {
        self.part([self.find(&Pick::Id(id.to_owned()))?])
    }

    /// The part of the description that operations need.
    pub fn part<'a>(
        &self,
        operations: impl IntoIterator<Item = &'a Found>,
    ) -> Result<Value, Problems> {
        let mut routes = Routes::new();
        for it in operations {
            routes.entry(it.path.clone()).or_default().insert(it.method);
        }
        closure(self, &routes)
    }

    /// Looks operations up; those that it lacks are `None`.
    pub fn look_up(&self, picks: &[Pick]) -> Result<Vec<Option<&Found>>, Problem> {
        let look_up = |pick| match self.find(pick) {
            Ok(operation) => Ok(Some(operation)),
            Err(problem) if problem.pointer().is_some() => Err(problem),
            Err(_) => Ok(None),
        };
        picks.iter().map(look_up).collect()
    }
}

/// No text can break out of its line in the header.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Finds each selected operation in the description, and those that it `may_lack` and does.
fn routes(
    description: &Description,
    selection: &Selection,
    may_lack: bool,
) -> Result<(Routes, Vec<String>), Problems> {
    let mut routes = Routes::new();
    let mut absent = Vec::new();
    let mut problems = Vec::new();
    for (number, pick) in selection.operations.iter().enumerate() {
        let at = format!("/operations/{number}");
        match description.find(pick) {
            Ok(operation) => {
                let methods = routes.entry(operation.path.clone()).or_default();
                if !methods.insert(operation.method) {
                    let problem = Problem::new(format!("`{pick}` selects an operation twice"));
                    problems.push(problem.in_spec(SELECTION).at(at));
                }
            }
            Err(problem) => problems.push(match problem.pointer() {
                Some(_) => problem,
                None if may_lack => {
                    absent.push(pick.to_string());
                    continue;
                }
                None => problem.in_spec(SELECTION).at(at),
            }),
        }
    }
    Problems::check(problems)?;
    Ok((routes, absent))
}
