//! What is compared: where it comes from, and what is known of it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use serde_json::Value;

use super::api::{Side, UpstreamIds};
use super::git::{Commit, Repository};
use super::rust::{self, Items};
use super::version::Version;
use crate::codegen::{self, GENERATED};
use crate::files::sources;
use crate::spec::overlay::Overlay;
use crate::spec::problem::Problem;
use crate::spec::provenance::{sha256, verify};
use crate::spec::selection::{Pick, Selection};
use crate::spec::trim::{Found, SourceInfo, find, trim};
use crate::spec::{ACTIONS, OVERLAY, Text, foreign, yaml};

const MANIFEST: &str = "Cargo.toml";

/// One of the two that are compared.
#[derive(Debug)]
pub(super) struct Snapshot {
    /// What a reader calls it.
    pub(super) label: String,
    pub(super) document: Value,
    pub(super) upstream: UpstreamIds,
    /// `Err` says why the public items are not known.
    pub(super) items: Result<Items, String>,
    pub(super) version: Option<Version>,
    /// What the reader should know beside the changes.
    pub(super) notes: Vec<String>,
}

impl Snapshot {
    pub(super) fn side(&self) -> Side<'_> {
        Side {
            document: &self.document,
            upstream: &self.upstream,
        }
    }
}

/// The workspace at a commit.
pub(super) fn at_commit(repository: &Repository, commit: &Commit) -> Result<Snapshot> {
    let files = repository.files(commit, &[ACTIONS, OVERLAY, MANIFEST, GENERATED])?;
    workspace(commit.label.clone(), &files)
}

/// The workspace as it is.
pub(super) fn working_tree(root: &Path) -> Result<Snapshot> {
    let mut files = BTreeMap::new();
    for path in [ACTIONS, OVERLAY, MANIFEST] {
        if let Ok(text) = std::fs::read_to_string(root.join(path)) {
            files.insert(path.to_owned(), text);
        }
    }
    let generated = sources(&root.join(GENERATED))?.into_iter();
    files.extend(generated.map(|(path, text)| (format!("{GENERATED}/{path}"), text)));
    workspace("the working tree".to_owned(), &files)
}

fn workspace(label: String, files: &BTreeMap<String, String>) -> Result<Snapshot> {
    let text = |path: &str| {
        files.get(path).ok_or_else(|| {
            Problem::new(format!("is missing at {label}"))
                .in_file(path)
                .help("compare with a commit that has it")
        })
    };
    let actions = Text {
        file: ACTIONS,
        text: text(ACTIONS)?,
    };
    let overlay = parse_overlay(text(OVERLAY)?)?;
    let prefix = format!("{GENERATED}/");
    let generated: codegen::Files = files
        .iter()
        .filter_map(|(path, text)| Some((path.strip_prefix(&prefix)?.to_owned(), text.clone())))
        .collect();
    let items = if generated.is_empty() {
        Err(format!(
            "there is no generated code in {GENERATED} at {label}; older commits have another layout"
        ))
    } else {
        rust::collect(&generated).map_err(|problem| format!("{prefix}{problem} at {label}"))
    };
    let version = files
        .get(MANIFEST)
        .and_then(|manifest| Version::of_workspace(manifest));
    let mut snapshot = effective(label, actions, &overlay)?;
    snapshot.items = items;
    snapshot.version = version;
    Ok(snapshot)
}

/// Two descriptions, full or trimmed, cut to the selection and corrected by the overlay of the
/// working tree; the public items are those that codegen would make.
pub(super) fn files(root: &Path, old: &Path, new: &Path) -> Result<[Snapshot; 2]> {
    let selection = Selection::load(root)?;
    let overlay = std::fs::read_to_string(root.join(OVERLAY))
        .map_err(|error| Problem::new(format!("cannot be read: {error}")).in_file(OVERLAY))?;
    let overlay = parse_overlay(&overlay)?;
    let manifest = std::fs::read_to_string(root.join(MANIFEST)).unwrap_or_default();
    let (old, new) = (DescriptionFile::read(old)?, DescriptionFile::read(new)?);
    let [old_picks, new_picks] = picks(&selection, &old, &new)?;
    let snapshot = |input: &DescriptionFile, picks| {
        let selection = Selection {
            operations: picks,
            ..selection.clone()
        };
        let mut snapshot = input.snapshot(&selection, &overlay)?;
        snapshot.version = Version::of_workspace(&manifest);
        Ok::<_, anyhow::Error>(snapshot)
    };
    Ok([snapshot(&old, old_picks)?, snapshot(&new, new_picks)?])
}

