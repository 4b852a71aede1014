use super::{
    Action, CheckDef, ColumnDef, ColumnRole, DefaultDef, ForeignKeyDef, FtsBuilder, FtsDef, GeneratedDef,
    IndexColumn, IndexDef, IndexTarget, KeyGeneration, List, TableDef, Text, UniqueDef,
};
use crate::value::LogicalType;

/// Makes a [`TableDef`] at run time.
///
/// ```
/// use orm_core::LogicalType;
/// use orm_core::schema::{DefaultDef, TableDef};
///
/// let table = TableDef::builder("users")
///     .column("id", LogicalType::Integer { bits: 64, signed: true }, |c| c.primary_key())
///     .column("name", LogicalType::Text, |c| c.nullable())
///     .column("city", LogicalType::Text, |c| c.default(DefaultDef::Text("Bern".into())))
///     .index(["name"], |index| index.unique())
///     .build();
/// assert_eq!(table.primary_key.to_vec(), ["id"]);
/// assert!(table.column("NAME").is_some_and(|column| column.nullable));
/// ```
#[derive(Debug, Clone)]
#[must_use = "call `build`"]
pub struct TableBuilder {
    table: TableDef,
    columns: Vec<ColumnDef>,
    primary_key: Vec<Text>,
    uniques: Vec<UniqueDef>,
    indexes: Vec<IndexDef>,
    checks: Vec<CheckDef>,
    foreign_keys: Vec<ForeignKeyDef>,
    renamed_from: Vec<Text>,
}

/// Makes a [`ColumnDef`] inside [`TableBuilder::column`].
#[derive(Debug, Clone)]
pub struct ColumnBuilder {
    column: ColumnDef,
    primary_key: bool,
    unique: bool,
}

/// Makes an [`IndexDef`] inside [`TableBuilder::index`].
#[derive(Debug, Clone)]
pub struct IndexBuilder(IndexDef);

/// Makes a [`ForeignKeyDef`] inside [`TableBuilder::foreign_key`].
#[derive(Debug, Clone)]
pub struct ForeignKeyBuilder(ForeignKeyDef);

impl TableBuilder {
    pub(super) fn new(name: Text) -> Self {
        Self {
            table: TableDef {
                name,
                columns: List::Borrowed(&[]),
                primary_key: List::Borrowed(&[]),
                uniques: List::Borrowed(&[]),
                indexes: List::Borrowed(&[]),
                checks: List::Borrowed(&[]),
                foreign_keys: List::Borrowed(&[]),
                fts: None,
                strict: None,
                without_rowid: false,
                renamed_from: List::Borrowed(&[]),
            },
            columns: Vec::new(),
            primary_key: Vec::new(),
            uniques: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            renamed_from: Vec::new(),
        }
    }

    /// Adds a column, NOT NULL unless the closure says [`nullable`](ColumnBuilder::nullable).
    pub fn column(
        mut self,
        name: impl Into<Text>,
        logical_type: LogicalType,
        define: impl FnOnce(ColumnBuilder) -> ColumnBuilder,
    ) -> Self {
        let ColumnBuilder { column, primary_key, unique } =
            define(ColumnBuilder::new(name.into(), logical_type));
        if primary_key {
            self.primary_key.push(column.name.clone());
        }
        if unique {
            self.uniques.push(UniqueDef { name: None, columns: vec![column.name.clone()].into() });
        }
        self.columns.push(column);
        self
    }

    /// The primary key, in key order, in place of what the columns said.
    pub fn primary_key<T: Into<Text>>(mut self, columns: impl IntoIterator<Item = T>) -> Self {
        self.primary_key = texts(columns);
        self
    }

    /// A unique constraint over several columns.
    pub fn unique<T: Into<Text>>(mut self, columns: impl IntoIterator<Item = T>) -> Self {
        self.uniques.push(UniqueDef { name: None, columns: texts(columns).into() });
        self
    }

    /// A unique constraint with a name.
    pub fn named_unique<T: Into<Text>>(
        mut self,
        name: impl Into<Text>,
        columns: impl IntoIterator<Item = T>,
    ) -> Self {
        self.uniques.push(UniqueDef { name: Some(name.into()), columns: texts(columns).into() });
        self
    }

