//! What people type, as an expression of FTS5: <https://sqlite.org/fts5.html#full_text_query_syntax>.

use std::collections::HashSet;

/// Whether the last word may be the beginning of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastWord {
    Whole,
    Beginning,
}

/// Each word as a text in quotes, so that nothing in it is an operator. FTS5 joins them by an AND that passes over what
/// has no letters or digits; the word AND would not.
pub(super) fn quoted_words(text: &str, last: LastWord) -> String {
    // FTS5 would stop reading at NUL, which separates words in the rows too
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == '\0').filter(|word| !word.is_empty()).collect();
    let Some((last_word, others)) = words.split_last() else { return "\"\"".to_owned() };
    let mut seen = HashSet::from([*last_word]);
    let mut out = String::with_capacity(text.len() + 3 * words.len());
    for word in others.iter().filter(|word| seen.insert(**word)) {
        push_quoted(&mut out, word);
        out.push(' ');
    }
    push_quoted(&mut out, last_word);
    if last == LastWord::Beginning {
        out.push('*');
    }
    out
}

fn push_quoted(out: &mut String, word: &str) {
    out.push('"');
    out.push_str(&word.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::{LastWord, quoted_words};

    #[test]
    fn every_word_is_a_text_in_quotes() {
        let whole = |text| quoted_words(text, LastWord::Whole);
        assert_eq!(whole("rust  orm"), r#""rust" "orm""#);
        assert_eq!(whole("title:x* AND \"y\" NEAR(z) \0 -"), r#""title:x*" "AND" """y""" "NEAR(z)" "-""#);
        assert_eq!(quoted_words("rust or", LastWord::Beginning), r#""rust" "or"*"#);
    }

    #[test]
    fn a_word_is_asked_for_once() {
        assert_eq!(quoted_words("a b a b", LastWord::Beginning), r#""a" "b"*"#);
    }

    #[test]
    fn a_text_without_words_finds_nothing() {
        assert_eq!(["", " \t", "\0"].map(|text| quoted_words(text, LastWord::Beginning)), ["\"\""; 3]);
    }
}
