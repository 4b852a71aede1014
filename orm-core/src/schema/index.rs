use super::{List, Text};

/// An index, see <https://sqlite.org/lang_createindex.html>.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexDef {
    /// The index's name; where it has none, [`IndexDef::name_for`] makes one of table and columns.
    pub name: Option<Text>,
    /// What is indexed, in order.
    pub columns: List<IndexColumn>,
    /// Whether no two rows may be equal.
    pub unique: bool,
    /// The condition of a partial index.
    pub predicate: Option<Text>,
}

/// One term of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexColumn {
    /// A column or an expression.
    pub target: IndexTarget,
    /// Whether it descends.
    pub descending: bool,
    /// The collating sequence, where it is not the column's.
    pub collation: Option<Text>,
}

/// What a term of an index looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IndexTarget {
    /// A column, by its name in the database.
    Column(Text),
    /// An SQL expression.
    Expression(Text),
}

impl IndexDef {
    /// The index's name: its own, or `ix_table_a_b` (`ux_…` for a unique one).
    ///
    /// ```
    /// use orm_core::schema::{IndexDef, TableDef};
    ///
    /// let table = TableDef::builder("users").index(["name", "age"], |index| index).build();
    /// assert_eq!(table.indexes[0].name_for("users"), "ix_users_name_age");
    /// ```
    #[must_use]
    pub fn name_for(&self, table: &str) -> String {
        if let Some(name) = &self.name {
            return name.to_string();
        }
        let mut out = format!("{}_{table}", if self.unique { "ux" } else { "ix" });
        for (position, column) in self.columns.iter().enumerate() {
            out.push('_');
            match &column.target {
                IndexTarget::Column(name) => out.push_str(name),
                IndexTarget::Expression(_) => out.push_str(&format!("expr{position}")),
            }
        }
        out
    }
}

impl IndexColumn {
    /// An ascending column.
    pub fn column(name: impl Into<Text>) -> Self {
        Self { target: IndexTarget::Column(name.into()), descending: false, collation: None }
    }
}
