//! From the files in `spec/` to the document that codegen works on.

use std::path::Path;

use serde_json::Value;

use super::hoist::{Origins, hoist};
use super::overlay::{FILE as OVERLAY, Overlay};
use super::problem::{Problem, Problems};
use super::provenance::{Provenance, verify};
use super::prune::prune;
use super::{lint, words, yaml};

/// The trimmed description that codegen reads.
pub const ACTIONS: &str = "spec/actions.yaml";

/// A trimmed description with the overlay applied and titled schemas hoisted.
#[derive(Clone, Debug)]
pub struct EffectiveSpec {
    /// The OpenAPI document.
    pub document: Value,
    /// Where it came from.
    pub provenance: Provenance,
    /// Actions of the overlay that did not apply. Always empty when [`Strictness::Own`].
    pub notes: Vec<Problem>,
}

/// A file that was read, or stands for one.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// Relative to the workspace root.
    pub file: &'a str,
    /// Its content.
    pub text: &'a str,
}

/// What a stale action of the overlay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// The overlay was written for this description: a stale action is an error, and lint must pass.
    Own,
    /// Another edition or version: a stale action is a note, and nothing is linted.
    Foreign,
}

/// Loads `spec/actions.yaml` and `spec/overlay.yaml` below the workspace root.
pub fn load(root: &Path) -> Result<EffectiveSpec, Problems> {
    let spec = read(root, ACTIONS)?;
    let overlay = read(root, OVERLAY)?;
    load_with(
        Text {
            file: ACTIONS,
            text: &spec,
        },
        Text {
            file: OVERLAY,
            text: &overlay,
        },
        Strictness::Own,
    )
}

/// [`load`] without the files.
pub fn load_with(
    spec: Text<'_>,
    overlay: Text<'_>,
    strictness: Strictness,
) -> Result<EffectiveSpec, Problems> {
    let (provenance, body) = verify(spec.text).map_err(|problem| problem.in_file(spec.file))?;
    let document = yaml::parse(&body).map_err(|problem| problem.in_file(spec.file))?;
    let parsed = Overlay::parse(overlay.text).map_err(|problems| problems.in_file(overlay.file))?;
    let (document, notes) = match strictness {
        Strictness::Foreign => foreign(document, &parsed),
        Strictness::Own => own(document, &parsed, spec.file, overlay.file),
    }
    .map_err(|problems| problems.in_file(spec.file))?;
    let notes = notes.into_iter();
    Ok(EffectiveSpec {
        document,
        provenance,
        notes: notes.map(|note| note.in_file(overlay.file)).collect(),
    })
}

fn own(
    mut document: Value,
    overlay: &Overlay,
    file: &str,
    overlay_file: &str,
) -> Result<(Value, Vec<Problem>), Problems> {
    let stale = overlay.apply(&mut document);
    check_extends(overlay, file).map_err(|problem| problem.in_file(overlay_file))?;
    Problems::check(stale).map_err(|problems| problems.in_file(overlay_file))?;
    let origins = shaped(&mut document)?;
    Problems::check(lint::lint(&document, &origins))?;
    Ok((document, Vec::new()))
}

/// What the overlay makes of a trim that it was not written for, and which actions did not apply.
pub fn foreign(mut document: Value, overlay: &Overlay) -> Result<(Value, Vec<Problem>), Problems> {
    let upstream = document.clone();
    let mut notes = overlay.apply(&mut document);
    notes.extend(words::drop_idle(&upstream, &mut document));
    shaped(&mut document)?;
    Ok((document, notes))
}

/// Drops errors, which are the same for every operation, and what nothing needs any more; gives
/// titled schemas their place.
fn shaped(document: &mut Value) -> Result<Origins, Problems> {
    drop_errors(document);
    prune(document);
    let (origins, problems) = hoist(document);
    Problems::check(problems)?;
    Ok(origins)
}

/// Removes the answers with status 4XX and 5XX: any operation can give any of them, and `gha-core`
/// reads them all.
fn drop_errors(document: &mut Value) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(|paths| paths.values_mut()) {
        let operations = item.as_object_mut().into_iter().flatten();
        for (_, operation) in operations {
            if let Some(Value::Object(responses)) = operation.get_mut("responses") {
                responses.retain(|status, _| !status.starts_with(['4', '5']));
            }
        }
    }
}

fn read(root: &Path, file: &str) -> Result<String, Problem> {
    std::fs::read_to_string(root.join(file)).map_err(|error| {
        let problem = Problem::new(format!("cannot be read: {error}")).in_file(file);
        match file {
            ACTIONS => {
                problem.help("write it with `cargo xtask trim --from <the full description>`")
            }
            _ => problem,
        }
    })
}

/// Both files stand in `spec/`, so the overlay names its document by file name.
fn check_extends(overlay: &Overlay, file: &str) -> Result<(), Problem> {
    let name = file.rsplit('/').next().unwrap_or(file);
    if overlay.extends().trim_start_matches("./") == name {
        return Ok(());
    }
    Err(Problem::new(format!(
        "extends `{}`, but `{name}` is what it is applied to",
        overlay.extends()
    ))
    .at("/extends")
    .help(format!("write `extends: {name}`")))
}
