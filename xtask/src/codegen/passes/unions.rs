//! Alternatives, in the place of the structs whose fields stand for them.

use quote::format_ident;
use syn::{File, Ident, Item, ItemStruct, Type, parse_quote};

use super::replace_structs;
use crate::codegen::progenitor::Generated;
use crate::codegen::syntax::{argument_of, doc_text, is_foreign, own_name, type_name};
use crate::spec::pointer::Pointer;
use crate::spec::problem::Problem;
use crate::spec::shape::collisions;

/// Writes the enums of alternatives. A value can be given for the whole; text as well, where one of them
/// is text.
pub(super) fn apply(generated: &mut Generated) -> Vec<Problem> {
    let Generated { types, plain, .. } = generated;
    let mut problems = Vec::new();
    replace_structs(types, |item| {
        let schema = plain.unions.get(&item.ident.to_string())?;
        let at = Pointer::new("/components/schemas").join(schema);
        let union = union(item).map_err(|problem| problems.push(problem.at(at)));
        union.ok()
    });
    problems
}

fn union(item: &ItemStruct) -> Result<Vec<Item>, Problem> {
    let name = &item.ident;
    let docs = item.attrs.iter().filter(|it| doc_text(it).is_some());
    let types: Vec<_> = item.fields.iter().map(|field| &field.ty).collect();
    let variants: Vec<_> = types.iter().map(|ty| variant(ty)).collect();
    if let Some((_, twice)) = collisions(variants.iter().map(String::as_str), str::to_owned).first()
    {
        let message = format!("two alternatives of `{name}` would be called `{twice}`");
        let help = format!(
            "give a type another `title` than `{twice}`, or remove one of the two, in <overlay>"
        );
        return Err(Problem::new(message).help(help));
    }
    let variants: Vec<_> = variants.iter().map(|it| format_ident!("{it}")).collect();
    let mut file: File = parse_quote! {
        #(#docs)*
        #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants(#types),)*
        }
    };
    for (variant, ty) in variants.iter().zip(&types) {
        file.items.extend(conversions(name, variant, ty));
    }
    Ok(file.items)
}

/// The name of an alternative, from the type of its values alone: it stays the same when others come
/// and go.
fn variant(ty: &Type) -> String {
    if let Some(inner) = argument_of(ty, "Box").or(argument_of(ty, "Option")) {
        return variant(inner);
    }
    if let Some(item) = argument_of(ty, "Vec") {
        return format!("{}List", variant(item));
    }
    if let Some(name) = own_name(ty) {
        return name;
    }
    match type_name(ty).as_deref() {
        Some("String") => "String",
        Some("f32" | "f64") => "Number",
        Some("bool") => "Boolean",
        Some("DateTime") => "Time",
        Some("NaiveDate") => "Date",
        Some("HashMap" | "Map") => "Object",
        Some(name) if name.starts_with(['i', 'u']) => "Integer",
        _ => "Other",
    }
    .to_owned()
}

fn conversions(name: &Ident, variant: &Ident, ty: &Type) -> Vec<Item> {
    let mut items: Vec<Item> = vec![parse_quote! {
        impl ::std::convert::From<#ty> for #name {
            fn from(value: #ty) -> Self {
                Self::#variant(value)
            }
        }
    }];
    if is_foreign(ty, "String") {
        items.push(parse_quote! {
            impl ::std::convert::From<&str> for #name {
                fn from(value: &str) -> Self {
                    Self::#variant(value.to_owned())
                }
            }
        });
    }
    items
}
