//! Types and signatures as a reader writes them, the same however the source spells their paths.

use proc_macro2::{Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Path, PathSegment};

use super::exports::Exports;

/// Modules of the standard library whose names nobody writes.
const SHORT: [&str; 13] = [
    "borrow", "boxed", "clone", "cmp", "convert", "default", "fmt", "hash", "marker", "option",
    "result", "string", "vec",
];

/// Writes what stands in one module.
pub(super) struct Writer<'a> {
    pub(super) exports: &'a Exports<'a>,
    pub(super) module: &'a [String],
}

impl Writer<'_> {
    /// The text of a piece of syntax, its paths as users of the crate know them.
    pub(super) fn text<T: ToTokens + Clone>(
        &self,
        piece: &T,
        visit: fn(&mut Self, &mut T),
    ) -> String {
        let mut piece = piece.clone();
        let mut this = Self { ..*self };
        visit(&mut this, &mut piece);
        join(piece.to_token_stream())
    }

    /// The path of an item as users of the crate know it.
    pub(super) fn name(&self, path: &Path) -> Vec<String> {
        let segments: Vec<_> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let name = if path.leading_colon.is_some() {
            segments
        } else {
            self.exports.name(self.module, &segments)
        };
        let is_std = name
            .first()
            .is_some_and(|first| ["std", "core", "alloc"].contains(&first.as_str()));
        match (is_std, name.as_slice()) {
            (true, [.., module, last]) if SHORT.contains(&module.as_str()) => vec![last.clone()],
            (true, [_, rest @ ..]) => rest.to_vec(),
            _ => name,
        }
    }
}

impl VisitMut for Writer<'_> {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let name = self.name(path);
        let Some(last) = path.segments.last().cloned() else {
            return;
        };
        path.leading_colon = None;
        path.segments = name
            .iter()
            .map(|name| PathSegment::from(syn::Ident::new(name, last.ident.span())))
            .collect();
        if let Some(segment) = path.segments.last_mut() {
            segment.arguments = last.arguments;
        }
    }
}

/// Tokens with the spaces that rustfmt would leave.
pub(super) fn join(tokens: TokenStream) -> String {
    let mut text = String::new();
    write(tokens, &mut text);
    text.replace(",)", ")")
        .replace(",>", ">")
        .replace(", >", ">")
}

fn write(tokens: TokenStream, text: &mut String) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::Brace => ("{", "}"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                text.push_str(open);
                write(group.stream(), text);
                text.truncate(text.trim_end().len());
                text.push_str(close);
            }
            TokenTree::Punct(punct) if punct.as_char() == '-' => {
                // Only ever the start of an arrow in a signature.
                text.truncate(text.trim_end().len());
                text.push_str(" -> ");
                tokens.next();
                continue;
            }
            TokenTree::Punct(punct) => match (punct.as_char(), punct.spacing()) {
                (':', Spacing::Joint) => {
                    text.push_str("::");
                    tokens.next();
                }
                (sign @ (',' | ';'), _) => {
                    text.push(sign);
                    text.push(' ');
                }
                (':', _) => text.push_str(": "),
                (sign @ ('=' | '+'), _) => {
                    text.truncate(text.trim_end().len());
                    text.push(' ');
                    text.push(sign);
                    text.push(' ');
                }
                (sign, _) => text.push(sign),
            },
            other => {
                let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '>' | ')' | ']');
                if text.ends_with(word) {
                    text.push(' ');
                }
                text.push_str(&other.to_string());
            }
        }
    }
    text.truncate(text.trim_end().len());
}
