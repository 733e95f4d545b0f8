//! What a comparison found, and what follows from it.

use serde::Serialize;

use super::api::{self, Change};
use super::rule::{Rule, Severity};
use super::rust::{self, RustChange};
use super::snapshot::{Place, Snapshot, Stale};
use super::version::{Level, Version};
use crate::spec::Refused;

/// The version that follows from the changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bump {
    /// Which part goes up.
    pub level: Level,
    /// The version of the old one.
    pub from: Version,
    /// The lowest version that tells users the truth.
    pub to: Version,
    /// The version of the new one.
    pub now: Version,
}

/// Everything that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What is compared.
    pub old: String,
    /// What it is compared with.
    pub new: String,
    /// Changes of the API, the worst first.
    pub api: Vec<Change>,
    /// Changes of the public items of the generated crate, the worst first.
    pub rust: Vec<RustChange>,
    /// Nothing if nothing changed, or if the workspace names no version.
    pub bump: Option<Bump>,
    /// What could not be compared, and why: whatever was found, there may be more.
    pub unknown: Vec<String>,
    /// How the generated crate at the new end differs from what codegen makes of the description there.
    pub stale: Option<Stale>,
    /// What people call the overlay at the new end.
    pub overlay: String,
    /// The crate whose public items they are, where it is one of this workspace.
    pub package: Option<&'static str>,
    /// Actions of the overlay that do not apply at the new end.
    pub idle: Vec<String>,
    /// What else the reader should know.
    pub notes: Vec<String>,
}

/// What a reader does next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// A sentence, with names in backticks.
    pub text: String,
    /// What to type, or to write into the overlay; empty if the sentence has it.
    pub code: String,
}

impl Report {
    pub(super) fn of(place: &Place<'_>, ends: &[Snapshot; 2]) -> Self {
        let [old, new] = ends;
        let mut unknown = Vec::new();
        for end in ends {
            let refusal = end.refusal.as_ref();
            unknown.extend(refusal.map(|it| format!("codegen refuses {}: {it}", end.label)));
        }
        let mut out = Refused::new();
        let mut known = ends.each_ref().map(|end| end.known(&out));
        // Each operation that is refused costs itself alone.
        if known.iter().any(|(a, b)| a.is_err() || b.is_err()) {
            for (operation, reason) in ends.iter().flat_map(Snapshot::refused) {
                let words = format!("{operation} is not compared: {reason}");
                // A file that is compared with itself says so twice.
                if !unknown.contains(&words) {
                    unknown.push(words);
                }
                out.insert(operation, reason);
            }
            known = ends.each_ref().map(|end| end.known(&out));
        }
        let [(a, old_items), (b, new_items)] = known;
        let api = match both("the API is", [&a, &b], &mut unknown) {
            Some([a, b]) => api::compare(a, b),
            None => Vec::new(),
        };
        let rust = match both("the Rust items are", [&old_items, &new_items], &mut unknown) {
            Some([a, b]) => rust::compare(a, b),
            None => Vec::new(),
        };
        let idle = old.idle.iter();
        let idle = idle.map(|problem| format!("{}: {problem}", old.label));
        let notes = unknown.iter().cloned().chain(idle);
        let mut report = Self {
            old: old.label.clone(),
            new: new.label.clone(),
            api,
            rust,
            bump: None,
            notes: notes
                .chain(old.notes.clone())
                .chain(new.notes.clone())
                .collect(),
            unknown,
            stale: new.stale.clone(),
            overlay: place.overlay(),
            package: place.is_own.then_some("gha-api"),
            idle: new.idle.clone(),
        };
        let is_known = report.unknown.is_empty() || report.verdict() == Some(Severity::Breaking);
        if let (true, Some(severity), Some(from), Some(now)) =
            (is_known, report.verdict(), &old.version, &new.version)
        {
            let level = Level::of(from, severity);
            report.bump = Some(Bump {
                level,
                from: from.clone(),
                to: level.after(from),
                now: now.clone(),
            });
        }
        report
    }

