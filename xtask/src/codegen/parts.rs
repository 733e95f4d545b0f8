//! What we keep of progenitor's output, one file for each module of the generated crate.

use anyhow::{Context as _, Result};
use syn::{File, Item, ItemImpl, ItemMod};

/// The three generated modules.
#[derive(Debug, Clone)]
pub struct Parts {
    /// Structs and enums of the description.
    pub types: File,
    /// `impl Client`, a method for each operation.
    pub operations: File,
    /// A builder for each operation.
    pub builder: File,
}

impl Parts {
    /// Takes progenitor's output apart. Its client, its hooks and its re-exports stay behind: the
    /// runtime has their place.
    pub fn split(file: File) -> Result<Self> {
        let mut types = None;
        let mut builder = None;
        let mut operations = Vec::new();
        for item in file.items {
            match item {
                Item::Mod(module) if module.ident == "types" => types = Some(contents(module)),
                Item::Mod(module) if module.ident == "builder" => builder = Some(contents(module)),
                Item::Impl(block) if is_operations(&block) => operations.push(Item::Impl(block)),
                _ => {}
            }
        }
        anyhow::ensure!(
            !operations.is_empty(),
            "progenitor's output has no operations"
        );
        Ok(Self {
            types: types.context("progenitor's output has no module `types`")?,
            operations: file_of(operations),
            builder: builder.context("progenitor's output has no module `builder`")?,
        })
    }
}

/// The inherent `impl Client` whose methods return builders, rather than the constructors.
fn is_operations(block: &ItemImpl) -> bool {
    let associated = block.items.iter().any(|item| match item {
        syn::ImplItem::Fn(function) => function.sig.receiver().is_none(),
        _ => false,
    });
    block.trait_.is_none() && !associated
}

fn contents(module: ItemMod) -> File {
    let items = module.content.map(|(_, items)| items).unwrap_or_default();
    file_of(
        items
            .into_iter()
            .filter(|item| !matches!(item, Item::Use(_)))
            .collect(),
    )
}

fn file_of(items: Vec<Item>) -> File {
    File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items,
    }
}
