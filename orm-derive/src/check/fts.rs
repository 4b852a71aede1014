use crate::diag::Diag;
use crate::ir::Table;

/// Names that FTS5 keeps for itself, and so would SQLite's word for the number of a row.
const RESERVED: [&str; 2] = ["rank", "rowid"];

/// The full-text index. What depends on a field's type is left to assertions in the expansion.
pub(super) fn check(table: &Table, diag: &mut Diag) {
    let Some(fts) = &table.fts else { return };
    let needs = "a primary key of one integer field, which numbers the rows";
    if table.without_rowid.is_some() {
        diag.at(fts.span, format!("`fts` needs {needs}; a `without_rowid` table has no such number"));
    } else if table.key.len() > 1 {
        diag.at(fts.span, format!("`fts` needs {needs}; this key has {} fields", table.key.len()));
    }
    for column in table.key.iter().map(|&at| &table.columns[at]) {
        if let Some(declared) = &column.attrs.declared_type
            && !declared.value.eq_ignore_ascii_case("integer")
        {
            diag.at(declared.span, format!("`fts` needs {needs}: leave the type out"));
        }
    }
    for column in fts.columns.iter().map(|&at| &table.columns[at]) {
        if RESERVED.iter().any(|name| column.name.value.eq_ignore_ascii_case(name)) {
            diag.at(
                column.name.span,
                format!(
                    "a column of a full-text index cannot be called `{}`: FTS5 has a column of that name",
                    column.name.value
                ),
            );
        }
    }
}
