//! From what was said to code. Nothing here can fail.

mod assertions;
mod column_def;
mod constants;
mod field;
mod foreign_key;
mod record;
mod row;
mod stub;
mod table_def;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Type};

pub(crate) use self::field::{enumeration, field_stub, newtype};
pub(crate) use self::row::{row_struct, row_stub};
pub(crate) use self::stub::stub;

use crate::ir::Table;

/// Everything that `derive(Model)` writes.
pub(crate) fn model(table: &Table) -> TokenStream {
    let paths = Paths::new(table.krate.as_ref());
    [
        table_def::model_impl(table, &paths),
        constants::constants(table, &paths),
        record::record_impl(table, &paths),
        row::model_row(table, &paths),
        record::marker_impls(table, &paths),
        assertions::assertions(table, &paths),
    ]
    .into_iter()
    .collect()
}

/// Where derived code finds this library.
pub(crate) struct Paths {
    /// `::orm_core`, or `crate = …`.
    krate: TokenStream,
    /// `::orm_core::__private`.
    private: TokenStream,
}

impl Paths {
    pub(crate) fn new(krate: Option<&Path>) -> Self {
        let krate = krate.map_or_else(|| quote!(::orm_core), |path| quote!(#path));
        Self { private: quote!(#krate::__private), krate }
    }

    /// `<T as Field>`, with the type's span throughout: rustc drops errors that are equal, span included, so a type that
    /// is no `Field` is one error.
    fn field(&self, ty: &Type) -> TokenStream {
        let private = &self.private;
        quote_spanned!(ty.span()=> <#ty as #private::Field>)
    }
}

/// `Some(…)` or `None`.
fn option(value: Option<TokenStream>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}

/// Text as a constant `Cow`.
fn text(value: &str) -> TokenStream {
    quote!(::std::borrow::Cow::Borrowed(#value))
}

/// A list as a constant `Cow`. The block makes the list a constant of its own, which its elements' destructors would
/// prevent otherwise.
fn list(elements: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let mut elements = elements.into_iter().peekable();
    if elements.peek().is_none() {
        return quote!(::std::borrow::Cow::Borrowed(&[]));
    }
    quote!(::std::borrow::Cow::Borrowed(const { &[#(#elements),*] }))
}
