//! Table definitions from the JSON of a case, by the builder.

use orm_core::LogicalType;
use orm_core::schema::{
    Action, ColumnBuilder, DefaultDef, ForeignKeyBuilder, IndexBuilder, KeyGeneration, TableBuilder, TableDef,
};
use serde_json::Value as Json;

pub(crate) fn text(json: &Json) -> Option<String> {
    json.as_str().map(str::to_owned)
}

pub(crate) fn list(json: &Json) -> Vec<Json> {
    json.as_array().cloned().unwrap_or_default()
}

fn names(json: &Json) -> Vec<String> {
    list(json).iter().filter_map(text).collect()
}

fn one_or_several(json: &Json) -> Vec<String> {
    text(json).map_or_else(|| names(json), |one| vec![one])
}

pub(crate) fn table(json: &Json) -> TableDef {
    let mut table = TableDef::builder(text(&json["table"]).unwrap_or_default());
    let columns = list(&json["columns"]);
    for column in &columns {
        table = add_column(table, column, &columns);
    }
    table = table.primary_key(primary_key(json, &columns));
    for index in list(&json["indexes"]) {
        table = add_index(table, &index, &columns);
    }
    for check in list(&json["checks"]) {
        table = table.check(check["name"].as_str(), text(&check["expr"]).unwrap());
    }
    for unique in list(&json["uniques"]) {
        table = table.unique(names(&unique["columns"]));
    }
    for key in list(&json["foreign_keys"]) {
        let parent = text(&key["table"]).unwrap();
        let (from, to) = (names(&key["columns"]), names(&key["to"]));
        table = table.foreign_key(from, parent, to, |it| actions(it, &key));
    }
    for column in &columns {
        if let Some(key) = column.get("fk").filter(|key| !key.is_null()) {
            let to = text(&key["column"]).into_iter();
            table =
                table.foreign_key([name(column)], text(&key["table"]).unwrap(), to, |it| actions(it, key));
        }
    }
    if json["without_rowid"] == Json::Bool(true) {
        table = table.without_rowid();
    }
    for old in one_or_several(&json["renamed_from"]) {
        table = table.renamed_from(old);
    }
    table.strict(json["strict"] == Json::Bool(true)).build()
}

fn name(column: &Json) -> String {
    text(&column["name"]).unwrap()
}

fn primary_key(json: &Json, columns: &[Json]) -> Vec<String> {
    let declared = names(&json["primary_key"]);
    if !declared.is_empty() {
        return declared;
    }
    let mut key: Vec<(i64, String)> = columns
        .iter()
        .filter_map(|column| Some((column["pk"].as_i64().filter(|at| *at > 0)?, name(column))))
        .collect();
    key.sort();
    key.into_iter().map(|(_, name)| name).collect()
}

fn add_column(table: TableBuilder, column: &Json, columns: &[Json]) -> TableBuilder {
    let declared = text(&column["type"]).unwrap_or_default();
    let is_key = column["pk"].as_i64().unwrap_or(0) > 0;
    let keys = columns.iter().filter(|it| it["pk"].as_i64().unwrap_or(0) > 0).count();
    table.column(name(column), LogicalType::Any, |mut it| {
        if is_key && keys == 1 && declared.eq_ignore_ascii_case("INTEGER") {
            it = it.key_generation(match column["autoincrement"] {
                Json::Bool(true) => KeyGeneration::AutoIncrement,
                _ => KeyGeneration::Auto,
            });
        }
        if column["not_null"] != Json::Bool(true) && !is_key {
            it = it.nullable();
        }
        rules(it.declared_type(declared), column)
    })
}

fn rules(mut it: ColumnBuilder, column: &Json) -> ColumnBuilder {
    if let Some(default) = text(&column["default"]) {
        it = it.default(default_def(&default));
    }
    if column["unique"] == Json::Bool(true) {
        it = it.unique();
    }
    if let Some(check) = text(&column["check"]) {
        it = it.check(check);
    }
    if let Some(collation) = text(&column["collate"]) {
        it = it.collation(collation);
    }
    if let Some(expression) = text(&column["generated"]["expr"]) {
        it = it.generated(expression, column["generated"]["stored"] == Json::Bool(true));
    }
    for old in one_or_several(&column["renamed_from"]) {
        it = it.renamed_from(old);
    }
    if let Some(expression) = text(&column["backfill"]) {
        it = it.backfill(expression);
    }
    if let Some(expression) = text(&column["using"]) {
        it = it.using(expression);
    }
    it
}

fn default_def(sql: &str) -> DefaultDef {
    let quoted = sql.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match (sql.parse(), quoted) {
        (Ok(integer), _) => DefaultDef::Integer(integer),
        (Err(_), Some(text)) => DefaultDef::Text(text.replace("''", "'").into()),
        (Err(_), None) => {
            let inner = sql.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
            DefaultDef::Expression(inner.unwrap_or(sql).to_owned().into())
        }
    }
}

fn add_index(table: TableBuilder, index: &Json, columns: &[Json]) -> TableBuilder {
    table.index(Vec::<String>::new(), |mut it| {
        for term in names(&index["columns"]) {
            it = add_term(it, &term, columns);
        }
        if let Some(name) = text(&index["name"]) {
            it = it.name(name);
        }
        if let Some(predicate) = text(&index["where"]) {
            it = it.predicate(predicate);
        }
        if index["unique"] == Json::Bool(true) { it.unique() } else { it }
    })
}

/// `a`, `a DESC` or an expression.
fn add_term(it: IndexBuilder, term: &str, columns: &[Json]) -> IndexBuilder {
    let (what, descending) = match term.strip_suffix(" DESC") {
        Some(what) => (what, true),
        None => (term, false),
    };
    let is_column = columns.iter().any(|column| name(column) == what);
    let it = if is_column { it.column(what.to_owned()) } else { it.expression(what.to_owned()) };
    if descending { it.descending() } else { it }
}

fn actions(it: ForeignKeyBuilder, key: &Json) -> ForeignKeyBuilder {
    let action = |name: &Json| match name.as_str() {
        Some("CASCADE") => Action::Cascade,
        Some("SET NULL") => Action::SetNull,
        Some("SET DEFAULT") => Action::SetDefault,
        Some("RESTRICT") => Action::Restrict,
        _ => Action::NoAction,
    };
    let it = it.on_delete(action(&key["on_delete"])).on_update(action(&key["on_update"]));
    if key["deferrable"] == Json::Bool(true) { it.deferred() } else { it }
}
