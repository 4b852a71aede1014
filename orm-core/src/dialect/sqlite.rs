use std::fmt::Write as _;

use super::{Capabilities, Dialect, Piece, TextMatch};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::KeyGeneration;
use crate::value::{LogicalType, Value, ValueRef};

/// SQLite, see <https://sqlite.org/lang.html>.
///
/// `starts_with` and `ends_with` compare bytes, which is right for databases in UTF-8; those in UTF-16 are not supported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sqlite;

impl Dialect for Sqlite {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            // SQLITE_MAX_VARIABLE_NUMBER, https://sqlite.org/limits.html
            max_parameters: 32_766,
            strict_tables: true,
            without_rowid: true,
            fts5: true,
            errors_end_transaction: false,
        }
    }

    fn schema(&self) -> &'static str {
        "main"
    }

    fn quote_index_on(&self, out: &mut String, index: &str, table: &str) -> Result<()> {
        self.quote_table(out, index)?;
        out.push_str(" ON ");
        self.quote(out, table)
    }

    fn placeholder(&self, out: &mut String, number: usize) {
        out.push('?');
        push_digits(out, number);
    }

    fn literal(&self, out: &mut String, value: ValueRef<'_>) -> Result<()> {
        match value {
            ValueRef::Null => out.push_str("NULL"),
            ValueRef::Integer(integer) => push_number(out, integer),
            ValueRef::Real(real) => return push_real(out, real),
            ValueRef::Text(text) if text.contains('\0') => {
                // SQL text ends at NUL, so the bytes are spelled out
                out.push_str("CAST(");
                push_blob(out, text.as_bytes());
                out.push_str(" AS TEXT)");
            }
            ValueRef::Text(text) => {
                out.push('\'');
                out.push_str(&text.replace('\'', "''"));
                out.push('\'');
            }
            ValueRef::Blob(bytes) => push_blob(out, bytes),
        }
        Ok(())
    }

    fn boolean(&self, value: bool) -> &'static str {
        if value { "1" } else { "0" }
    }

    fn null_safe_equality(&self, equal: bool) -> &'static str {
        if equal { "IS" } else { "IS NOT" }
    }

    fn text_match(&self, kind: TextMatch, piece: Option<&str>) -> Vec<Piece> {
        use Piece::{Left, Right, Sql};
        match (kind, piece) {
            (TextMatch::Contains, _) => vec![Sql("instr("), Left, Sql(", "), Right, Sql(") > 0")],
            // every text begins and ends with nothing, and NULL still gives NULL
            (TextMatch::StartsWith | TextMatch::EndsWith, Some("")) => vec![Left, Sql(" >= ''")],
            (TextMatch::StartsWith, Some(prefix)) => starts_with(prefix),
            // as blobs, because `length` and `substr` of text stop at NUL; `ifnull`, because `substr` of an empty blob is NULL
            (TextMatch::StartsWith, None) => vec![
                Sql("ifnull(substr(CAST("),
                Left,
                Sql(" AS BLOB), 1, length(CAST("),
                Right,
                Sql(" AS BLOB))), CAST("),
                Left,
                Sql(" AS BLOB)) = CAST("),
                Right,
                Sql(" AS BLOB)"),
            ],
            (TextMatch::EndsWith, Some(suffix)) => vec![
                Sql("ifnull(substr(CAST("),
                Left,
                Sql(" AS BLOB), "),
                Piece::Value(Value::Integer(-i64::try_from(suffix.len()).unwrap_or(i64::MAX))),
                Sql("), "),
                Left,
                Sql(") = "),
                Piece::Value(Value::Blob(suffix.as_bytes().to_vec())),
            ],
            (TextMatch::EndsWith, None) => vec![
                Sql("ifnull(substr(CAST("),
                Left,
                Sql(" AS BLOB), -length(CAST("),
                Right,
                Sql(" AS BLOB)), length(CAST("),
                Right,
                Sql(" AS BLOB))), CAST("),
                Left,
                Sql(" AS BLOB)) = CAST("),
                Right,
                Sql(" AS BLOB)"),
            ],
        }
    }

    fn around_values_of_many(&self) -> (&'static str, &'static str) {
        // SQLite compares every constant with all before it, to compute equal ones once; those in a function it leaves alone
        // (100,000 terms of two comparisons: 3 seconds instead of more than 60)
        ("nullif(", ", NULL)")
    }

    fn unlimited(&self) -> &'static str {
        "LIMIT -1"
    }

    fn column_type(&self, logical_type: LogicalType, strict: bool) -> &'static str {
        match logical_type {
            LogicalType::Bool | LogicalType::Integer { .. } => "INTEGER",
            LogicalType::Real => "REAL",
            LogicalType::Text
            | LogicalType::Timestamp
            | LogicalType::Date
            | LogicalType::Time
            | LogicalType::Decimal
            | LogicalType::Json => "TEXT",
            LogicalType::Blob | LogicalType::Uuid => "BLOB",
            // outside a STRICT table ANY would mean NUMERIC, which turns '007' into 7
            LogicalType::Any => {
                if strict {
                    "ANY"
                } else {
                    "BLOB"
                }
            }
        }
    }

    fn auto_key(&self, _logical_type: LogicalType, generation: KeyGeneration) -> &'static str {
        match generation {
            KeyGeneration::AutoIncrement => "INTEGER PRIMARY KEY AUTOINCREMENT",
            KeyGeneration::Auto | KeyGeneration::None => "INTEGER PRIMARY KEY",
        }
    }

    fn begin_write(&self) -> &'static str {
        "BEGIN IMMEDIATE"
    }

    fn begin_read(&self) -> &'static str {
        "BEGIN"
    }

    fn explain(&self) -> &'static str {
        "EXPLAIN QUERY PLAN"
    }

    fn table_exists(&self) -> &'static str {
        "SELECT 1 FROM \"main\".\"sqlite_schema\" WHERE type = 'table' AND name = ?1 COLLATE NOCASE"
    }

    fn referring_tables(&self) -> &'static str {
        "SELECT DISTINCT child.name FROM \"main\".\"sqlite_schema\" AS child \
         JOIN pragma_foreign_key_list(child.name, 'main') AS key ON key.\"table\" = ?1 COLLATE NOCASE \
         WHERE child.type = 'table' AND child.name <> ?1 COLLATE NOCASE ORDER BY 1"
    }

    fn triggers_of(&self) -> &'static str {
        "SELECT 1 FROM \"main\".\"sqlite_schema\" WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE \
         UNION ALL SELECT 1 FROM \"temp\".\"sqlite_schema\" WHERE type = 'trigger' AND tbl_name = ?1 COLLATE NOCASE"
    }
}

