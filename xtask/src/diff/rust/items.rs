//! The public items of a crate: every path that a program can name, with what it stands for.

use std::collections::{BTreeMap, BTreeSet};

use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut as _;
use syn::{Attribute, Fields, FnArg, ImplItem, ItemImpl, Meta, Path, ReturnType, Token, TraitItem};

use super::Sources;
use super::exports::Exports;
use super::text::{Writer, join};
use super::tree::{Module, Target, ident, is_public};
use crate::spec::problem::Problem;

/// Public items by path.
pub type Items = BTreeMap<String, Item>;

/// What a program relies on when it names an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The type of a field, the signature of a function, what an alias stands for.
    pub signature: String,
    /// `non_exhaustive`, `deprecated` and the like.
    pub flags: BTreeSet<&'static str>,
    /// The value of a constant.
    pub value: Option<String>,
    /// The item that it belongs to, for fields, variants, methods and implementations.
    pub parent: Option<String>,
    /// Whether adding it would break programs: a field of a struct that they can build, a variant
    /// that they match, a method that they would have to implement.
    pub closed: bool,
}

/// Collects the public items of the crate in `sources`.
pub fn collect(sources: &Sources) -> Result<Items, Problem> {
    let root = Module::root(sources)?;
    let exports = Exports::of(&root);
    let mut items = Items::new();
    for (target, path) in exports.names() {
        definition(&exports, target, path, &mut items);
    }
    implementations(&exports, &root, &mut Vec::new(), &mut items);
    Ok(items)
}

fn definition(exports: &Exports<'_>, target: &Target, path: &[String], items: &mut Items) {
    let path = path.join("::");
    let (module, name) = match target {
        Target::Own(module, name) => (module, name),
        Target::Foreign(original) => {
            let signature = format!("use {}", original.join("::"));
            items.insert(path, Item::new(signature, &[]));
            return;
        }
    };
    let writer = Writer { exports, module };
    let declared = exports.root().at(module);
    let declared = declared.into_iter().flat_map(|module| &module.items);
    for item in declared.filter(|item| ident(item).is_some_and(|ident| ident == name)) {
        match item {
            syn::Item::Struct(item) => {
                let generics = writer.text(&item.generics, Writer::visit_generics_mut);
                items.insert(
                    path.clone(),
                    Item::new(format!("struct{generics}"), &item.attrs),
                );
                fields(&writer, &path, &item.fields, &item.attrs, items);
                derives(&path, &item.attrs, items);
            }
            syn::Item::Enum(item) => {
                let generics = writer.text(&item.generics, Writer::visit_generics_mut);
                items.insert(
                    path.clone(),
                    Item::new(format!("enum{generics}"), &item.attrs),
                );
                let closed = !has(&item.attrs, "non_exhaustive");
                for variant in &item.variants {
                    let fields = writer.text(&variant.fields, Writer::visit_fields_mut);
                    let mut entry = Item::new(format!("variant{fields}"), &variant.attrs);
                    entry.closed = closed;
                    entry.parent = Some(path.clone());
                    items.insert(format!("{path}::{}", variant.ident), entry);
                }
                derives(&path, &item.attrs, items);
            }
            syn::Item::Trait(item) => {
                let bounds = writer.text(&item.supertraits, |writer, bounds| {
                    bounds
                        .iter_mut()
                        .for_each(|bound| writer.visit_type_param_bound_mut(bound));
                });
                let generics = writer.text(&item.generics, Writer::visit_generics_mut);
                let signature = format!("trait{generics}: {bounds}");
                // Who cannot name a supertrait cannot implement the trait.
                let sealed = bounds.contains("ealed");
                items.insert(path.clone(), Item::new(signature, &item.attrs));
                for inner in &item.items {
                    trait_item(&writer, &path, inner, sealed, items);
                }
            }
            syn::Item::Fn(item) => {
                let signature = signature(&writer, &item.sig);
                items.insert(path.clone(), Item::new(signature, &item.attrs));
            }
            syn::Item::Type(item) => {
                let ty = writer.text(&*item.ty, Writer::visit_type_mut);
                let generics = writer.text(&item.generics, Writer::visit_generics_mut);
                let signature = format!("type{generics} = {ty}");
                items.insert(path.clone(), Item::new(signature, &item.attrs));
            }
            syn::Item::Const(item) => {
                let ty = writer.text(&*item.ty, Writer::visit_type_mut);
                let mut entry = Item::new(format!("const {ty}"), &item.attrs);
                entry.value = Some(join(quote::ToTokens::to_token_stream(&item.expr)));
                items.insert(path.clone(), entry);
            }
            syn::Item::Static(item) => {
                let ty = writer.text(&*item.ty, Writer::visit_type_mut);
                items.insert(path.clone(), Item::new(format!("static {ty}"), &item.attrs));
            }
            _ => {}
        }
    }
}

