//! What is compared: where it comes from, and what is known of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::api::UpstreamIds;
use super::git::{Commit, Repository};
use super::rust::{self, Items};
use super::version::Version;
use crate::codegen::{self, GENERATED};
use crate::files::sources;
use crate::spec::document::operations;
use crate::spec::overlay::Overlay;
use crate::spec::problem::{Problem, Problems};
use crate::spec::provenance::{sha256, verify};
use crate::spec::selection::{Pick, Selection};
use crate::spec::trim::{Found, SourceInfo, find, trim};
use crate::spec::{self, ACTIONS, Folder, OVERLAY, Text, foreign_parts, refused, without};

const MANIFEST: &str = "Cargo.toml";

/// One of the two that are compared.
#[derive(Debug)]
pub(super) struct Snapshot {
    /// What a reader calls it.
    pub(super) label: String,
    /// `Err` says why what it promises is not known.
    pub(super) document: Result<Value, String>,
    pub(super) upstream: UpstreamIds,
    /// `Err` says why the public items are not known.
    pub(super) items: Result<Items, String>,
    pub(super) version: Option<Version>,
    /// Why operations cannot be compared, by their `operationId`s.
    pub(super) refused: BTreeMap<String, String>,
    /// Why the generated crate is not what codegen makes of the description.
    pub(super) stale: Option<Stale>,
    /// Actions of the overlay that do not apply.
    pub(super) idle: Vec<Problem>,
    /// What else the reader should know.
    pub(super) notes: Vec<String>,
}

/// Why the generated crate is not what codegen makes of the description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stale {
    /// Codegen refuses the description; what it says.
    Refused(String),
    /// Public items are others.
    Items(usize),
    /// Every public item is the same.
    Text,
}

impl Snapshot {
    /// What it promises, but for these operations.
    pub(super) fn known(&self, refused: &BTreeMap<String, String>) -> Result<Value, String> {
        let document = self.document.as_ref().map_err(Clone::clone)?;
        Ok(match refused.is_empty() {
            true => document.clone(),
            false => without(document, |id| refused.contains_key(id)),
        })
    }
}

/// The workspace at a commit.
pub(super) fn at_commit(repository: &Repository, commit: &Commit) -> Result<Snapshot> {
    let files = repository.files(commit, &[ACTIONS, OVERLAY, MANIFEST, GENERATED])?;
    let label = commit.label.clone();
    let mut snapshot = match overlay(&files.texts, &label) {
        Ok(overlay) => workspace(label, &files.texts, Ok(&overlay)),
        // What was committed can be mended no more.
        Err(error) => workspace(label, &files.texts, Err(format!("{error:#}"))),
    }?;
    snapshot.notes.extend(files.renames);
    Ok(snapshot)
}

/// The workspace as it is.
pub(super) fn working_tree(root: &Path) -> Result<Snapshot> {
    let mut files = BTreeMap::new();
    for path in [ACTIONS, OVERLAY, MANIFEST] {
        if let Ok(text) = std::fs::read_to_string(root.join(path)) {
            files.insert(path.to_owned(), text);
        }
    }
    let generated = sources(&root.join(GENERATED))?;
    let paths = generated.iter();
    files.extend(paths.map(|(path, text)| (format!("{GENERATED}/{path}"), text.clone())));
    let label = "the working tree".to_owned();
    let overlay = overlay(&files, &label)?;
    let mut snapshot = workspace(label, &files, Ok(&overlay))?;
    snapshot.stale = stale(root, &generated);
    Ok(snapshot)
}

/// Compares the generated crate with what codegen would write.
fn stale(root: &Path, generated: &codegen::Files) -> Option<Stale> {
    let rendered = spec::load(&Folder::of(root))
        .map_err(anyhow::Error::from)
        .and_then(|effective| codegen::render(&effective.document));
    let rendered = match rendered {
        Ok(rendered) => rendered,
        Err(error) => return Some(Stale::Refused(format!("{error:#}"))),
    };
    let same = generated.len() == rendered.len()
        && generated
            .iter()
            .all(|(path, text)| rendered.get(path) == Some(&text.replace("\r\n", "\n")));
    if same {
        return None;
    }
    // What is no Rust has no items.
    let [old, new] = [generated, &rendered].map(|files| rust::collect(files).unwrap_or_default());
    Some(match rust::compare(&old, &new).len() {
        0 => Stale::Text,
        count => Stale::Items(count),
    })
}

