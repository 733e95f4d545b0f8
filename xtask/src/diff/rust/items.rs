//! The public items of generated code: every path that a program can name, with what it stands for.

use std::collections::{BTreeMap, BTreeSet};

use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Fields, FnArg, GenericArgument, ImplItem, ItemImpl, Meta, Path, PathArguments,
    Token, Visibility, parse_quote,
};

use crate::codegen::{Files, owner};
use crate::spec::problem::Problem;

/// Public items by path.
pub type Items = BTreeMap<String, Item>;

/// What a program relies on when it names an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Item {
    /// The type of a field, the signature of a function, what an alias stands for; for readers.
    pub signature: String,
    /// The signature of a function without the names of its arguments, which no program mentions.
    pub types: Option<String>,
    /// The names of its arguments, by which a program knows what each of them means.
    pub arguments: Vec<String>,
    /// `non_exhaustive`, `deprecated` and the like.
    pub flags: BTreeSet<&'static str>,
    /// The value of a constant.
    pub value: Option<String>,
    /// The item that it belongs to, for fields, variants, methods and implementations.
    pub parent: Option<String>,
    /// Whether adding it would break programs: a field of a struct that they can build, a variant
    /// that they match.
    pub closed: bool,
}

/// The public modules of the generated code; what is in any other file is at the root of the crate.
const MODULES: [&str; 2] = ["operations", "types"];

/// Collects the public items of generated files.
pub fn collect(files: &Files) -> Result<Items, Problem> {
    let mut items = Items::new();
    for (path, text) in files {
        let mut file = syn::parse_file(text)
            .map_err(|error| Problem::new(format!("is no Rust: {error}")).in_file(path))?;
        let imports = imports(&file.items);
        file.items.retain(|item| !is_hidden(item, &imports));
        ShortPaths.visit_file_mut(&mut file);
        let name = path.trim_end_matches(".rs");
        let module = if MODULES.contains(&name) { name } else { "" };
        read(&file.items, module, &mut items);
    }
    Ok(items)
}

/// What is imported, by the name that it has in the file.
fn imports(items: &[syn::Item]) -> BTreeMap<String, String> {
    fn add(tree: &syn::UseTree, path: &str, found: &mut BTreeMap<String, String>) {
        match tree {
            syn::UseTree::Path(tree) => add(&tree.tree, &format!("{path}{}::", tree.ident), found),
            syn::UseTree::Name(tree) => {
                found.insert(tree.ident.to_string(), format!("{path}{}", tree.ident));
            }
            syn::UseTree::Rename(tree) => {
                found.insert(tree.rename.to_string(), format!("{path}{}", tree.ident));
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|it| add(it, path, found)),
            syn::UseTree::Glob(_) => {}
        }
    }
    let mut found = BTreeMap::new();
    for item in items {
        if let syn::Item::Use(item) = item {
            add(&item.tree, "", &mut found);
        }
    }
    found
}

/// Whether an item implements a trait that only generated code may name, as that which seals another.
fn is_hidden(item: &syn::Item, imports: &BTreeMap<String, String>) -> bool {
    let syn::Item::Impl(ItemImpl {
        trait_: Some((path, _)),
        ..
    }) = item
    else {
        return false;
    };
    let segments = path.segments.iter();
    let mut segments: Vec<_> = segments.map(|it| it.ident.to_string()).collect();
    if let (None, Some(imported)) = (path.leading_colon, imports.get(&segments[0])) {
        segments[0].clone_from(imported);
    }
    segments.join("::").starts_with("gha_core::generated::")
}

