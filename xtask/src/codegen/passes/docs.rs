//! Every public item says what it is, in the overlay's words where it has some.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, ExprLit, Field, File, ImplItem, ImplItemFn, Item, Lit, LitStr, Variant,
    Visibility, parse_quote,
};

use super::ast::{argument_of, client_field, doc_text, fields, self_name, structs, type_name};
use crate::codegen::model::{Model, Operation};
use crate::codegen::parts::Parts;

/// Writes the documentation of operations, builders and types.
pub(super) fn apply(parts: &mut Parts, model: &Model) -> Result<()> {
    for item in &mut parts.operations.items {
        if let Item::Impl(block) = item {
            for item in &mut block.items {
                if let ImplItem::Fn(function) = item {
                    document_operation(function, model)?;
                }
            }
        }
    }
    document_builders(&mut parts.builder, model)?;
    let summaries = summaries(&parts.types);
    FillGaps { summaries }.visit_file_mut(&mut parts.types);
    Ok(())
}

/// What each type says of itself first.
fn summaries(types: &File) -> BTreeMap<String, String> {
    let documented = types.items.iter().filter_map(|item| match item {
        Item::Struct(item) => Some((&item.ident, &item.attrs)),
        Item::Enum(item) => Some((&item.ident, &item.attrs)),
        _ => None,
    });
    documented
        .filter_map(|(name, attrs)| {
            let first = attrs.iter().find_map(doc_text)?;
            let first = first.trim().lines().next()?.to_owned();
            (!first.starts_with('`')).then(|| (name.to_string(), first))
        })
        .collect()
}

fn document_operation(function: &mut ImplItemFn, model: &Model) -> Result<()> {
    let name = function.sig.ident.to_string();
    let operation = model
        .operation(&name)
        .with_context(|| format!("method `{name}` belongs to no operation"))?;
    set_docs(&mut function.attrs, &operation_docs(operation));
    Ok(())
}

fn operation_docs(operation: &Operation) -> String {
    let mut paragraphs = operation.docs.clone();
    let request = format!("`{} {}`", operation.method, operation.path);
    paragraphs.push(match &operation.docs_url {
        Some(url) => format!("{request}, see [GitHub's documentation]({url})."),
        None => format!("{request}."),
    });
    paragraphs.join("\n\n")
}

