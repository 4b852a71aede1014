//! SQLite's SQL as tokens, by the rules of <https://sqlite.org/src/file/src/tokenize.c>.

/// A piece of SQL text. The texts of all tokens, one after the other, are the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    pub(crate) kind: TokenKind,
    pub(crate) text: &'a str,
    /// Where it begins in the input, in bytes.
    pub(crate) start: usize,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Space,
    Comment,
    /// A bare identifier or a keyword; which of the two depends on where it stands.
    Word,
    /// An identifier in `"…"`, `` `…` `` or `[…]`.
    Quoted,
    /// Text in `'…'`.
    Text,
    /// `x'…'`.
    Blob,
    Number,
    /// `?1`, `:name`, `@name`, `$name`.
    Variable,
    Operator,
    /// What SQLite would refuse: an unterminated quote, `12ab`, a stray character.
    Illegal,
}

impl Token<'_> {
    /// Whether the token means something, unlike spaces and comments.
    pub(crate) fn is_significant(&self) -> bool {
        !matches!(self.kind, TokenKind::Space | TokenKind::Comment)
    }

    /// Whether it is that bare word.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is that operator.
    pub(crate) fn is_operator(&self, operator: &str) -> bool {
        self.kind == TokenKind::Operator && self.text == operator
    }

    /// The identifier it stands for, without quotes. SQLite also takes text where only a name can stand.
    pub(crate) fn name(&self) -> Option<String> {
        match self.kind {
            TokenKind::Word => Some(self.text.to_owned()),
            TokenKind::Quoted | TokenKind::Text => Some(unquoted(self.text)),
            TokenKind::Space
            | TokenKind::Comment
            | TokenKind::Blob
            | TokenKind::Number
            | TokenKind::Variable
            | TokenKind::Operator
            | TokenKind::Illegal => None,
        }
    }

    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// All tokens of `sql`; never fails.
pub(crate) fn tokenize(sql: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < sql.len() {
        let rest = &sql[start..];
        let (kind, length) = next(rest);
        // Whatever a scanner says, a token ends between two characters and is not empty.
        let length =
            (length.max(1)..=rest.len()).find(|&end| rest.is_char_boundary(end)).unwrap_or(rest.len());
        tokens.push(Token { kind, text: &rest[..length], start });
        start += length;
    }
    tokens
}

/// The tokens that mean something.
pub(crate) fn significant(sql: &str) -> Vec<Token<'_>> {
    tokenize(sql).into_iter().filter(Token::is_significant).collect()
}

fn next(rest: &str) -> (TokenKind, usize) {
    let bytes = rest.as_bytes();
    let second = bytes.get(1).copied();
    match bytes[0] {
        b' ' | b'\t' | b'\n' | b'\r' | b'\x0c' => (TokenKind::Space, count(bytes, is_space)),
        b'-' if second == Some(b'-') => (TokenKind::Comment, line_comment(bytes)),
        b'/' if second == Some(b'*') => (TokenKind::Comment, block_comment(rest)),
        b'\'' => quoted(bytes, b'\'', TokenKind::Text),
        b'"' => quoted(bytes, b'"', TokenKind::Quoted),
        b'`' => quoted(bytes, b'`', TokenKind::Quoted),
        b'[' => bracketed(rest),
        b'x' | b'X' if second == Some(b'\'') => blob(rest),
        b'.' if second.is_some_and(|byte| byte.is_ascii_digit()) => number(bytes),
        b'0'..=b'9' => number(bytes),
        b'?' => (TokenKind::Variable, 1 + count(&bytes[1..], |byte| byte.is_ascii_digit())),
        b':' | b'@' | b'$' | b'#' => variable(bytes),
        byte if is_identifier(byte) => (TokenKind::Word, count(bytes, is_identifier)),
        _ => operator(rest),
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0c')
}

fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn count(bytes: &[u8], accept: impl Fn(u8) -> bool) -> usize {
    bytes.iter().take_while(|&&byte| accept(byte)).count()
}

fn line_comment(bytes: &[u8]) -> usize {
    count(bytes, |byte| byte != b'\n')
}

/// SQLite takes a comment that is never closed to the end.
fn block_comment(rest: &str) -> usize {
    rest[2..].find("*/").map_or(rest.len(), |end| end + 4)
}

/// A quote is written twice to stand for itself.
fn quoted(bytes: &[u8], quote: u8, kind: TokenKind) -> (TokenKind, usize) {
    let mut at = 1;
    while at < bytes.len() {
        if bytes[at] != quote {
            at += 1;
        } else if bytes.get(at + 1) == Some(&quote) {
            at += 2;
        } else {
            return (kind, at + 1);
        }
    }
    (TokenKind::Illegal, bytes.len())
}

fn bracketed(rest: &str) -> (TokenKind, usize) {
    rest.find(']').map_or((TokenKind::Illegal, rest.len()), |end| (TokenKind::Quoted, end + 1))
}

fn blob(rest: &str) -> (TokenKind, usize) {
    let digits = count(&rest.as_bytes()[2..], |byte| byte.is_ascii_hexdigit());
    let closed = rest.as_bytes().get(2 + digits) == Some(&b'\'');
    if closed && digits.is_multiple_of(2) {
        return (TokenKind::Blob, digits + 3);
    }
    let end = rest[2..].find('\'').map_or(rest.len(), |end| end + 3);
    (TokenKind::Illegal, end)
}

fn number(bytes: &[u8]) -> (TokenKind, usize) {
    let digits = |from: usize| count(&bytes[from..], |byte| byte.is_ascii_digit() || byte == b'_');
    let mut end;
    if bytes[0] == b'0' && matches!(bytes.get(1), Some(b'x' | b'X')) {
        end = 2 + count(&bytes[2..], |byte| byte.is_ascii_hexdigit() || byte == b'_');
    } else {
        end = digits(0);
        if bytes.get(end) == Some(&b'.') {
            end += 1;
            end += digits(end);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = bytes.get(end + 1 + sign..).map_or(0, |_| digits(end + 1 + sign));
            if exponent > 0 {
                end += 1 + sign + exponent;
            }
        }
    }
    match count(&bytes[end..], is_identifier) {
        0 => (TokenKind::Number, end),
        surplus => (TokenKind::Illegal, end + surplus),
    }
}

fn variable(bytes: &[u8]) -> (TokenKind, usize) {
    match count(&bytes[1..], |byte| is_identifier(byte) || byte == b':') {
        0 => (TokenKind::Illegal, 1),
        length => (TokenKind::Variable, length + 1),
    }
}

fn operator(rest: &str) -> (TokenKind, usize) {
    const LONG: [&str; 9] = ["->>", "->", "||", "<<", ">>", "<=", ">=", "==", "!="];
    if rest.starts_with("<>") {
        return (TokenKind::Operator, 2);
    }
    if let Some(long) = LONG.iter().find(|long| rest.starts_with(**long)) {
        return (TokenKind::Operator, long.len());
    }
    if rest.starts_with(['(', ')', ',', ';', '.', '+', '-', '*', '/', '%', '<', '>', '=', '&', '|', '~']) {
        return (TokenKind::Operator, 1);
    }
    (TokenKind::Illegal, 1)
}

/// What stands between the quotes.
fn unquoted(text: &str) -> String {
    let inner = &text[1..text.len() - 1];
    match text.as_bytes()[0] {
        b'[' => inner.to_owned(),
        b'`' => inner.replace("``", "`"),
        b'"' => inner.replace("\"\"", "\""),
        _ => inner.replace("''", "'"),
    }
}
