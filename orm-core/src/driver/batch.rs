use super::keyword::skip_blank;
use super::statement::refuse_nul;
use crate::error::Result;

/// Several statements in one text, taken from it one after the other.
pub(crate) struct Batch {
    /// Ends with NUL and contains no other.
    text: String,
    at: usize,
}

impl Batch {
    /// Checks the text.
    pub(crate) fn new(sql: &str) -> Result<Self> {
        refuse_nul(sql)?;
        let mut text = String::with_capacity(sql.len() + 1);
        text.push_str(sql);
        text.push('\0');
        Ok(Self { text, at: 0 })
    }

    /// What has not been taken yet, from its first statement on; `None` where nothing is left but blanks and comments.
    pub(crate) fn rest(&self) -> Option<&str> {
        let rest = skip_blank(self.with_nul().strip_suffix('\0')?);
        (!rest.is_empty()).then_some(rest)
    }

    pub(super) fn with_nul(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Goes on where so many bytes are left.
    pub(super) fn leave(&mut self, bytes: usize) {
        self.at = self.text.len() - bytes;
    }
}
