use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Path;
use syn::spanned::Spanned;

use super::relations::model_of;
use super::{Paths, foreign_key};
use crate::attr::{Action, DefaultAttr, Literal, Parent, Role};
use crate::ir::{Column, ForeignKey, Table};

/// Rules that depend on the type of a field: constants that do not evaluate, or bounds that do not hold, each on the
/// token that breaks the rule.
pub(super) fn assertions(table: &Table, paths: &Paths) -> TokenStream {
    let columns = table.columns.iter().enumerate().map(|(position, column)| {
        let key = table.key.contains(&position).then(|| key(column, paths));
        let default = default(column, paths);
        let role = role(column, paths);
        let json = column.attrs.json.map(|span| json_feature(span, paths));
        quote!(#key #default #role #json)
    });
    let references = table.foreign_keys.iter().enumerate().map(|(position, key)| {
        let actions = set_null(table, key, paths);
        let types = types(table, position, paths);
        quote!(#actions #types)
    });
    columns.chain(references).chain(fts(table, paths)).collect()
}

/// `const _` that does not compile unless the condition holds.
pub(super) fn assert(span: Span, condition: &TokenStream, message: &str) -> TokenStream {
    quote_spanned! {span=>
        const _: () = if !(#condition) { ::core::panic!(#message) };
    }
}

/// `json` without the feature that it needs.
pub(super) fn json_feature(span: Span, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    assert(span, &quote!(#private::HAS_JSON), "`json` needs the feature `serde_json` of `orm-core`")
}

fn key(column: &Column, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let [logical_type, nullable] = ["TYPE", "NULLABLE"].map(|member| paths.field(&column.ty, member));
    let name = column.field_name();
    match column.auto() {
        Some(span) => {
            let message = format!(
                "an `auto` key is an integer or an `Option` of one, which the type of `{name}` is not"
            );
            assert(span, &quote!(#private::is_integer(#logical_type)), &message)
        }
        None => {
            let message = format!("a primary key is never NULL, so `{name}` cannot be an `Option`");
            assert(column.ty.span(), &quote!(!#nullable), &message)
        }
    }
}

/// A full-text index is about text, and the rows are numbered by the key.
fn fts(table: &Table, paths: &Paths) -> Option<TokenStream> {
    let (fts, private) = (table.fts.as_ref()?, &paths.private);
    let texts = fts.columns.iter().zip(&fts.spans).map(|(&at, &span)| {
        let column = &table.columns[at];
        // JSON is text
        let json = column.attrs.json.is_some();
        let logical_type = paths.field(&column.ty, "TYPE");
        let message =
            format!("`fts` takes fields of text, which the type of `{}` is not", column.field_name());
        (!json).then(|| assert(span, &quote!(#private::is_text(#logical_type)), &message))
    });
    let keys = table.key.iter().map(|&at| {
        let column = &table.columns[at];
        let logical_type = paths.field(&column.ty, "TYPE");
        let message = format!(
            "`fts` needs a primary key that is an integer, which the type of `{}` is not",
            column.field_name()
        );
        assert(fts.span, &quote!(#private::is_integer(#logical_type)), &message)
    });
    Some(texts.flatten().chain(keys).collect())
}

fn default(column: &Column, paths: &Paths) -> Option<TokenStream> {
    let Some(DefaultAttr::Literal { value, tokens }) = &column.attrs.default else { return None };
    if column.attrs.json.is_some() {
        return None;
    }
    let private = &paths.private;
    let logical_type = paths.field(&column.ty, "TYPE");
    let literal = match value {
        Literal::Bool(_) => quote!(#private::Literal::Bool),
        Literal::Integer(value) => quote!(#private::Literal::Integer(#value)),
        Literal::Real(_) => quote!(#private::Literal::Real),
        Literal::Text(_) => quote!(#private::Literal::Text),
    };
    let message =
        format!("this default does not fit `{}`, the type of `{}`", shown(&column.ty), column.field_name());
    Some(assert(tokens.span(), &quote!(#private::fits(#logical_type, #literal)), &message))
}

fn role(column: &Column, paths: &Paths) -> Option<TokenStream> {
    let (role, span) = column.role()?;
    let private = &paths.private;
    let [logical_type, nullable, class] =
        ["TYPE", "NULLABLE", "Class"].map(|member| paths.field(&column.ty, member));
    let name = column.field_name();
    Some(match role {
        Role::Version => {
            let message = format!("`version` counts, so `{name}` must be an integer and no `Option`");
            assert(span, &quote!(#private::is_integer(#logical_type) && !#nullable), &message)
        }
        Role::CreatedAt | Role::UpdatedAt | Role::DeletedAt => {
            let nullable = (role == Role::DeletedAt).then(|| {
                let message =
                    format!("`deleted_at` is NULL while the row is alive, so `{name}` must be an `Option`");
                assert(span, &nullable, &message)
            });
            let holds = quote_spanned! {span=>
                const _: () = <#class as #private::class::HoldsTimestamp>::OK;
            };
            quote!(#nullable #holds)
        }
    })
}

/// `ON DELETE SET NULL` on a column that cannot be NULL would fail at the first delete.
fn set_null(table: &Table, key: &ForeignKey, paths: &Paths) -> TokenStream {
    let actions = [key.relation.on_delete, key.relation.on_update].into_iter().flatten();
    let spans = actions.filter(|(action, _)| *action == Action::SetNull).map(|(_, span)| span);
    spans
        .flat_map(|span| key.columns.iter().map(move |&at| (span, &table.columns[at])))
        .map(|(span, column)| {
            let nullable = paths.field(&column.ty, "NULLABLE");
            let message = format!(
                "`set null` needs a column that can be NULL, so `{}` must be an `Option`",
                column.field_name()
            );
            assert(span, &nullable, &message)
        })
        .collect()
}

fn types(table: &Table, position: usize, paths: &Paths) -> TokenStream {
    let key = &table.foreign_keys[position];
    let private = &paths.private;
    let own: Vec<TokenStream> =
        key.columns.iter().map(|&at| paths.field(&table.columns[at].ty, "Inner")).collect();
    match &key.parent {
        Parent::Key(model) => {
            let span = model.span();
            let parent = foreign_key::alias(position, model);
            let own = if let [only] = own.as_slice() { quote!(#only) } else { quote!((#(#own),*)) };
            quote_spanned! {span=>
                const _: () = <#own as #private::RefersTo<<#parent as #private::Record>::Key>>::OK;
            }
        }
        // a function that nobody calls: the compiler only finds out the column's type
        Parent::Columns(columns) => {
            let first = &columns[0];
            let key = parent_key(columns, paths);
            let types: TokenStream = own
                .iter()
                .zip(columns)
                .map(|(own, column)| {
                    let span = column.span();
                    let same = quote!(#private::same_table(#first.table(), #column.table()));
                    let table = assert(span, &same, "a foreign key refers to columns of one table");
                    quote_spanned! {span=>
                        #table
                        const _: fn() = || #private::ParentKey::of(&#column).accepts::<#own>();
                    }
                })
                .collect();
            quote!(#types #key)
        }
    }
}

/// SQLite accepts a foreign key to columns that are no key, and refuses every write then.
fn parent_key(columns: &[Path], paths: &Paths) -> TokenStream {
    let private = &paths.private;
    let (first, model) = (&columns[0], model_of(&columns[0]));
    let message = match columns {
        [only] => format!("a foreign key refers to a primary key or a unique column, and `{}` is neither", shown(only)),
        _ => "a foreign key refers to a primary key or to columns that are unique together, which these are not".to_owned(),
    };
    // columns of several tables are a mistake that is reported already
    let several = quote!(#(!#private::same_table(#first.table(), #columns.table()))||*);
    let is_key = quote!(#private::is_key(<#model as #private::Model>::TABLE, &[#(#columns.name()),*]));
    assert(first.span(), &quote!(#several || #is_key), &message)
}

/// Tokens as they would be written.
fn shown(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(" < ", "<").replace(" >", ">").replace(" :: ", "::")
}