    /// The worst of all changes that were found; `None` if there are none.
    pub fn verdict(&self) -> Option<Severity> {
        let api = self.api.iter().map(Change::severity);
        let rust = self.rust.iter().map(|change| change.severity);
        api.chain(rust).min()
    }

    /// What to do about it, the most urgent first; never empty.
    pub fn next(&self) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut step = |text: String, code: String| steps.push(Step { text, code });
        if !self.unknown.is_empty() {
            step(
                "Mend what codegen refuses or nobody can read; until then there may be more than is said above:"
                    .to_owned(),
                self.unknown.join("\n"),
            );
        }
        let how = self.stale.as_ref().map(|stale| match stale {
            Stale::Items(count) => format!(
                "stale in {count} public item{}, and what is said of Rust above is of the stale one.",
                if *count == 1 { "" } else { "s" }
            ),
            Stale::Text => "not as it was written, though every public item is the same. Was it formatted or edited?".to_owned(),
        });
        if let Some(how) = how {
            let text = "Run `cargo xtask codegen` and commit what it writes: the crate is ";
            step(text.to_owned() + &how, String::new());
        }
        // What codegen refuses may have them among it.
        let is_told = |idle: &&String| self.unknown.iter().any(|it| it.contains(*idle));
        let idle: Vec<_> = self
            .idle
            .iter()
            .filter(|it| !is_told(it))
            .cloned()
            .collect();
        if !idle.is_empty() {
            let overlay = &self.overlay;
            let text = format!("Drop or correct what does not apply any more in `{overlay}`:");
            step(text, idle.join("\n"));
        }
        let actions = self.api.iter().filter_map(|change| change.action.clone());
        let actions: Vec<_> = actions.collect();
        if !actions.is_empty() {
            let overlay = &self.overlay;
            let text = format!("To keep arguments as they are, write into `{overlay}`:");
            step(text, actions.join("\n"));
        }
        let verdict = self.verdict();
        if verdict == Some(Severity::Breaking) && self.package.is_some() {
            let text =
                "Give the pull request the label `breaking-change`, without which its checks fail.";
            step(text.to_owned(), String::new());
        }
        if let Some(Severity::Breaking | Severity::Additive) = verdict {
            let version = match &self.bump {
                None => String::new(),
                Some(Bump { to, now, .. }) if now >= to => {
                    format!(" It goes out with version {now}, which `Cargo.toml` has already.")
                }
                Some(Bump { level, to, now, .. }) => format!(
                    " It goes out with version {to}, a {level} release; `Cargo.toml` has {now}."
                ),
            };
            let text = format!("Tell users in `CHANGELOG.md`.{version}");
            step(text, String::new());
        }
        if steps.is_empty() {
            let text = "Nothing: no user notices.".to_owned();
            let code = String::new();
            steps.push(Step { text, code });
        }
        steps
    }

    /// The changes of the API that have a severity.
    pub fn api_of(&self, severity: Severity) -> impl Iterator<Item = &Change> {
        self.api
            .iter()
            .filter(move |change| change.severity() == severity)
    }

    /// The changes of public items that have a severity.
    pub fn rust_of(&self, severity: Severity) -> impl Iterator<Item = &RustChange> {
        self.rust
            .iter()
            .filter(move |change| change.severity == severity)
    }
}

impl Change {
    /// Where it happened, in one phrase.
    pub fn place(&self) -> String {
        let operations: Vec<_> = self.operations.iter().map(String::as_str).collect();
        match (self.at.as_str(), operations.as_slice()) {
            ("", operations) => operations.join(", "),
            // A component has a place of its own; all else is a part of its operations.
            (at, []) => at.to_owned(),
            (at, [only]) if !self.pointer.starts_with("/components/schemas/") => {
                format!("{only}: {at}")
            }
            (at, _) => at.to_owned(),
        }
    }

    /// What became of what.
    pub fn transition(&self) -> String {
        transition(self.old.as_deref(), self.new.as_deref(), &str::to_owned)
    }

