//! From syntax trees to the text of every generated file.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::Item;

use super::model::Model;
use super::names::IMPORTS;
use super::{builders, handles};

/// The files by their path below the folder.
pub type Files = BTreeMap<String, String>;

/// The first line of each of them.
pub const HEADER: &str = "// Written by `cargo xtask codegen`. Do not edit.\n";

/// How names are written that a person would import, or need not.
const LONG: [(&str, &str); 15] = [
    ("::std::option::Option", "Option"),
    ("::std::result::Result", "Result"),
    ("::std::string::String", "String"),
    ("::std::vec::Vec", "Vec"),
    ("::std::boxed::Box", "Box"),
    ("::std::convert::From", "From"),
    ("::std::convert::Into", "Into"),
    ("::std::iter::IntoIterator", "IntoIterator"),
    ("::chrono::DateTime<::chrono::offset::Utc>", "DateTime<Utc>"),
    ("::gha_core::Bytes", "Bytes"),
    ("::gha_core::UnknownValue", "UnknownValue"),
    ("::serde::Deserialize", "Deserialize"),
    ("::serde::Deserializer", "Deserializer"),
    ("::serde::Serialize", "Serialize"),
    ("::serde::Serializer", "Serializer"),
];

/// Renders every file.
pub(crate) fn render(types: &syn::File, model: &Model) -> Result<Files> {
    let mut names: Vec<_> = model.handles.iter().map(|it| it.name.as_str()).collect();
    names.push("Client");
    names.sort_unstable();
    let own: BTreeSet<_> = types.items.iter().filter_map(defined).collect();
    let none = BTreeSet::new();
    let client = text(&handles::render(model, types), &none).context("client.rs")?;
    let builders = text(&builders::render(model, types), &none).context("operations.rs")?;
    let types = text(&types.to_token_stream(), &own).context("types.rs")?;
    Ok(Files::from([
        (
            "mod.rs".to_owned(),
            format!(
                "{HEADER}\nmod client;\n#[allow(clippy::too_many_arguments, clippy::type_complexity, reason = \"operations take what the API says\")]\npub mod operations;\n#[allow(clippy::all, reason = \"typify's style\")]\npub mod types;\n\npub use client::{{{}}};\n",
                names.join(", ")
            ),
        ),
        ("client.rs".to_owned(), file("", &client, &[], |_| true)),
        (
            "operations.rs".to_owned(),
            file(
                "//! A builder for each operation: set what it may be given, then send it.\n",
                &builders,
                &names,
                |_| true,
            ),
        ),
        (
            "types.rs".to_owned(),
            file(
                "//! What operations take and answer with.\n",
                &types,
                &[],
                // Types have an `Error` of their own, say; what is theirs was not made short.
                |name| {
                    LONG.iter()
                        .any(|(_, short)| words(short).any(|it| it == name))
                        && !own.contains(name)
                },
            ),
        ),
    ]))
}

/// Names are short before lines break.
fn text(code: &TokenStream, own: &BTreeSet<String>) -> syn::Result<String> {
    let short = shortened(&code.to_string(), own);
    Ok(spaced(&prettyplease::unparse(&syn::parse_file(&short)?)))
}

/// The name of an item, if it has one.
fn defined(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !is_word(c))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Code with short names, but for those that are names of its own.
fn shortened(code: &str, own: &BTreeSet<String>) -> String {
    let mut code = code.to_owned();
    for (long, short) in LONG {
        if words(short).any(|name| own.contains(name)) {
            continue;
        }
        // As a text of tokens has it, and as attributes have it in quotes.
        let apart = long
            .replace("::", " :: ")
            .replace('<', " <")
            .replace('>', " >");
        for long in [apart.trim_start(), long] {
            let mut pieces = code.split(long);
            let mut shorter = pieces.next().unwrap_or_default().to_owned();
            for piece in pieces {
                shorter.push_str(if piece.starts_with(is_word) {
                    long
                } else {
                    short
                });
                shorter.push_str(piece);
            }
            code = shorter;
        }
    }
    code
}

/// A file with those imports that it needs and may have.
fn file(docs: &str, code: &str, handles: &[&str], may_have: impl Fn(&str) -> bool) -> String {
    let mut found = BTreeSet::new();
    mentioned(code.parse().unwrap_or_default(), &mut found);
    // A parameter may be called `types`.
    let is_used =
        |name: &str| found.contains(name) && (name != "types" || code.contains("types::"));
    let wanted = |name: &&&str| may_have(name) && is_used(name);
    let mut imports = String::new();
    for (path, names) in IMPORTS {
        let names = if path == "super::client" {
            handles
        } else {
            names
        };
        let names: Vec<_> = names.iter().filter(wanted).copied().collect();
        match &names[..] {
            [] => {}
            [name] => imports.push_str(&format!("use {path}::{name};\n")),
            names => imports.push_str(&format!("use {path}::{{{}}};\n", names.join(", "))),
        }
        // The standard library stands apart, and so does what is ours.
        if path == "std::time" || path == "serde" {
            imports.push('\n');
        }
    }
    let imports = imports.trim_start().replace("\n\n\n", "\n\n");
    let parts = [HEADER, docs, imports.trim_end(), code];
    let parts = parts.into_iter().map(str::trim_end);
    let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("\n\n") + "\n"
}

/// The names that code speaks of, but for those that follow another in a path.
fn mentioned(code: TokenStream, found: &mut BTreeSet<String>) {
    let mut before = [' '; 2];
    for token in code {
        let sign = match token {
            TokenTree::Punct(sign) => sign.as_char(),
            TokenTree::Group(group) => {
                mentioned(group.stream(), found);
                ' '
            }
            TokenTree::Ident(name) if before != [':', ':'] && before[1] != '.' => {
                found.insert(name.to_string());
                ' '
            }
            _ => ' ',
        };
        before = [before[1], sign];
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
        let ends = ["}", ");"].contains(&line.trim_start());
        after_end = indent <= 4 && (ends || line.ends_with("{}") || line.ends_with(';'));
    }
    spaced
}
