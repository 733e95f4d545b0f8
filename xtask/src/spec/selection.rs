//! `spec/selection.yaml`: which operations we keep, from which description.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde_json::Value;

use super::document::operations;
use super::folder::Folder;
use super::openapi::METHODS;
use super::paths::SELECTION;
use super::problem::{Problem, Problems};
use super::{suggest, yaml};

/// The release of GitHub's descriptions that changes.
pub const NEWEST: &str = "main";

/// The key of a trim that lists selected operations which its edition lacks.
pub(crate) const ABSENT: &str = "x-absent";

/// The operations that we keep, and the description that they come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// The edition that `spec/actions.yaml` is a trim of.
    pub edition: String,
    /// The release of upstream's descriptions that each other edition is taken from, by name: `main`,
    /// or the last that had it.
    #[serde(default)]
    pub editions: BTreeMap<String, String>,
    /// Where upstream publishes its descriptions: a URL with `{release}` and `{edition}` in it.
    pub source: String,
    /// Whose words document what is generated.
    #[serde(default)]
    pub words: Words,
    /// In the order of the file, no two alike.
    #[serde(skip)]
    pub operations: Vec<Pick>,
    /// As the file names them.
    #[serde(rename = "operations")]
    names: Vec<String>,
}

/// Whose names and words the public items have that the overlay leaves without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Words {
    /// Ours: what the overlay leaves without is an error.
    #[default]
    Ours,
    /// Derived by rule: types are called after where they stand, and are described by what they are
    /// called on the wire.
    Derived,
}

/// One operation, as `selection.yaml` names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pick {
    /// `GET /repos/{owner}/{repo}/actions/artifacts`.
    Route {
        /// In lower case.
        method: &'static str,
        /// The path template.
        path: String,
    },
    /// `actions/list-artifacts-for-repo`: an `operationId` of the description.
    Id(String),
}

/// What to write.
const FORM: &str = "it names operations, and the description that they come from:\n\
                    edition: api.github.com\n\
                    source: https://raw.githubusercontent.com/octokit/openapi/{release}/generated/{edition}.json\n\
                    words: derived\n\
                    operations:\n- repos/get-content";

impl Selection {
    /// Reads that of a folder.
    pub fn load(folder: &Folder) -> Result<Self, Problems> {
        let missing = || Problem::new("is missing").in_spec(SELECTION).help(FORM);
        let text = folder.read(SELECTION)?.ok_or_else(missing)?;
        Self::parse(&text).map_err(|problems| problems.in_spec(SELECTION))
    }

    /// Reads the text of a `selection.yaml`.
    pub fn parse(text: &str) -> Result<Self, Problems> {
        let mut selection: Self = yaml::typed(text).map_err(|problem| problem.help(FORM))?;
        let mut problems = Vec::new();
        let mut seen = BTreeSet::new();
        for (index, entry) in selection.names.iter().enumerate() {
            let at = format!("/operations/{index}");
            match Pick::parse(entry) {
                Err(problem) => problems.push(problem.at(at)),
                Ok(pick) if !seen.insert(pick.clone()) => {
                    problems.push(Problem::new(format!("`{entry}` is selected twice")).at(at));
                }
                Ok(pick) => selection.operations.push(pick),
            }
        }
        if selection.names.is_empty() {
            problems.push(Problem::new("selects no operation").at("/operations"));
        }
        Problems::check(problems)?;
        Ok(selection)
    }

    /// Where the description of an edition is published.
    pub fn url(&self, edition: &str) -> String {
        let release = self.editions.get(edition).map_or(NEWEST, String::as_str);
        let url = self.source.replace("{release}", release);
        url.replace("{edition}", edition)
    }

    /// Where a trim holds other operations than those that are selected. What the edition lacks, the
    /// trim says.
    pub fn differences(&self, trimmed: &Value, file: &str, again: &str) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut report = |at: String, message: String| {
            problems.push(Problem::new(message).in_spec(SELECTION).at(at).help(again));
        };
        let mut rest = operations(trimmed);
        let absent = trimmed[ABSENT].as_array().into_iter().flatten();
        let mut absent: Vec<_> = absent.filter_map(Value::as_str).collect();
        for (index, pick) in self.operations.iter().enumerate() {
            let name = pick.to_string();
            if let Some(found) = rest
                .iter()
                .position(|it| pick.names(it.method, it.path, it.id))
            {
                rest.remove(found);
            } else if let Some(found) = absent.iter().position(|absent| *absent == name) {
                absent.remove(found);
            } else {
                let at = format!("/operations/{index}");
                report(at, format!("`{name}` is not in {file}"));
            }
        }
        let rest = rest.iter().map(|operation| match operation.id {
            "" => operation.route(),
            id => id.to_owned(),
        });
        for name in rest.chain(absent.into_iter().map(str::to_owned)) {
            let message = format!("{file} speaks of `{name}`, which is not selected");
            report("/operations".to_owned(), message);
        }
        problems
    }
}

impl Pick {
    /// Whether an operation is the one that is meant.
    pub(super) fn names(&self, method: &str, path: &str, id: &str) -> bool {
        match self {
            Self::Id(own) => own == id,
            Self::Route {
                method: own,
                path: at,
            } => *own == method && at == path,
        }
    }

    fn parse(entry: &str) -> Result<Self, Problem> {
        let help = "write `actions/get-artifact` (an operationId) or `GET /path/{as}/described`";
        let mut words = entry.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some(id), None, None) if !id.starts_with('/') => Ok(Self::Id(id.to_owned())),
            (Some(verb), Some(path), None) if path.starts_with('/') => {
                let lower = verb.to_ascii_lowercase();
                let method = METHODS.into_iter().find(|method| *method == lower);
                let Some(method) = method else {
                    return Err(Problem::new(format!("`{verb}` is no HTTP method"))
                        .help(suggest::did_you_mean(&lower, METHODS)));
                };
                Ok(Self::Route {
                    method,
                    path: path.to_owned(),
                })
            }
            _ => Err(Problem::new(format!("`{entry}` names no operation")).help(help)),
        }
    }
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Route { method, path } => write!(f, "{} {path}", method.to_ascii_uppercase()),
            Self::Id(id) => f.write_str(id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "edition: x\nsource: https://example.com\noperations:\n";

    #[test]
    fn takes_routes_and_ids() {
        let text = format!("{HEAD}- GET /jobs/{{job_id}}\n- actions/get-artifact\n");
        let selection = Selection::parse(&text).unwrap();
        let names: Vec<_> = selection
            .operations
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(names, ["GET /jobs/{job_id}", "actions/get-artifact"]);
    }

    #[test]
    fn refuses_what_it_cannot_mean() {
        for (text, reason) in [
            (
                format!("{HEAD}- a\n- a\n"),
                "#/operations/1: `a` is selected twice",
            ),
            (format!("{HEAD}- GETT /a\n"), "did you mean `get`?"),
            (format!("{HEAD}- /a\n"), "`/a` names no operation"),
            (format!("{HEAD}- GET /a b\n"), "names no operation"),
            (format!("{HEAD}- ''\n"), "names no operation"),
            (
                "edition: x\nsource: y\noperations: []\n".to_owned(),
                "selects no operation",
            ),
            (
                format!("operation: [a]\n{HEAD}- a\n"),
                ":1:1: unknown field `operation`",
            ),
            (
                "source: y\noperations: [a]\n".to_owned(),
                "missing field `edition`",
            ),
        ] {
            let problems = Selection::parse(&text).unwrap_err().to_string();
            assert!(problems.contains(reason), "{text}\ngave {problems}");
        }
    }
}
