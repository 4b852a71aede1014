use proc_macro2::TokenStream;
use quote::quote;

use super::Paths;
use crate::ir::{Column, Table};

/// The constants of the fields: `User::EMAIL`.
pub(super) fn constants(table: &Table, paths: &Paths) -> TokenStream {
    let ident = &table.ident;
    let (impl_generics, type_generics, where_clause) = table.generics.split_for_impl();
    let mut seen = Vec::new();
    let constants = table.columns.iter().enumerate().filter_map(|(position, column)| {
        // two of one name were reported
        if seen.contains(&&column.constant) {
            return None;
        }
        seen.push(&column.constant);
        Some(constant(table, position, column, paths))
    });
    quote! {
        #[automatically_derived]
        #[allow(dead_code, unreachable_pub, non_upper_case_globals)]
        impl #impl_generics #ident #type_generics #where_clause {
            #(#constants)*
        }
    }
}

fn constant(table: &Table, position: usize, column: &Column, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let Column { vis, constant, ty, name, .. } = column;
    let (name, table_name) = (&name.value, &table.name.value);
    let doc = format!("Column `{name}` of table `{table_name}`.");
    let ty = match column.attrs.json {
        Some(span) => quote::quote_spanned!(span=> #private::Json<#ty>),
        None => quote!(#ty),
    };
    let kind =
        if column.attrs.generated.is_some() { quote!(, #private::Generated) } else { TokenStream::new() };
    quote! {
        #[doc = #doc]
        #vis const #constant: #private::Column<Self, #ty #kind> =
            #private::Column::__new(#table_name, #name, #position);
    }
}
