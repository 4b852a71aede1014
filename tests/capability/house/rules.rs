use super::source::Source;

/// The rooms of a crate, lowest first, and the modules that look down on all of them.
pub(super) struct House {
    pub(super) rooms: &'static [&'static str],
    pub(super) faces: &'static [&'static str],
}

impl House {
    /// The uses of a module above, or of the crate's root, whose re-exports would hide the direction.
    pub(super) fn arrows(&self, source: &Source) -> Vec<String> {
        let room = source.room();
        if self.faces.contains(&room.as_str()) {
            return Vec::new();
        }
        let Some(height) = self.height(&room) else {
            return vec![format!("{}: `{room}` has no place in the order of the rooms", source.file)];
        };
        let wrong = source.paths.iter().filter_map(|path| {
            let used = path.what.first().map_or("*", String::as_str);
            let why = match self.height(used) {
                Some(other) if other <= height => return None,
                Some(_) => format!("`{room}` uses `{used}`, which is above it"),
                None => format!("`{room}` uses `{used}` of the crate's root instead of a room"),
            };
            Some(format!("{}: {why}", source.at(path)))
        });
        wrong.collect()
    }

    fn height(&self, room: &str) -> Option<usize> {
        self.rooms.iter().position(|it| *it == room)
    }
}

/// `unsafe` outside the driver.
pub(super) fn unsafety(source: &Source) -> Vec<String> {
    if source.room() == "driver" {
        return Vec::new();
    }
    let unsafes = source.names.iter().filter(|name| name.what == "unsafe");
    unsafes.map(|name| format!("{}: `unsafe` outside `driver`", source.at(name))).collect()
}

/// rusqlite, or what is below it, named by something else than the driver. The engine opens, configures and copies
/// databases with rusqlite's own means, and lets applications do so; it gets them from the driver.
pub(super) fn rusqlite(source: &Source) -> Vec<String> {
    let room = source.room();
    let through_driver = ["engine", "lib"].contains(&room.as_str())
        && (room == "lib"
            || source.paths.iter().any(|path| {
                path.what == ["driver", "rusqlite"]
                    || path.what.starts_with(&["driver".to_owned(), "rusqlite".to_owned()])
            }));
    if room == "driver" {
        return Vec::new();
    }
    let names = source.names.iter().filter(|name| match name.what.as_str() {
        "libsqlite3_sys" => true,
        "rusqlite" => !through_driver,
        _ => false,
    });
    names.map(|name| format!("{}: `{}` outside `driver`", source.at(name), name.what)).collect()
}

/// SQL in string literals of the rooms that must leave it to `sql` and `dialect`.
///
/// `engine` and `session` speak of connections and transactions themselves and look into the schema table, but say
/// nothing about the application's tables. Migrations read and rebuild what SQLite keeps of its schema, in SQLite's own
/// words. Names in backticks are what a message quotes.
pub(super) fn sql_text(source: &Source) -> Vec<String> {
    let room = source.room();
    if ["sql", "dialect", "driver", "migrate"].contains(&room.as_str()) {
        return Vec::new();
    }
    let may_control = ["engine", "session"].contains(&room.as_str());
    let wrong = source.texts.iter().filter_map(|text| {
        let sql = without_quotations(&text.what);
        if may_control && sql.contains("sqlite_schema") {
            return None;
        }
        let control = if may_control { &[][..] } else { CONTROL };
        let word = words(&sql).find(|word| STATEMENT.contains(word) || control.contains(word));
        let found = word.or_else(|| spelling(&sql))?;
        Some(format!("{}: `{found}` is for `sql` or `dialect` to write", source.at(text)))
    });
    wrong.collect()
}

/// Words of statements about tables, and the types of columns.
const STATEMENT: &[&str] = &[
    "SELECT",
    "INSERT",
    "REPLACE",
    "UPDATE",
    "DELETE",
    "CREATE",
    "ALTER",
    "DROP",
    "FROM",
    "WHERE",
    "VALUES",
    "RETURNING",
    "JOIN",
    "UNION",
    "ORDER",
    "GROUP",
    "HAVING",
    "LIMIT",
    "OFFSET",
    "CONFLICT",
    "COLLATE",
    "CAST",
    "INTEGER",
    "TEXT",
    "BLOB",
    "REAL",
    "NUMERIC",
];

/// Words of statements about connections and transactions.
const CONTROL: &[&str] = &[
    "PRAGMA",
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT",
    "RELEASE",
    "ATTACH",
    "DETACH",
    "VACUUM",
    "ANALYZE",
    "REINDEX",
    "EXPLAIN",
];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
}

/// How a dialect spells a quoted identifier or a placeholder.
fn spelling(sql: &str) -> Option<&'static str> {
    let numbered =
        sql.split('?').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '{'));
    let quoted = sql.contains("\\\"{") || sql.contains("}\\\"");
    match (numbered, quoted) {
        (true, _) => Some("?"),
        (false, true) => Some("\""),
        (false, false) => None,
    }
}

fn without_quotations(text: &str) -> String {
    text.split('`').step_by(2).collect::<Vec<_>>().join(" ")
}
