use proc_macro2::TokenStream;
use quote::quote;

use super::{Paths, column_def, foreign_key, list, option, text};
use crate::ir::{Check, Fts, Index, Table, Target, Unique};

/// `impl Model`, which is the table as plain data.
pub(super) fn model_impl(table: &Table, paths: &Paths) -> TokenStream {
    let (ident, private) = (&table.ident, &paths.private);
    let definition = definition(table, paths);
    quote! {
        #[automatically_derived]
        impl #private::Model for #ident {
            const TABLE: &'static #private::TableDef = &#definition;
        }
    }
}

fn definition(table: &Table, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let name = text(&table.name.value);
    let columns = list((0..table.columns.len()).map(|at| column_def::column_def(table, at, paths)));
    let primary_key = names(table, &table.key);
    let uniques = list(table.uniques.iter().map(|unique| unique_def(table, unique, paths)));
    let indexes = list(table.indexes.iter().map(|index| index_def(table, index, paths)));
    let checks = list(table.checks.iter().map(|check| check_def(check, paths)));
    let foreign_keys =
        list((0..table.foreign_keys.len()).map(|at| foreign_key::foreign_key_def(table, at, paths)));
    let fts = option(table.fts.as_ref().map(|fts| fts_def(table, fts, paths)));
    let strict = option(table.strict.map(|strict| quote!(#strict)));
    let without_rowid = table.without_rowid.is_some();
    let renamed_from = list(table.renamed_from.iter().map(|old| text(&old.value)));
    quote! {
        #private::TableDef {
            name: #name,
            columns: #columns,
            primary_key: #primary_key,
            uniques: #uniques,
            indexes: #indexes,
            checks: #checks,
            foreign_keys: #foreign_keys,
            fts: #fts,
            strict: #strict,
            without_rowid: #without_rowid,
            renamed_from: #renamed_from,
        }
    }
}

/// The names of these columns.
pub(super) fn names(table: &Table, positions: &[usize]) -> TokenStream {
    list(positions.iter().map(|&at| text(&table.columns[at].name.value)))
}

fn unique_def(table: &Table, unique: &Unique, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let name = option(unique.name.as_ref().map(|name| text(&name.value)));
    let columns = names(table, &unique.columns);
    quote!(#private::UniqueDef { name: #name, columns: #columns })
}

fn index_def(table: &Table, index: &Index, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let terms = index.terms.iter().map(|term| {
        let target = match &term.target {
            Target::Column(at) => {
                let name = text(&table.columns[*at].name.value);
                quote!(#private::IndexTarget::Column(#name))
            }
            Target::Expression(expression) => {
                let expression = text(&expression.value);
                quote!(#private::IndexTarget::Expression(#expression))
            }
        };
        let descending = term.descending;
        let collation = option(term.collate.as_ref().map(|collate| text(&collate.value)));
        quote!(#private::IndexColumn { target: #target, descending: #descending, collation: #collation })
    });
    let columns = list(terms);
    let name = option(index.name.as_ref().map(|name| text(&name.value)));
    let unique = index.unique;
    let predicate = option(index.predicate.as_ref().map(|predicate| text(&predicate.value)));
    quote! {
        #private::IndexDef { name: #name, columns: #columns, unique: #unique, predicate: #predicate }
    }
}

fn fts_def(table: &Table, fts: &Fts, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let name = option(fts.name.as_ref().map(|name| text(&name.value)));
    let columns = names(table, &fts.columns);
    let tokenize = option(fts.tokenize.as_ref().map(|tokenize| text(&tokenize.value)));
    let prefix = list(fts.prefix.iter().map(|length| quote!(#length)));
    quote! {
        #private::FtsDef { name: #name, columns: #columns, tokenize: #tokenize, prefix: #prefix }
    }
}

fn check_def(check: &Check, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let name = option(check.name.as_ref().map(|name| text(&name.value)));
    let expression = text(&check.expression.value);
    quote!(#private::CheckDef { name: #name, expression: #expression })
}
