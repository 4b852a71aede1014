use crate::attr::{Parent, Text, unraw};
use crate::case::constant_name;
use crate::diag::Diag;
use crate::ir::{ForeignKey, Table};

/// Foreign keys and the names of their relations.
pub(super) fn check(table: &Table, diag: &mut Diag) {
    for column in &table.columns {
        if column.attrs.says("references") {
            continue;
        }
        for (name, span) in &column.attrs.written {
            if ["on_delete", "on_update", "deferred", "as"].contains(&name.as_str()) {
                diag.at(*span, format!("`{name}` needs `references` on the same field"));
            }
        }
    }
    for key in &table.foreign_keys {
        same_length(key, diag);
    }
    relations_differ(table, diag);
}

fn same_length(key: &ForeignKey, diag: &mut Diag) {
    if let Parent::Columns(columns) = &key.parent
        && columns.len() != key.columns.len()
    {
        let (own, parents) = (key.columns.len(), columns.len());
        diag.at(key.span, format!("the foreign key has {own} columns and refers to {parents}"));
    }
}

/// Each relation will have a constant beside those of the fields.
fn relations_differ(table: &Table, diag: &mut Diag) {
    let mut taken: Vec<(String, String)> = Vec::new();
    for key in &table.foreign_keys {
        let Some(name) = table.relation_name(key) else { continue };
        let constant = constant_name(&name.value);
        let field = table.columns.iter().find(|column| column.constant == constant);
        let earlier = taken.iter().find(|(other, _)| *other == constant);
        match (field, earlier) {
            (Some(field), _) => diag.at(
                name.span,
                format!(
                    "the relation `{}` clashes with the field `{}`; name it with `as = \"…\"`",
                    name.value,
                    field.field_name()
                ),
            ),
            (None, Some(_)) => diag.at(
                name.span,
                format!("two relations are called `{}`; give one another name with `as = \"…\"`", name.value),
            ),
            (None, None) => taken.push((constant, name.value)),
        }
    }
}

impl Table {
    /// The name of a foreign key's relation: its own, or the field's without `_id`. A composite key has none of itself.
    pub(crate) fn relation_name(&self, key: &ForeignKey) -> Option<Text> {
        if let Some(name) = &key.relation.name {
            return Some(name.clone());
        }
        let [position] = key.columns.as_slice() else { return None };
        let field = unraw(&self.columns[*position].field);
        let name = field.strip_suffix("_id").filter(|name| !name.is_empty()).unwrap_or(&field);
        Some(Text::implied(name.to_owned(), key.span))
    }
}
