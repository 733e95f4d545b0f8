//! `cargo xtask editions`: whether the client, which is generated from one edition of the API, can
//! talk to the others.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use similar::TextDiff;

use crate::diff::api::{Change, compare};
use crate::diff::rule::{Abroad, Rule};
use crate::files;
use crate::spec::document::operations;
use crate::spec::problem::{Problem, Problems, cannot_be};
use crate::spec::selection::{NEWEST, Selection};
use crate::spec::{Folder, OVERLAY, SELECTION, Text, foreign, load, load_overlay, quoted};

/// The trims of other editions, below the workspace root.
pub const FOLDER: &str = "spec/editions";
/// The file that carries the matrix.
pub const DOCUMENT: &str = "docs/editions.md";

const START: &str = "<!-- editions:start -->";
const END: &str = "<!-- editions:end -->";
const HEADER: &str = "<!-- Written by `cargo xtask editions`. Do not edit. -->";

/// Another edition, as the client meets it.
#[derive(Clone, Debug, Default)]
pub struct Edition {
    /// What is different, by operation; an operation without differences is not in it.
    pub differences: BTreeMap<String, Vec<String>>,
    /// What makes the client fail there, each a sentence that names the operation and the rule.
    pub failures: Vec<String>,
}

/// All editions, and the one that the client is generated from.
#[derive(Clone, Debug)]
pub struct Editions {
    /// The edition that `spec/actions.yaml` is of.
    pub own: String,
    /// The `operationId`s of the client, in the order of the description.
    pub operations: Vec<String>,
    /// By the name of the edition.
    pub others: BTreeMap<String, Edition>,
    /// The releases of editions that the newest does not have any more.
    pub former: BTreeMap<String, String>,
}

/// Runs the command below the workspace root.
pub fn run(root: &Path, check: bool, report: &mut dyn Write) -> Result<()> {
    let editions = Editions::load(root)?;
    let matrix = editions.matrix();
    report.write_all(matrix.as_bytes())?;
    let failures: Vec<_> = editions
        .others
        .values()
        .flat_map(|edition| &edition.failures)
        .cloned()
        .collect();
    if !failures.is_empty() {
        bail!(
            "the client cannot talk to every edition:\n    {}\n    correct the description in {OVERLAY}, such that what is generated fits both",
            failures.join("\n    ")
        );
    }
    let old = read(root, DOCUMENT)?;
    let new = replace(&old, &matrix)?;
    if new == old {
        return Ok(());
    }
    if check {
        let diff = TextDiff::from_lines(&old, &new);
        write!(report, "{}", diff.unified_diff().header(DOCUMENT, DOCUMENT))?;
        bail!(
            "the matrix in {DOCUMENT} is stale; run `cargo xtask editions` and commit the result"
        );
    }
    files::replace(&root.join(DOCUMENT), &new)
        .with_context(|| format!("cannot write {DOCUMENT}"))?;
    writeln!(report, "changed {DOCUMENT}")?;
    Ok(())
}

/// Puts the matrix between the markers.
fn replace(document: &str, matrix: &str) -> Result<String, Problem> {
    let missing = |marker: &str| {
        Problem::new(format!("has no line `{marker}`"))
            .in_file(DOCUMENT)
            .help(format!(
                "add the lines `{START}` and `{END}` where the matrix belongs"
            ))
    };
    let (before, rest) = document.split_once(START).ok_or_else(|| missing(START))?;
    let (_, after) = rest.split_once(END).ok_or_else(|| missing(END))?;
    let text = format!("{before}{START}\n{HEADER}\n\n{matrix}\n{END}{after}");
    // A checkout with CRLF keeps it.
    Ok(if document.contains("\r\n") {
        text.replace("\r\n", "\n").replace('\n', "\r\n")
    } else {
        text
    })
}

impl Editions {
    /// Compares every edition below the workspace root with what the client is generated from.
    pub fn load(root: &Path) -> Result<Self> {
        let spec = Folder::of(root);
        let own = load(&spec)?;
        let overlay = load_overlay(&spec)?;
        let mut others = BTreeMap::new();
        let selection = Selection::load(&spec)?;
        check_files(root, &selection)?;
        for name in selection.editions.keys() {
            let file = format!("{FOLDER}/{name}.yaml");
            let text = read(root, &file)?;
            let text = Text {
                file: &file,
                text: &text,
            };
            let url = quoted(&selection.url(name));
            let again = format!("write it with `cargo xtask trim --from {url} --edition {name}`");
            let (_, trimmed) = text.trim_of(name, &selection, &again)?;
            let (document, _) =
                foreign(trimmed, &overlay).map_err(|problems| problems.in_file(&file))?;
            let changes = compare(&own.document, &document);
            others.insert(name.clone(), Edition::of(name, &changes));
        }
        let operations = operations(&own.document).into_iter();
        Ok(Self {
            own: selection.edition,
            operations: operations.map(|it| it.id.to_owned()).collect(),
            others,
            former: selection
                .editions
                .into_iter()
                .filter(|(_, release)| release != NEWEST)
                .collect(),
        })
    }

