//! `cargo xtask trim`: read, trim, write, say what happened.

use std::io::Write;
use std::time::Instant;

use super::input::read;
use super::{Description, Trimmed, trim_read};
use crate::spec::problem::{Problem, Problems};
use crate::spec::provenance::verify;
use crate::spec::selection::Selection;
use crate::spec::yaml;
use crate::spec::{ACTIONS, Folder};

/// What the command line says.
#[derive(Clone, Debug)]
pub struct TrimOptions {
    /// A file, `-` for standard input, or an https URL.
    pub from: String,
    /// Writes `spec/editions/<name>.yaml` in place of `spec/actions.yaml`.
    pub edition: Option<String>,
}

/// A trim that is not written yet.
pub(crate) struct Pending {
    target: String,
    trimmed: Trimmed,
    /// What was read, for people.
    words: String,
}

/// Runs the command on a folder; the report is for people.
pub fn run(folder: &Folder, options: &TrimOptions, report: &mut dyn Write) -> Result<(), Problems> {
    let mut run = || {
        let selection = Selection::load(folder)?;
        Ok(prepare(folder, &selection, options)?.write(folder, report)?)
    };
    run().map_err(|problems: Problems| problems.of(&folder.name))
}

/// Reads and trims, and writes nothing.
pub(crate) fn prepare(
    folder: &Folder,
    selection: &Selection,
    options: &TrimOptions,
) -> Result<Pending, Problems> {
    let (edition, target) = match &options.edition {
        Some(name) => (name.as_str(), edition_file(name)?),
        None => (selection.edition.as_str(), ACTIONS.to_owned()),
    };
    let started = Instant::now();
    let (name, input) = read(&options.from).map_err(|problem| {
        let place = selection.url(edition);
        problem.help(match options.from == place {
            true => "where there is no network, `cargo xtask sync --from FOLDER` reads copies, and `trim` one".to_owned(),
            false => format!("it is published as {place}"),
        })
    })?;
    let read_in = started.elapsed();
    let started = Instant::now();
    let description = Description::read(&name, &input)?;
    let is_other = options.edition.is_some();
    if !is_other {
        description.check_edition(edition)?;
    }
    let trimmed = trim_read(&description, &input, selection, edition, is_other)?;
    let took = started.elapsed();
    if !is_other {
        same_server(folder, &trimmed.text)?;
    }

    let Trimmed {
        provenance,
        operations,
        schemas,
        absent,
        ..
    } = &trimmed;
    let absent: String = absent
        .iter()
        .map(|name| format!("\nabsent  {name}"))
        .collect();
    let words = format!(
        "read    {} ({:.1} MB, version {}, sha256 {}) in {read_in:.0?}\n\
         kept    {operations} operations and {schemas} schemas, trimmed in {took:.0?}{absent}",
        provenance.source,
        input.len() as f64 / 1e6,
        provenance.version,
        &provenance.source_sha256[..12],
    );
    Ok(Pending {
        target,
        trimmed,
        words,
    })
}

impl Pending {
    pub(crate) fn write(&self, folder: &Folder, report: &mut dyn Write) -> Result<(), Problem> {
        let words = &self.words;
        let change = write_if_changed(folder, &self.target, &self.trimmed.text)?;
        let target = folder.name.file(&self.target);
        writeln!(report, "{words}\n{change:<7} {target}")
            .map_err(|error| Problem::new(format!("the report cannot be written: {error}")))
    }
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

/// Refuses to overwrite the trim that the client is generated from with that of another server.
fn same_server(folder: &Folder, text: &str) -> Result<(), Problem> {
    let servers = |text: &str| {
        let (_, body) = verify(text).ok()?;
        Some(yaml::parse(&body).ok()?["servers"].to_string())
    };
    let old = folder.read(ACTIONS)?;
    let old = old.and_then(|old| servers(&old));
    if old.is_none() || old == servers(text) {
        return Ok(());
    }
    let problem = Problem::new("is a trim of what another server offers");
    Err(problem.in_spec(ACTIONS).at("/servers").help(
        "to trim another edition, add `--edition NAME`; if the server moved, delete the file first",
    ))
}

fn write_if_changed(folder: &Folder, target: &str, text: &str) -> Result<&'static str, Problem> {
    let before = folder.read(target)?;
    if before
        .as_ref()
        .is_some_and(|it| it.replace("\r\n", "\n") == text)
    {
        return Ok("same");
    }
    folder.write(target, text)?;
    Ok(if before.is_some() { "changed" } else { "new" })
}
