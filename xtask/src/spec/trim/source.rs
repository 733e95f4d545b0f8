//! A full description, as others wrote it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::spec::document::{Placed, entries, operations};
use crate::spec::pointer::Pointer;
use crate::spec::problem::Problem;
use crate::spec::selection::Pick;
use crate::spec::{suggest, yaml};

/// A full description whose paths are written out.
#[derive(Clone, Debug)]
pub struct Description {
    /// The name of its file.
    pub name: String,
    pub(super) document: Value,
    /// Where a key stands that its object has twice.
    pub(super) twice: Vec<String>,
    /// Paths that stand elsewhere: why they cannot be followed.
    lost: BTreeMap<String, String>,
    operations: Vec<Found>,
}

/// An operation of a description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// In lower case.
    pub method: &'static str,
    /// The path template.
    pub path: String,
    /// The `operationId`; empty where it has none.
    pub id: String,
}

impl Found {
    /// What selects it, whatever it is called.
    pub fn route(&self) -> Pick {
        Pick::Route {
            method: self.method,
            path: self.path.clone(),
        }
    }
}

impl Description {
    /// Reads JSON or YAML from a file of this name.
    pub fn read(name: &str, input: &[u8]) -> Result<Self, Problem> {
        let document = Self::parse(input).map_err(|problem| problem.in_file(name));
        let (document, twice) = document?;
        let mut description = Self {
            name: name.to_owned(),
            document,
            twice,
            lost: BTreeMap::new(),
            operations: Vec::new(),
        };
        description.write_paths_out();
        let operations = operations(&description.document).into_iter();
        let operations = operations.map(|it| Found {
            method: it.method,
            path: it.path.to_owned(),
            id: it.id.to_owned(),
        });
        description.operations = operations.collect();
        Ok(description)
    }

    fn parse(input: &[u8]) -> Result<(Value, Vec<String>), Problem> {
        let text = std::str::from_utf8(input).map_err(|error| {
            Problem::new(format!("is not UTF-8 text (byte {})", error.valid_up_to()))
        })?;
        if text.trim_start_matches('\u{feff}').trim().is_empty() {
            return Err(Problem::new("the description is empty"));
        }
        let (document, twice) = yaml::parse_leniently(text)?;
        check_form(&document)?;
        Ok((document, twice))
    }

    /// The `operationId`s of all its operations.
    pub fn names(&self) -> Vec<String> {
        self.operations.iter().map(|it| it.id.clone()).collect()
    }

    /// Its `info.version`.
    pub(super) fn version(&self) -> &str {
        self.document["info"]["version"]
            .as_str()
            .unwrap_or_default()
    }

    /// Whether it is of the edition that it is taken for, as far as GitHub tells.
    pub(super) fn check_edition(&self, edition: &str) -> Result<(), Problem> {
        let info = &self.document["info"];
        let known = ["api.github.com", "ghec", "ghes"];
        let plan = info["x-github-plan"].as_str().unwrap_or_default();
        if !known.contains(&plan) || edition.starts_with(plan) {
            return Ok(());
        }
        let name = match &info["x-github-release"] {
            Value::Null => plan.to_owned(),
            release => format!("{plan}-{release}").replace('"', ""),
        };
        let problem = Problem::new(format!("describes the edition `{name}`, not `{edition}`"));
        Err(problem.in_file(&self.name).at("/info").help(format!(
            "to trim it, add `--edition {name}`, or write `edition: {name}` into <selection>"
        )))
    }

    /// Puts in the place of each path item that is a `$ref` what it leads to.
    fn write_paths_out(&mut self) {
        let paths = entries(&self.document["paths"]);
        let references = paths.filter(|(_, item)| item.get("$ref").is_some());
        let found: Vec<_> = references
            .map(|(path, item)| (path.to_owned(), self.follow(path, item)))
            .collect();
        for (path, found) in found {
            match found {
                Ok((from, item)) => {
                    // What is wrong there is wrong here.
                    let to = Pointer::new("/paths").join(&path);
                    let copies = self.twice.iter().filter_map(|at| {
                        let below = at.strip_prefix(&from)?;
                        below.starts_with('/').then(|| format!("{to}{below}"))
                    });
                    self.twice.extend(copies.collect::<Vec<_>>());
                    self.document["paths"][&path] = item;
                }
                Err(reason) => drop(self.lost.insert(path, reason)),
            }
        }
    }