/// Adds what is in a module: first what can have methods, then the methods.
fn read(content: &[syn::Item], module: &str, items: &mut Items) {
    for item in content {
        definition(item, module, items);
    }
    let is_type = |item: &&syn::Item| matches!(item, syn::Item::Struct(_) | syn::Item::Enum(_));
    let names: BTreeSet<_> = content.iter().filter(is_type).map(owner).collect();
    for item in content {
        let syn::Item::Impl(block) = item else {
            continue;
        };
        let own = owner(item);
        if names.contains(&own) {
            implementation(block, within(module, &own), items);
        } else {
            // A type of the root: what is said of it is said as if it stood there.
            let mut block = block.clone();
            Qualify {
                module,
                names: &names,
            }
            .visit_item_impl_mut(&mut block);
            implementation(&block, own, items);
        }
    }
}

/// Writes the names of a module as from outside of it.
struct Qualify<'a> {
    module: &'a str,
    names: &'a BTreeSet<String>,
}

impl VisitMut for Qualify<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        if let Some(name) = path.get_ident().map(ToString::to_string)
            && self.names.contains(&name)
            && let Ok(whole) = syn::parse_str(&within(self.module, &name))
        {
            *path = whole;
        }
    }
}

/// The path of an item in a module.
fn within(module: &str, name: &impl ToString) -> String {
    match module {
        "" => name.to_string(),
        module => format!("{module}::{}", name.to_string()),
    }
}

