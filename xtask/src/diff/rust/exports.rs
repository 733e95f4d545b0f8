//! Where users of a crate find its items.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use super::tree::{Import, Module, Target, ident, is_public};

/// The public paths of a crate.
pub(super) struct Exports<'a> {
    root: &'a Module,
    /// The shortest public path of each item.
    names: BTreeMap<Target, Vec<String>>,
}

impl<'a> Exports<'a> {
    pub(super) fn of(root: &'a Module) -> Self {
        let mut exports = Self {
            root,
            names: BTreeMap::new(),
        };
        exports.visit(&mut Vec::new(), &[], &mut BTreeSet::new());
        exports
    }

    pub(super) fn root(&self) -> &'a Module {
        self.root
    }

    pub(super) fn names(&self) -> impl Iterator<Item = (&Target, &Vec<String>)> {
        self.names.iter()
    }

    pub(super) fn has(&self, target: &Target) -> bool {
        self.names.contains_key(target)
    }

    /// Adds what the module at `real` offers under the public path `shown`.
    fn visit(
        &mut self,
        real: &mut Vec<String>,
        shown: &[String],
        seen: &mut BTreeSet<(Vec<String>, Vec<String>)>,
    ) {
        let Some(module) = self.root.at(real) else {
            return;
        };
        if !seen.insert((real.clone(), shown.to_vec())) {
            return;
        }
        for item in &module.items {
            if let Some(name) = ident(item).filter(|_| is_visible(item)) {
                let name = name.to_string();
                self.add(Target::Own(real.clone(), name.clone()), shown, name);
            }
        }
        for import in module.imports.iter().filter(|import| import.public) {
            self.import(real, shown, import, seen);
        }
        for (name, (public, _)) in &module.children {
            if *public {
                real.push(name.clone());
                let shown = [shown, slice::from_ref(name)].concat();
                self.visit(real, &shown, seen);
                real.pop();
            }
        }
    }

    fn import(
        &mut self,
        from: &[String],
        shown: &[String],
        import: &Import,
        seen: &mut BTreeSet<(Vec<String>, Vec<String>)>,
    ) {
        let path: Vec<String> = match import.path.first().map(String::as_str) {
            Some("crate") => import.path[1..].to_vec(),
            Some("self") => [from, &import.path[1..]].concat(),
            _ => [from, &import.path].concat(),
        };
        match &import.name {
            Some(name) if self.root.at(&path).is_some() => {
                let shown = [shown, slice::from_ref(name)].concat();
                self.visit(&mut path.clone(), &shown, seen);
            }
            Some(name) => {
                let target = self.root.resolve(from, &import.path);
                self.add(target, shown, name.clone());
            }
            None => self.visit(&mut path.clone(), shown, seen),
        }
    }

    fn add(&mut self, target: Target, shown: &[String], name: String) {
        let path = [shown, &[name]].concat();
        match self.names.get(&target) {
            Some(known) if known.len() <= path.len() => {}
            _ => {
                self.names.insert(target, path);
            }
        }
    }

    /// The public name of what `path` means in `module`; the path itself where it has none.
    pub(super) fn name(&self, module: &[String], path: &[String]) -> Vec<String> {
        let target = self.root.resolve(module, path);
        match (self.names.get(&target), target) {
            (Some(name), _) => name.clone(),
            (None, Target::Own(mut module, name)) => {
                module.push(name);
                module
            }
            (None, Target::Foreign(path)) => path,
        }
    }
}

fn is_visible(item: &syn::Item) -> bool {
    is_public(match item {
        syn::Item::Const(item) => &item.vis,
        syn::Item::Enum(item) => &item.vis,
        syn::Item::Fn(item) => &item.vis,
        syn::Item::Static(item) => &item.vis,
        syn::Item::Struct(item) => &item.vis,
        syn::Item::Trait(item) => &item.vis,
        syn::Item::Type(item) => &item.vis,
        syn::Item::Union(item) => &item.vis,
        _ => return false,
    })
}