impl Item {
    fn new(signature: String, attributes: &[Attribute]) -> Self {
        let flags = ["non_exhaustive", "deprecated", "must_use"];
        Self {
            signature,
            flags: flags
                .into_iter()
                .filter(|flag| has(attributes, flag))
                .collect(),
            ..Self::default()
        }
    }

    fn of(mut self, parent: &str) -> Self {
        self.parent = Some(parent.to_owned());
        self
    }
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident(name))
}

fn fields(
    writer: &Writer<'_>,
    path: &str,
    fields: &Fields,
    attributes: &[Attribute],
    items: &mut Items,
) {
    let private = fields.iter().any(|field| !is_public(&field.vis));
    let closed = !private && !has(attributes, "non_exhaustive");
    for (index, field) in fields.iter().enumerate() {
        if !is_public(&field.vis) {
            continue;
        }
        let name = field
            .ident
            .as_ref()
            .map_or_else(|| index.to_string(), ToString::to_string);
        let ty = writer.text(&field.ty, Writer::visit_type_mut);
        let mut entry = Item::new(ty, &field.attrs).of(path);
        entry.closed = closed;
        items.insert(format!("{path}.{name}"), entry);
    }
}

fn derives(path: &str, attributes: &[Attribute], items: &mut Items) {
    for attribute in attributes {
        let Meta::List(list) = &attribute.meta else {
            continue;
        };
        if !list.path.is_ident("derive") {
            continue;
        }
        let parser = Punctuated::<Path, Token![,]>::parse_terminated;
        for name in list.parse_args_with(parser).unwrap_or_default() {
            if let Some(last) = name.segments.last() {
                let entry = Item::new(String::new(), &[]).of(path);
                items.insert(format!("impl {} for {path}", last.ident), entry);
            }
        }
    }
}

fn trait_item(writer: &Writer<'_>, path: &str, item: &TraitItem, sealed: bool, items: &mut Items) {
    let (name, signature, provided, attributes) = match item {
        TraitItem::Fn(item) => (
            item.sig.ident.to_string(),
            signature(writer, &item.sig),
            item.default.is_some(),
            &item.attrs,
        ),
        TraitItem::Type(item) => (
            item.ident.to_string(),
            writer.text(&item.bounds, |writer, bounds| {
                bounds
                    .iter_mut()
                    .for_each(|bound| writer.visit_type_param_bound_mut(bound));
            }),
            item.default.is_some(),
            &item.attrs,
        ),
        TraitItem::Const(item) => (
            item.ident.to_string(),
            writer.text(&item.ty, Writer::visit_type_mut),
            item.default.is_some(),
            &item.attrs,
        ),
        _ => return,
    };
    let mut entry = Item::new(signature, attributes).of(path);
    if provided {
        entry.flags.insert("provided");
    }
    entry.closed = !provided && !sealed;
    items.insert(format!("{path}::{name}"), entry);
}

