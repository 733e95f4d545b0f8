//! From the files in `spec/` to the document that codegen works on.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::document::{as_written, operations};
use super::folder::Folder;
use super::lint::Missing;
use super::overlay::Overlay;
use super::paths::{ACTIONS, OVERLAY, quoted};
use super::pointer::target;
use super::problem::{Problem, Problems};
use super::provenance::{Provenance, verify};
use super::selection::{Selection, Words};
use super::shape::{Named, before};
use super::{lint, shape, yaml};

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

    /// The same of the trim of an edition, which has what the selection names; `again` says how to write it.
    pub fn trim_of(
        self,
        edition: &str,
        selection: &Selection,
        again: &str,
    ) -> Result<(Provenance, Value), Problems> {
        let (provenance, document) = self.trim()?;
        if provenance.edition != edition {
            let other = &provenance.edition;
            let problem = Problem::new(format!("is a trim of the edition `{other}`"));
            let help = format!("<selection> says `{edition}`; {again}");
            return Err(problem.in_file(self.file).help(help).into());
        }
        Problems::check(selection.differences(&document, self.file, again))?;
        Ok((provenance, document))
    }

    /// An overlay.
    pub fn overlay(self) -> Result<Overlay, Problems> {
        Overlay::parse(self.text).map_err(|problems| problems.in_file(self.file))
    }
}

/// Loads the selection, the trim and, where there is one, the overlay of a folder.
pub fn load(folder: &Folder) -> Result<EffectiveSpec, Problems> {
    let load = || {
        let selection = Selection::load(folder)?;
        let (trim, overlay) = (load_trim(folder, &selection)?, load_overlay(folder)?);
        own(trim, &overlay, selection.words, &folder.name.file(ACTIONS))
    };
    load().map_err(|problems: Problems| problems.of(&folder.name))
}

/// The same before it is generated, whatever words are missing.
pub(super) fn load_unfinished(folder: &Folder) -> Result<Ready, Problems> {
    let selection = Selection::load(folder)?;
    let (_, document) = load_trim(folder, &selection)?;
    let document = corrected(document, &load_overlay(folder)?, ACTIONS)?;
    Ready::new(document, Words::Derived).map_err(|problems| problems.in_spec(ACTIONS))
}

/// The trim, which fits the selection.
fn load_trim(folder: &Folder, selection: &Selection) -> Result<(Provenance, Value), Problems> {
    let url = quoted(&selection.url(&selection.edition));
    let mut again = format!("write it with `<xtask trim> --from {url}`");
    if !selection.editions.is_empty() {
        again.push_str(&format!(
            ", and each of {} too",
            folder.name.file("spec/editions")
        ));
    }
    let text = trim_text(folder, &again)?;
    let trim = Text {
        file: &folder.name.file(ACTIONS),
        text: &text,
    };
    trim.trim_of(&selection.edition, selection, &again)
}

/// The text of the trim; `again` says how to write it.
pub(crate) fn trim_text(folder: &Folder, again: &str) -> Result<String, Problem> {
    let missing = || Problem::new("is missing").in_spec(ACTIONS).help(again);
    folder.read(ACTIONS)?.ok_or_else(missing)
}

