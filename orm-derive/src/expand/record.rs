use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::{Paths, row};
use crate::ir::{Column, Table};

/// `impl Record`: how the struct becomes a row and back.
pub(super) fn record_impl(table: &Table, paths: &Paths) -> TokenStream {
    let (ident, private) = (&table.ident, &paths.private);
    let name = &table.name.value;
    let key = key_type(table, paths);
    let key_columns = table.key.iter().map(|&at| &table.columns[at].name.value);
    let hooked = table.hooks;
    let decode = decode(table, paths);
    let type_name = type_name(table);
    let encode = encode(table, paths);
    let bind = bind(table, paths);
    let assign = assign(table, paths);
    quote! {
        #[automatically_derived]
        impl #private::Record for #ident {
            type Key = #key;
            const NAME: &'static ::core::primitive::str = #name;
            const KEY: &'static [&'static ::core::primitive::str] = &[#(#key_columns),*];
            const HOOKED: ::core::primitive::bool = #hooked;

            fn slot() -> &'static #private::Slot {
                static SLOT: #private::Slot = #private::Slot::new();
                &SLOT
            }

            #decode
            #type_name
            #encode
            #bind
            #assign
        }
    }
}

/// The key without `Option`: a field's type or a tuple of them.
pub(super) fn key_type(table: &Table, paths: &Paths) -> TokenStream {
    let inner = |at: &usize| paths.field(&table.columns[*at].ty, "Inner");
    match table.key.as_slice() {
        [only] => inner(only),
        several => {
            let parts = several.iter().map(inner);
            quote!((#(#parts),*))
        }
    }
}

fn decode(table: &Table, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let table_name = &table.name.value;
    let columns = table.columns.iter().enumerate().map(|(position, column)| {
        let Column { field, ty, name, attrs, .. } = column;
        let name = &name.value;
        let at = quote!(#private::Positions::at(__positions, #position));
        let error = quote!(#private::column_error::<#ty>(#table_name, #name, __error));
        let value = row::read(&row::convert(ty, attrs.json, paths), &at, &error, paths);
        quote!(#field: #value)
    });
    let skipped = table.skipped.iter().map(|skipped| row::default(&skipped.field, &skipped.ty));
    quote! {
        #[inline]
        fn decode<__R: #private::Row, __P: #private::Positions>(
            __row: &__R,
            __positions: &__P,
        ) -> #private::Result<Self> {
            ::core::result::Result::Ok(Self { #(#columns,)* #(#skipped,)* })
        }
    }
}

fn type_name(table: &Table) -> TokenStream {
    let arms = table
        .columns
        .iter()
        .enumerate()
        .map(|(position, Column { ty, .. })| quote!(#position => ::core::any::type_name::<#ty>(),));
    quote! {
        fn type_name(__column: ::core::primitive::usize) -> &'static ::core::primitive::str {
            match __column {
                #(#arms)*
                _ => "",
            }
        }
    }
}

fn encode(table: &Table, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let arms = table.columns.iter().enumerate().map(|(position, column)| {
        let value = encoded(column, paths);
        quote!(#position => #value,)
    });
    quote! {
        #[inline]
        fn encode(
            &self,
            __column: ::core::primitive::usize,
        ) -> #private::Result<#private::ToValueOutput<'_>, #private::ConversionError> {
            match __column {
                #(#arms)*
                _ => ::core::result::Result::Err(#private::no_such_column()),
            }
        }
    }
}

/// [`encode`] and bind in one, so that what a field is, is known where it is bound.
fn bind(table: &Table, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let arms = table.columns.iter().enumerate().map(|(position, column)| {
        let value = encoded(column, paths);
        quote!(#position => __binder.bind_field(#value),)
    });
    quote! {
        #[inline]
        fn bind<'__p>(
            &'__p self,
            __column: ::core::primitive::usize,
            __binder: &mut #private::Binder<'__p>,
        ) -> #private::Result<(), #private::Unbound> {
            match __column {
                #(#arms)*
                _ => __binder.bind_field(::core::result::Result::Err(#private::no_such_column())),
            }
        }
    }
}

fn encoded(column: &Column, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let Column { field, ty, attrs, .. } = column;
    match attrs.json {
        Some(_) => quote_spanned!(ty.span()=> #private::json_value::<#ty>(&self.#field)),
        None => {
            let encode = paths.field(ty, "__encode");
            quote!(#encode(&self.#field))
        }
    }
}

fn assign(table: &Table, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let arms = table.columns.iter().enumerate().map(|(position, column)| {
        let Column { field, ty, attrs, .. } = column;
        let value = match attrs.json {
            Some(_) => quote_spanned!(ty.span()=> #private::json_from::<#ty>(__value)?),
            None => {
                let from_value = paths.field(ty, "from_value");
                quote!(#from_value(__value)?)
            }
        };
        quote!(#position => self.#field = #value,)
    });
    quote! {
        fn assign(
            &mut self,
            __column: ::core::primitive::usize,
            __value: #private::ValueRef<'_>,
        ) -> #private::Result<(), #private::ConversionError> {
            match __column {
                #(#arms)*
                _ => return ::core::result::Result::Err(#private::no_such_column()),
            }
            ::core::result::Result::Ok(())
        }
    }
}

/// `AutoKeyed`, `Searchable`, and empty `Hooks` where the user has none.
pub(super) fn marker_impls(table: &Table, paths: &Paths) -> TokenStream {
    let (ident, private) = (&table.ident, &paths.private);
    let auto = table.columns.iter().any(|column| column.auto().is_some()).then(|| {
        quote! {
            #[automatically_derived]
            impl #private::AutoKeyed for #ident {}
        }
    });
    let searchable = table.fts.is_some().then(|| {
        quote! {
            #[automatically_derived]
            impl #private::Searchable for #ident {}
        }
    });
    let hooks = (!table.hooks).then(|| {
        quote! {
            #[automatically_derived]
            impl #private::Hooks for #ident {}
        }
    });
    quote!(#auto #searchable #hooks)
}
