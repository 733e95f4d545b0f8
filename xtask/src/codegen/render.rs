//! From syntax trees and templates to the text of every file of the crate.

use std::collections::BTreeMap;

use super::parts::Parts;

/// The files of a crate by their path below its folder, with `/` between components.
pub type Files = BTreeMap<String, String>;

const COMMAND: &str = "cargo xtask codegen";

macro_rules! templates {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_str!(concat!("../../templates/gha-api/", $path)))),*]
    };
}

/// The hand-written part of the crate.
const TEMPLATES: [(&str, &str); 22] = templates![
    "README.md",
    "src/lib.rs",
    "src/runtime/base_url.rs",
    "src/runtime/body.rs",
    "src/runtime/browser.rs",
    "src/runtime/client.rs",
    "src/runtime/error.rs",
    "src/runtime/error_kind.rs",
    "src/runtime/http.rs",
    "src/runtime/limit.rs",
    "src/runtime/mod.rs",
    "src/runtime/native.rs",
    "src/runtime/null.rs",
    "src/runtime/open_enum.rs",
    "src/runtime/operation.rs",
    "src/runtime/request.rs",
    "src/runtime/response.rs",
    "src/runtime/signed_url.rs",
    "src/runtime/time.rs",
    "src/runtime/tls.rs",
    "src/runtime/traits.rs",
    "src/runtime/transport.rs",
];

/// Under another name, or Cargo would find two packages called `gha-api` in the repository.
const MANIFEST: (&str, &str) = (
    "Cargo.toml",
    include_str!("../../templates/gha-api/Cargo.toml.in"),
);

/// Those of the whole repository, which its packages have to carry.
const LICENSES: [(&str, &str); 2] = [
    ("LICENSE-APACHE", include_str!("../../../LICENSE-APACHE")),
    ("LICENSE-MIT", include_str!("../../../LICENSE-MIT")),
];

/// Renders every file.
pub(super) fn render(parts: &Parts) -> Files {
    let generated = [
        (
            "src/types.rs",
            "//! What operations take and answer with.\n",
            &parts.types,
        ),
        ("src/operations.rs", "", &parts.operations),
        (
            "src/builder.rs",
            "//! A builder for each operation: set its parameters, then send it.\n",
            &parts.builder,
        ),
    ];
    let templates = TEMPLATES.iter().chain([&MANIFEST]);
    let templates = templates.map(|(path, text)| ((*path).to_owned(), headed(path, text)));
    let generated = generated.into_iter().map(|(path, docs, file)| {
        let code = spaced(&prettyplease::unparse(file));
        (path.to_owned(), headed(path, &format!("{docs}\n{code}")))
    });
    let licenses = LICENSES.map(|(path, text)| (path.to_owned(), text.to_owned()));
    licenses
        .into_iter()
        .chain(templates)
        .chain(generated)
        .collect()
}

/// Names the command that writes the file, as a comment of its language.
fn headed(path: &str, text: &str) -> String {
    let text = text.trim_start();
    match path.rsplit('.').next() {
        Some("md") => format!("<!-- Written by `{COMMAND}`. Do not edit. -->\n\n{text}"),
        Some("toml") => format!("# Written by `{COMMAND}`. Do not edit.\n\n{text}"),
        _ => format!("// Written by `{COMMAND}`. Do not edit.\n\n{text}"),
    }
}

/// Blank lines between items and methods, which prettyplease leaves out.
fn spaced(code: &str) -> String {
    let mut spaced = String::with_capacity(code.len() + code.len() / 32);
    let mut after_end = false;
    for line in code.lines() {
        let indent = line.len() - line.trim_start().len();
        let closes = line.trim_start().starts_with(['}', ')']);
        if after_end && !closes {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        after_end = indent <= 4 && line.trim_start() == "}";
    }
    spaced
}
