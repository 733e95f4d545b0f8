//! How methods take values: whatever becomes the type that is kept.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Type;

use super::model::Parameter;
use super::syntax::{argument_of, is_foreign};

/// What a method takes for a parameter, and how that becomes the value that is kept.
pub(super) struct Accepted {
    pub(super) ty: TokenStream,
    pub(super) value: TokenStream,
}

impl Accepted {
    /// How a field of the parameter's name is set.
    pub(super) fn field(&self, name: &Ident) -> TokenStream {
        let value = &self.value;
        match *name == value.to_string() {
            true => quote!(#name),
            false => quote!(#name: #value),
        }
    }

    pub(super) fn of(parameter: &Parameter) -> Self {
        let Parameter { name, ty, .. } = parameter;
        if parameter.is_union {
            return Self {
                ty: quote!(impl ::std::convert::Into<#ty>),
                value: quote!(#name.into()),
            };
        }
        Self::new(name, ty)
    }

    pub(super) fn new(name: &Ident, ty: &Type) -> Self {
        match argument_of(ty, "Vec").map(|it| (it, is_foreign(it, "String"))) {
            Some((_, true)) => Self {
                ty: quote! {
                    impl ::std::iter::IntoIterator<
                        Item = impl ::std::convert::Into<::std::string::String>,
                    >
                },
                value: quote!(#name.into_iter().map(::std::convert::Into::into).collect()),
            },
            Some((element, _)) => Self {
                ty: quote!(impl ::std::iter::IntoIterator<Item = #element>),
                value: quote!(#name.into_iter().collect()),
            },
            None if is_foreign(ty, "Bytes") => Self {
                ty: quote!(impl ::std::convert::Into<#ty>),
                value: quote!(#name.into()),
            },
            None if is_foreign(ty, "String") => Self {
                ty: quote!(impl ::std::convert::Into<::std::string::String>),
                value: quote!(#name.into()),
            },
            None => Self {
                ty: quote!(#ty),
                value: quote!(#name),
            },
        }
    }
}
