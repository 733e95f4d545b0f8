//! `Option` instead of `::std::option::Option`: generated code is read in reviews.

use syn::visit_mut::{self, VisitMut};
use syn::{Item, Path, TypePath, parse_quote};

use crate::codegen::parts::Parts;

const PRELUDE: [[&str; 3]; 5] = [
    ["std", "convert", "TryInto"],
    ["std", "option", "Option"],
    ["std", "result", "Result"],
    ["std", "string", "String"],
    ["std", "vec", "Vec"],
];

/// Shortens paths of the prelude, except where a generated type has the name, and lets `types` be
/// found from any module.
pub(super) fn apply(parts: &mut Parts) {
    let taken: Vec<String> = parts.types.items.iter().filter_map(defined_name).collect();
    let mut shorten = Shorten { taken };
    for file in [&mut parts.types, &mut parts.operations, &mut parts.builder] {
        shorten.visit_file_mut(file);
    }
}

fn defined_name(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

struct Shorten {
    taken: Vec<String>,
}

impl VisitMut for Shorten {
    /// `<V as std::convert::TryInto<T>>::Error` counts the segments before the `>`.
    fn visit_type_path_mut(&mut self, ty: &mut TypePath) {
        if ty.qself.is_none() {
            return visit_mut::visit_type_path_mut(self, ty);
        }
        for segment in &mut ty.path.segments {
            visit_mut::visit_path_segment_mut(self, segment);
        }
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let in_types = path
            .segments
            .first()
            .is_some_and(|first| first.ident == "types");
        if path.leading_colon.is_none() && in_types {
            path.segments.insert(0, parse_quote!(crate));
            return;
        }
        let in_prelude = PRELUDE.iter().any(|known| {
            path.segments.len() >= known.len()
                && path
                    .segments
                    .iter()
                    .zip(known)
                    .all(|(segment, name)| segment.ident == name)
                && !self.taken.iter().any(|name| name == known[2])
        });
        if in_prelude {
            path.leading_colon = None;
            path.segments = path.segments.iter().skip(2).cloned().collect();
        }
    }
}
