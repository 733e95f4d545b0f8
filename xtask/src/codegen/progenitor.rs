//! From a linted document to what progenitor makes of it: types, those of values that operations take and
//! answer with among them. The operations themselves are ours.

use std::collections::BTreeMap;
use std::sync::Once;
use std::{panic, thread};

use anyhow::{Context as _, Result};
use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator};
use quote::format_ident;
use serde_json::{Map, Value, json};
use syn::visit_mut::{self, VisitMut};
use syn::{Field, Ident, Item, Type, parse_quote};

use super::plain::Plain;
use super::syntax::{fields, owner};
use crate::spec::document::{entries, operations};
use crate::spec::openapi::{Holds, METHODS, each, referred};
use crate::spec::pointer::Pointer;
use crate::spec::problem::{Problem, Problems};
use crate::spec::shape::before;

/// What progenitor generated.
#[derive(Debug, Clone)]
pub struct Generated {
    /// Structs and enums of the description.
    pub types: syn::File,
    /// Of each value that operations take or answer with, by its field.
    pub(super) signatures: BTreeMap<String, Type>,
    /// What it was generated from.
    pub(super) plain: Plain,
}

/// Runs progenitor on a document in shape; its errors and panics become a problem that names the
/// operation.
pub fn generate(document: &Value) -> Result<Generated> {
    let plain = Plain::of(document);
    let file = attempt(&plain.document).map_err(|message| {
        let pointer = culprit(document).unwrap_or_default();
        let problem = Problem::new(format!("progenitor cannot generate this: {message}"));
        Problems::from(
            problem
                .at(pointer)
                .help("correct the description with an action in <overlay>"),
        )
    })?;
    read(file, plain)
}

fn attempt(document: &Value) -> Result<syn::File, String> {
    let document: OpenAPI =
        serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
    // Tokens belong to the thread that made them; text does not.
    let code = caught(|| {
        let mut settings = GenerationSettings::new();
        settings.with_derive("PartialEq");
        let tokens = Generator::new(&settings).generate_tokens(&document);
        tokens.map(|tokens| tokens.to_string())
    })?
    .map_err(|error| error.to_string())?;
    syn::parse_str(&code).map_err(|error| format!("its output is no Rust: {error}"))
}

/// The name of the thread on which progenitor runs.
const THREAD: &str = "progenitor";
/// typify walks schemas recursively.
const STACK: usize = 256 << 20;

/// The message of a panic; the thread has a name, so that the hook knows which panics not to print.
fn caught<T: Send>(f: impl FnOnce() -> T + Send) -> Result<T, String> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let print = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if thread::current().name() != Some(THREAD) {
                print(info);
            }
        }));
    });
    thread::scope(|scope| {
        let thread = thread::Builder::new().name(THREAD.to_owned());
        let thread = thread.stack_size(STACK).spawn_scoped(scope, f);
        let thread = thread.map_err(|error| format!("no thread can be started: {error}"))?;
        thread.join().map_err(|panic| {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            text.or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_else(|| "it panicked".to_owned())
        })
    })
}

/// The JSON pointer of the first component, or else operation, that fails alone.
fn culprit(document: &Value) -> Option<String> {
    let schemas = document.pointer("/components/schemas")?;
    let fails = |paths: Value, components: Value| {
        let mut alone = document.clone();
        alone["paths"] = paths;
        alone["components"]["schemas"] = components;
        attempt(&Plain::of(&alone).document).is_err()
    };
    if fails(json!({}), schemas.clone()) {
        let needs = |name: &str| Value::Object(needed(schemas, name));
        let mut names = entries(schemas).map(|(name, _)| name);
        let name = names.find(|name| fails(json!({}), needs(name)))?;
        let at = Pointer::new("/components/schemas").join(name);
        return Some(before(document, &at));
    }
    operations(document).into_iter().find_map(|operation| {
        let mut item = operation.item.value.clone();
        item.as_object_mut()?
            .retain(|key, _| key == operation.method || !METHODS.contains(&key.as_str()));
        let is_it = fails(json!({ operation.path: item }), schemas.clone());
        is_it.then_some(operation.own.pointer)
    })
}

/// A component and all that it refers to.
fn needed(schemas: &Value, name: &str) -> Map<String, Value> {
    let mut found = Map::new();
    let mut open = vec![name.to_owned()];
    while let Some(name) = open.pop() {
        if let (false, Some(schema)) = (found.contains_key(&name), schemas.get(&name)) {
            each(Holds::SCHEMA, schema, |node| {
                open.extend(referred(node.value).map(str::to_owned));
            });
            found.insert(name, schema.clone());
        }
    }
    found
}

/// Renames what typify calls `gen`, a keyword since Rust 2024.
struct Keyword;

impl VisitMut for Keyword {
    fn visit_ident_mut(&mut self, name: &mut Ident) {
        if name == "gen" {
            *name = format_ident!("gen_");
        }
    }

    fn visit_field_mut(&mut self, field: &mut Field) {
        if field.ident.as_ref().is_some_and(|name| name == "gen") {
            field.attrs.push(parse_quote!(#[serde(rename = "gen")]));
        }
        visit_mut::visit_field_mut(self, field);
    }
}

/// Takes the module `types`, and out of it the struct that stands for operations. All else stays behind.
fn read(file: syn::File, plain: Plain) -> Result<Generated> {
    let mut modules = file.items.into_iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content,
        _ => None,
    });
    let (_, mut items) = modules
        .next()
        .context("progenitor's output has no module `types`")?;
    let mut signatures = BTreeMap::new();
    items.retain(|item| {
        if owner(item) != plain.signatures {
            return true;
        }
        if let Item::Struct(item) = item {
            let types = fields(item).map(|(name, ty)| (name.to_string(), ty.clone()));
            signatures.extend(types);
        }
        false
    });
    let mut types = syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items,
    };
    Keyword.visit_file_mut(&mut types);
    Ok(Generated {
        types,
        signatures,
        plain,
    })
}