/// Arguments by type: a program does not see their names.
fn signature(writer: &Writer<'_>, signature: &syn::Signature) -> String {
    let mut text = String::new();
    for (word, given) in [
        ("const ", signature.constness.is_some()),
        ("async ", signature.asyncness.is_some()),
    ] {
        if given {
            text.push_str(word);
        }
    }
    text.push_str("fn");
    text.push_str(&writer.text(&signature.generics, Writer::visit_generics_mut));
    let arguments: Vec<_> = signature
        .inputs
        .iter()
        .map(|argument| match argument {
            FnArg::Receiver(receiver) => {
                let text = join(quote::ToTokens::to_token_stream(receiver));
                // `mut self` is the body's business.
                text.strip_prefix("mut ").unwrap_or(&text).to_owned()
            }
            FnArg::Typed(argument) => writer.text(&*argument.ty, Writer::visit_type_mut),
        })
        .collect();
    text.push_str(&format!("({})", arguments.join(", ")));
    if let ReturnType::Type(_, ty) = &signature.output {
        text.push_str(" -> ");
        text.push_str(&writer.text(&**ty, Writer::visit_type_mut));
    }
    if let Some(bounds) = &signature.generics.where_clause {
        let bounds = writer.text(bounds, Writer::visit_where_clause_mut);
        text.push(' ');
        text.push_str(bounds.trim_end_matches(','));
    }
    text
}

/// Adds methods and implementations, which may stand in any module.
fn implementations(
    exports: &Exports<'_>,
    module: &Module,
    at: &mut Vec<String>,
    items: &mut Items,
) {
    for item in &module.items {
        if let syn::Item::Impl(block) = item {
            let writer = Writer {
                exports,
                module: at,
            };
            implementation(&writer, block, items);
        }
    }
    for (name, (_, child)) in &module.children {
        at.push(name.clone());
        implementations(exports, child, at, items);
        at.pop();
    }
}

fn implementation(writer: &Writer<'_>, block: &ItemImpl, items: &mut Items) {
    let syn::Type::Path(own) = &*block.self_ty else {
        return;
    };
    let name = writer.name(&own.path).join("::");
    if !items.contains_key(&name) {
        return;
    }
    match &block.trait_ {
        Some((path, _)) => {
            let is_private =
                |target: &Target| matches!(target, Target::Own(..)) && !writer.exports.has(target);
            let segments: Vec<_> = path
                .segments
                .iter()
                .map(|segment| segment.ident.to_string())
                .collect();
            let foreign = path.leading_colon.is_some();
            if !foreign && is_private(&writer.exports.root().resolve(writer.module, &segments)) {
                return;
            }
            let types: Vec<_> = block
                .items
                .iter()
                .filter_map(|item| match item {
                    ImplItem::Type(item) => {
                        let ty = writer.text(&item.ty, Writer::visit_type_mut);
                        Some(format!("{} = {ty}", item.ident))
                    }
                    _ => None,
                })
                .collect();
            let key = format!("impl {} for {name}", trait_name(writer, path));
            items.insert(key, Item::new(types.join(", "), &[]).of(&name));
        }
        None => {
            for item in &block.items {
                method(writer, &name, item, items);
            }
        }
    }
}

/// The last segment with its types, so that `derive` and a block by hand have one name.
fn trait_name(writer: &Writer<'_>, path: &Path) -> String {
    let Some(last) = path.segments.last() else {
        return String::new();
    };
    let mut name = writer.name(path).pop().unwrap_or_default();
    if let syn::PathArguments::AngleBracketed(arguments) = &last.arguments {
        let types: Vec<_> = arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                syn::GenericArgument::Type(ty) => Some(writer.text(ty, Writer::visit_type_mut)),
                _ => None,
            })
            .collect();
        if !types.is_empty() {
            name.push_str(&format!("<{}>", types.join(", ")));
        }
    }
    name
}

fn method(writer: &Writer<'_>, parent: &str, item: &ImplItem, items: &mut Items) {
    match item {
        ImplItem::Fn(item) if is_public(&item.vis) => {
            let entry = Item::new(signature(writer, &item.sig), &item.attrs).of(parent);
            items.insert(format!("{parent}::{}", item.sig.ident), entry);
        }
        ImplItem::Const(item) if is_public(&item.vis) => {
            let ty = writer.text(&item.ty, Writer::visit_type_mut);
            let mut entry = Item::new(format!("const {ty}"), &item.attrs).of(parent);
            entry.value = Some(join(quote::ToTokens::to_token_stream(&item.expr)));
            items.insert(format!("{parent}::{}", item.ident), entry);
        }
        _ => {}
    }
}
