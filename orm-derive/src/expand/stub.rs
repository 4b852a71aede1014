use proc_macro2::TokenStream;
use quote::quote;

use super::{Paths, borrowed, constants, record, relations, row, text};
use crate::check::MOST_KEY_COLUMNS;
use crate::ir::Table;

/// What makes the rest of the user's crate compile after a mistake was reported, so that one mistake is one message.
pub(crate) fn stub(table: &Table) -> TokenStream {
    let paths = Paths::new(table.krate.as_ref());
    [
        constants::constants(table, &paths),
        relations::stubs(table, &paths),
        traits(table, &paths),
        row::row_stub(&table.ident, &table.generics, &paths),
        borrowed::stub(table, &paths).unwrap_or_default(),
    ]
    .into_iter()
    .collect()
}

fn traits(table: &Table, paths: &Paths) -> TokenStream {
    let (ident, private) = (&table.ident, &paths.private);
    let (impl_generics, type_generics, _) = table.generics.split_for_impl();
    let bounds = table.generics.where_clause.as_ref().map(|clause| &clause.predicates);
    let where_clause = quote!(where #ident #type_generics: 'static, #bounds);
    let name = &table.name.value;
    let key = if !(1..=MOST_KEY_COLUMNS).contains(&table.key.len()) {
        quote!(::core::primitive::i64)
    } else {
        record::key_type(table, paths)
    };
    let hooks = (!table.hooks).then(|| {
        quote! {
            #[automatically_derived]
            impl #impl_generics #private::Hooks for #ident #type_generics #where_clause {}
        }
    });
    let record = record_stub(paths);
    let definition = empty_table(name, paths);
    quote! {
        #hooks

        #[automatically_derived]
        impl #impl_generics #private::AutoKeyed for #ident #type_generics #where_clause {}

        #[automatically_derived]
        impl #impl_generics #private::Searchable for #ident #type_generics #where_clause {}

        #[automatically_derived]
        impl #impl_generics #private::Model for #ident #type_generics #where_clause {
            const TABLE: &'static #private::TableDef = &#definition;
        }

        #[automatically_derived]
        impl #impl_generics #private::Record for #ident #type_generics #where_clause {
            type Key = #key;
            const NAME: &'static ::core::primitive::str = #name;
            const KEY: &'static [&'static ::core::primitive::str] = &[];
            const HOOKED: ::core::primitive::bool = false;
            #record
        }
    }
}

fn record_stub(paths: &Paths) -> TokenStream {
    let private = &paths.private;
    quote! {
        fn slot() -> &'static #private::Slot {
            ::core::unreachable!()
        }

        fn decode<__R: #private::Row, __P: #private::Positions>(_: &__R, _: &__P) -> #private::Result<Self> {
            ::core::unreachable!()
        }

        fn type_name(_: ::core::primitive::usize) -> &'static ::core::primitive::str {
            ::core::unreachable!()
        }

        fn encode(
            &self,
            _: ::core::primitive::usize,
        ) -> #private::Result<#private::ToValueOutput<'_>, #private::ConversionError> {
            ::core::unreachable!()
        }

        fn bind<'__p>(
            &'__p self,
            _: ::core::primitive::usize,
            _: &mut #private::Binder<'__p>,
        ) -> #private::Result<(), #private::Unbound> {
            ::core::unreachable!()
        }

        fn assign(
            &mut self,
            _: ::core::primitive::usize,
            _: #private::ValueRef<'_>,
        ) -> #private::Result<(), #private::ConversionError> {
            ::core::unreachable!()
        }
    }
}

/// A table without anything: constants of the user's may be made of it.
fn empty_table(name: &str, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let name = text(name);
    quote! {
        #private::TableDef {
            name: #name,
            columns: ::std::borrow::Cow::Borrowed(&[]),
            primary_key: ::std::borrow::Cow::Borrowed(&[]),
            uniques: ::std::borrow::Cow::Borrowed(&[]),
            indexes: ::std::borrow::Cow::Borrowed(&[]),
            checks: ::std::borrow::Cow::Borrowed(&[]),
            foreign_keys: ::std::borrow::Cow::Borrowed(&[]),
            fts: ::core::option::Option::None,
            strict: ::core::option::Option::None,
            without_rowid: false,
            renamed_from: ::std::borrow::Cow::Borrowed(&[]),
        }
    }
}
