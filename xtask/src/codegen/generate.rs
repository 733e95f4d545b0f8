//! From a linted document to progenitor's syntax tree.

use std::panic::{self, AssertUnwindSafe};

use openapiv3::OpenAPI;
use proc_macro2::{Group, TokenStream, TokenTree};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::Value;

use crate::spec::ACTIONS;
use crate::spec::problem::Problem;

/// Runs progenitor; its errors and panics become a problem that names the operation.
pub(super) fn generate(document: &Value) -> Result<syn::File, Problem> {
    attempt(document).map_err(|message| {
        let pointer = culprit(document).unwrap_or_default();
        Problem::new(format!("progenitor cannot generate this: {message}"))
            .in_file(ACTIONS)
            .at(pointer)
            .help("correct the description with an action in spec/overlay.yaml")
    })
}

fn attempt(document: &Value) -> Result<syn::File, String> {
    let document: OpenAPI =
        serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_derive("PartialEq");
    let mut tokens = quietly(|| Generator::new(&settings).generate_tokens(&document))?
        .map_err(|error| error.to_string())?;
    let sends_bodies = document
        .operations()
        .any(|(_, _, operation)| operation.request_body.is_some());
    if !sends_bodies {
        tokens = without_module(tokens, &["types", "builder"]);
    }
    syn::parse2(tokens).map_err(|error| format!("its output is no Rust: {error}"))
}

/// Leaves out a module before it is parsed. Builders of types that are never sent are a third of the
/// output, and parsing takes most of the time.
fn without_module(tokens: TokenStream, path: &[&str]) -> TokenStream {
    let Some((name, below)) = path.split_first() else {
        return TokenStream::new();
    };
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let is_module = matches!(&kept[..], [.., TokenTree::Ident(keyword), TokenTree::Ident(ident)]
            if *keyword == "mod" && *ident == name);
        kept.push(match token {
            TokenTree::Group(group) if is_module => {
                Group::new(group.delimiter(), without_module(group.stream(), below)).into()
            }
            other => other,
        });
    }
    kept.into_iter().collect()
}

/// The message of a panic, without the one that the panic hook prints.
fn quietly<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let result = panic::catch_unwind(AssertUnwindSafe(f));
    panic::set_hook(hook);
    result.map_err(|panic| {
        panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "it panicked".to_owned())
    })
}

/// The JSON pointer of the first operation, or else component, that fails alone.
fn culprit(document: &Value) -> Option<String> {
    let without_paths = with(document, "/paths", Value::Object(serde_json::Map::new()));
    if attempt(&without_paths).is_err() {
        return Some("/components/schemas".to_owned());
    }
    for (path, item) in document["paths"].as_object()? {
        for (method, _) in item.as_object()? {
            if method == "parameters" {
                continue;
            }
            let mut alone = item.clone();
            alone
                .as_object_mut()?
                .retain(|key, _| key == method || key == "parameters");
            let paths = serde_json::json!({ path: alone });
            if attempt(&with(document, "/paths", paths)).is_err() {
                let path = path.replace('~', "~0").replace('/', "~1");
                return Some(format!("/paths/{path}/{method}"));
            }
        }
    }
    None
}

fn with(document: &Value, pointer: &str, value: Value) -> Value {
    let mut document = document.clone();
    if let Some(target) = document.pointer_mut(pointer) {
        *target = value;
    }
    document
}