fn definition(item: &syn::Item, module: &str, items: &mut Items) {
    match item {
        syn::Item::Struct(item) if is_public(&item.vis) => {
            let path = within(module, &item.ident);
            items.insert(path.clone(), Item::new("struct".to_owned(), &item.attrs));
            fields(&path, &item.fields, &item.attrs, items);
            derives(&path, &item.attrs, items);
        }
        syn::Item::Enum(item) if is_public(&item.vis) => {
            let path = within(module, &item.ident);
            items.insert(path.clone(), Item::new("enum".to_owned(), &item.attrs));
            let closed = !has(&item.attrs, "non_exhaustive");
            for variant in &item.variants {
                let mut fields = variant.fields.clone();
                // Their words are no part of what programs rely on.
                fields.iter_mut().for_each(|field| field.attrs.clear());
                let name = &variant.ident;
                let start = format!("enum E {{ {name}");
                let shown = line(parse_quote!(enum E { #name #fields }), &start, ", }");
                let mut entry = Item::new(format!("variant{shown}"), &variant.attrs).of(&path);
                entry.closed = closed;
                items.insert(format!("{path}::{}", variant.ident), entry);
            }
            derives(&path, &item.attrs, items);
        }
        syn::Item::Type(item) if is_public(&item.vis) => {
            let (name, generics, ty) = (&item.ident, &item.generics, &item.ty);
            let signature = line(parse_quote!(type #name #generics = #ty;), "", ";");
            let path = within(module, &item.ident);
            items.insert(path, Item::new(signature, &item.attrs));
        }
        syn::Item::Fn(item) if is_public(&item.vis) => {
            let path = within(module, &item.sig.ident);
            items.insert(path, Item::function(&item.sig, &item.attrs));
        }
        syn::Item::Mod(item) if is_public(&item.vis) => {
            if let Some((_, content)) = &item.content {
                read(content, &within(module, &item.ident), items);
            }
        }
        _ => {}
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

    fn function(signature: &syn::Signature, attributes: &[Attribute]) -> Self {
        let mut item = Self::new(self::signature(signature), attributes);
        let mut unnamed = signature.clone();
        for input in &mut unnamed.inputs {
            if let FnArg::Typed(input) = input {
                item.arguments.push(input.pat.to_token_stream().to_string());
                *input.pat = parse_quote!(_);
            }
        }
        item.types = Some(self::signature(&unnamed));
        item
    }

    fn of(mut self, parent: &str) -> Self {
        self.parent = Some(parent.to_owned());
        self
    }
}

/// What sort of type a signature introduces; nothing for functions, fields and variants.
pub(crate) fn kind(signature: &str) -> Option<&'static str> {
    let first = signature.split(' ').next()?;
    ["enum", "struct", "type"]
        .into_iter()
        .find(|kind| *kind == first)
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident(name))
}

fn fields(path: &str, fields: &Fields, attributes: &[Attribute], items: &mut Items) {
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
        let mut entry = Item::new(text(&field.ty), &field.attrs).of(path);
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

/// Arguments with their names, so that a reader sees what is new.
fn signature(signature: &syn::Signature) -> String {
    let mut signature = signature.clone();
    if let Some(FnArg::Receiver(receiver)) = signature.inputs.first_mut() {
        // `mut self` is the body's business.
        receiver.mutability = None;
    }
    let shown = line(parse_quote!(#signature {}), "", " {}");
    let shown = shown.replacen(&format!("fn {}", signature.ident), "fn", 1);
    shown.trim_end_matches(',').to_owned()
}

fn implementation(block: &ItemImpl, name: String, items: &mut Items) {
    if !items.contains_key(&name) {
        return;
    }
    match &block.trait_ {
        Some((path, _)) => {
            let mut path = path.clone();
            let is_lifetime = |it: &GenericArgument| matches!(it, GenericArgument::Lifetime(_));
            for segment in &mut path.segments {
                // A derived `Deserialize` names no lifetime.
                match &segment.arguments {
                    PathArguments::AngleBracketed(it) if it.args.iter().all(is_lifetime) => {
                        segment.arguments = PathArguments::None;
                    }
                    _ => {}
                }
            }
            let types: Vec<_> = block
                .items
                .iter()
                .filter_map(|item| match item {
                    ImplItem::Type(item) => Some(format!("{} = {}", item.ident, text(&item.ty))),
                    _ => None,
                })
                .collect();
            let key = format!("impl {} for {name}", text(&path));
            items.insert(key, Item::new(types.join(", "), &[]).of(&name));
        }
        None => {
            for item in &block.items {
                method(&name, item, items);
            }
        }
    }
}

fn method(parent: &str, item: &ImplItem, items: &mut Items) {
    match item {
        ImplItem::Fn(item) if is_public(&item.vis) => {
            let entry = Item::function(&item.sig, &item.attrs).of(parent);
            items.insert(format!("{parent}::{}", item.sig.ident), entry);
        }
        ImplItem::Const(item) if is_public(&item.vis) => {
            let (ty, value) = (&item.ty, &item.expr);
            let mut entry = Item::new(format!("const {}", text(ty)), &item.attrs).of(parent);
            let shown = line(parse_quote!(const C: () = #value;), "const C: () = ", ";");
            entry.value = Some(shown);
            items.insert(format!("{parent}::{}", item.ident), entry);
        }
        _ => {}
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Paths as one writes them where everything is imported: `types::Job`, `Option`.
struct ShortPaths;

impl VisitMut for ShortPaths {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let segments = path.segments.iter();
        let module = segments
            .rev()
            .skip(1)
            .position(|segment| MODULES.iter().any(|name| segment.ident == name));
        let kept = module.map_or(1, |distance| distance + 2);
        let skipped = path.segments.len().saturating_sub(kept);
        path.leading_colon = None;
        path.segments = path.segments.iter().skip(skipped).cloned().collect();
    }

    /// `<V as TryInto<T>>::Error` counts its segments.
    fn visit_type_path_mut(&mut self, path: &mut syn::TypePath) {
        if path.qself.is_none() {
            visit_mut::visit_type_path_mut(self, path);
        }
    }
}

/// An item on one line, without what stands around the piece of it that is wanted.
fn line(item: syn::Item, before: &str, after: &str) -> String {
    let file = syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    };
    let code = prettyplease::unparse(&file);
    let mut code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    // What stood on lines of its own.
    for (broken, whole) in [("( ", "("), ("< ", "<"), (", )", ")"), (", >", ">")] {
        code = code.replace(broken, whole);
    }
    let code = code.strip_prefix(before).unwrap_or(&code);
    code.strip_suffix(after).unwrap_or(code).to_owned()
}

/// The text of a type.
fn text(piece: &impl ToTokens) -> String {
    line(parse_quote!(type T = #piece;), "type T = ", ";")
}
