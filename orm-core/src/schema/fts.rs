use super::{List, Text};

/// A full-text index over columns of a table: an FTS5 table whose content is the table's, kept by triggers
/// (<https://sqlite.org/fts5.html#external_content_tables>).
///
/// The table's primary key is one integer column, so that rows keep their number for ever.
///
/// ```
/// use orm_core::Model;
///
/// #[derive(Model)]
/// #[orm(table = "posts", fts(title, body, tokenize = "porter unicode61"))]
/// struct Post {
///     #[orm(primary_key, auto)]
///     id: i64,
///     title: String,
///     body: String,
/// }
///
/// let fts = Post::TABLE.fts.as_ref().expect("the struct has one");
/// assert_eq!((fts.name_for("posts"), fts.columns.to_vec()), ("posts_fts".into(), vec!["title".into(), "body".into()]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FtsDef {
    /// The index's name; where it has none, [`FtsDef::name_for`] makes one of the table's.
    pub name: Option<Text>,
    /// The columns whose words are found.
    pub columns: List<Text>,
    /// What makes words of text, such as `porter unicode61`; FTS5's own choice where nothing is said
    /// (<https://sqlite.org/fts5.html#tokenizers>).
    pub tokenize: Option<Text>,
    /// The lengths, in characters, of beginnings of words that have an index of their own
    /// (<https://sqlite.org/fts5.html#prefix_indexes>).
    pub prefix: List<u16>,
}

impl FtsDef {
    /// The index's name: its own, or `table_fts`.
    ///
    /// ```
    /// use orm_core::schema::FtsDef;
    ///
    /// assert_eq!(FtsDef::default().name_for("posts"), "posts_fts");
    /// assert_eq!(FtsDef { name: Some("words".into()), ..FtsDef::default() }.name_for("posts"), "words");
    /// ```
    #[must_use]
    pub fn name_for(&self, table: &str) -> String {
        self.name.as_ref().map_or_else(|| format!("{table}_fts"), ToString::to_string)
    }

    /// The position of that column in [`columns`](Self::columns). ASCII case does not matter.
    #[must_use]
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| name.eq_ignore_ascii_case(column))
    }
}

/// Makes an [`FtsDef`] inside [`TableBuilder::fts`](super::TableBuilder::fts).
#[derive(Debug, Clone)]
pub struct FtsBuilder(pub(super) FtsDef);

impl FtsBuilder {
    /// The index's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<Text>) -> Self {
        self.0.name = Some(name.into());
        self
    }

    /// What makes words of text.
    #[must_use]
    pub fn tokenize(mut self, tokenizer: impl Into<Text>) -> Self {
        self.0.tokenize = Some(tokenizer.into());
        self
    }

    /// The lengths of beginnings of words that have an index of their own.
    #[must_use]
    pub fn prefix(mut self, lengths: impl IntoIterator<Item = u16>) -> Self {
        self.0.prefix = lengths.into_iter().collect();
        self
    }
}