    /// One row for each operation that differs somewhere, one column for each edition, in Markdown.
    pub fn matrix(&self) -> String {
        let mut text = format!(
            "Beside `{}`, from which the client is generated:\n",
            self.own
        );
        let differs = |operation: &&String| {
            let mut editions = self.others.values();
            editions.any(|edition| edition.differences.contains_key(*operation))
        };
        let (different, same): (Vec<_>, Vec<_>) = self.operations.iter().partition(differs);
        text.push_str("\n| operation |");
        for name in self.others.keys() {
            text.push_str(&format!(" {name} |"));
        }
        text.push_str("\n|---|");
        text.push_str(&"---|".repeat(self.others.len()));
        text.push('\n');
        for operation in different {
            text.push_str(&format!("| `{operation}` |"));
            for edition in self.others.values() {
                let cell = match edition.differences.get(operation) {
                    None => "same".to_owned(),
                    Some(words) => words.join("; ").replace('|', "\\|"),
                };
                text.push_str(&format!(" {cell} |"));
            }
            text.push('\n');
        }
        if !same.is_empty() {
            let names: Vec<_> = same.iter().map(|name| format!("`{name}`")).collect();
            text.push_str(&format!("\nThe same everywhere: {}.\n", names.join(", ")));
        }
        for (name, release) in &self.former {
            text.push_str(&format!(
                "\n{name} is as of {release}, the last release of GitHub's descriptions that has it.\n"
            ));
        }
        text
    }
}

impl Edition {
    fn of(name: &str, changes: &[Change]) -> Self {
        let mut edition = Self::default();
        for change in changes {
            match change.rule.abroad() {
                Abroad::Same => {}
                Abroad::Differs => {
                    for operation in &change.operations {
                        let known = edition.differences.entry(operation.clone()).or_default();
                        known.push(difference(change));
                    }
                }
                Abroad::Fails => edition.failures.push(format!(
                    "{name}: {} at {} {}",
                    change.rule.id(),
                    change.sentence(&str::to_owned),
                    change.elsewhere(&str::to_owned),
                )),
            }
        }
        for words in edition.differences.values_mut() {
            words.sort();
            words.dedup();
        }
        edition
    }
}

/// A difference that users should know, in a clause.
fn difference(change: &Change) -> String {
    let at = match change.at.contains('`') {
        true => change.at.clone(),
        false => format!("`{}`", change.at),
    };
    let old = change.old.as_deref().unwrap_or("none");
    let new = change.new.as_deref().unwrap_or("none");
    match change.rule {
        Rule::OperationRemoved => "not there".to_owned(),
        Rule::ParameterRemoved | Rule::RequestFieldRemoved => format!("ignores {at}"),
        Rule::RequestEnumValueRemoved => format!("does not know `{old}` as {at}"),
        Rule::RequestDefaultChanged => format!("{at} is {new} if not set"),
        Rule::RequestTightened | Rule::RequestEnumIntroduced => {
            format!("takes less of {at}: {new}")
        }
        Rule::ResponseFieldRemoved | Rule::ResponseHeaderRemoved => format!("no {at}"),
        Rule::ResponseFieldAdded => format!("more than we decode: {at}"),
        Rule::ResponseEnumValueAdded => format!("{at} can be `{new}`, an unknown value"),
        _ if change.at.is_empty() => "deprecated".to_owned(),
        _ => format!("{at} deprecated"),
    }
}

/// Whether the folder has a trim of each edition that is selected, and no other.
fn check_files(root: &Path, selection: &Selection) -> Result<()> {
    let mut problems = Vec::new();
    for name in selection.editions.keys() {
        let file = format!("{FOLDER}/{name}.yaml");
        if !root.join(&file).is_file() {
            let problem = Problem::new("is missing").in_file(&file);
            problems.push(problem.help("write it with `cargo xtask sync`"));
        }
    }
    let entries =
        std::fs::read_dir(root.join(FOLDER)).with_context(|| format!("cannot read {FOLDER}"))?;
    for entry in entries {
        let name = entry
            .with_context(|| format!("cannot read {FOLDER}"))?
            .file_name();
        let Some(name) = name.to_str().and_then(|name| name.strip_suffix(".yaml")) else {
            continue;
        };
        if !selection.editions.contains_key(name) {
            let problem = Problem::new(format!("no edition of {SELECTION} is called `{name}`"));
            problems.push(
                problem
                    .in_file(&format!("{FOLDER}/{name}.yaml"))
                    .help(format!(
                        "add the line `{name}: {NEWEST}` to its editions, or remove the file"
                    )),
            );
        }
    }
    Ok(Problems::check(problems)?)
}

fn read(root: &Path, file: &str) -> Result<String, Problem> {
    std::fs::read_to_string(root.join(file)).map_err(cannot_be("read", file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_markers_is_replaced() {
        let readme = format!("a\n{START}\nold\n{END}\nb\n");
        let new = replace(&readme, "| x |\n").unwrap();
        assert_eq!(new, format!("a\n{START}\n{HEADER}\n\n| x |\n\n{END}\nb\n"));
        assert_eq!(replace(&new, "| x |\n").unwrap(), new);
        let windows = new.replace('\n', "\r\n");
        assert_eq!(replace(&windows, "| x |\n").unwrap(), windows);
    }

    #[test]
    fn missing_markers_are_an_error_that_names_them() {
        for (document, marker) in [("", START), (START, END)] {
            let problem = replace(document, "").unwrap_err().to_string();
            assert!(problem.starts_with("docs/editions.md: "), "{problem}");
            assert!(
                problem.contains(&format!("has no line `{marker}`")),
                "{problem}"
            );
        }
    }
}
