//! `cargo xtask trim`: read, trim, write, say what happened.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use super::input::Input;
use super::{SourceInfo, Trimmed, trim};
use crate::files::replace;
use crate::spec::ACTIONS;
use crate::spec::problem::{Problem, Problems};
use crate::spec::provenance::sha256;
use crate::spec::selection::Selection;

/// What the command line says.
#[derive(Clone, Debug)]
pub struct TrimOptions {
    /// A file, `-` for standard input, or an https URL.
    pub from: String,
    /// Writes `spec/editions/<name>.yaml` in place of `spec/actions.yaml`.
    pub edition: Option<String>,
}

/// Runs the command below the workspace root; the report is for people.
pub fn run(root: &Path, options: &TrimOptions, report: &mut dyn Write) -> Result<(), Problems> {
    let selection = Selection::load(root)?;
    let (edition, target) = match &options.edition {
        Some(name) => (name.as_str(), edition_file(name)?),
        None => (selection.edition.as_str(), ACTIONS.to_owned()),
    };
    let started = Instant::now();
    let input = Input::read(&options.from)
        .map_err(|problem| problem.help(format!("descriptions are at {}", selection.source)))?;
    let read = started.elapsed();
    let source = SourceInfo {
        name: input.name,
        sha256: sha256(&input.bytes),
    };
    let started = Instant::now();
    let trimmed = trim(&input.bytes, source, &selection, edition)?;
    let took = started.elapsed();

    let change = write_if_changed(root, &target, &trimmed.text)?;
    let Trimmed {
        provenance,
        operations,
        schemas,
        ..
    } = &trimmed;
    writeln!(
        report,
        "read    {} ({:.1} MB, version {}, sha256 {}) in {read:.0?}\n\
         kept    {operations} operations and {schemas} schemas, trimmed in {took:.0?}\n\
         {change:<7} {target}",
        provenance.source,
        input.bytes.len() as f64 / 1e6,
        provenance.version,
        &provenance.source_sha256[..12],
    )
    .map_err(|error| Problem::new(format!("the report cannot be written: {error}")).into())
}

/// An edition's name becomes a file name, so it holds nothing that leads elsewhere.
fn edition_file(name: &str) -> Result<String, Problem> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
        return Err(
            Problem::new(format!("`{name}` cannot be the name of an edition"))
                .help("use letters, digits, `.`, `-` and `_`, as in `ghes-3.19`"),
        );
    }
    Ok(format!("spec/editions/{name}.yaml"))
}

fn write_if_changed(root: &Path, target: &str, text: &str) -> Result<&'static str, Problem> {
    let path = root.join(target);
    let before = std::fs::read_to_string(&path).ok();
    if before
        .as_ref()
        .is_some_and(|it| it.replace("\r\n", "\n") == text)
    {
        return Ok("same");
    }
    replace(&path, text)
        .map_err(|error| Problem::new(format!("cannot be written: {error}")).in_file(target))?;
    Ok(if before.is_some() { "changed" } else { "new" })
}
