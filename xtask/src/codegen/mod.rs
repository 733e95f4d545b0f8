//! From a linted spec to the generated part of a crate: of `crates/gha-api`, unless told otherwise.

mod arguments;
mod builders;
mod files;
mod handles;
mod lists;
pub mod model;
mod names;
pub mod passes;
pub(crate) mod plain;
pub mod progenitor;
mod render;
mod syntax;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, bail, ensure};
use serde_json::Value;

use crate::spec::problem::Problems;
use crate::spec::shape::before;
use crate::spec::{self, ACTIONS, Folder, OVERLAY, quoted, shown};
use model::Model;

pub(crate) use render::render as text;
pub use render::{Files, HEADER};
pub(crate) use syntax::owner;

/// The folder that codegen writes, below the workspace root.
pub const GENERATED: &str = "crates/gha-api/src/generated";

/// What codegen reads, and where it writes.
#[derive(Clone, Debug)]
pub struct Place {
    spec: Folder,
    generated: PathBuf,
    /// What people call the folder that is written.
    name: String,
    /// The command that writes it.
    command: String,
}

impl Place {
    /// `spec` and `crates/gha-api` below the root of this workspace.
    pub fn own(root: &Path) -> Self {
        Self {
            spec: Folder::of(root),
            generated: root.join(GENERATED),
            name: GENERATED.to_owned(),
            command: "cargo xtask codegen".to_owned(),
        }
    }

    /// Any other selection, for a crate of its own.
    pub fn elsewhere(selection: &Path, package: &Path) -> Result<Self> {
        let name = shown(package);
        let typed = quoted(&name);
        let manifest = std::fs::read_to_string(package.join("Cargo.toml"));
        // Spaces and quotes may stand around the name of a table.
        let header = |line: &str| line.replace([' ', '\t', '"', '\''], "");
        let is_package = |text: &String| {
            text.lines()
                .any(|line| header(line).starts_with("[package]"))
        };
        ensure!(
            manifest.as_ref().is_ok_and(is_package),
            "{name} is no crate: it has no Cargo.toml with a `[package]`\n    \
             make one: `cargo init --lib {typed}`, then in it `cargo add gha-core chrono http serde serde_json`"
        );
        let selection_typed = quoted(&shown(selection));
        Ok(Self {
            spec: Folder::at(selection),
            generated: package.join("src/generated"),
            name: format!("{}/src/generated", name.trim_end_matches('/')),
            command: format!("cargo xtask codegen --selection {selection_typed} --out {typed}"),
        })
    }
}

/// `cargo xtask codegen`: writes what changed, or with `check` says what would and fails.
pub fn run(place: &Place, check: bool, report: &mut dyn Write) -> Result<()> {
    let start = Instant::now();
    let Place { spec, name, .. } = place;
    let effective = spec::load(spec)?;
    let (types, model) =
        generate(&effective.document).map_err(|error| match error.downcast::<Problems>() {
            Ok(problems) => problems.in_spec(ACTIONS).of(&spec.name).into(),
            Err(error) => error,
        })?;
    let files = text(&types, &model)?;
    let changes = files::changes(&place.generated, &files)?;
    let read = [ACTIONS, OVERLAY].into_iter();
    let read = read.filter(|file| spec.path_of(file).exists());
    let read: Vec<_> = read.map(|file| spec.name.file(file)).collect();
    writeln!(
        report,
        "read {}: {} operations, {} schemas",
        read.join(" and "),
        model.operations.len(),
        effective.document["components"]["schemas"]
            .as_object()
            .map_or(0, serde_json::Map::len),
    )?;
    if check {
        for change in &changes {
            write!(report, "{}", change.diff(name))?;
        }
        if !changes.is_empty() {
            bail!(
                "{name} is stale in {} of {} files; run `{}` and commit the result",
                changes.len(),
                files.len(),
                place.command
            );
        }
    } else {
        files::write(&place.generated, name, &changes)?;
        for change in &changes {
            let verb = match (&change.old, &change.new) {
                (None, _) => "added",
                (_, None) => "removed",
                _ => "changed",
            };
            writeln!(report, "{verb} {name}/{}", change.path)?;
        }
    }
    let unchanged = changes.is_empty().then_some(", none changed");
    writeln!(
        report,
        "{} files of {name} in {} ms{}",
        files.len(),
        start.elapsed().as_millis(),
        unchanged.unwrap_or_default(),
    )?;
    Ok(())
}

/// Renders every file from a document in shape.
pub fn render(document: &Value) -> Result<Files> {
    let (types, model) = generate(document)?;
    text(&types, &model)
}

/// What is generated from a document in shape, before it is text.
pub(crate) fn generate(document: &Value) -> Result<(syn::File, Model)> {
    let mut generated = progenitor::generate(document)?;
    let model = Model::new(document, &generated)?;
    passes::apply(&mut generated, &model, |_, _| {})
        .map_err(|problems| problems.map(|it| it.moved(|at| before(document, at))))?;
    Ok((generated.types, model))
}
