//! From a linted document to what progenitor makes of it: types, and a signature for each operation.
//!
//! Its positional interface says all that we need in one place: what an operation takes and what it
//! answers with. The builders around that are ours.

use std::collections::BTreeMap;
use std::sync::Once;
use std::{panic, thread};

use anyhow::{Context as _, Result};
use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::Value;
use syn::{FnArg, ImplItem, Item, Pat, ReturnType, Type};

use super::syntax::argument_of;
use crate::spec::ACTIONS;
use crate::spec::document::operations;
use crate::spec::openapi::METHODS;
use crate::spec::problem::Problem;

/// What progenitor generated.
#[derive(Debug, Clone)]
pub struct Generated {
    /// Structs and enums of the description.
    pub types: syn::File,
    /// Each operation by its name.
    pub signatures: BTreeMap<String, Signature>,
}

/// What an operation takes and gives, as Rust types.
#[derive(Debug, Clone)]
pub struct Signature {
    /// The types of its parameters by name; that of the body is `body`.
    pub parameters: BTreeMap<String, Type>,
    /// What a success decodes to.
    pub answer: Type,
}

/// Runs progenitor; its errors and panics become a problem that names the operation.
pub fn generate(document: &Value) -> Result<Generated> {
    let file = attempt(document).map_err(|message| {
        let pointer = culprit(document).unwrap_or_default();
        Problem::new(format!("progenitor cannot generate this: {message}"))
            .in_file(ACTIONS)
            .at(pointer)
            .help("correct the description with an action in spec/overlay.yaml")
    })?;
    read(file)
}

fn attempt(document: &Value) -> Result<syn::File, String> {
    let document: OpenAPI =
        serde_json::from_value(document.clone()).map_err(|error| error.to_string())?;
    // Tokens belong to the thread that made them; text does not.
    let code = caught(|| {
        let mut settings = GenerationSettings::new();
        settings
            .with_interface(InterfaceStyle::Positional)
            .with_derive("PartialEq");
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

/// The JSON pointer of the first operation, or else component, that fails alone.
fn culprit(document: &Value) -> Option<String> {
    let without_paths = with(document, "/paths", Value::Object(serde_json::Map::new()));
    if attempt(&without_paths).is_err() {
        return Some("/components/schemas".to_owned());
    }
    operations(document).into_iter().find_map(|operation| {
        let mut alone = operation.item.value.clone();
        let object = alone.as_object_mut()?;
        object.retain(|key, _| key == operation.method || !METHODS.contains(&key.as_str()));
        let paths = serde_json::json!({ operation.path: alone });
        attempt(&with(document, "/paths", paths)).err()?;
        Some(operation.own.pointer)
    })
}

fn with(document: &Value, pointer: &str, value: Value) -> Value {
    let mut document = document.clone();
    if let Some(target) = document.pointer_mut(pointer) {
        *target = value;
    }
    document
}

/// Takes the module `types`, and the signatures of the client's methods. All else stays behind.
fn read(file: syn::File) -> Result<Generated> {
    let mut types = None;
    let mut signatures = BTreeMap::new();
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                types = module.content.map(|(_, items)| items);
            }
            Item::Impl(block) if block.trait_.is_none() => {
                for item in block.items {
                    if let ImplItem::Fn(function) = item
                        && function.sig.receiver().is_some()
                    {
                        let name = plain(&function.sig.ident);
                        let signature = signature(&function.sig)
                            .with_context(|| format!("progenitor's method `{name}`"))?;
                        signatures.insert(name, signature);
                    }
                }
            }
            _ => {}
        }
    }
    let types = types.context("progenitor's output has no module `types`")?;
    Ok(Generated {
        types: syn::File {
            shebang: None,
            frontmatter: None,
            attrs: Vec::new(),
            items: types,
        },
        signatures,
    })
}

fn signature(signature: &syn::Signature) -> Result<Signature> {
    let mut parameters = BTreeMap::new();
    for input in &signature.inputs {
        if let FnArg::Typed(input) = input
            && let Pat::Ident(pattern) = &*input.pat
        {
            parameters.insert(plain(&pattern.ident), (*input.ty).clone());
        }
    }
    let ReturnType::Type(_, output) = &signature.output else {
        anyhow::bail!("returns nothing");
    };
    let answer = argument_of(output, "Result")
        .and_then(|success| argument_of(success, "ResponseValue"))
        .context("returns no `ResponseValue`")?;
    Ok(Signature {
        parameters,
        answer: answer.clone(),
    })
}

/// A name without the marks of a raw identifier.
fn plain(ident: &syn::Ident) -> String {
    let name = ident.to_string();
    name.strip_prefix("r#").unwrap_or(&name).to_owned()
}
