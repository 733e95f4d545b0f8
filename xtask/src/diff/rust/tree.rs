//! The modules of a crate, and what a path means in one of them.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use syn::{Item, UseTree, Visibility};

use super::Sources;
use crate::spec::problem::Problem;

/// One module with what it declares and imports.
#[derive(Debug, Default)]
pub(super) struct Module {
    pub(super) items: Vec<Item>,
    pub(super) children: BTreeMap<String, (bool, Module)>,
    pub(super) imports: Vec<Import>,
}

/// One name of a `use`, or a glob.
#[derive(Debug)]
pub(super) struct Import {
    pub(super) public: bool,
    /// The full path; for a glob that of the module.
    pub(super) path: Vec<String>,
    /// `None` for a glob.
    pub(super) name: Option<String>,
}

/// What a path means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// An item of this crate: its module and its name.
    Own(Vec<String>, String),
    /// An item of another crate, or a generic parameter, or a primitive.
    Foreign(Vec<String>),
}

impl Module {
    /// Parses the crate from `src/lib.rs` on.
    pub(super) fn root(sources: &Sources) -> Result<Self, Problem> {
        parse("src/lib.rs", "src", sources)
    }

    pub(super) fn at(&self, path: &[String]) -> Option<&Self> {
        path.iter()
            .try_fold(self, |module, name| Some(&module.children.get(name)?.1))
    }

    fn declares(&self, name: &str) -> bool {
        self.items
            .iter()
            .any(|item| ident(item).is_some_and(|ident| ident == name))
    }

    /// What `path` means in the module at `from`; `self` is the root of the crate.
    pub(super) fn resolve(&self, from: &[String], path: &[String]) -> Target {
        self.follow(from, path, &mut BTreeSet::new())
    }

    fn follow(
        &self,
        from: &[String],
        path: &[String],
        seen: &mut BTreeSet<(Vec<String>, Vec<String>)>,
    ) -> Target {
        let foreign = || Target::Foreign(path.to_vec());
        let Some((first, rest)) = path.split_first() else {
            return foreign();
        };
        if !seen.insert((from.to_vec(), path.to_vec())) {
            return foreign();
        }
        match first.as_str() {
            "crate" => return self.follow(&[], rest, seen),
            "self" => return self.follow(from, rest, seen),
            "super" => {
                let parent = &from[..from.len().saturating_sub(1)];
                return self.follow(parent, rest, seen);
            }
            _ => {}
        }
        let Some(module) = self.at(from) else {
            return foreign();
        };
        if rest.is_empty() && module.declares(first) {
            return Target::Own(from.to_vec(), first.clone());
        }
        if !rest.is_empty() && module.children.contains_key(first) {
            let child = [from, slice::from_ref(first)].concat();
            return self.follow(&child, rest, seen);
        }
        let named = module
            .imports
            .iter()
            .find(|import| import.name.as_ref() == Some(first));
        if let Some(import) = named {
            let full = [&import.path, rest].concat();
            return self.follow(from, &full, seen);
        }
        for glob in module.imports.iter().filter(|import| import.name.is_none()) {
            let full = [&glob.path, path].concat();
            if let own @ Target::Own(..) = self.follow(from, &full, seen) {
                return own;
            }
        }
        foreign()
    }
}

fn parse(file: &str, folder: &str, sources: &Sources) -> Result<Module, Problem> {
    let text = sources
        .get(file)
        .ok_or_else(|| Problem::new("is missing").in_file(file))?;
    let parsed = syn::parse_file(text)
        .map_err(|error| Problem::new(format!("is no Rust: {error}")).in_file(file))?;
    module(parsed.items, folder, sources)
}

fn module(items: Vec<Item>, folder: &str, sources: &Sources) -> Result<Module, Problem> {
    let mut module = Module::default();
    for item in items {
        match item {
            Item::Mod(child) if is_test(&child.attrs) => {}
            Item::Mod(child) => {
                let name = child.ident.to_string();
                let folder = format!("{folder}/{name}");
                let inner = match child.content {
                    Some((_, items)) => self::module(items, &folder, sources)?,
                    None => {
                        let flat = format!("{folder}.rs");
                        let nested = format!("{folder}/mod.rs");
                        let file = if sources.contains_key(&flat) {
                            flat
                        } else {
                            nested
                        };
                        parse(&file, &folder, sources)?
                    }
                };
                let public = is_public(&child.vis);
                module.children.insert(name, (public, inner));
            }
            Item::Use(import) => {
                let public = is_public(&import.vis);
                flatten(&import.tree, &mut Vec::new(), public, &mut module.imports);
            }
            other => module.items.push(other),
        }
    }
    Ok(module)
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|ident| ident == "test")
    })
}

pub(super) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn flatten(tree: &UseTree, path: &mut Vec<String>, public: bool, imports: &mut Vec<Import>) {
    let mut import = |path: Vec<String>, name| imports.push(Import { public, path, name });
    match tree {
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            flatten(&inner.tree, path, public, imports);
            path.pop();
        }
        UseTree::Name(name) if name.ident == "self" => {
            import(path.clone(), path.last().cloned());
        }
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            import(
                [path.as_slice(), slice::from_ref(&name)].concat(),
                Some(name),
            );
        }
        UseTree::Rename(rename) => {
            let full = [path.as_slice(), &[rename.ident.to_string()]].concat();
            import(full, Some(rename.rename.to_string()));
        }
        UseTree::Glob(_) => import(path.clone(), None),
        UseTree::Group(group) => {
            for tree in &group.items {
                flatten(tree, path, public, imports);
            }
        }
    }
}

/// The name that an item declares.
pub(super) fn ident(item: &Item) -> Option<&syn::Ident> {
    Some(match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    })
}
