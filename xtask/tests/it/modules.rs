//! No circle between sibling modules, in any crate of the workspace: what two share has a module of
//! its own.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};
use syn::{Item, UseTree};

use crate::common::root;

/// The path of a module from the root of its crate.
type Name = Vec<String>;

/// A module: what it defines, what it imports under which name, and what it speaks of.
#[derive(Debug, Default)]
struct Module {
    definitions: BTreeSet<String>,
    imports: BTreeMap<String, Name>,
    globs: Vec<Name>,
    mentions: BTreeSet<Name>,
}

/// The modules of a crate by their paths.
#[derive(Debug, Default)]
struct Crate(BTreeMap<Name, Module>);

impl Crate {
    fn read(root_file: &Path) -> Self {
        let mut modules = Self::default();
        modules.file(root_file, Name::new(), root_file.parent().unwrap());
        modules
    }

    /// Reads a file; the files of its children lie in `folder`.
    fn file(&mut self, path: &Path, name: Name, folder: &Path) {
        let text = std::fs::read_to_string(path).unwrap();
        let file = syn::parse_file(&text).unwrap();
        self.items(&file.items, name, folder);
    }

    fn items(&mut self, items: &[Item], name: Name, folder: &Path) {
        let mut module = Module::default();
        for item in items.iter().filter(|item| !is_test(item)) {
            match item {
                Item::Mod(child) => {
                    let child_name = child.ident.to_string();
                    let inside = [name.as_slice(), std::slice::from_ref(&child_name)].concat();
                    let below = folder.join(&child_name);
                    match (&child.content, path_of(&child.attrs)) {
                        (Some((_, items)), _) => self.items(items, inside, &below),
                        (None, Some(path)) => self.file(&folder.join(path), inside, &below),
                        (None, None) => {
                            let files = [folder.join(child_name + ".rs"), below.join("mod.rs")];
                            let file = files.iter().find(|file| file.exists()).unwrap();
                            self.file(file, inside, &below);
                        }
                    }
                }
                Item::Use(item) => module.import(&item.tree, &mut Name::new()),
                item => {
                    module.definitions.extend(defined(item));
                    module.visit_item(item);
                }
            }
        }
        self.0.insert(name, module);
    }

    /// The module in which `path`, as `from` writes it, ends; `None` if that is another crate.
    fn home(&self, from: &Name, path: &[String], depth: usize) -> Option<Name> {
        let first = path.first()?;
        let (mut at, mut rest) = match first.as_str() {
            "crate" => (Name::new(), &path[1..]),
            "self" => (from.clone(), &path[1..]),
            "super" => (from.split_last()?.1.to_vec(), &path[1..]),
            _ => (from.clone(), path),
        };
        while let Some((segment, after)) = rest.split_first() {
            let child = [at.as_slice(), std::slice::from_ref(segment)].concat();
            let module = self.0.get(&at)?;
            if segment == "super" {
                at.pop()?;
            } else if self.0.contains_key(&child) {
                at = child;
            } else if let (Some(target), true) = (module.imports.get(segment), depth < 32) {
                let target = [target.as_slice(), after].concat();
                return self.home(&at, &target, depth + 1);
            } else if module.definitions.contains(segment) {
                return Some(at);
            } else {
                let mut globs = module.globs.iter().filter(|_| depth < 32);
                return globs.find_map(|glob| {
                    let target = [glob.as_slice(), rest].concat();
                    self.home(&at, &target, depth + 1)
                });
            }
            rest = after;
        }
        Some(at)
    }

    /// Circles between children of one module, each as the names of the children.
    fn circles(&self) -> Vec<String> {
        let mut arrows: BTreeMap<Name, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
        for (from, module) in &self.0 {
            let imported = module.imports.values();
            for path in imported.chain(&module.globs).chain(&module.mentions) {
                let Some(to) = self.home(from, path, 0) else {
                    continue;
                };
                let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
                // A parent and its child are no siblings.
                if let (Some(a), Some(b)) = (from.get(shared), to.get(shared)) {
                    let siblings = arrows.entry(from[..shared].to_vec()).or_default();
                    siblings.entry(a.clone()).or_default().insert(b.clone());
                }
            }
        }
        arrows
            .iter()
            .filter_map(|(parent, arrows)| {
                let circle: Vec<_> = arrows
                    .keys()
                    .filter(|name| reaches(arrows, name, name))
                    .map(String::as_str)
                    .collect();
                let place = format!("crate::{}", parent.join("::"));
                (!circle.is_empty()).then(|| format!("{place}: {}", circle.join(", ")))
            })
            .collect()
    }
}

fn reaches(arrows: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(next) = open.pop() {
        for target in arrows.get(next).into_iter().flatten() {
            if target == to {
                return true;
            }
            if seen.insert(target) {
                open.push(target);
            }
        }
    }
    false
}

