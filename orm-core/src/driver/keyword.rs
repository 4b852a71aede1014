//! The first words of a statement: what must be known before SQLite prepares it, since merely preparing
//! `PRAGMA foreign_keys=OFF` switches it off.

/// What kind of statement begins here, as far as the session has to know before it is prepared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leading {
    /// Begins or ends a transaction or savepoint.
    Transaction(TransactionWord),
    /// `PRAGMA`.
    Pragma,
    /// `ATTACH` or `DETACH`.
    Attach,
    /// `CREATE TEMP …`, or a `CREATE` that may name the schema `temp`.
    CreateTemporary,
    /// `VACUUM`.
    Vacuum,
    /// `CREATE`, `ALTER`, `DROP`, `REINDEX`, `ANALYZE`: not worth keeping.
    Definition,
    /// Anything else.
    Other,
}

/// The words that control transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TransactionWord {
    /// `BEGIN`
    Begin,
    /// `COMMIT` or `END`
    Commit,
    /// `ROLLBACK` without `TO`
    Rollback,
    /// `ROLLBACK … TO`
    RollbackTo,
    /// `SAVEPOINT`
    Savepoint,
    /// `RELEASE`
    Release,
}

/// Looks at the first words of `sql`, past blanks, comments and semicolons.
pub(crate) fn leading(sql: &str) -> Leading {
    let mut words = Words(sql);
    let mut first = words.next().unwrap_or_default();
    if first.eq_ignore_ascii_case("EXPLAIN") {
        // EXPLAIN prepares what follows, and preparing is enough for some of it
        first = words.find(|word| !is_one_of(word, &["QUERY", "PLAN"])).unwrap_or_default();
    }
    let is = |word: &str| first.eq_ignore_ascii_case(word);
    if is("BEGIN") {
        Leading::Transaction(TransactionWord::Begin)
    } else if is("COMMIT") || is("END") {
        Leading::Transaction(TransactionWord::Commit)
    } else if is("SAVEPOINT") {
        Leading::Transaction(TransactionWord::Savepoint)
    } else if is("RELEASE") {
        Leading::Transaction(TransactionWord::Release)
    } else if is("ROLLBACK") {
        let to = words.take(2).any(|word| word.eq_ignore_ascii_case("TO"));
        Leading::Transaction(if to { TransactionWord::RollbackTo } else { TransactionWord::Rollback })
    } else if is("PRAGMA") {
        Leading::Pragma
    } else if is("ATTACH") || is("DETACH") {
        Leading::Attach
    } else if is("VACUUM") {
        Leading::Vacuum
    } else if is("CREATE") && (words.next().is_some_and(is_temporary) || names_temp(words.0)) {
        Leading::CreateTemporary
    } else if is_one_of(first, &["CREATE", "ALTER", "DROP", "REINDEX", "ANALYZE"]) {
        Leading::Definition
    } else {
        Leading::Other
    }
}

fn is_temporary(word: &str) -> bool {
    word.eq_ignore_ascii_case("TEMP") || word.eq_ignore_ascii_case("TEMPORARY")
}

/// Whether the name of what is created may begin with `temp.`. What merely looks like it costs a connection and nothing
/// else, so comments and quotes need no closer look.
fn names_temp(definition: &str) -> bool {
    let mut words = definition.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    definition.contains('.') && words.any(|word| word.eq_ignore_ascii_case("temp"))
}

/// Whether SQLite may pass over it: it takes a vertical tab for a blank behind another one, and a byte order mark anywhere.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\x0b' | '\x0c' | '\r' | '\u{feff}')
}

/// PRAGMAs that take an argument in parentheses and only read.
const ASKING_PRAGMAS: [&str; 11] = [
    "table_info",
    "table_xinfo",
    "table_list",
    "index_info",
    "index_xinfo",
    "index_list",
    "foreign_key_list",
    "foreign_key_check",
    "integrity_check",
    "quick_check",
    "database_list",
];

/// PRAGMAs that act without an argument. SQLite calls some of them read-only.
const ACTING_PRAGMAS: [&str; 4] = ["optimize", "incremental_vacuum", "wal_checkpoint", "shrink_memory"];

