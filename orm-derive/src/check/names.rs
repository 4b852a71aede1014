use crate::attr::Text;
use crate::diag::Diag;
use crate::ir::Table;

/// Names that the database or this library would refuse, and names that clash.
pub(super) fn check(table: &Table, diag: &mut Diag) {
    let mut names = vec![&table.name];
    names.extend(&table.renamed_from);
    names.extend(table.indexes.iter().filter_map(|index| index.name.as_ref()));
    names.extend(table.fts.iter().filter_map(|fts| fts.name.as_ref()));
    for name in names {
        not_reserved(name, diag);
    }
    renames_are_new(&table.name, &table.renamed_from, diag);
    columns_differ(table, diag);
    constants_differ(table, diag);
    indexes_differ(table, diag);
}

fn not_reserved(name: &Text, diag: &mut Diag) {
    for (prefix, owner) in [("sqlite_", "SQLite"), ("_orm_", "this library")] {
        if name.value.to_ascii_lowercase().starts_with(prefix) {
            diag.at(name.span, format!("names that begin with `{prefix}` are reserved for {owner}"));
        }
    }
}

fn renames_are_new(name: &Text, renamed_from: &[Text], diag: &mut Diag) {
    for old in renamed_from.iter().filter(|old| old.value.eq_ignore_ascii_case(&name.value)) {
        diag.at(
            old.span,
            format!("`{}` is the present name; `renamed_from` takes an earlier one", old.value),
        );
    }
}

fn columns_differ(table: &Table, diag: &mut Diag) {
    for (position, column) in table.columns.iter().enumerate() {
        let name = &column.name;
        let earlier =
            table.columns[..position].iter().find(|it| it.name.value.eq_ignore_ascii_case(&name.value));
        if let Some(earlier) = earlier {
            let (other, field) = (&earlier.name.value, earlier.field_name());
            diag.at(name.span, if *other == name.value {
                format!("column `{other}` is given twice: `{field}` has it already")
            } else {
                format!("SQLite takes `{}` and `{other}` (of `{field}`) for one column: ASCII case does not matter", name.value)
            });
        }
        renames_are_new(name, &column.attrs.renamed_from, diag);
    }
}

fn constants_differ(table: &Table, diag: &mut Diag) {
    for (position, column) in table.columns.iter().enumerate() {
        if let Some(earlier) = table.columns[..position].iter().find(|it| it.constant == column.constant) {
            diag.at(
                column.field.span(),
                format!(
                    "`{}` and `{}` would both have the constant `{}`; rename one and give it `column = \"…\"`",
                    earlier.field_name(),
                    column.field_name(),
                    column.constant
                ),
            );
        }
    }
}

fn indexes_differ(table: &Table, diag: &mut Diag) {
    let indexes = table.indexes.iter().filter_map(|index| index.name.as_ref());
    let names: Vec<&Text> = indexes.chain(table.fts.iter().filter_map(|fts| fts.name.as_ref())).collect();
    for (position, name) in names.iter().enumerate() {
        if names[..position].iter().any(|earlier| earlier.value.eq_ignore_ascii_case(&name.value)) {
            diag.at(name.span, format!("two indexes are called `{}`", name.value));
        }
    }
}
