use proc_macro2::TokenStream;
use quote::quote;

use super::{Paths, list, option, text};
use crate::attr::{DefaultAttr, Literal, Role, Text};
use crate::ir::{Column, Table};

/// A `ColumnDef`.
pub(super) fn column_def(table: &Table, position: usize, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let column = &table.columns[position];
    let attrs = &column.attrs;
    let some_text = |said: &Option<Text>| option(said.as_ref().map(|said| text(&said.value)));
    let name = text(&column.name.value);
    let field = text(&column.field_name());
    let (logical_type, nullable) = type_and_nullability(table, position, paths);
    let declared_type = some_text(&attrs.declared_type);
    let key_generation = key_generation(column, paths);
    let default = option(attrs.default.as_ref().map(|default| default_def(default, paths)));
    let checks = list(attrs.checks.iter().map(|check| text(&check.value)));
    let collation = some_text(&attrs.collate);
    let generated = option(attrs.generated.as_ref().map(|generated| {
        let (expression, stored) = (text(&generated.expression.value), generated.stored);
        quote!(#private::GeneratedDef { expression: #expression, stored: #stored })
    }));
    let role = role(column, paths);
    let renamed_from = list(attrs.renamed_from.iter().map(|old| text(&old.value)));
    let backfill = some_text(&attrs.backfill);
    let using = some_text(&attrs.using);
    quote! {
        #private::ColumnDef {
            name: #name,
            field: #field,
            logical_type: #logical_type,
            declared_type: #declared_type,
            nullable: #nullable,
            key_generation: #key_generation,
            default: #default,
            checks: #checks,
            collation: #collation,
            generated: #generated,
            role: #role,
            renamed_from: #renamed_from,
            backfill: #backfill,
            using: #using,
        }
    }
}

/// What the type says; a key column is never NULL, also where an unset one is `None`.
fn type_and_nullability(table: &Table, position: usize, paths: &Paths) -> (TokenStream, TokenStream) {
    let private = &paths.private;
    let column = &table.columns[position];
    if column.attrs.json.is_some() {
        return (quote!(#private::LogicalType::Json), quote!(false));
    }
    let is_key = table.key.contains(&position);
    let nullable = if is_key { quote!(false) } else { paths.field(&column.ty, "NULLABLE") };
    (paths.field(&column.ty, "TYPE"), nullable)
}

fn key_generation(column: &Column, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    if column.attrs.autoincrement.is_some() {
        quote!(#private::KeyGeneration::AutoIncrement)
    } else if column.attrs.auto.is_some() {
        quote!(#private::KeyGeneration::Auto)
    } else {
        quote!(#private::KeyGeneration::None)
    }
}

fn default_def(default: &DefaultAttr, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    match default {
        DefaultAttr::Expression(expression) => {
            let expression = text(&expression.value);
            quote!(#private::DefaultDef::Expression(#expression))
        }
        DefaultAttr::Literal { value: Literal::Text(value), .. } => {
            let value = text(value);
            quote!(#private::DefaultDef::Text(#value))
        }
        DefaultAttr::Literal { value: Literal::Bool(value), .. } => {
            quote!(#private::DefaultDef::Bool(#value))
        }
        DefaultAttr::Literal { value: Literal::Integer(value), .. } => {
            quote!(#private::DefaultDef::Integer(#value))
        }
        DefaultAttr::Literal { value: Literal::Real(value), .. } => {
            quote!(#private::DefaultDef::Real(#value))
        }
    }
}

fn role(column: &Column, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    match column.role() {
        None => quote!(#private::ColumnRole::Plain),
        Some((Role::CreatedAt, _)) => quote!(#private::ColumnRole::CreatedAt),
        Some((Role::UpdatedAt, _)) => quote!(#private::ColumnRole::UpdatedAt),
        Some((Role::DeletedAt, _)) => quote!(#private::ColumnRole::DeletedAt),
        Some((Role::Version, _)) => quote!(#private::ColumnRole::Version),
    }
}