/// The byte range of the texts that begin with `prefix`, so that an index serves. A column that folds case is compared
/// by its bytes all the same.
fn starts_with(prefix: &str) -> Vec<Piece> {
    let mut pieces = vec![Piece::Left, Piece::Sql(" COLLATE BINARY >= "), Piece::Value(Value::from(prefix))];
    if let Some(end) = end_of_prefix(prefix) {
        let below = [
            Piece::Sql(" AND "),
            Piece::Left,
            Piece::Sql(" COLLATE BINARY < "),
            Piece::Value(Value::Text(end)),
        ];
        pieces.extend(below);
    }
    pieces
}

/// The least text above all that begin with `prefix`; none where nothing but U+10FFFF would have to be raised.
fn end_of_prefix(prefix: &str) -> Option<String> {
    let stem = prefix.trim_end_matches(char::MAX);
    let last = stem.chars().next_back()?;
    // the surrogates are no characters
    let next = if last == '\u{D7FF}' { '\u{E000}' } else { char::from_u32(last as u32 + 1)? };
    Some(format!("{}{next}", &stem[..stem.len() - last.len_utf8()]))
}

/// Without the machinery of formatting: a list has thousands of placeholders.
fn push_digits(out: &mut String, number: usize) {
    if number >= 10 {
        push_digits(out, number / 10);
    }
    out.push(char::from(b'0' + (number % 10) as u8));
}

fn push_number(out: &mut String, number: impl std::fmt::Display) {
    // writing to a String cannot fail
    let _ = write!(out, "{number}");
}

fn push_blob(out: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.push_str("x'");
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out.push('\'');
}

fn push_real(out: &mut String, real: f64) -> Result<()> {
    if real.is_nan() {
        return Err(Error::new(ErrorKind::Conversion, "expected a number, found NaN, which SQLite has not"));
    }
    if real.is_infinite() {
        out.push_str(if real > 0.0 { "9e999" } else { "-9e999" });
    } else {
        let _ = write!(out, "{real:?}");
    }
    Ok(())
}
