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

/// Each relation has a constant beside those of the fields.
fn relations_differ(table: &Table, diag: &mut Diag) {
    let keys = table.foreign_keys.iter().filter_map(|key| Some((table.relation_name(key)?, Rename::As)));
    let declared = table.has.iter().map(|has| &has.name);
    let declared = declared.chain(table.many_to_many.iter().map(|relation| &relation.name));
    let declared = declared.map(|name| (Text::implied(unraw(name), name.span()), Rename::Here));
    let mut taken: Vec<String> = Vec::new();
    for (name, rename) in keys.chain(declared) {
        let constant = constant_name(&name.value);
        let advice = match rename {
            Rename::As => "name it with `as = \"…\"`",
            Rename::Here => "give it another name",
        };
        if let Some(field) = table.columns.iter().find(|column| column.constant == constant) {
            let (name, span, field) = (name.value, name.span, field.field_name());
            diag.at(span, format!("the relation `{name}` clashes with the field `{field}`; {advice}"));
        } else if taken.contains(&constant) {
            let advice = match rename {
                Rename::As => "give one another name with `as = \"…\"`",
                Rename::Here => "give one another name",
            };
            diag.at(name.span, format!("two relations are called `{}`; {advice}", name.value));
        } else {
            taken.push(constant);
        }
    }
}

/// How a relation gets another name.
#[derive(Clone, Copy)]
enum Rename {
    /// A foreign key's, with `as`.
    As,
    /// Where it is declared.
    Here,
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