impl Module {
    fn import(&mut self, tree: &UseTree, path: &mut Name) {
        let mut add = |name: &syn::Ident, alias: &syn::Ident| {
            let mut target = path.clone();
            // `use a::{self}` names `a`.
            if name != "self" {
                target.push(name.to_string());
            }
            let alias = match alias == "self" {
                true => path.last().cloned().unwrap_or_default(),
                false => alias.to_string(),
            };
            self.imports.insert(alias, target);
        };
        match tree {
            UseTree::Path(tree) => {
                path.push(tree.ident.to_string());
                self.import(&tree.tree, path);
                path.pop();
            }
            UseTree::Name(tree) => add(&tree.ident, &tree.ident),
            UseTree::Rename(tree) => add(&tree.ident, &tree.rename),
            UseTree::Glob(_) => self.globs.push(path.clone()),
            UseTree::Group(group) => group.items.iter().for_each(|it| self.import(it, path)),
        }
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            let segments = path.segments.iter();
            let segments = segments.map(|segment| segment.ident.to_string());
            self.mentions.insert(segments.collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(&item.tree, &mut Name::new());
    }
}

fn defined(item: &Item) -> Option<String> {
    Some(match item {
        Item::Const(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Fn(item) => item.sig.ident.to_string(),
        Item::Static(item) => item.ident.to_string(),
        Item::Struct(item) => item.ident.to_string(),
        Item::Trait(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        _ => return None,
    })
}

fn is_test(item: &Item) -> bool {
    let attributes = match item {
        Item::Mod(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        _ => return false,
    };
    let test = |attribute: &syn::Attribute| {
        let is_cfg = attribute.path().is_ident("cfg");
        is_cfg
            && attribute
                .parse_args::<syn::Path>()
                .is_ok_and(|it| it.is_ident("test"))
    };
    attributes.iter().any(test)
}

/// The file that `#[path = "…"]` names.
fn path_of(attributes: &[syn::Attribute]) -> Option<String> {
    let found = attributes.iter().find(|it| it.path().is_ident("path"))?;
    let syn::Expr::Lit(literal) = &found.meta.require_name_value().ok()?.value else {
        return None;
    };
    match &literal.lit {
        syn::Lit::Str(text) => Some(text.value()),
        _ => None,
    }
}

/// The root files of the workspace's crates by the names of their folders.
fn crates() -> BTreeMap<String, Vec<PathBuf>> {
    let folders = std::fs::read_dir(root().join("crates")).unwrap();
    let folders = folders.map(|entry| entry.unwrap().path());
    let folders = folders.chain([root().join("xtask")]);
    folders
        .map(|folder| {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            let files = ["src/lib.rs", "src/main.rs"].map(|file| folder.join(file));
            (
                name,
                files.into_iter().filter(|file| file.exists()).collect(),
            )
        })
        .collect()
}

#[test]
fn siblings_do_not_use_each_other_in_circles() {
    let crates = crates();
    assert!(crates.len() >= 7, "{crates:?}");
    let circles: Vec<_> = crates
        .iter()
        .flat_map(|(name, files)| files.iter().map(move |file| (name, Crate::read(file))))
        .flat_map(|(name, modules)| {
            let circles = modules.circles().into_iter();
            circles.map(move |circle| format!("{name}, {circle}"))
        })
        .collect();
    assert!(
        circles.is_empty(),
        "circles of siblings:\n{}",
        circles.join("\n")
    );
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let found = Crate::read(&folder.path().join("lib.rs")).circles();
    assert_eq!(found, expected, "{files:?}");
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let root = "mod a; mod b; pub use b::B; pub use a::A;";
    for a in [
        "use super::b::B; pub struct A;",
        "use crate::b::B; pub struct A;",
        "use crate::{B}; pub struct A;",
        "use super::b; pub struct A;",
        "use super::*; pub struct A(B);",
        "pub struct A(super::b::B);",
        "pub struct A; fn f() { crate::b::make(); }",
        "pub struct A; fn f() { use crate::b::make; make(); }",
    ] {
        let b = "pub struct B; pub fn make() {} impl From<crate::A> for B {}";
        check(
            &[("lib.rs", root), ("a.rs", a), ("b.rs", b)],
            &["crate::: a, b"],
        );
    }
    // By way of what lies below them, and of a third one.
    check(
        &[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a/mod.rs", "mod inner;"),
            ("a/inner.rs", "use crate::b::B; pub struct I;"),
            ("b.rs", "pub use super::c::C as B;"),
            ("c.rs", "pub struct C(super::a::inner::I);"),
        ],
        &["crate::: a, c"],
    );
}

#[test]
fn parents_children_and_tests_make_no_circle() {
    check(
        &[
            ("lib.rs", "mod a; pub struct Root; pub use a::A;"),
            ("a/mod.rs", "mod b; mod c; pub struct A(crate::Root, b::B);"),
            (
                "a/b.rs",
                "use super::{A, c::C}; pub struct B;\n#[cfg(test)] mod tests { use crate::a::c; }",
            ),
            (
                "a/c.rs",
                "pub struct C;\n#[cfg(test)] mod tests { use super::super::b::B; }",
            ),
        ],
        &[],
    );
}
