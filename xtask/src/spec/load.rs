//! From the files in `spec/` to the document that codegen works on.

use std::path::Path;

use serde_json::Value;

use super::document::as_written;
use super::overlay::{FILE as OVERLAY, Overlay};
use super::problem::{Problem, Problems};
use super::provenance::{Provenance, verify};
use super::selection::{FILE as SELECTION, Selection, Words};
use super::{lint, shape, yaml};

/// The trimmed description that codegen reads.
pub const ACTIONS: &str = "spec/actions.yaml";

/// A trimmed description with the overlay applied, in the shape that types are made of.
#[derive(Clone, Debug)]
pub struct EffectiveSpec {
    /// The OpenAPI document.
    pub document: Value,
    /// Where it came from.
    pub provenance: Provenance,
}

/// A file that was read, or stands for one.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// Relative to the workspace root.
    pub file: &'a str,
    /// Its content.
    pub text: &'a str,
}

impl Text<'_> {
    /// The body of a trim, and where it came from.
    pub fn trim(self) -> Result<(Provenance, Value), Problem> {
        let parse = || {
            let (provenance, body) = verify(self.text)?;
            Ok((provenance, yaml::parse(&body)?))
        };
        parse().map_err(|problem: Problem| problem.in_file(self.file))
    }

    /// An overlay.
    pub fn overlay(self) -> Result<Overlay, Problems> {
        Overlay::parse(self.text).map_err(|problems| problems.in_file(self.file))
    }
}

/// Loads `spec/selection.yaml`, `spec/actions.yaml` and, where there is one, `spec/overlay.yaml` below
/// the workspace root.
pub fn load(root: &Path) -> Result<EffectiveSpec, Problems> {
    let selection = Selection::load(root)?;
    let again = "write it with `cargo xtask trim --from <the full description>`, and each of spec/editions too";
    let missing = || Problem::new("is missing").in_file(ACTIONS).help(again);
    let text = read(root, ACTIONS)?.ok_or_else(missing)?;
    let trim = Text {
        file: ACTIONS,
        text: &text,
    };
    let (provenance, document) = trim.trim()?;
    if provenance.edition != selection.edition {
        let edition = &provenance.edition;
        let problem = Problem::new(format!("is a trim of the edition `{edition}`"));
        let problem = problem.in_file(ACTIONS);
        return Err(problem
            .help(format!("{SELECTION} says `{}`; {again}", selection.edition))
            .into());
    }
    Problems::check(selection.differences(&document, ACTIONS, again))?;
    let overlay = load_overlay(root)?;
    let document = own(document, &overlay, selection.words, ACTIONS)?;
    Ok(EffectiveSpec {
        document,
        provenance,
    })
}

/// The overlay below the workspace root; without the file, one without actions.
pub fn load_overlay(root: &Path) -> Result<Overlay, Problems> {
    match read(root, OVERLAY)? {
        Some(text) => Text {
            file: OVERLAY,
            text: &text,
        }
        .overlay(),
        None => Ok(Overlay::default()),
    }
}

/// [`load`] without the files, of a trim that fits its selection.
pub fn load_with(
    spec: Text<'_>,
    overlay: Text<'_>,
    words: Words,
) -> Result<EffectiveSpec, Problems> {
    let (provenance, document) = spec.trim()?;
    let document = own(document, &overlay.overlay()?, words, spec.file)?;
    Ok(EffectiveSpec {
        document,
        provenance,
    })
}

/// What the overlay makes of the trim that it was written for, such that it can be generated.
pub fn own(
    mut document: Value,
    overlay: &Overlay,
    words: Words,
    file: &str,
) -> Result<Value, Problems> {
    let stale = overlay.apply(&mut document);
    overlay
        .check_extends(file)
        .map_err(|problem| problem.in_file(OVERLAY))?;
    Problems::check(stale).map_err(|problems| problems.in_file(OVERLAY))?;
    ready(document, words).map_err(|problems| problems.in_file(file))
}

/// Brings a corrected document into shape, and checks that it can be generated.
pub fn ready(mut document: Value, words: Words) -> Result<Value, Problems> {
    shape::reduce(&mut document);
    let written = document.clone();
    let found = match lint::form(&document) {
        problems if problems.is_empty() => match shape::shape(&mut document) {
            Ok(names) => lint::meaning(&document, &names, words),
            Err(problems) => problems,
        },
        problems => problems,
    };
    let found = found.into_iter().map(|problem| {
        let problem = problem.moved(|at| as_written(&written, at));
        problem.targeted(&written)
    });
    Problems::check(found.collect())?;
    Ok(document)
}

/// What the overlay makes of a trim that it was not written for, and which actions did not apply.
pub fn foreign(mut document: Value, overlay: &Overlay) -> Result<(Value, Vec<Problem>), Problems> {
    let notes = overlay.apply(&mut document);
    shape::reduce(&mut document);
    Problems::check(lint::form(&document))?;
    shape::shape(&mut document).map_err(Problems::from)?;
    Ok((document, notes))
}

/// The text of a file; `None` if it is not there.
fn read(root: &Path, file: &str) -> Result<Option<String>, Problem> {
    match std::fs::read_to_string(root.join(file)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Problem::new(format!("cannot be read: {error}")).in_file(file)),
    }
}
