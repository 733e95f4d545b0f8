//! From a linted spec to the generated part of `crates/gha-api`.

mod arguments;
mod builders;
mod files;
mod handles;
pub mod model;
mod names;
pub mod passes;
pub(crate) mod plain;
pub mod progenitor;
mod render;
mod syntax;

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, bail};
use serde_json::Value;

use crate::spec::{self, ACTIONS};
use model::Model;

pub use render::Files;
pub(crate) use render::render as text;
pub(crate) use syntax::owner;

/// The folder that codegen writes, below the workspace root.
pub const GENERATED: &str = "crates/gha-api/src/generated";

/// `cargo xtask codegen`: writes what changed, or with `check` says what would and fails.
pub fn run(root: &Path, check: bool, report: &mut dyn Write) -> Result<()> {
    let start = Instant::now();
    let effective = spec::load(root)?;
    let (types, model) = generate(&effective.document)?;
    let files = text(&types, &model)?;
    let folder = root.join(GENERATED);
    let changes = files::changes(&folder, &files)?;
    writeln!(
        report,
        "read {ACTIONS} and {}: {} operations, {} schemas",
        spec::OVERLAY,
        model.operations.len(),
        effective.document["components"]["schemas"]
            .as_object()
            .map_or(0, serde_json::Map::len),
    )?;
    if check {
        for change in &changes {
            write!(report, "{}", change.diff(GENERATED))?;
        }
        if !changes.is_empty() {
            bail!(
                "{GENERATED} is stale in {} of {} files; run `cargo xtask codegen` and commit the result",
                changes.len(),
                files.len()
            );
        }
    } else {
        files::write(&folder, &changes)?;
        for change in &changes {
            let verb = match (&change.old, &change.new) {
                (None, _) => "added",
                (_, None) => "removed",
                _ => "changed",
            };
            writeln!(report, "{verb} {GENERATED}/{}", change.path)?;
        }
    }
    let unchanged = changes.is_empty().then_some(", none changed");
    writeln!(
        report,
        "{} files of {GENERATED} in {} ms{}",
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
    passes::apply(&mut generated, &model, |_, _| {})?;
    Ok((generated.types, model))
}
