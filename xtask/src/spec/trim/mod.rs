//! From a full description to the selected operations and the closure of their `$ref`s.
//!
//! Facts stay, prose goes. The same facts give the same bytes, whatever the order of keys, and
//! whether they came as JSON or as YAML.

mod closure;
mod command;
mod input;
mod source;

use std::borrow::Cow;
use std::collections::BTreeMap;

pub(super) use self::closure::parse_reference;
use self::closure::{Closure, Routes, count};
pub use self::command::{Options, run};
use self::source::{Description, OperationIds};
use super::problem::{Problem, Problems};
use super::provenance::{Provenance, sha256};
use super::selection::{FILE as SELECTION, Pick, Selection};
use super::{suggest, yaml};

/// The name and checksum of a full description.
#[derive(Clone, Debug)]
pub struct SourceInfo {
    /// File name, without folders.
    pub name: String,
    /// SHA-256 in hex.
    pub sha256: String,
}

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
}

/// Trims the full description `input` (JSON or YAML) to `selection`.
pub fn trim(
    input: &[u8],
    source: SourceInfo,
    selection: &Selection,
    edition: &str,
) -> Result<Trimmed, Problems> {
    let name = source.name.clone();
    let (json, is_yaml) = json(input).map_err(|problem| problem.in_file(&name))?;
    let description =
        Description::read(&json, is_yaml).map_err(|problem| problem.in_file(&name))?;
    let routes = routes(&description, selection, &name)?;
    let document = Closure::new(&description)
        .document(&routes)
        .or_else(|problems| Problems::check(problems).map(|()| serde_json::Value::Null))
        .map_err(|problems| problems.in_file(&name))?;
    let body = yaml::write(&document)?;
    let provenance = Provenance {
        source: source.name,
        source_sha256: source.sha256,
        version: one_line(description.version()),
        edition: one_line(edition),
        body_sha256: sha256(body.as_bytes()),
    };
    Ok(Trimmed {
        text: provenance.with_body(&body),
        provenance,
        operations: routes.values().map(std::collections::BTreeSet::len).sum(),
        schemas: count(&document, "schemas"),
    })
}

/// An operation of a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// In lower case.
    pub method: &'static str,
    /// The path template.
    pub path: String,
    /// The `operationId`, where it has one.
    pub id: Option<String>,
}

/// Looks operations up in the full description `input`; those that it lacks are `None`.
pub fn find(input: &[u8], file: &str, picks: &[Pick]) -> Result<Vec<Option<Found>>, Problem> {
    let find = || {
        let (json, is_yaml) = json(input)?;
        let description = Description::read(&json, is_yaml)?;
        let index = Index::read(&description)?;
        let look_up = |pick| match index.find(pick) {
            Ok((path, method)) => Ok(Some(Found {
                method,
                path: path.to_owned(),
                id: index.id(path, method),
            })),
            // A problem with a place is one of the description, not of the pick.
            Err(problem) if problem.pointer().is_some() => Err(problem),
            Err(_) => Ok(None),
        };
        picks.iter().map(look_up).collect::<Result<Vec<_>, _>>()
    };
    find().map_err(|problem: Problem| problem.in_file(file))
}

/// One way through the document for both: YAML becomes JSON first. Tells whether it did.
fn json(input: &[u8]) -> Result<(Cow<'_, str>, bool), Problem> {
    let text = decode(input)?;
    if text.trim_start().starts_with('{') {
        Ok((Cow::Borrowed(text), false))
    } else {
        Ok((Cow::Owned(yaml::parse(text)?.to_string()), true))
    }
}

fn decode(input: &[u8]) -> Result<&str, Problem> {
    let text = std::str::from_utf8(input).map_err(|error| {
        Problem::new(format!("is not UTF-8 text (byte {})", error.valid_up_to()))
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        Err(Problem::new("the description is empty"))
    } else {
        Ok(text)
    }
}

/// No text can break out of its line in the header.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Finds each selected operation in the description.
fn routes(
    description: &Description<'_>,
    selection: &Selection,
    file: &str,
) -> Result<Routes, Problems> {
    let index = Index::read(description).map_err(|problem| problem.in_file(file))?;
    let mut routes = Routes::new();
    let mut problems = Vec::new();
    for (number, pick) in selection.operations.iter().enumerate() {
        let at = format!("/operations/{number}");
        match index.find(pick) {
            Ok((path, method)) => {
                if !routes.entry(path.to_owned()).or_default().insert(method) {
                    let problem = Problem::new(format!("`{pick}` selects an operation twice"));
                    problems.push(problem.in_file(SELECTION).at(at));
                }
            }
            Err(problem) => problems.push(match problem.pointer() {
                Some(_) => problem.in_file(file),
                None => problem.in_file(SELECTION).at(at),
            }),
        }
    }
    Problems::check(problems)?;
    Ok(routes)
}

/// All operations of a description.
struct Index<'a> {
    paths: BTreeMap<&'a str, OperationIds<'a>>,
}

impl<'a> Index<'a> {
    fn read(description: &'a Description<'a>) -> Result<Self, Problem> {
        let paths = description
            .paths
            .0
            .iter()
            .filter(|(path, _)| path.starts_with('/'));
        let paths = paths
            .map(|(path, raw)| {
                let ids = serde_json::from_str(raw.get()).map_err(|error| {
                    Problem::new(format!("cannot be read: {error}"))
                        .at(super::pointer::Pointer::new("/paths").join(path))
                })?;
                Ok((path.as_ref(), ids))
            })
            .collect::<Result<_, Problem>>()?;
        Ok(Self { paths })
    }

    fn operations(&self) -> impl Iterator<Item = (&'a str, &'static str, Option<&str>)> {
        self.paths.iter().flat_map(|(path, ids)| {
            ids.0
                .iter()
                .map(|(method, id)| (*path, *method, id.as_deref()))
        })
    }

    fn id(&self, path: &str, method: &str) -> Option<String> {
        let mut methods = self.paths.get(path)?.0.iter();
        let (_, id) = methods.find(|(name, _)| *name == method)?;
        Some(id.as_deref()?.to_owned())
    }

    fn find(&self, pick: &Pick) -> Result<(&'a str, &'static str), Problem> {
        let matches: Vec<_> = self
            .operations()
            .filter(|(path, method, id)| match pick {
                Pick::Id(wanted) => *id == Some(wanted),
                Pick::Route { method: m, path: p } => m == method && p == path,
            })
            .map(|(path, method, _)| (path, method))
            .collect();
        match matches[..] {
            [found] => Ok(found),
            [] => Err(self.missing(pick)),
            [(path, method), ..] => {
                let pointer = super::pointer::Pointer::new("/paths").join(path);
                Err(Problem::new(format!(
                    "the operationId `{pick}` belongs to {} operations; select one by method and path",
                    matches.len()
                ))
                .at(format!("{pointer}/{method}")))
            }
        }
    }

    fn missing(&self, pick: &Pick) -> Problem {
        let name = pick.to_string();
        let known: Vec<String> = self
            .operations()
            .filter_map(|(path, method, id)| match pick {
                Pick::Id(_) => id.map(str::to_owned),
                Pick::Route { .. } => Some(format!("{} {path}", method.to_ascii_uppercase())),
            })
            .collect();
        let problem = Problem::new(format!("the description has no operation `{name}`"));
        match suggest::nearest(&name, known.iter().map(String::as_str))[..] {
            [] => problem.help(format!(
                "none of its {} operations has a similar name",
                known.len()
            )),
            ref nearest => problem.help(format!("the nearest: {}", nearest.join(", "))),
        }
    }
}