struct DescriptionFile {
    name: String,
    bytes: Vec<u8>,
}

impl DescriptionFile {
    fn read(path: &Path) -> Result<Self> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path)
            .map_err(|error| Problem::new(format!("cannot be read: {error}")).in_file(&name))?;
        // A trim that was edited by hand would compare wrong things in silence.
        let is_trim = bytes.starts_with(b"# Written by `cargo xtask trim`");
        if let (true, Ok(text)) = (is_trim, std::str::from_utf8(&bytes)) {
            verify(text).map_err(|problem| problem.in_file(&name))?;
        }
        Ok(Self { name, bytes })
    }

    fn find(&self, picks: &[Pick]) -> Result<Vec<Option<Found>>> {
        Ok(find(&self.bytes, &self.name, picks)?)
    }

    fn snapshot(&self, selection: &Selection, overlay: &Overlay) -> Result<Snapshot> {
        let source = SourceInfo {
            name: self.name.clone(),
            sha256: sha256(&self.bytes),
        };
        let trimmed = trim(&self.bytes, source, selection, &selection.edition)?;
        let actions = Text {
            file: &self.name,
            text: &trimmed.text,
        };
        let mut snapshot = effective(self.name.clone(), actions, overlay)?;
        snapshot.items = codegen::render(&snapshot.document)
            .and_then(|files| Ok(rust::collect(&files)?))
            .map_err(|error| format!("{}: {error:#}", self.name));
        Ok(snapshot)
    }
}

/// What to take from each of two descriptions: an operation that one of them lacks by name may be
/// there by route, and the other way round.
fn picks(
    selection: &Selection,
    old: &DescriptionFile,
    new: &DescriptionFile,
) -> Result<[Vec<Pick>; 2]> {
    let wanted = &selection.operations;
    let (mut a, mut b) = (old.find(wanted)?, new.find(wanted)?);
    complete(&mut a, &b, old)?;
    complete(&mut b, &a, new)?;
    let routes = |found: Vec<Option<Found>>| {
        found
            .into_iter()
            .flatten()
            .map(|found| Pick::Route {
                method: found.method,
                path: found.path,
            })
            .collect::<Vec<_>>()
    };
    let (a, b) = (routes(a), routes(b));
    if a.is_empty() && b.is_empty() {
        return Err(
            Problem::new("neither file has an operation of the selection")
                .in_file(crate::spec::selection::FILE)
                .into(),
        );
    }
    Ok([a, b])
}

fn complete(
    found: &mut [Option<Found>],
    other: &[Option<Found>],
    input: &DescriptionFile,
) -> Result<()> {
    for (slot, other) in found.iter_mut().zip(other) {
        if let (None, Some(other)) = (&slot, other) {
            let route = Pick::Route {
                method: other.method,
                path: other.path.clone(),
            };
            let id = other.id.clone().map(Pick::Id);
            let picks: Vec<_> = [Some(route), id].into_iter().flatten().collect();
            *slot = input.find(&picks)?.into_iter().flatten().next();
        }
    }
    Ok(())
}

fn effective(label: String, actions: Text<'_>, overlay: &Overlay) -> Result<Snapshot> {
    let (_, body) = verify(actions.text).map_err(|problem| problem.in_file(actions.file))?;
    let trimmed = yaml::parse(&body).map_err(|problem| problem.in_file(actions.file))?;
    let upstream = upstream_ids(&trimmed);
    let (document, notes) =
        foreign(trimmed, overlay).map_err(|problems| problems.in_file(actions.file))?;
    let notes = notes.into_iter().map(|note| note.in_file(OVERLAY));
    Ok(Snapshot {
        document,
        upstream,
        items: Ok(Items::new()),
        version: None,
        notes: notes.map(|note| format!("{label}: {note}")).collect(),
        label,
    })
}

fn parse_overlay(text: &str) -> Result<Overlay> {
    Ok(Overlay::parse(text).map_err(|problems| problems.in_file(OVERLAY))?)
}

fn upstream_ids(document: &Value) -> UpstreamIds {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten();
            methods.filter_map(move |(method, operation)| {
                let id = operation.get("operationId")?.as_str()?;
                Some(((path.clone(), method.clone()), id.to_owned()))
            })
        })
        .collect()
}
