//! From a linted spec to the files of `crates/gha-api`.

mod files;
mod generate;
pub mod model;
pub mod parts;
pub mod passes;
mod render;

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::spec::problem::Problem;
use crate::spec::{self, ACTIONS};
use model::Model;
use parts::Parts;

pub use render::Files;

/// The crate that codegen writes, below the workspace root.
pub const CRATE: &str = "crates/gha-api";

/// `cargo xtask codegen`: writes what changed, or with `check` says what would and fails.
pub fn run(root: &Path, check: bool, report: &mut dyn Write) -> Result<()> {
    let start = Instant::now();
    let effective = spec::load(root)?;
    let model = Model::new(&effective.document);
    let files = render(&effective.document)?;
    let folder = root.join(CRATE);
    let changes = files::changes(&folder, &files)?;
    writeln!(
        report,
        "read {ACTIONS} and {}: {} operations, {} schemas",
        spec::overlay::FILE,
        model.operations.len(),
        effective.document["components"]["schemas"]
            .as_object()
            .map_or(0, serde_json::Map::len),
    )?;
    if check {
        for change in &changes {
            write!(report, "{}", change.diff(CRATE))?;
        }
        if !changes.is_empty() {
            bail!(
                "{CRATE} is stale in {} of {} files; run `cargo xtask codegen` and commit the result",
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
            writeln!(report, "{verb} {CRATE}/{}", change.path)?;
        }
    }
    let unchanged = if changes.is_empty() {
        ", none changed"
    } else {
        ""
    };
    writeln!(
        report,
        "{} files of {CRATE} in {} ms{unchanged}",
        files.len(),
        start.elapsed().as_millis()
    )?;
    Ok(())
}

/// Renders every file of the crate from a linted document.
pub fn render(document: &Value) -> Result<Files> {
    check_error_body(document)?;
    let mut parts = generated(document)?;
    passes::apply(&mut parts, Model::new(document))
        .context("cannot rewrite what progenitor generated")?;
    Ok(render::render(&parts))
}

/// What progenitor generates from a linted document, before any pass.
pub fn generated(document: &Value) -> Result<Parts> {
    Parts::split(generate::generate(document)?)
}

/// The runtime's errors read these properties of the one error body.
fn check_error_body(document: &Value) -> Result<(), Problem> {
    const AT: &str = "/components/schemas/ApiError";
    for property in ["message", "documentation_url", "error"] {
        let at = format!("{AT}/properties/{property}");
        if document
            .pointer(&at)
            .is_none_or(|it| it["type"] != "string")
        {
            return Err(
                Problem::new(format!("`ApiError` has no text property `{property}`"))
                    .in_file(ACTIONS)
                    .at(AT)
                    .help("every error carries an `ApiError`: add it in spec/overlay.yaml"),
            );
        }
    }
    Ok(())
}