/// Whether a PRAGMA only tells something: a setting, or a fact of the schema.
pub(crate) fn pragma_only_asks(sql: &str) -> bool {
    let mut words = Words(sql);
    let mut name = words.by_ref().find(|word| !is_one_of(word, &["EXPLAIN", "QUERY", "PLAN", "PRAGMA"]));
    let mut rest = skip(words.0, is_blank);
    if let Some(behind_schema) = rest.strip_prefix('.') {
        words = Words(behind_schema);
        name = words.next();
        rest = skip(words.0, is_blank);
    }
    if rest.is_empty() || rest.starts_with(';') {
        name.is_some_and(|name| !is_one_of(name, &ACTING_PRAGMAS))
    } else {
        rest.starts_with('(') && name.is_some_and(|name| is_one_of(name, &ASKING_PRAGMAS))
    }
}

// written out for each list, it would be ten times as long
#[inline(never)]
fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|it| word.eq_ignore_ascii_case(it))
}

/// The rest of `sql` after blanks, comments and semicolons.
pub(crate) fn skip_blank(sql: &str) -> &str {
    skip(sql, |c| is_blank(c) || c == ';')
}

/// The rest of `sql` after comments and what else may be skipped.
fn skip(mut sql: &str, may_skip: impl Fn(char) -> bool) -> &str {
    loop {
        let trimmed = sql.trim_start_matches(&may_skip);
        sql = if let Some(comment) = trimmed.strip_prefix("--") {
            comment.find('\n').map_or("", |end| &comment[end..])
        } else if let Some(comment) = trimmed.strip_prefix("/*") {
            comment.find("*/").map_or("", |end| &comment[end + 2..])
        } else {
            return trimmed;
        };
    }
}

struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = skip_blank(self.0);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end == 0 {
            return None;
        }
        let (word, rest) = rest.split_at(end);
        self.0 = rest;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_are_found_past_blanks_comments_and_semicolons() {
        use TransactionWord::*;
        let cases = [
            ("BEGIN IMMEDIATE", Leading::Transaction(Begin)),
            (" ;; -- note\n /* more */ commit", Leading::Transaction(Commit)),
            ("end transaction", Leading::Transaction(Commit)),
            ("ROLLBACK", Leading::Transaction(Rollback)),
            ("rollback transaction to savepoint a", Leading::Transaction(RollbackTo)),
            ("ROLLBACK/**/TO a", Leading::Transaction(RollbackTo)),
            ("\u{feff}SAVEPOINT a", Leading::Transaction(Savepoint)),
            ("/**/\u{feff}BEGIN", Leading::Transaction(Begin)),
            (" \x0bBEGIN", Leading::Transaction(Begin)),
            ("RELEASE a", Leading::Transaction(Release)),
            ("PRAGMA foreign_keys=OFF", Leading::Pragma),
            ("EXPLAIN PRAGMA foreign_keys=OFF", Leading::Pragma),
            ("EXPLAIN QUERY PLAN SELECT 1", Leading::Other),
            ("DETACH x", Leading::Attach),
            ("CREATE TEMP TABLE t(a)", Leading::CreateTemporary),
            ("create /* */ temporary view v AS SELECT 1", Leading::CreateTemporary),
            ("CREATE TABLE temp.t(a)", Leading::CreateTemporary),
            ("CREATE VIEW IF NOT EXISTS \"Temp\" . v AS SELECT 1", Leading::CreateTemporary),
            ("CREATE TABLE [temp] --\n.t(a)", Leading::CreateTemporary),
            ("CREATE TABLE temp(a)", Leading::Definition),
            ("CREATE VIEW main.v AS SELECT a.x FROM a", Leading::Definition),
            ("VACUUM INTO 'x'", Leading::Vacuum),
            ("SELECT 1", Leading::Other),
            ("beginning", Leading::Other),
            ("-- nothing", Leading::Other),
            ("", Leading::Other),
        ];
        for (sql, expected) in cases {
            assert_eq!(leading(sql), expected, "{sql}");
        }
    }

    #[test]
    fn a_pragma_that_only_asks_is_told_from_one_that_acts() {
        for asks in [
            "PRAGMA user_version",
            "pragma main.table_info(users);",
            "PRAGMA integrity_check; DELETE FROM t",
            "PRAGMA foreign_key_check",
        ] {
            assert!(pragma_only_asks(asks), "{asks}");
        }
        for acts in [
            "PRAGMA user_version = 1",
            "PRAGMA foreign_keys(OFF)",
            "PRAGMA optimize",
            "PRAGMA main.wal_checkpoint",
            "PRAGMA optimize(0x10002)",
            "EXPLAIN PRAGMA query_only = 1",
            "PRAGMA",
        ] {
            assert!(!pragma_only_asks(acts), "{acts}");
        }
    }
}
