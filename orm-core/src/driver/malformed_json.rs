//! SQLite says that text is no JSON, and not which.

use crate::error::Error;

/// What SQLite says.
pub(super) const MALFORMED: &str = "malformed JSON";

/// Adds table and column where the statement reads one column as JSON, as generated SQL does: `json_…("column"`,
/// `"column" -> `, with the name of the table or its alias before it, or without.
#[cold]
pub(super) fn name_column(error: Error, sql: &str) -> Error {
    let after_function = sql.match_indices("json_").filter_map(|(at, _)| sql[at..].split_once('('));
    let arguments = after_function.filter(|(name, _)| is_word(name)).filter_map(|(_, rest)| names(rest));
    let before_arrow =
        sql.match_indices(" -> ").filter_map(|(at, _)| names(&sql[start_of_names(&sql[..at])..]));
    let columns: Vec<_> = arguments.chain(before_arrow).collect();
    let Some(&(qualifier, column)) = columns.first() else { return error };
    let is_one_table = columns.iter().all(|(other, _)| *other == qualifier);
    let error = match table(sql, qualifier).filter(|_| is_one_table) {
        Some(table) => error.with_table(table),
        None => error,
    };
    if columns.iter().all(|other| *other == (qualifier, column)) { error.with_column(column) } else { error }
}

fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

/// `"column"` or `"table"."column"` at the beginning.
fn names(sql: &str) -> Option<(Option<&str>, &str)> {
    let (first, rest) = quoted(sql)?;
    match rest.strip_prefix('.').and_then(quoted) {
        Some((second, _)) => Some((Some(first), second)),
        None => Some((None, first)),
    }
}

fn quoted(sql: &str) -> Option<(&str, &str)> {
    sql.strip_prefix('"')?.split_once('"')
}

/// Where the quoted names begin with which the text ends.
fn start_of_names(sql: &str) -> usize {
    let mut start = sql.len();
    while let Some(inside) = sql[..start].strip_suffix('"') {
        start = inside.rfind('"').unwrap_or(0);
        match sql[..start].strip_suffix('.') {
            Some(before) => start = before.len(),
            None => break,
        }
    }
    start
}

/// The table behind an alias, or the first one.
fn table<'s>(sql: &'s str, qualifier: Option<&'s str>) -> Option<&'s str> {
    let mut tables = sql.match_indices("\"main\".").filter_map(|(at, main)| quoted(&sql[at + main.len()..]));
    let Some(qualifier) = qualifier else { return tables.next().map(|(table, _)| table) };
    let aliased =
        |rest: &str| rest.strip_prefix(" AS ").and_then(quoted).is_some_and(|(it, _)| it == qualifier);
    let behind = tables.find(|(_, rest)| aliased(rest)).map(|(table, _)| table);
    Some(behind.unwrap_or(qualifier))
}

#[cfg(test)]
mod tests {
    use super::name_column;
    use crate::error::{Error, ErrorKind};

    fn named(sql: &str) -> (Option<String>, Option<String>) {
        let error = name_column(Error::new(ErrorKind::Sql, "malformed JSON"), sql);
        (error.table().map(str::to_owned), error.column().map(str::to_owned))
    }

    #[test]
    fn the_only_column_that_is_read_as_json_is_named() {
        let both = |table: &str, column: &str| (Some(table.to_owned()), Some(column.to_owned()));
        assert_eq!(named(r#"SELECT json_extract("a", '$.x') FROM "main"."t""#), both("t", "a"));
        assert_eq!(named(r#"SELECT "t"."a" -> '$.x' FROM "main"."t""#), both("t", "a"));
        let joined =
            r#"SELECT "p"."x", json_type("t1"."a", '$') FROM "main"."p" LEFT JOIN "main"."t" AS "t1" ON 1"#;
        assert_eq!(named(joined), both("t", "a"));
    }

    #[test]
    fn where_it_could_be_another_column_none_is_named() {
        let two = r#"SELECT json_type("a", '$'), "b" -> '$' FROM "main"."t""#;
        assert_eq!(named(two), (Some("t".to_owned()), None));
        assert_eq!(named("SELECT json_extract(?1, '$'), json_valid"), (None, None));
        assert_eq!(named(r#"SELECT json_extract("a"#), (None, None));
        assert_eq!(named(r#"" -> "#), (None, None));
    }
}