    /// An index over columns; the closure adds what is special about it.
    pub fn index<T: Into<Text>>(
        mut self,
        columns: impl IntoIterator<Item = T>,
        define: impl FnOnce(IndexBuilder) -> IndexBuilder,
    ) -> Self {
        let columns = columns.into_iter().map(IndexColumn::column).collect::<Vec<_>>();
        let index = IndexDef { name: None, columns: columns.into(), unique: false, predicate: None };
        self.indexes.push(define(IndexBuilder(index)).0);
        self
    }

    /// A CHECK constraint of the table.
    pub fn check(mut self, name: Option<&str>, expression: impl Into<Text>) -> Self {
        let name = name.map(|name| name.to_owned().into());
        self.checks.push(CheckDef { name, expression: expression.into() });
        self
    }

    /// A foreign key from columns of this table to columns of `parent`.
    pub fn foreign_key<C: Into<Text>, P: Into<Text>>(
        mut self,
        columns: impl IntoIterator<Item = C>,
        parent: impl Into<Text>,
        parent_columns: impl IntoIterator<Item = P>,
        define: impl FnOnce(ForeignKeyBuilder) -> ForeignKeyBuilder,
    ) -> Self {
        let key = ForeignKeyDef {
            name: None,
            columns: texts(columns).into(),
            parent: parent.into(),
            parent_columns: texts(parent_columns).into(),
            on_delete: Action::NoAction,
            on_update: Action::NoAction,
            deferred: false,
            relation: None,
        };
        self.foreign_keys.push(define(ForeignKeyBuilder(key)).0);
        self
    }

    /// The full-text index over these columns; the closure adds what is special about it.
    ///
    /// ```
    /// use orm_core::LogicalType;
    /// use orm_core::schema::TableDef;
    ///
    /// let posts = TableDef::builder("posts")
    ///     .column("id", LogicalType::Integer { bits: 64, signed: true }, |c| c.primary_key())
    ///     .column("title", LogicalType::Text, |c| c)
    ///     .fts(["title"], |fts| fts.tokenize("porter").prefix([2, 3]))
    ///     .build();
    /// assert_eq!(posts.fts.map(|fts| fts.prefix.to_vec()), Some(vec![2, 3]));
    /// ```
    pub fn fts<T: Into<Text>>(
        mut self,
        columns: impl IntoIterator<Item = T>,
        define: impl FnOnce(FtsBuilder) -> FtsBuilder,
    ) -> Self {
        let fts = FtsDef { columns: texts(columns).into(), ..FtsDef::default() };
        self.table.fts = Some(define(FtsBuilder(fts)).0);
        self
    }

    /// STRICT or not; unsaid, a new table is STRICT and an existing one is left as it is.
    pub fn strict(mut self, strict: bool) -> Self {
        self.table.strict = Some(strict);
        self
    }

    /// WITHOUT ROWID.
    pub fn without_rowid(mut self) -> Self {
        self.table.without_rowid = true;
        self
    }

    /// A name that the table had before.
    pub fn renamed_from(mut self, name: impl Into<Text>) -> Self {
        self.renamed_from.push(name.into());
        self
    }

    /// The definition. Nothing is checked here; the planner does that.
    #[must_use]
    pub fn build(self) -> TableDef {
        TableDef {
            columns: self.columns.into(),
            primary_key: self.primary_key.into(),
            uniques: self.uniques.into(),
            indexes: self.indexes.into(),
            checks: self.checks.into(),
            foreign_keys: self.foreign_keys.into(),
            renamed_from: self.renamed_from.into(),
            ..self.table
        }
    }
}

impl ColumnBuilder {
    fn new(name: Text, logical_type: LogicalType) -> Self {
        let column = ColumnDef {
            field: name.clone(),
            name,
            logical_type,
            declared_type: None,
            nullable: false,
            key_generation: KeyGeneration::None,
            default: None,
            checks: List::Borrowed(&[]),
            collation: None,
            generated: None,
            role: ColumnRole::Plain,
            renamed_from: List::Borrowed(&[]),
            backfill: None,
            using: None,
        };
        Self { column, primary_key: false, unique: false }
    }

    /// The name of the Rust field, where it is not the column's.
    #[must_use]
    pub fn field(mut self, name: impl Into<Text>) -> Self {
        self.column.field = name.into();
        self
    }

    /// Adds the column to the primary key.
    #[must_use]
    pub fn primary_key(mut self) -> Self {
        self.primary_key = true;
        self
    }

