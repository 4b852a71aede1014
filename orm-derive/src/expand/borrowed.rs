use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::{Paths, row};
use crate::ir::{Column, Table};

/// What `borrowed` adds: the struct of a row that lies in the database's memory, and how it is read.
pub(super) fn borrowed(table: &Table, paths: &Paths) -> Option<TokenStream> {
    let name = table.borrowed.as_ref()?;
    let row_struct = row_struct(table, name, paths);
    let debug = debug(table, name, paths);
    let read = read(table, name, paths);
    Some(quote!(#row_struct #debug #read))
}

/// The same after a mistake was reported.
pub(super) fn stub(table: &Table, paths: &Paths) -> Option<TokenStream> {
    let name = table.borrowed.as_ref().filter(|_| table.generics.params.is_empty())?;
    let row_struct = row_struct(table, name, paths);
    let body = quote!(::core::unreachable!());
    let read = borrow_row(table, name, &body, paths);
    Some(quote!(#row_struct #read))
}

/// The type that a column has in there.
fn borrowed_type(column: &Column, paths: &Paths) -> TokenStream {
    let (ty, span) = (&column.ty, column.ty.span());
    match column.attrs.json {
        Some(_) => quote!(#ty),
        None => {
            let borrow_value = borrow_value(ty, paths);
            quote_spanned!(span=> #borrow_value::Borrowed<'__r>)
        }
    }
}

/// `<T as BorrowValue>`, with the type's span throughout, so that a type that cannot be borrowed is one error.
fn borrow_value(ty: &Type, paths: &Paths) -> TokenStream {
    let span = ty.span();
    let respanned = |mut token: TokenTree| {
        token.set_span(span);
        token
    };
    let private: TokenStream = paths.private.clone().into_iter().map(respanned).collect();
    quote_spanned!(span=> <#ty as #private::BorrowValue>)
}

fn row_struct(table: &Table, name: &Ident, paths: &Paths) -> TokenStream {
    let (vis, model) = (&table.vis, table.ident.to_string());
    let doc = format!(
        "What [`{model}`] is in `for_each`: a row of table `{}` whose text and blobs are borrowed.",
        table.name.value
    );
    let fields = table.columns.iter().map(|column| {
        let Column { field, vis, name, .. } = column;
        let (ty, doc) = (borrowed_type(column, paths), format!("Column `{}`.", name.value));
        quote!(#[doc = #doc] #vis #field: #ty,)
    });
    quote! {
        #[doc = #doc]
        #[allow(dead_code, unreachable_pub, non_camel_case_types, non_snake_case, clippy::pedantic)]
        #vis struct #name<'__r> {
            #(#fields)*
            #[doc(hidden)]
            pub __row: ::core::marker::PhantomData<&'__r ()>,
        }
    }
}

/// `Debug`, where a field of a type without it is `…`: a bound on each field would be one error more for a type that cannot
/// be borrowed.
fn debug(table: &Table, name: &Ident, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let fields = table.columns.iter().map(|column| {
        let (field, shown) = (&column.field, column.field_name());
        let value = quote!(#private::Shown(&self.#field).shown());
        quote!(::core::fmt::DebugStruct::field(&mut __struct, #shown, #value);)
    });
    let shown = name.to_string();
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Debug for #name<'_> {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #[allow(unused_imports)]
                use #private::NotShown as _;
                let mut __struct = ::core::fmt::Formatter::debug_struct(__f, #shown);
                #(#fields)*
                ::core::fmt::DebugStruct::finish(&mut __struct)
            }
        }
    }
}

/// `impl BorrowRow`, which reads each column as [`row::read`] does.
fn read(table: &Table, name: &Ident, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let table_name = &table.name.value;
    let columns = table.columns.iter().enumerate().map(|(position, column)| {
        let Column { field, ty, name, attrs, .. } = column;
        let name = &name.value;
        let at = quote!(__start + #position);
        let error = quote!(#private::column_error::<#ty>(#table_name, #name, __error));
        let convert = match attrs.json {
            Some(_) => row::convert(ty, attrs.json, paths),
            None => {
                let borrow_value = borrow_value(ty, paths);
                quote_spanned!(ty.span()=> #borrow_value::borrow_value)
            }
        };
        let value = row::read(&convert, &at, &error, paths);
        quote!(#field: #value)
    });
    let body = quote!(::core::result::Result::Ok(#name { #(#columns,)* __row: ::core::marker::PhantomData }));
    borrow_row(table, name, &body, paths)
}

fn borrow_row(table: &Table, name: &Ident, body: &TokenStream, paths: &Paths) -> TokenStream {
    let (ident, private) = (&table.ident, &paths.private);
    quote! {
        #[automatically_derived]
        impl #private::BorrowRow for #ident {
            type Borrowed<'__r> = #name<'__r>;

            #[inline]
            fn borrow_row<__R: #private::Row>(
                __row: &__R,
                __start: ::core::primitive::usize,
            ) -> #private::Result<#name<'_>> {
                #body
            }
        }
    }
}
