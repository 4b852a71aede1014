use crate::error::{Error, ErrorKind, Result};
use crate::value::Value;

/// A piece of SQL that the user wrote, cut at its parameters.
#[derive(Debug)]
pub(super) struct Fragment {
    /// One piece more than there are values.
    pub(super) pieces: Vec<String>,
    pub(super) values: Vec<Value>,
    pub(super) nullable: bool,
    /// What is wrong with it, reported when the statement is rendered.
    pub(super) problem: Option<String>,
}

impl Fragment {
    pub(super) fn new(sql: &str, values: Vec<Value>, nullable: bool) -> Self {
        let (pieces, problem) = match cut(sql) {
            Ok(pieces) if pieces.len() == values.len() + 1 => (pieces, None),
            Ok(pieces) => {
                let problem =
                    format!("the fragment has {} `?` and {} values", pieces.len() - 1, values.len());
                (Vec::new(), Some(problem))
            }
            Err(problem) => (Vec::new(), Some(problem.to_owned())),
        };
        Self { pieces, values, nullable, problem }
    }

    pub(super) fn check(&self) -> Result<()> {
        match &self.problem {
            Some(problem) => {
                Err(Error::new(ErrorKind::InvalidQuery, format!("an SQL fragment cannot be used: {problem}")))
            }
            None => Ok(()),
        }
    }
}

/// Cuts at every `?` that is a parameter. What would reach out of the parentheses around the fragment is refused.
fn cut(sql: &str) -> Result<Vec<String>, &'static str> {
    if sql.contains('\0') {
        return Err("it contains NUL, where SQLite would stop reading");
    }
    let bytes = sql.as_bytes();
    let (mut pieces, mut start, mut at, mut depth) = (Vec::new(), 0, 0, 0_usize);
    while at < bytes.len() {
        let after = skip_token(sql, at)?;
        match bytes[at] {
            b'(' => depth += 1,
            b')' => depth = depth.checked_sub(1).ok_or("it closes a parenthesis that it did not open")?,
            b'?' => {
                pieces.push(sql[start..at].to_owned());
                start = after;
            }
            _ => {}
        }
        at = after;
    }
    if depth > 0 {
        return Err("it leaves a parenthesis open");
    }
    pieces.push(sql[start..].to_owned());
    Ok(pieces)
}

/// The end of the token that starts at `at`: strings, quoted names and comments are one token, other characters each
/// their own.
fn skip_token(sql: &str, at: usize) -> Result<usize, &'static str> {
    let rest = &sql[at..];
    let end =
        |found: Option<usize>, length: usize, problem| found.map(|found| at + found + length).ok_or(problem);
    let next = rest.as_bytes().get(1).copied().unwrap_or(b' ');
    match rest.as_bytes()[0] {
        quote @ (b'\'' | b'"' | b'`') => {
            let closing = rest[1..].find(char::from(quote)).map(|found| found + 1);
            end(closing, 1, "it leaves a quote open")
        }
        b'[' => end(rest.find(']'), 1, "it leaves a quote open"),
        b'-' if next == b'-' => end(rest.find('\n'), 1, "it ends in a comment"),
        b'/' if next == b'*' => {
            end(rest[2..].find("*/").map(|found| found + 2), 2, "it leaves a comment open")
        }
        b'?' if next.is_ascii_digit() => Err("its parameters are `?` in order, without numbers"),
        b':' | b'@' | b'$' if next.is_ascii_alphabetic() || next == b'_' => {
            Err("its parameters are `?` in order, without names")
        }
        b';' => Err("it contains a semicolon"),
        _ => Ok(at + rest.chars().next().map_or(1, char::len_utf8)),
    }
}
