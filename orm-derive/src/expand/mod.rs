//! From what was said to code. Nothing here can fail.

mod assertions;
mod borrowed;
mod column_def;
mod constants;
mod field;
mod foreign_key;
mod record;
mod relations;
mod row;
mod stub;
mod table_def;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Path, Type};

pub(crate) use self::field::{enumeration, field_stub, newtype};
pub(crate) use self::row::{row_struct, row_stub};
pub(crate) use self::stub::stub;

use crate::attr::Parent;
use crate::ir::Table;

/// Everything that `derive(Model)` writes.
pub(crate) fn model(table: &Table) -> TokenStream {
    let paths = Paths::new(table.krate.as_ref());
    [
        metadata(table, &paths),
        constants::constants(table, &paths),
        relations::declared(table, &paths),
        record::record_impl(table, &paths),
        row::model_row(table, &paths),
        record::marker_impls(table, &paths),
        borrowed::borrowed(table, &paths).unwrap_or_default(),
    ]
    .into_iter()
    .collect()
}

/// The table as data and what its types must satisfy. Parents have a name of their own in here, so that the compiler
/// looks each of them up once and reports a missing one once.
fn metadata(table: &Table, paths: &Paths) -> TokenStream {
    let parents = table.foreign_keys.iter().enumerate().filter_map(|(position, key)| {
        let Parent::Key(model) = &key.parent else { return None };
        let alias = foreign_key::alias(position, model);
        Some(quote!(type #alias = #model;))
    });
    let model = table_def::model_impl(table, paths);
    let assertions = assertions::assertions(table, paths);
    let relations = relations::foreign_keys(table, paths);
    quote! {
        const _: () = {
            #(#parents)*
            #model
            #relations
            #assertions
        };
    }
}

/// Where derived code finds this library.
pub(crate) struct Paths {
    /// `::orm_core::__private`.
    private: TokenStream,
}

impl Paths {
    pub(crate) fn new(krate: Option<&Path>) -> Self {
        let krate = krate.map_or_else(|| quote!(::orm_core), |path| quote!(#path));
        Self { private: quote!(#krate::__private) }
    }

    /// `<T as Field>::Member`, with the type's span throughout: rustc drops errors that are equal, span included, so a
    /// type that is no `Field` is one error.
    fn field(&self, ty: &Type, member: &str) -> TokenStream {
        let private = &self.private;
        let member = Ident::new(member, ty.span());
        quote_spanned!(ty.span()=> <#ty as #private::Field>::#member)
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