fn document_builders(builder: &mut File, model: &Model) -> Result<()> {
    let mut expected = BTreeMap::new();
    for (name, item) in structs(builder) {
        let client = client_field(item)?;
        for (field, ty) in fields(item).filter(|(field, _)| **field != client) {
            let value = argument_of(ty, "Result").unwrap_or(ty);
            let value = argument_of(value, "Option").unwrap_or(value);
            let plain = type_name(value).unwrap_or_else(|| "value".to_owned());
            expected.insert((name.clone(), field.to_string()), plain);
        }
    }
    for item in &mut builder.items {
        match item {
            Item::Struct(item) => {
                let name = item.ident.to_string();
                let operation = model
                    .operation(&name)
                    .with_context(|| format!("builder `{name}` belongs to no operation"))?;
                let text = format!(
                    "A request of [`{id}`](crate::Client::{id}).",
                    id = operation.id
                );
                set_docs(&mut item.attrs, &text);
            }
            Item::Impl(block) if block.trait_.is_none() => {
                let name = self_name(block).context("an `impl` block of no builder")?;
                let operation = model
                    .operation(&name)
                    .with_context(|| format!("builder `{name}` belongs to no operation"))?;
                for item in &mut block.items {
                    if let ImplItem::Fn(function) = item {
                        let field = function.sig.ident.to_string();
                        let plain = expected.get(&(name.clone(), field));
                        document_method(function, operation, plain.map(String::as_str));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn document_method(function: &mut ImplItemFn, operation: &Operation, expected: Option<&str>) {
    let name = function.sig.ident.to_string();
    if name == "new" {
        PlainMessages { expected: "" }.visit_impl_item_fn_mut(function);
        return;
    }
    if name == "send" {
        let text = format!(
            "Sends `{} {}`.\n\n# Errors\n\n[`InvalidRequest`](crate::ErrorKind::InvalidRequest) if \
             an argument is missing or unusable, before anything is sent; else see \
             [`Error`](crate::Error).",
            operation.method, operation.path
        );
        set_docs(&mut function.attrs, &text);
        return;
    }
    if !matches!(function.vis, Visibility::Public(_)) {
        return;
    }
    if let Some(parameter) = operation.parameter(&name) {
        let text = match &parameter.description {
            Some(description) => description.clone(),
            None => format!("Sets `{}`.", parameter.name),
        };
        set_docs(&mut function.attrs, &text);
    } else if function
        .attrs
        .iter()
        .all(|attribute| doc_text(attribute).is_none())
    {
        let text = match &*name {
            "body" => "Sets the body of the request.".to_owned(),
            "body_map" => "Changes the body of the request.".to_owned(),
            other => format!("Sets `{other}`."),
        };
        set_docs(&mut function.attrs, &text);
    }
    if let Some(expected) = expected {
        PlainMessages { expected }.visit_impl_item_fn_mut(function);
    }
}

fn set_docs(attrs: &mut Vec<Attribute>, text: &str) {
    attrs.retain(|attribute| doc_text(attribute).is_none());
    let lines = text.lines().map(|line| {
        let line = if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        };
        parse_quote!(#[doc = #line])
    });
    attrs.splice(0..0, lines);
}

/// Progenitor's messages print types as token streams.
struct PlainMessages<'a> {
    expected: &'a str,
}

impl VisitMut for PlainMessages<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) = expression
        else {
            return;
        };
        let message = text.value();
        let plain = if let Some(name) = message.strip_suffix(" was not initialized") {
            format!("`{name}` is missing")
        } else if let Some(rest) = message.strip_suffix(" failed") {
            let Some((_, name)) = rest.rsplit_once(" for ") else {
                return;
            };
            format!("`{name}` is not a valid {}", self.expected)
        } else {
            return;
        };
        *text = LitStr::new(&plain, text.span());
    }
}

/// Public items of `types` that the overlay leaves without words.
struct FillGaps {
    summaries: BTreeMap<String, String>,
}

fn fill(attrs: &mut Vec<Attribute>, otherwise: impl FnOnce() -> String) {
    let written: Vec<String> = attrs.iter().filter_map(doc_text).collect();
    if written.is_empty() {
        set_docs(attrs, &otherwise());
    } else {
        let lines: Vec<&str> = written
            .iter()
            .flat_map(|text| text.lines())
            .map(str::trim)
            .collect();
        set_docs(attrs, lines.join("\n").trim());
    }
}

fn named(name: &impl ToString) -> String {
    format!("`{}`.", name.to_string().trim_start_matches("r#"))
}

impl VisitMut for FillGaps {
    fn visit_field_mut(&mut self, field: &mut Field) {
        let (Some(name), Visibility::Public(_)) = (&field.ident, &field.vis) else {
            return;
        };
        let summary = type_name(argument_of(&field.ty, "Option").unwrap_or(&field.ty))
            .and_then(|ty| self.summaries.get(&ty).cloned());
        let otherwise = summary.unwrap_or_else(|| named(name));
        fill(&mut field.attrs, || otherwise);
    }

    fn visit_variant_mut(&mut self, variant: &mut Variant) {
        let value = super::open_enums::value(variant);
        fill(&mut variant.attrs, || named(&value));
        visit_mut::visit_variant_mut(self, variant);
    }

    fn visit_item_struct_mut(&mut self, item: &mut syn::ItemStruct) {
        fill(&mut item.attrs, || named(&item.ident));
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut syn::ItemEnum) {
        fill(&mut item.attrs, || named(&item.ident));
        visit_mut::visit_item_enum_mut(self, item);
    }

    fn visit_item_mod_mut(&mut self, item: &mut syn::ItemMod) {
        fill(&mut item.attrs, || match &*item.ident.to_string() {
            "builder" => "Builders of what requests hold.".to_owned(),
            _ => named(&item.ident),
        });
        visit_mut::visit_item_mod_mut(self, item);
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
        if matches!(function.vis, Visibility::Public(_)) {
            fill(&mut function.attrs, || {
                match &*function.sig.ident.to_string() {
                    "builder" => "Starts a builder.".to_owned(),
                    other => format!("Sets `{}`.", other.trim_start_matches("r#")),
                }
            });
        }
    }
}
