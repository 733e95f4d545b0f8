//! What is compared: where it comes from, and what is known of it.

use std::path::Path;

use anyhow::{Error, Result};
use serde_json::Value;

use super::api::keep_ids;
use super::git::Repository;
use super::rust::{self, Items};
use super::version::{Version, of_workspace};
use crate::codegen::{self, GENERATED};
use crate::files::sources;
use crate::spec::overlay::Overlay;
use crate::spec::problem::{Problem, Problems, cannot_be};
use crate::spec::provenance::verify;
use crate::spec::selection::{Pick, Selection, Words};
use crate::spec::trim::{Description, Found};
use crate::spec::{
    self, ACTIONS, Folder, OVERLAY, Refused, SELECTION, Text, in_shape, load_overlay, ready,
    refused, trim_text, without,
};

const MANIFEST: &str = "Cargo.toml";

/// Where the two come from: this workspace, or the folder of somebody else with a selection, its trim
/// and its overlay.
pub(super) struct Place<'a> {
    root: &'a Path,
    spec: Folder,
    pub(super) is_own: bool,
}

/// One of the two that are compared.
#[derive(Debug)]
pub(super) struct Snapshot {
    /// What a reader calls it.
    pub(super) label: String,
    /// Whose overlay it is corrected by.
    spec: Folder,
    /// The file of the description.
    file: String,
    /// The description with its overlay; `Err` says why it is not known.
    description: Result<Value, String>,
    /// The public items of the crate; `Err` says why they are not known. Without a crate, they are those
    /// that codegen would write.
    items: Option<Result<Items, String>>,
    pub(super) version: Option<Version>,
    /// What codegen says that refuses it as a whole.
    pub(super) refusal: Option<String>,
    pub(super) stale: Option<Stale>,
    /// Actions of the overlay that do not apply.
    pub(super) idle: Vec<String>,
    /// What else the reader should know.
    pub(super) notes: Vec<String>,
}

/// How a generated crate differs from what codegen makes of the description.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stale {
    /// Public items are others.
    Items(usize),
    /// Every public item is the same.
    Text,
}

impl<'a> Place<'a> {
    pub(super) fn new(root: &'a Path, selection: Option<&Path>) -> Self {
        Self {
            root,
            spec: selection.map_or_else(|| Folder::of(root), Folder::at),
            is_own: selection.is_none(),
        }
    }

    /// What people call the overlay.
    pub(super) fn overlay(&self) -> String {
        self.spec.name.file(OVERLAY)
    }

    fn error(&self, problems: Problems) -> Error {
        problems.of(&self.spec.name).into()
    }

    /// What there was at the commit that `reference` names.
    pub(super) fn at_commit(&self, reference: Option<&str>) -> Result<Snapshot> {
        if !self.is_own {
            // Git would speak of something else where there is no such folder.
            Selection::load(&self.spec).map_err(|it| self.error(it))?;
        }
        // The folder of somebody else may lie in another repository.
        let (top, outside) = match self.is_own {
            true => (self.root, ""),
            false => (self.spec.path.as_path(), "spec/"),
        };
        let name = |file: &'static str| file.strip_prefix(outside).unwrap_or(file);
        let mut names = vec![name(ACTIONS), name(OVERLAY)];
        if self.is_own {
            names.extend([MANIFEST, GENERATED]);
        }
        let repository = Repository::new(top, &self.spec.name);
        let commit = repository.base(reference)?;
        let files = repository.files(&commit, &names)?;
        let text = |file: &'static str| files.texts.get(name(file)).map(String::as_str);
        let file = &self.overlay();
        let overlay =
            text(OVERLAY).map_or(Ok(Overlay::default()), |text| Text { file, text }.overlay());
        // What was committed can be mended no more.
        let unreadable = |what: &str, problems| {
            let (problems, label) = (self.error(problems), &commit.label);
            format!("the {what} at {label} cannot be read: {problems}")
        };
        let overlay = overlay.map_err(|problems| unreadable("overlay", problems));
        let missing = || {
            let (git, below) = (&repository.git, name(ACTIONS));
            let help = format!(
                "compare with a commit that has it, `--base REF`: `{git} log --oneline -- {below}` lists them"
            );
            let problem = Problem::new(format!("is missing at {}", commit.label));
            self.error(problem.in_spec(ACTIONS).help(help).into())
        };
        let actions = text(ACTIONS).ok_or_else(missing)?;
        let trim = self.trim(actions);
        let trim = trim.map_err(|problem| unreadable("trim", problem.into()));
        let mut snapshot = self.snapshot(commit.label.clone(), trim, overlay);
        if self.is_own {
            let prefix = format!("{GENERATED}/");
            let files = files.texts.iter();
            let generated = files.filter_map(|(path, text)| {
                Some((path.strip_prefix(&prefix)?.to_owned(), text.clone()))
            });
            snapshot.items = Some(items(&generated.collect(), &snapshot.label));
            snapshot.version = text(MANIFEST).and_then(of_workspace);
        }
        snapshot.notes = files.renames;
        Ok(snapshot)
    }

