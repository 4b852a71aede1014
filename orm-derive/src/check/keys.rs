use crate::diag::Diag;
use crate::ir::Table;

/// Longest composite key, as tuples go.
pub(crate) const MOST_KEY_COLUMNS: usize = 5;

/// The primary key and who assigns it.
pub(super) fn check(table: &Table, diag: &mut Diag) {
    let ident = &table.ident;
    if !table.says_key && !table.columns.is_empty() {
        diag.at(
            ident.span(),
            format!(
                "`{ident}` has no primary key; add `#[orm(primary_key)]` to a field, or `#[orm(primary_key, auto)]` \
                 for one that the database assigns"
            ),
        );
    }
    if let Some(surplus) = table.key.get(MOST_KEY_COLUMNS) {
        let span = table.key_list.unwrap_or_else(|| table.columns[*surplus].field.span());
        diag.at(
            span,
            format!("a primary key has at most {MOST_KEY_COLUMNS} columns, found {}", table.key.len()),
        );
    }
    for (position, column) in table.columns.iter().enumerate() {
        if let Some(span) = column.auto() {
            auto(table, position, span, diag);
        }
        if table.key.contains(&position) {
            key_column(table, position, diag);
        }
    }
}

fn auto(table: &Table, position: usize, span: proc_macro2::Span, diag: &mut Diag) {
    let column = &table.columns[position];
    let name = if column.attrs.auto.is_some() { "auto" } else { "autoincrement" };
    if !table.key.contains(&position) {
        if !column.attrs.says("primary_key") {
            diag.at(
                span,
                format!(
                    "`{name}` needs `primary_key` on the same field: only a key is assigned by the database"
                ),
            );
        }
    } else if table.key.len() > 1 {
        diag.at(span, format!("`{name}` needs a key of one column; this key has {}", table.key.len()));
    }
    if table.without_rowid.is_some() {
        diag.at(span, format!("`{name}` needs a rowid, which a `without_rowid` table does not have"));
    }
    if column.attrs.default.is_some() {
        diag.at(span, format!("`{name}` and `default` exclude each other: the database assigns the key"));
    }
}

fn key_column(table: &Table, position: usize, diag: &mut Diag) {
    let column = &table.columns[position];
    if let Some(generated) = &column.attrs.generated {
        diag.at(generated.span, "a generated column cannot be in the primary key");
    }
    if let Some(json) = column.attrs.json {
        diag.at(json, "a `json` column cannot be in the primary key");
    }
    if let Some((role, span)) = column.role() {
        diag.at(span, format!("`{}` changes by itself, so it cannot be in the primary key", role.name()));
    }
}
