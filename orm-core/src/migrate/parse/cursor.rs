use super::token::{Token, TokenKind, significant};

/// What the parser could not read: the table is then changed in place only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// A position in the tokens of a statement that mean something.
pub(super) struct Cursor<'a> {
    sql: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(sql: &'a str) -> Self {
        Self { sql, tokens: significant(sql), at: 0 }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    pub(super) fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at)
    }

    pub(super) fn peek_second(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at + 1)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.peek().is_some_and(|token| token.is_word(word))
    }

    pub(super) fn is_operator(&self, operator: &str) -> bool {
        self.peek().is_some_and(|token| token.is_operator(operator))
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    /// Takes the words, all or none.
    pub(super) fn take_words(&mut self, words: &[&str]) -> bool {
        let there = self.tokens.get(self.at..self.at + words.len());
        let found =
            there.is_some_and(|tokens| tokens.iter().zip(words).all(|(token, word)| token.is_word(word)));
        self.at += if found { words.len() } else { 0 };
        found
    }

    pub(super) fn take_operator(&mut self, operator: &str) -> bool {
        let found = self.is_operator(operator);
        self.at += usize::from(found);
        found
    }

    pub(super) fn words(&mut self, words: &[&str]) -> Result<(), Unreadable> {
        self.take_words(words).then_some(()).ok_or(Unreadable)
    }

    pub(super) fn operator(&mut self, operator: &str) -> Result<(), Unreadable> {
        self.take_operator(operator).then_some(()).ok_or(Unreadable)
    }

    pub(super) fn name(&mut self) -> Result<String, Unreadable> {
        let name = self.peek().and_then(Token::name).ok_or(Unreadable)?;
        self.advance();
        Ok(name)
    }

    /// `name` or `schema.name`.
    pub(super) fn qualified_name(&mut self) -> Result<String, Unreadable> {
        let name = self.name()?;
        if self.take_operator(".") { self.name() } else { Ok(name) }
    }

    /// What stands in the parentheses that begin here.
    pub(super) fn parenthesised(&mut self) -> Result<&'a str, Unreadable> {
        self.operator("(")?;
        let start = self.at;
        let mut depth = 1;
        while let Some(token) = self.peek() {
            match (token.kind, token.text) {
                (TokenKind::Illegal, _) => return Err(Unreadable),
                (TokenKind::Operator, "(") => depth += 1,
                (TokenKind::Operator, ")") => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let inner = self.text_between(start, self.at);
                self.advance();
                return Ok(inner);
            }
            self.advance();
        }
        Err(Unreadable)
    }

    /// The text from the token at `start` to here.
    pub(super) fn text_since(&self, start: usize) -> &'a str {
        self.text_between(start, self.at)
    }

    fn text_between(&self, start: usize, end: usize) -> &'a str {
        match self.tokens.get(start..end) {
            Some([first, .., last]) => &self.sql[first.start..last.end()],
            Some([only]) => only.text,
            Some([]) | None => "",
        }
    }
}

/// The parts of a list, split at the commas that are not inside parentheses.
pub(super) fn split_at_commas(sql: &str) -> Vec<&str> {
    let tokens = significant(sql);
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0_i32, 0);
    for token in &tokens {
        depth += i32::from(token.is_operator("(")) - i32::from(token.is_operator(")"));
        if depth == 0 && token.is_operator(",") {
            parts.push(trimmed(&sql[start..token.start]));
            start = token.end();
        }
    }
    parts.push(trimmed(&sql[start..]));
    parts
}

/// From the first token that means something to the last.
fn trimmed(sql: &str) -> &str {
    let tokens = significant(sql);
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => &sql[first.start..last.end()],
        (None, _) | (_, None) => "",
    }
}