    /// What there is.
    pub(super) fn working_tree(&self) -> Result<Snapshot> {
        let label = "the working tree".to_owned();
        let actions = trim_text(
            &self.spec,
            "write it with `<xtask trim> --from DESCRIPTION`",
        );
        let actions = actions.map_err(|it| self.error(it.into()))?;
        let overlay = load_overlay(&self.spec).map_err(|it| self.error(it))?;
        let mut snapshot = self.snapshot(label, Ok(self.trim(&actions)?), Ok(overlay));
        let rendered = spec::load(&self.spec)
            .map_err(|problems| problems.to_string())
            .and_then(|effective| {
                let files = codegen::render(&effective.document);
                files.map_err(|error| refusal(error, &snapshot.file, &self.spec))
            });
        if self.is_own {
            let generated = sources(&self.root.join(GENERATED))?;
            snapshot.items = Some(items(&generated, &snapshot.label));
            snapshot.version = self.version();
            let rendered = rendered.as_ref().ok();
            snapshot.stale = rendered.and_then(|rendered| stale(&generated, rendered));
        }
        snapshot.refusal = rendered.err();
        Ok(snapshot)
    }

    fn trim(&self, text: &str) -> Result<Value, Problem> {
        let file = &self.spec.name.file(ACTIONS);
        Ok(Text { file, text }.trim()?.1)
    }

    fn snapshot(
        &self,
        label: String,
        trim: Result<Value, String>,
        overlay: Result<Overlay, String>,
    ) -> Snapshot {
        let file = self.spec.name.file(ACTIONS);
        Snapshot::new(&self.spec, label, file, trim, overlay)
    }

    /// Two descriptions, full or trimmed, cut to the selection and corrected by the overlay as they are.
    pub(super) fn files(&self, old: &Path, new: &Path) -> Result<[Snapshot; 2]> {
        let selection = Selection::load(&self.spec).map_err(|it| self.error(it))?;
        let overlay = load_overlay(&self.spec).map_err(|it| self.error(it))?;
        let (old, new) = (read(old)?, read(new)?);
        let found = find_in_both(&selection.operations, &old, &new)?;
        if found.iter().flatten().all(Option::is_none) {
            let problem = Problem::new("neither file has an operation of the selection");
            return Err(self.error(problem.in_spec(SELECTION).into()));
        }
        let [a, b] = &found;
        let picks = selection.operations.iter().zip(a.iter().zip(b)).enumerate();
        let absent = picks.filter(|(_, (_, found))| matches!(found, (None, None)));
        let absent = absent.map(|(index, (pick, _))| {
            let problem = Problem::new(format!("neither file has `{pick}`"));
            let problem = problem
                .in_spec(SELECTION)
                .at(format!("/operations/{index}"));
            problem.of(&self.spec.name).to_string()
        });
        let notes = absent.collect();
        let snapshot = |input: &Description, found: &[Option<&Found>]| {
            let trim = input.part(found.iter().copied().flatten());
            let trim = trim.map_err(|it| self.error(it))?;
            let [label, file] = [&input.name; 2].map(String::clone);
            let mut snapshot =
                Snapshot::new(&self.spec, label, file, Ok(trim), Ok(overlay.clone()));
            snapshot.version = self.version();
            Ok::<_, Error>(snapshot)
        };
        let (old, mut new) = (snapshot(&old, a)?, snapshot(&new, b)?);
        new.notes = notes;
        Ok([old, new])
    }

    /// The version that there is of what users get, where we know of it.
    fn version(&self) -> Option<Version> {
        let manifest = std::fs::read_to_string(self.root.join(MANIFEST)).ok()?;
        of_workspace(&manifest).filter(|_| self.is_own)
    }
}

impl Snapshot {
    fn new(
        spec: &Folder,
        label: String,
        file: String,
        trim: Result<Value, String>,
        overlay: Result<Overlay, String>,
    ) -> Self {
        let mut idle = Vec::new();
        let description = trim.and_then(|mut description| {
            keep_ids(&mut description);
            let problems = overlay?.apply(&mut description).into_iter();
            idle = problems
                .map(|it| it.in_spec(OVERLAY).of(&spec.name).to_string())
                .collect();
            Ok(description)
        });
        Self {
            label,
            spec: spec.clone(),
            file,
            description,
            items: None,
            version: None,
            refusal: None,
            stale: None,
            idle,
            notes: Vec::new(),
        }
    }

