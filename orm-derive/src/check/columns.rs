use crate::attr::{DefaultAttr, Literal, Role};
use crate::diag::Diag;
use crate::ir::{Column, Skipped, Table};

/// The types that a STRICT table knows (<https://sqlite.org/stricttables.html>).
const STRICT_TYPES: [&str; 6] = ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"];

/// What excludes each other on one field, and what may be on one field only.
pub(super) fn check(table: &Table, diag: &mut Diag) {
    for skipped in &table.skipped {
        nothing_beside_skip(skipped, diag);
    }
    for column in &table.columns {
        generated(column, diag);
        roles(column, diag);
        json(column, diag);
        declared_type(table, column, diag);
    }
    one_of_each_role(table, diag);
}

fn nothing_beside_skip(skipped: &Skipped, diag: &mut Diag) {
    for (name, span) in skipped.attrs.written.iter().filter(|(name, _)| name != "skip") {
        diag.at(*span, format!("`{name}` has no meaning beside `skip`: the field is no column"));
    }
}

fn generated(column: &Column, diag: &mut Diag) {
    if column.attrs.generated.is_none() {
        return;
    }
    const EXCLUDED: [&str; 9] = [
        "default",
        "auto",
        "autoincrement",
        "backfill",
        "using",
        "created_at",
        "updated_at",
        "deleted_at",
        "version",
    ];
    for (name, span) in &column.attrs.written {
        if EXCLUDED.contains(&name.as_str()) {
            diag.at(
                *span,
                format!("`{name}` and `generated` exclude each other: the database computes the value"),
            );
        }
    }
}

fn roles(column: &Column, diag: &mut Diag) {
    let Some((first, _)) = column.role() else { return };
    for (role, span) in &column.attrs.roles[1..] {
        diag.at(*span, format!("`{}` and `{}` exclude each other on one field", first.name(), role.name()));
    }
}

fn one_of_each_role(table: &Table, diag: &mut Diag) {
    for (role, name) in Role::ALL {
        let mut holders = table.columns.iter().filter_map(|column| {
            let (_, span) = column.attrs.roles.iter().find(|(it, _)| *it == role)?;
            Some((column.field_name(), *span))
        });
        let Some((first, _)) = holders.next() else { continue };
        for (_, span) in holders {
            diag.at(span, format!("a table has at most one `{name}` column: `{first}` is it already"));
        }
    }
}

fn json(column: &Column, diag: &mut Diag) {
    if column.attrs.json.is_none() {
        return;
    }
    const EXCLUDED: [&str; 7] =
        ["auto", "autoincrement", "references", "created_at", "updated_at", "deleted_at", "version"];
    for (name, span) in &column.attrs.written {
        if EXCLUDED.contains(&name.as_str()) {
            diag.at(*span, format!("`{name}` and `json` exclude each other"));
        }
    }
    if let Some(DefaultAttr::Literal { value, tokens }) = &column.attrs.default
        && !matches!(value, Literal::Text(_))
    {
        diag.on(tokens, "the default of a `json` column is JSON as text, as in `default = \"[]\"`");
    }
}

fn declared_type(table: &Table, column: &Column, diag: &mut Diag) {
    let Some(declared) = &column.attrs.declared_type else { return };
    let is_strict_type = STRICT_TYPES.iter().any(|known| declared.value.eq_ignore_ascii_case(known));
    if table.strict != Some(false) && !is_strict_type {
        diag.at(
            declared.span,
            format!(
                "`{}` is no type of a STRICT table; add `#[orm(strict = false)]` to the struct",
                declared.value
            ),
        );
    }
}