fn text<'a>(
    files: &'a BTreeMap<String, String>,
    path: &str,
    label: &str,
) -> Result<&'a str, Problem> {
    let missing = || {
        Problem::new(format!("is missing at {label}"))
            .in_file(path)
            .help(format!(
                "compare with a commit that has it, `--base REF`: `git log --oneline -- {path}` lists them"
            ))
    };
    files.get(path).map(String::as_str).ok_or_else(missing)
}

/// The overlay of a workspace, for its own description.
fn overlay(files: &BTreeMap<String, String>, label: &str) -> Result<Overlay> {
    let text = text(files, OVERLAY, label)?;
    Overlay::parse(text)
        .map_err(|problems| problems.in_file(OVERLAY))
        .with_context(|| format!("the overlay at {label} cannot be read"))
}

fn workspace(
    label: String,
    files: &BTreeMap<String, String>,
    overlay: Result<&Overlay, String>,
) -> Result<Snapshot> {
    let actions = Text {
        file: ACTIONS,
        text: text(files, ACTIONS, &label)?,
    };
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
    let mut snapshot = effective(label, actions, overlay)?;
    snapshot.items = items;
    snapshot.version = version;
    Ok(snapshot)
}

/// Two descriptions, full or trimmed, cut to the selection and corrected by the overlay of the
/// working tree; the public items are those that codegen would make.
pub(super) fn files(root: &Path, old: &Path, new: &Path) -> Result<[Snapshot; 2]> {
    let selection = Selection::load(&Folder::of(root))?;
    let overlay = std::fs::read_to_string(root.join(OVERLAY))
        .map_err(|error| Problem::new(format!("cannot be read: {error}")).in_file(OVERLAY))?;
    let overlay = Text {
        file: OVERLAY,
        text: &overlay,
    };
    let overlay = overlay.overlay()?;
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
    let mut both = [snapshot(&old, old_picks)?, snapshot(&new, new_picks)?];
    render(&mut both);
    Ok(both)
}

/// Finds the public items that codegen would make, but for operations that it refuses at either end.
fn render(both: &mut [Snapshot; 2]) {
    let mut out = BTreeSet::new();
    for snapshot in &mut *both {
        if let Ok(document) = &snapshot.document {
            let refused = refused(document, codegen::render).into_iter();
            let reasons = refused.map(|(id, error)| (id, format!("{error:#}")));
            snapshot.refused.extend(reasons);
        }
        out.extend(snapshot.refused.keys().cloned());
    }
    for snapshot in both {
        let label = &snapshot.label;
        snapshot.items = snapshot.document.clone().and_then(|document| {
            let files = codegen::render(&without(&document, |id| out.contains(id)));
            let items = files.and_then(|files| Ok(rust::collect(&files)?));
            items.map_err(|error| format!("{label}: {error:#}"))
        });
    }
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
        effective(self.name.clone(), actions, Ok(overlay))
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

fn effective(
    label: String,
    actions: Text<'_>,
    overlay: Result<&Overlay, String>,
) -> Result<Snapshot> {
    let (_, trimmed) = actions.trim()?;
    let upstream = upstream_ids(&trimmed);
    let mut notes = Vec::new();
    let mut refused = BTreeMap::new();
    let document = match overlay {
        Ok(overlay) => {
            let in_file = |problems: Problems| problems.in_file(actions.file);
            let (document, idle, out) = foreign_parts(trimmed, overlay).map_err(in_file)?;
            let reasons = out.into_iter();
            refused.extend(reasons.map(|(id, problems)| (id, in_file(problems).to_string())));
            notes = idle;
            Ok(document)
        }
        Err(reason) => Err(reason),
    };
    let notes = notes.into_iter().map(|note| note.in_file(OVERLAY));
    Ok(Snapshot {
        label,
        document,
        refused,
        upstream,
        items: Ok(Items::new()),
        version: None,
        stale: None,
        idle: notes.collect(),
        notes: Vec::new(),
    })
}

fn upstream_ids(document: &Value) -> UpstreamIds {
    let named = operations(document)
        .into_iter()
        .filter(|it| !it.id.is_empty());
    named
        .map(|it| ((it.path.to_owned(), it.method.to_owned()), it.id.to_owned()))
        .collect()
}
