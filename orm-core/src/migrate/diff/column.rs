use super::change::{Alteration, Change};
use super::intent::Intent;
use crate::migrate::introspect::{Affinity, Column, Table};
use crate::migrate::parse::normal;
use crate::schema::{ColumnDef, TableDef};
use crate::value::LogicalType;

/// What separates a column from its definition.
pub(super) fn column_changes(
    live: (&Table, &Column),
    wanted: (&Table, &Column),
    definition: &TableDef,
    intent: &Intent<'_>,
    foreign: &mut Vec<String>,
) -> Vec<Change> {
    let ((live_table, have), (wanted_table, want)) = (live, wanted);
    let alter = |alteration| Change::AlterColumn { column: have.name.clone(), alteration };
    let mut changes = Vec::new();
    let same = if intent.consent.exact_types {
        same_words(&have.declared_type, &want.declared_type)
    } else {
        same_type(live, wanted, definition.column(&want.name))
    };
    if !same {
        let shown = |column: &Column| match column.declared_type.as_str() {
            "" => "(none)".to_owned(),
            declared => declared.to_owned(),
        };
        changes.push(alter(Alteration::Type { from: shown(have), to: shown(want) }));
    }
    // A key column is never NULL in Rust; where SQLite would let it be, that is the table's old weakness.
    let (was_key, is_key) = (live_table.is_key(&have.name), wanted_table.is_key(&want.name));
    if !(was_key && is_key) {
        match (have.not_null, want.not_null) {
            (false, true) => changes.push(alter(Alteration::NotNull)),
            (true, false) if !is_key => changes.push(alter(Alteration::Nullable)),
            (true, _) | (false, false) => {}
        }
    }
    changes.extend(default_change(live_table, have, want, intent, foreign).map(alter));
    changes.extend(collation_change(live, want, intent, foreign).map(alter));
    changes.extend(generated_change(have, want).map(alter));
    changes
}

fn default_change(
    table: &Table,
    have: &Column,
    want: &Column,
    intent: &Intent<'_>,
    foreign: &mut Vec<String>,
) -> Option<Alteration> {
    match (&have.default, &want.default) {
        (Some(have), Some(want)) if normal(have) == normal(want) => None,
        (_, Some(want)) => Some(Alteration::Default { to: want.clone() }),
        (Some(_), None) if intent.default_goes(&table.name, have) => Some(Alteration::NoDefault),
        (Some(default), None) => {
            foreign.push(format!("kept undeclared DEFAULT {default} of column `{}`", have.name));
            None
        }
        (None, None) => None,
    }
}

fn collation_change(
    live: (&Table, &Column),
    want: &Column,
    intent: &Intent<'_>,
    foreign: &mut Vec<String>,
) -> Option<Alteration> {
    let (table, have) = live;
    let is_binary = |name: &String| name.eq_ignore_ascii_case("binary");
    let have_collation = have.collation.as_ref().filter(|name| !is_binary(name));
    let want_collation = want.collation.as_ref();
    match (have_collation, want_collation) {
        // what an opaque table says of collations cannot be read
        _ if table.statement.is_none() => None,
        (Some(have), Some(want)) if have.eq_ignore_ascii_case(want) => None,
        (None, Some(want)) if is_binary(want) => None,
        (_, Some(want)) => Some(Alteration::Collation { to: want.clone() }),
        (Some(_), None) if intent.collation_goes(&table.name, have) => Some(Alteration::NoCollation),
        (Some(collation), None) => {
            foreign.push(format!("kept undeclared COLLATE {collation} of column `{}`", have.name));
            None
        }
        (None, None) => None,
    }
}

fn generated_change(have: &Column, want: &Column) -> Option<Alteration> {
    match (&have.generated, &want.generated) {
        (None, None) => None,
        (Some(have), Some(want))
            if have.stored == want.stored && normal(&have.expression) == normal(&want.expression) =>
        {
            None
        }
        (Some(_), Some(_)) => Some(Alteration::Generated),
        (Some(_), None) => Some(Alteration::Materialise),
        (None, Some(_)) => Some(Alteration::Compute),
    }
}

/// SQLite keeps the words of a type; what is between them does not matter.
fn same_words(have: &str, want: &str) -> bool {
    normal(have) == normal(want)
}

/// By affinity, unless both tables are STRICT. Where the struct leaves the type to the dialect, an affinity that gives
/// every value back as it was written is as good, as long as the column keeps it.
fn same_type(live: (&Table, &Column), wanted: (&Table, &Column), definition: Option<&ColumnDef>) -> bool {
    let ((live_table, have), (wanted_table, want)) = (live, wanted);
    if live_table.strict && wanted_table.strict {
        let short = |declared: &str| match declared.to_ascii_uppercase().as_str() {
            "INT" => "INTEGER".to_owned(),
            other => other.to_owned(),
        };
        return short(&have.declared_type) == short(&want.declared_type);
    }
    if have.affinity == want.affinity {
        return true;
    }
    // a table that becomes STRICT, or no longer is, takes the struct's types over, and they convert
    if live_table.strict != wanted_table.strict {
        return false;
    }
    let left_to_dialect = definition.filter(|column| column.declared_type.is_none());
    left_to_dialect.is_some_and(|column| gives_back(have.affinity, column.logical_type))
}

/// Whether a column of that affinity gives back what is written to it.
fn gives_back(affinity: Affinity, logical: LogicalType) -> bool {
    match affinity {
        Affinity::Blob => true,
        // Text is converted only where it looks like a number, which dates and times never do.
        Affinity::Integer | Affinity::Numeric => match logical {
            LogicalType::Bool
            | LogicalType::Integer { .. }
            | LogicalType::Real
            | LogicalType::Blob
            | LogicalType::Timestamp
            | LogicalType::Date
            | LogicalType::Time
            | LogicalType::Uuid => true,
            LogicalType::Text | LogicalType::Decimal | LogicalType::Json | LogicalType::Any => false,
        },
        Affinity::Real => matches!(logical, LogicalType::Real | LogicalType::Blob | LogicalType::Uuid),
        Affinity::Text => match logical {
            LogicalType::Text
            | LogicalType::Blob
            | LogicalType::Timestamp
            | LogicalType::Date
            | LogicalType::Time
            | LogicalType::Decimal
            | LogicalType::Uuid
            | LogicalType::Json => true,
            LogicalType::Bool | LogicalType::Integer { .. } | LogicalType::Real | LogicalType::Any => false,
        },
    }
}