    /// What a path item leads to, with what stands beside its `$ref`, and where that is.
    fn follow(&self, path: &str, item: &Value) -> Result<(String, Value), String> {
        let mut place = Pointer::new("/paths").join(path);
        let mut links = vec![place.clone()];
        let mut whole = item.clone();
        while let Some(Value::String(target)) =
            whole.as_object_mut().and_then(|it| it.shift_remove("$ref"))
        {
            let Some(pointer) = target.strip_prefix('#') else {
                return Err(format!(
                    "`$ref: {target}` points into another file, which is not supported"
                ));
            };
            links.push(pointer.to_owned());
            if links[..links.len() - 1].contains(&links[links.len() - 1]) {
                return Err(format!("`$ref`s lead in a circle: {}", links.join(" → ")));
            }
            let Some(Value::Object(found)) = self.document.pointer(pointer) else {
                return Err(format!("`$ref: {target}` points to no path item"));
            };
            let mut found = found.clone();
            // What is said nearer wins.
            found.extend(whole.as_object().cloned().unwrap_or_default());
            whole = found.into();
            place = pointer.to_owned();
        }
        Ok((place, whole))
    }

    /// The one of its operations that `pick` names. A problem with a place is one of the description,
    /// not of the pick.
    pub(super) fn find(&self, pick: &Pick) -> Result<&Found, Problem> {
        let operations = self.operations.iter();
        let matches = operations.filter(|it| pick.names(it.method, &it.path, &it.id));
        match matches.collect::<Vec<_>>()[..] {
            [found] => Ok(found),
            [] => Err(self.missing(pick)),
            [first, ..] => Err(Problem::new(format!(
                "the operationId `{pick}` belongs to several operations; select one by method and path"
            ))
            .in_file(&self.name)
            .at(Pointer::new(Pointer::new("/paths").join(&first.path)).join(first.method))),
        }
    }

    fn missing(&self, pick: &Pick) -> Problem {
        if let Pick::Route { path, .. } = pick
            && let Some(reason) = self.lost.get(path)
        {
            let problem = Problem::new(reason).in_file(&self.name);
            return problem.at(Pointer::new("/paths").join(path));
        }
        let name = pick.to_string();
        let known = self.operations.iter().map(|operation| match pick {
            Pick::Id(_) => operation.id.clone(),
            Pick::Route { .. } => operation.route().to_string(),
        });
        let known: Vec<String> = known.collect();
        let problem = Problem::new(format!("the description has no operation `{name}`"));
        let mut help = match suggest::nearest(&name, known.iter().map(String::as_str))[..] {
            [] => format!("none of its {} operations has a similar name", known.len()),
            ref nearest => format!("the nearest: {}", nearest.join(", ")),
        };
        for (path, reason) in self.lost.iter().take(3) {
            help.push_str(&format!("\nwhat is below {path} is not known: {reason}"));
        }
        problem.help(help)
    }

    /// A component, if there is one.
    pub(super) fn component(&self, section: &str, name: &str) -> Option<Placed<'_>> {
        let at = Pointer::new(format!("/components/{section}")).join(name);
        Some(Placed::new(
            self.document["components"][section].get(name)?,
            at,
        ))
    }
}

/// Whether the parts that we look into are what they should be.
fn check_form(document: &Value) -> Result<(), Problem> {
    let help = "xtask reads OpenAPI 3.0.x, as JSON or YAML";
    let Value::Object(root) = document else {
        return Err(Problem::new("an OpenAPI description is an object").help(help));
    };
    let text = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    };
    let problem = match (root.get("openapi"), root.get("swagger")) {
        (Some(Value::String(version)), None) if version.starts_with("3.0.") => {
            return ["/info", "/paths", "/components", "/components/schemas"]
                .into_iter()
                .find(|at| document.pointer(at).is_some_and(|part| !part.is_object()))
                .map_or(Ok(()), |at| Err(Problem::new("is no object").at(at)));
        }
        (Some(version), _) => {
            Problem::new(format!("OpenAPI {} is not supported", text(version))).at("/openapi")
        }
        (None, Some(version)) => {
            Problem::new(format!("Swagger {} is not supported", text(version))).at("/swagger")
        }
        (None, None) => Problem::new("no OpenAPI description: the key `openapi` is missing"),
    };
    Err(problem.help(help))
}