    /// Where it happened, with quoted names: the operations, if it is about them as a whole.
    pub fn places(&self, quote: &dyn Fn(&str) -> String) -> Vec<String> {
        match self.at.is_empty() {
            true => self.operations.iter().map(|name| quote(name)).collect(),
            false => vec![quote(&self.place())],
        }
    }

    /// Where and what, with quoted names.
    pub fn sentence(&self, quote: &dyn Fn(&str) -> String) -> String {
        let (old, new) = (self.old.as_deref(), self.new.as_deref());
        let is_one = self.operations.len() == 1;
        let verb = |one: &str, many: &str| format!(" {}", if is_one { one } else { many });
        let what = match (self.rule, old, new) {
            (Rule::RedirectGained, ..) => verb("redirects now", "redirect now"),
            (Rule::RedirectLost, ..) => verb("redirects no longer", "redirect no longer"),
            (Rule::PaginationGained, ..) => verb("comes in pages now", "come in pages now"),
            (Rule::PaginationLost, ..) => verb("comes in one piece now", "come in one piece now"),
            (Rule::OperationDeprecated, ..) => verb("is deprecated", "are deprecated"),
            (Rule::OperationUndeprecated, ..) => {
                verb("is not deprecated any more", "are not deprecated any more")
            }
            (rule, None, None) => format!(": {}", rule.id().replace('-', " ")),
            (_, old, new) => format!(": {}", transition(old, new, quote)),
        };
        some(&self.places(quote)) + &what
    }

    /// The operations that the [`sentence`](Self::sentence) does not name, quoted.
    pub fn elsewhere(&self, quote: &dyn Fn(&str) -> String) -> String {
        if self.at.is_empty() || self.operations.is_empty() || self.place() != self.at {
            return String::new();
        }
        let operations: Vec<_> = self.operations.iter().map(|name| quote(name)).collect();
        format!("in {}", some(&operations))
    }
}

impl RustChange {
    /// What became of what, with quoted types and signatures.
    pub fn what(&self, quote: &dyn Fn(&str) -> String) -> String {
        let (old, new) = (self.old.as_deref(), self.new.as_deref());
        let members = match self.members {
            0 => String::new(),
            1 => ", with 1 member".to_owned(),
            count => format!(", with {count} members"),
        };
        let becomes = transition(old, new, quote);
        match (old, new) {
            (Some(a), Some(b)) if rust::kind(a) != rust::kind(b) => {
                format!("{becomes}{members}: the name stays, what it names is something else")
            }
            _ => becomes + &members,
        }
    }
}

/// What both ends know, or else why one of them does not.
fn both<'a, T>(
    what: &str,
    ends: [&'a Result<T, String>; 2],
    unknown: &mut Vec<String>,
) -> Option<[&'a T; 2]> {
    if let [Ok(old), Ok(new)] = ends {
        return Some([old, new]);
    }
    for reason in ends.into_iter().filter_map(|end| end.as_ref().err()) {
        // One reason may cost both the API and what codegen would make of it.
        if !unknown.iter().any(|it| it.ends_with(reason)) {
            unknown.push(format!("{what} not compared: {reason}"));
        }
    }
    None
}

/// The first of some names, and how many there are besides.
pub(super) fn some(names: &[String]) -> String {
    match names.len() {
        // One name is no longer than the words that would stand for it.
        ..=4 => names.join(", "),
        count => format!("{} and {} more", names[..3].join(", "), count - 3),
    }
}

fn transition(old: Option<&str>, new: Option<&str>, quote: &dyn Fn(&str) -> String) -> String {
    // What sort of item came or went is a word, and no code.
    let quote = |text: &str| match text {
        "enum" | "struct" | "variant" => text.to_owned(),
        text => quote(text),
    };
    match (old, new) {
        (None, None) => String::new(),
        (Some(""), None) => "removed".to_owned(),
        (None, Some("")) => "added".to_owned(),
        (Some(old), None) => format!("{} removed", quote(old)),
        (None, Some(new)) => format!("{} added", quote(new)),
        (Some(old), Some(new)) => format!("{} → {}", quote(old), quote(new)),
    }
}
