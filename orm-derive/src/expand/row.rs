use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Generics, Type};

use super::{Paths, assertions};
use crate::ir::{RowStruct, Table};

/// One column read into one field:
///
/// ```text
/// match (match row.value(at) { Ok(value) => <T as Field>::from_value(value), Err(error) => Err(error) }) {
///     Ok(value) => value,
///     Err(error) => return Err(…),
/// }
/// ```
///
/// Straight code without closures or large results. It is `and_then` written out, since a type that is no `Field` would
/// be reported at the call of `and_then` once more.
pub(super) fn read(
    convert: &TokenStream,
    at: &TokenStream,
    error: &TokenStream,
    paths: &Paths,
) -> TokenStream {
    let private = &paths.private;
    quote! {
        match (match #private::Row::value(__row, #at) {
            ::core::result::Result::Ok(__value) => #convert(__value),
            ::core::result::Result::Err(__error) => ::core::result::Result::Err(__error),
        }) {
            ::core::result::Result::Ok(__value) => __value,
            ::core::result::Result::Err(__error) => return ::core::result::Result::Err(#error),
        }
    }
}

/// The function that makes a field's type of a value.
pub(super) fn convert(ty: &Type, json: Option<Span>, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    match json {
        Some(_) => quote_spanned!(ty.span()=> #private::json_from::<#ty>),
        None => paths.field(ty, "from_value"),
    }
}

/// A field that is no column.
pub(super) fn default(field: &Ident, ty: &Type) -> TokenStream {
    let default = quote_spanned!(ty.span()=> <#ty as ::core::default::Default>::default());
    quote!(#field: #default)
}

/// `impl FromRow` for a model, by column name.
pub(super) fn model_row(table: &Table, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let names: Vec<&str> = table.columns.iter().map(|column| column.name.value.as_str()).collect();
    let body = quote!(<Self as #private::Record>::decode(__row, __positions));
    row_impl(&table.ident, &names, &body, paths)
}

/// `impl FromRow` for a struct that is no table.
pub(crate) fn row_struct(row: &RowStruct) -> TokenStream {
    let paths = Paths::new(row.krate.as_ref());
    let private = &paths.private;
    let names: Vec<&str> = row.columns.iter().map(|column| column.name.value.as_str()).collect();
    let columns = row.columns.iter().enumerate().map(|(position, column)| {
        let (field, ty, name) = (&column.field, &column.ty, &column.name.value);
        let error = quote!(#private::result_error::<#ty>(#name, __error));
        let convert = convert(ty, column.json, &paths);
        let value = read(&convert, &quote!(__positions[#position]), &error, &paths);
        quote!(#field: #value)
    });
    let skipped = row.skipped.iter().map(|(field, ty)| default(field, ty));
    let body = quote!(::core::result::Result::Ok(Self { #(#columns,)* #(#skipped,)* }));
    let row_impl = row_impl(&row.ident, &names, &body, &paths);
    let json = row
        .columns
        .iter()
        .filter_map(|column| column.json)
        .map(|span| assertions::json_feature(span, &paths));
    quote!(#row_impl #(#json)*)
}

fn row_impl(ident: &Ident, names: &[&str], body: &TokenStream, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let count = names.len();
    quote! {
        #[automatically_derived]
        impl #private::FromRow for #ident {
            type Positions = [::core::primitive::usize; #count];

            fn positions(__columns: &#private::Columns) -> #private::Result<Self::Positions> {
                #private::Columns::find(__columns, [#(#names),*])
            }

            #[inline]
            fn from_row<__R: #private::Row>(__row: &__R, __positions: &Self::Positions) -> #private::Result<Self> {
                #body
            }
        }
    }
}

/// An `impl FromRow` that only compiles, after a mistake was reported.
pub(crate) fn row_stub(ident: &Ident, generics: &Generics, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #private::FromRow for #ident #type_generics #where_clause {
            type Positions = ();

            fn positions(_: &#private::Columns) -> #private::Result<()> {
                ::core::unreachable!()
            }

            fn from_row<__R: #private::Row>(_: &__R, _: &()) -> #private::Result<Self> {
                ::core::unreachable!()
            }
        }
    }
}
