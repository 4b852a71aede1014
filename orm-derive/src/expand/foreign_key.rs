use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Path;
use syn::spanned::Spanned;

use super::table_def::names;
use super::{Paths, list, option, text};
use crate::attr::{Action, Parent};
use crate::ir::Table;

/// A `ForeignKeyDef`. The parent is named through its hidden constants, never its `TABLE`, so that models may refer to
/// each other in a circle and to themselves.
pub(super) fn foreign_key_def(table: &Table, position: usize, paths: &Paths) -> TokenStream {
    let key = &table.foreign_keys[position];
    let private = &paths.private;
    let columns = names(table, &key.columns);
    let (parent, parent_columns) = match &key.parent {
        Parent::Key(model) => {
            let model = alias(position, model);
            let columns = (0..key.columns.len())
                .map(|at| quote!(#private::key_column(<#model as #private::Record>::KEY, #at)));
            (quote!(<#model as #private::Record>::NAME), borrowed(columns))
        }
        Parent::Columns(columns) => {
            let first = &columns[0];
            (quote!(#first.table()), borrowed(columns.iter().map(|column| quote!(#column.name()))))
        }
    };
    let on_delete = action(key.relation.on_delete.map(|(action, _)| action), paths);
    let on_update = action(key.relation.on_update.map(|(action, _)| action), paths);
    let deferred = key.relation.deferred.is_some();
    let relation = option(table.relation_name(key).map(|name| text(&name.value)));
    quote! {
        #private::ForeignKeyDef {
            name: ::core::option::Option::None,
            columns: #columns,
            parent: ::std::borrow::Cow::Borrowed(#parent),
            parent_columns: #parent_columns,
            on_delete: #on_delete,
            on_update: #on_update,
            deferred: #deferred,
            relation: #relation,
        }
    }
}

/// The name of the parent of the `position`th foreign key inside the expansion.
pub(super) fn alias(position: usize, model: &Path) -> Ident {
    format_ident!("__Parent{position}", span = model.span())
}

fn borrowed(names: impl Iterator<Item = TokenStream>) -> TokenStream {
    list(names.map(|name| quote!(::std::borrow::Cow::Borrowed(#name))))
}

fn action(action: Option<Action>, paths: &Paths) -> TokenStream {
    let private = &paths.private;
    match action {
        None | Some(Action::NoAction) => quote!(#private::Action::NoAction),
        Some(Action::Restrict) => quote!(#private::Action::Restrict),
        Some(Action::Cascade) => quote!(#private::Action::Cascade),
        Some(Action::SetNull) => quote!(#private::Action::SetNull),
        Some(Action::SetDefault) => quote!(#private::Action::SetDefault),
    }
}