    /// How the key comes to be.
    #[must_use]
    pub fn key_generation(mut self, generation: KeyGeneration) -> Self {
        self.column.key_generation = generation;
        self
    }

    /// Allows NULL.
    #[must_use]
    pub fn nullable(mut self) -> Self {
        self.column.nullable = true;
        self
    }

    /// The declared type, in place of the dialect's.
    #[must_use]
    pub fn declared_type(mut self, declared: impl Into<Text>) -> Self {
        self.column.declared_type = Some(declared.into());
        self
    }

    /// A unique constraint on this column alone.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// The DEFAULT clause.
    #[must_use]
    pub fn default(mut self, default: DefaultDef) -> Self {
        self.column.default = Some(default);
        self
    }

    /// A CHECK clause.
    #[must_use]
    pub fn check(mut self, expression: impl Into<Text>) -> Self {
        self.column.checks.to_mut().push(expression.into());
        self
    }

    /// The collating sequence.
    #[must_use]
    pub fn collation(mut self, name: impl Into<Text>) -> Self {
        self.column.collation = Some(name.into());
        self
    }

    /// Makes it a generated column.
    #[must_use]
    pub fn generated(mut self, expression: impl Into<Text>, stored: bool) -> Self {
        self.column.generated = Some(GeneratedDef { expression: expression.into(), stored });
        self
    }

    /// What the session does with the column by itself.
    #[must_use]
    pub fn role(mut self, role: ColumnRole) -> Self {
        self.column.role = role;
        self
    }

    /// A name that the column had before.
    #[must_use]
    pub fn renamed_from(mut self, name: impl Into<Text>) -> Self {
        self.column.renamed_from.to_mut().push(name.into());
        self
    }

    /// The SQL expression that fills the column in rows that exist already.
    #[must_use]
    pub fn backfill(mut self, expression: impl Into<Text>) -> Self {
        self.column.backfill = Some(expression.into());
        self
    }

    /// The SQL expression that converts the old value when the type changes.
    #[must_use]
    pub fn using(mut self, expression: impl Into<Text>) -> Self {
        self.column.using = Some(expression.into());
        self
    }
}

impl IndexBuilder {
    /// The index's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<Text>) -> Self {
        self.0.name = Some(name.into());
        self
    }

    /// Makes it a unique index.
    #[must_use]
    pub fn unique(mut self) -> Self {
        self.0.unique = true;
        self
    }

    /// The condition of a partial index.
    #[must_use]
    pub fn predicate(mut self, expression: impl Into<Text>) -> Self {
        self.0.predicate = Some(expression.into());
        self
    }

    /// Adds a column as the next term.
    #[must_use]
    pub fn column(mut self, name: impl Into<Text>) -> Self {
        self.0.columns.to_mut().push(IndexColumn::column(name));
        self
    }

    /// Adds an expression as the next term.
    #[must_use]
    pub fn expression(mut self, expression: impl Into<Text>) -> Self {
        let target = IndexTarget::Expression(expression.into());
        self.0.columns.to_mut().push(IndexColumn { target, descending: false, collation: None });
        self
    }

    /// Makes the last term descend.
    #[must_use]
    pub fn descending(mut self) -> Self {
        if let Some(last) = self.0.columns.to_mut().last_mut() {
            last.descending = true;
        }
        self
    }

    /// The collating sequence of the last term.
    #[must_use]
    pub fn collation(mut self, name: impl Into<Text>) -> Self {
        if let Some(last) = self.0.columns.to_mut().last_mut() {
            last.collation = Some(name.into());
        }
        self
    }
}

impl ForeignKeyBuilder {
    /// The constraint's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<Text>) -> Self {
        self.0.name = Some(name.into());
        self
    }

    /// What happens when the parent is deleted.
    #[must_use]
    pub fn on_delete(mut self, action: Action) -> Self {
        self.0.on_delete = action;
        self
    }

    /// What happens when the parent's key changes.
    #[must_use]
    pub fn on_update(mut self, action: Action) -> Self {
        self.0.on_update = action;
        self
    }

    /// Lets the check wait for COMMIT.
    #[must_use]
    pub fn deferred(mut self) -> Self {
        self.0.deferred = true;
        self
    }

    /// The name of the relation.
    #[must_use]
    pub fn relation(mut self, name: impl Into<Text>) -> Self {
        self.0.relation = Some(name.into());
        self
    }
}

fn texts<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Vec<Text> {
    items.into_iter().map(Into::into).collect()
}
