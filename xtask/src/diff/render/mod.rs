//! A report as text, Markdown or JSON.

mod groups;
mod json;
mod markdown;
mod text;

pub use json::json;
pub use markdown::{LIMIT, MARKER, markdown};
pub use text::text;

use super::report::{Bump, Report};
use super::rule::Severity;

/// The verdict in a line without markup.
fn verdict(report: &Report) -> String {
    let unknown = match report.unknown.len() {
        0 => String::new(),
        1 => "unknown for a reason among the notes; of the rest: ".to_owned(),
        count => format!("unknown for {count} reasons among the notes; of the rest: "),
    };
    let Some(worst) = report.verdict() else {
        return format!("{unknown}no changes");
    };
    let counts = |count: &dyn Fn(Severity) -> usize| {
        let counts: Vec<_> = Severity::ALL
            .into_iter()
            .map(|severity| (severity, count(severity)))
            .filter(|(_, count)| *count > 0)
            .map(|(severity, count)| format!("{count} {severity}"))
            .collect();
        if counts.is_empty() {
            "none".to_owned()
        } else {
            counts.join(", ")
        }
    };
    format!(
        "{unknown}{worst} (API: {}; Rust: {})",
        counts(&|severity| report.api_of(severity).count()),
        counts(&|severity| report.rust_of(severity).count()),
    )
}

/// Text from elsewhere without what moves a cursor, hides or turns other text around.
fn plain(text: &str) -> String {
    let plain = |c: char| match c {
        '"' | '\'' | '\\' => c.to_string(),
        c => c.escape_debug().to_string(),
    };
    text.chars().map(plain).collect()
}

/// The version that follows, in a clause.
fn version(bump: &Bump) -> String {
    let Bump {
        level,
        from,
        to,
        now,
    } = bump;
    let state = match () {
        () if now == from => String::new(),
        () if now >= to => format!("; {now} is enough"),
        () => format!("; {now} is too low"),
    };
    format!("{from} → {to}, a {level} release{state}")
}
