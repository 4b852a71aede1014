//! Views and triggers that use what is dropped.
//!
//! Two questions are asked, because each finds what the other does not. *Does it compile after?* finds a `SELECT *` that no
//! longer fits its UNION and an INSERT by position. *What did it use before?* says which column it is, and finds a name
//! that means something else once the column is gone: a column of an outer query, or the rowid. What a view
//! has by `*` alone may go; the plan says so.

use super::draft::Draft;
use super::problem::Problem;
use crate::error::ErrorKind;
use crate::migrate::introspect::{Code, Schema, Use};
use crate::migrate::parse::{folded, mentions};

/// Adds what would break, what would change its meaning, and notes on what only shows less.
pub(super) fn report(draft: &mut Draft, schema: &Schema, uses: &[Use], broken: &[Code]) {
    for code in broken {
        let used: Vec<&Use> =
            uses.iter().filter(|it| it.code.is_same(code) && is_dropped(draft, it)).collect();
        let problem = would_break(draft, code, &used);
        draft.problems.push(problem);
    }
    let left = |it: &&Use| {
        !broken.iter().any(|code| it.code.is_same(code))
            && has_dropped_column(draft, it)
            && !is_made_anew(draft, it)
    };
    for it in uses.iter().filter(left).cloned().collect::<Vec<_>>() {
        if mentions(sql_of(schema, &it.code), &it.column) {
            draft.problems.push(would_mean_another(&it));
        } else {
            draft.notes.push(format!("{} no longer shows `{}.{}`", it.code, it.table, it.column));
        }
    }
    let joins = natural_joins(draft, schema, broken);
    draft.problems.extend(joins.iter().map(would_mean_another));
}

/// SQLite does not say what a NATURAL JOIN joins by, so any column of a table in one may be it.
fn natural_joins(draft: &Draft, schema: &Schema, broken: &[Code]) -> Vec<Use> {
    let views = schema.views.iter().map(|view| Code::View { name: view.name.clone() });
    let triggers = schema.triggers.iter();
    let triggers = triggers.map(|it| Code::Trigger { name: it.name.clone(), table: it.table.clone() });
    let natural = views.chain(triggers).filter(|code| {
        mentions(sql_of(schema, code), "NATURAL") && !broken.iter().any(|other| code.is_same(other))
    });
    let joins = natural.flat_map(|code| {
        let sql = sql_of(schema, &code);
        let joined = draft.dropped_columns.iter().filter(|(table, _)| mentions(sql, table));
        joined.map(move |(table, column)| Use {
            code: code.clone(),
            table: table.clone(),
            column: column.clone(),
        })
    });
    joins.collect()
}

fn would_break(draft: &Draft, code: &Code, used: &[&Use]) -> Problem {
    let which: Vec<String> = used.iter().map(|it| named(it)).collect();
    let which = if which.is_empty() { String::new() } else { format!(", which uses {}", which.join(", ")) };
    let message = format!("the change would break {code}{which}; {}", way_out(code));
    match used.iter().find(|it| !it.column.is_empty()) {
        Some(it) => Problem::of_column(ErrorKind::DependentObject, &it.table, &it.column, message),
        None => {
            let tables: Vec<&str> = draft.steps.iter().map(|step| step.table.as_str()).collect();
            Problem::of_table(ErrorKind::DependentObject, &tables.join("`, `"), message)
        }
    }
}

fn would_mean_another(it: &Use) -> Problem {
    let message = format!(
        "without it, {} would still compile and mean something else, since it uses `{}.{}`; {}",
        it.code,
        it.table,
        it.column,
        way_out(&it.code)
    );
    Problem::of_column(ErrorKind::DependentObject, &it.table, &it.column, message)
}

fn way_out(code: &Code) -> String {
    match code {
        Code::View { name } => format!("change it first, or `.allow_drop_view(\"{name}\")` drops it"),
        Code::Trigger { name, .. } => {
            format!("change it first, or `.allow_drop_trigger(\"{name}\")` drops it")
        }
    }
}

fn named(it: &Use) -> String {
    if it.column.is_empty() { format!("`{}`", it.table) } else { format!("`{}.{}`", it.table, it.column) }
}

fn is_dropped(draft: &Draft, it: &Use) -> bool {
    has_dropped_column(draft, it) || draft.dropped.contains(&("table".to_owned(), folded(&it.table)))
}

/// Whether the trigger keeps a full-text index that goes with the column, or is made anew without it.
fn is_made_anew(draft: &Draft, it: &Use) -> bool {
    match &it.code {
        Code::Trigger { name, .. } => draft.dropped.contains(&("trigger".to_owned(), folded(name))),
        Code::View { .. } => false,
    }
}

fn has_dropped_column(draft: &Draft, it: &Use) -> bool {
    draft.dropped_columns.contains(&(folded(&it.table), folded(&it.column)))
}

fn sql_of<'s>(schema: &'s Schema, code: &Code) -> &'s str {
    let sql = match code {
        Code::View { name } => schema.view(name).map(|view| &view.sql),
        Code::Trigger { name, .. } => {
            schema.triggers.iter().find(|trigger| trigger.name.eq_ignore_ascii_case(name)).map(|it| &it.sql)
        }
    };
    sql.map_or("", String::as_str)
}