    /// Why operations cannot be compared, by their `operationId`s.
    pub(super) fn refused(&self) -> Refused<String> {
        let attempt = |description: &Value| match self.items {
            Some(_) => self.shaped(description).map(drop),
            None => self.generated(description).map(drop),
        };
        let description = self.description.as_ref();
        description.map_or_else(|_| Refused::new(), |it| refused(it, &attempt))
    }

    /// What it promises and its public items, but for operations that are refused.
    pub(super) fn known(
        &self,
        out: &Refused<String>,
    ) -> (Result<Value, String>, Result<Items, String>) {
        let description = self.description.as_ref().map_err(Clone::clone);
        let rest = description.map(|it| without(it, |id| out.contains_key(id)));
        let items = match (&self.items, &rest) {
            (Some(items), _) => items.clone(),
            (None, Ok(rest)) => self.generated(rest),
            (None, Err(reason)) => Err(reason.clone()),
        };
        (rest.and_then(|rest| self.shaped(&rest)), items)
    }

    fn shaped(&self, description: &Value) -> Result<Value, String> {
        in_shape(description).map_err(|it| self.reason(it))
    }

    /// The public items that codegen makes of it, whatever words it lacks.
    fn generated(&self, description: &Value) -> Result<Items, String> {
        let document = ready(description.clone(), Words::Derived);
        let document = document.map_err(|it| self.reason(it))?;
        let items = codegen::render(&document).and_then(|files| Ok(rust::collect(&files)?));
        items.map_err(|error| self.told(refusal(error, &self.file, &self.spec)))
    }

    fn reason(&self, problems: Problems) -> String {
        let problems = problems.in_file(&self.file).of(&self.spec.name);
        self.told(problems.to_string())
    }

    /// What is said of an end, for those who see both.
    fn told(&self, text: String) -> String {
        match self.label == self.file {
            true => text,
            false => format!("{}: {text}", self.label),
        }
    }
}

/// What codegen says of a description.
fn refusal(error: Error, file: &str, spec: &Folder) -> String {
    match error.downcast::<Problems>() {
        Ok(problems) => problems.in_file(file).of(&spec.name).to_string(),
        Err(error) => format!("{file}: {error:#}"),
    }
}

/// The public items of a crate.
fn items(generated: &codegen::Files, label: &str) -> Result<Items, String> {
    if generated.is_empty() {
        return Err(format!(
            "there is no generated code in {GENERATED} at {label}; older commits have another layout"
        ));
    }
    rust::collect(generated).map_err(|problem| format!("{GENERATED}/{problem} at {label}"))
}

/// Compares the generated crate with what codegen would write.
fn stale(generated: &codegen::Files, rendered: &codegen::Files) -> Option<Stale> {
    let same = generated.len() == rendered.len()
        && generated
            .iter()
            .all(|(path, text)| rendered.get(path) == Some(&text.replace("\r\n", "\n")));
    if same {
        return None;
    }
    // What is no Rust has no items.
    let [old, new] = [generated, rendered].map(|files| rust::collect(files).unwrap_or_default());
    Some(match rust::compare(&old, &new).len() {
        0 => Stale::Text,
        count => Stale::Items(count),
    })
}

/// Reads a description, full or trimmed.
fn read(path: &Path) -> Result<Description> {
    let name = path.display().to_string();
    let bytes = std::fs::read(path).map_err(cannot_be("read", &name))?;
    // A trim that was edited by hand would compare wrong things in silence.
    let is_trim = bytes.starts_with(b"# Written by `cargo xtask trim`");
    if let (true, Ok(text)) = (is_trim, std::str::from_utf8(&bytes)) {
        verify(text).map_err(|problem| problem.in_file(&name))?;
    }
    Ok(Description::read(&name, &bytes)?)
}

/// What each of two descriptions has of what is wanted: an operation that one of them lacks by name may
/// be there by route, and the other way round.
fn find_in_both<'a>(
    wanted: &[Pick],
    old: &'a Description,
    new: &'a Description,
) -> Result<[Vec<Option<&'a Found>>; 2]> {
    let (mut a, mut b) = (old.look_up(wanted)?, new.look_up(wanted)?);
    complete(&mut a, &b, old)?;
    complete(&mut b, &a, new)?;
    Ok([a, b])
}

fn complete<'a>(
    found: &mut [Option<&'a Found>],
    other: &[Option<&Found>],
    input: &'a Description,
) -> Result<()> {
    for (index, other) in other.iter().enumerate() {
        if let (None, Some(other)) = (found[index], other) {
            let picks = [other.route(), Pick::Id(other.id.clone())];
            let picks = &picks[..if other.id.is_empty() { 1 } else { 2 }];
            let mut candidates = input.look_up(picks)?.into_iter();
            // What another pick names by now is not this one.
            found[index] = candidates
                .find(|it| it.is_some() && !found.contains(it))
                .flatten();
        }
    }
    Ok(())
}