/// The overlay of a folder; without the file, one without actions.
pub fn load_overlay(folder: &Folder) -> Result<Overlay, Problems> {
    match folder.read(OVERLAY)? {
        Some(text) => Text {
            file: &folder.name.file(OVERLAY),
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
    own(spec.trim()?, &overlay.overlay()?, words, spec.file)
}

/// What the overlay makes of the trim that it was written for, such that it can be generated.
fn own(
    (provenance, document): (Provenance, Value),
    overlay: &Overlay,
    words: Words,
    file: &str,
) -> Result<EffectiveSpec, Problems> {
    let document = corrected(document, overlay, file)?;
    if words == Words::Derived {
        overlay.check_filled().map_err(|it| it.in_spec(OVERLAY))?;
    }
    let document = ready(document, words).map_err(|problems| problems.in_file(file))?;
    Ok(EffectiveSpec {
        document,
        provenance,
    })
}

fn corrected(mut document: Value, overlay: &Overlay, file: &str) -> Result<Value, Problems> {
    let stale = overlay.apply(&mut document);
    overlay
        .check_extends(file)
        .map_err(|problem| problem.in_spec(OVERLAY))?;
    Problems::check(stale).map_err(|problems| problems.in_spec(OVERLAY))?;
    Ok(document)
}

/// Brings a corrected document into shape, and checks that it can be generated.
pub fn ready(document: Value, words: Words) -> Result<Value, Problems> {
    Ok(Ready::new(document, words)?.document)
}

/// A document in shape that can be generated.
pub(super) struct Ready {
    document: Value,
    /// What has a name, by where it stood.
    names: BTreeMap<String, Named>,
    /// The document as it was written.
    written: Value,
}

impl Ready {
    fn new(document: Value, words: Words) -> Result<Self, Problems> {
        let ready = Self::in_shape(document)?;
        match lint::meaning(&ready.document, &ready.names, words) {
            Ok(()) => Ok(ready),
            Err(problems) => Err(ready.as_written(problems)),
        }
    }

    fn in_shape(mut document: Value) -> Result<Self, Problems> {
        shape::reduce(&mut document);
        let mut shaped = Self {
            written: document.clone(),
            document,
            names: BTreeMap::new(),
        };
        lint::form(&shaped.document).map_err(|it| shaped.as_written(it))?;
        let names = shape::shape(&mut shaped.document).map_err(|it| shaped.as_written(it));
        shaped.names = names?;
        Ok(shaped)
    }

    /// Tells of problems where an author finds them.
    fn as_written(&self, problems: Problems) -> Problems {
        problems.map(|problem| {
            let problem =
                problem.moved(|at| as_written(&self.written, &before(&self.document, at)));
            problem.targeted(&self.written)
        })
    }

    /// The words of ours that are missing: by place, the JSONPath of which comes with them, what belongs
    /// there.
    pub(super) fn missing(&self) -> Vec<(String, Vec<Missing>)> {
        let mut found: Vec<(String, Vec<Missing>)> = Vec::new();
        for missing in lint::missing(&self.document, &self.names) {
            let target = target(&self.written, &as_written(&self.written, &missing.at));
            match found.iter_mut().find(|(known, _)| *known == target) {
                Some((_, all)) => all.push(missing),
                None => found.push((target, vec![missing])),
            }
        }
        found
    }
}

/// What the overlay makes of a trim that it was not written for, and which actions did not apply.
pub fn foreign(mut document: Value, overlay: &Overlay) -> Result<(Value, Vec<Problem>), Problems> {
    let notes = overlay.apply(&mut document);
    Ok((in_shape(&document)?, notes))
}

/// A corrected document in the shape that types are made of, whether it can be generated or not.
pub fn in_shape(document: &Value) -> Result<Value, Problems> {
    Ok(Ready::in_shape(document.clone())?.document)
}

/// Why operations are refused, by their `operationId`s.
pub type Refused<E> = BTreeMap<String, E>;

/// The operations that an attempt refuses; none if it takes the whole document.
pub fn refused<T, E>(document: &Value, attempt: &impl Fn(&Value) -> Result<T, E>) -> Refused<E> {
    let Err(refusal) = attempt(document) else {
        return Refused::new();
    };
    let ids: BTreeSet<_> = operations(document).iter().map(|it| it.id).collect();
    let ids: Vec<_> = ids.into_iter().collect();
    match ids[..] {
        [] => Refused::new(),
        [only] => Refused::from([(only.to_owned(), refusal)]),
        // Few of many are refused, so that halves of those that are taken are never looked at.
        _ => {
            let halves = ids.split_at(ids.len() / 2);
            let [mut found, others] = [halves.0, halves.1].map(|half| {
                let half = without(document, |id| !half.contains(&id));
                refused(&half, attempt)
            });
            found.extend(others);
            found
        }
    }
}

/// A document without operations, and what only they refer to.
pub fn without(document: &Value, is_out: impl Fn(&str) -> bool) -> Value {
    let mut rest = document.clone();
    for operation in operations(document).iter().filter(|it| is_out(it.id)) {
        if let Some(Value::Object(item)) = rest["paths"].get_mut(operation.path) {
            item.shift_remove(operation.method);
        }
    }
    shape::reduce(&mut rest);
    rest
}
