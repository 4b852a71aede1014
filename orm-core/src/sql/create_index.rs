use super::{Rendered, Writer};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::schema::{IndexDef, IndexTarget};

/// `CREATE INDEX …`, see <https://sqlite.org/lang_createindex.html>.
///
/// ```
/// use orm_core::LogicalType;
/// use orm_core::dialect::Sqlite;
/// use orm_core::schema::TableDef;
/// use orm_core::sql::CreateIndex;
///
/// let table = TableDef::builder("users")
///     .column("name", LogicalType::Text, |c| c)
///     .index(["name"], |index| index.descending().predicate("name <> ''"))
///     .build();
/// assert_eq!(
///     CreateIndex::new("users", &table.indexes[0]).render(&Sqlite)?.sql,
///     r#"CREATE INDEX "main"."ix_users_name" ON "users" ("name" DESC) WHERE name <> ''"#,
/// );
/// # Ok::<(), orm_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CreateIndex<'a> {
    table: &'a str,
    index: &'a IndexDef,
    if_not_exists: bool,
}

impl<'a> CreateIndex<'a> {
    /// The index of that table.
    #[must_use]
    pub fn new(table: &'a str, index: &'a IndexDef) -> Self {
        Self { table, index, if_not_exists: false }
    }

    /// Leaves an index of that name alone.
    #[must_use]
    pub fn if_not_exists(self) -> Self {
        Self { if_not_exists: true, ..self }
    }

    /// The statement in that dialect.
    ///
    /// # Errors
    ///
    /// A name or an expression with NUL.
    pub fn render(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        let mut out = Writer::new(dialect);
        out.push(if self.index.unique { "CREATE UNIQUE INDEX " } else { "CREATE INDEX " });
        if self.if_not_exists {
            out.push("IF NOT EXISTS ");
        }
        dialect.quote_index_on(&mut out.sql, &self.index.name_for(self.table), self.table)?;
        out.push(" (");
        out.list(self.index.columns.iter(), |out, column| {
            match &column.target {
                IndexTarget::Column(name) => out.name(name)?,
                IndexTarget::Expression(expression) => {
                    out.push("(");
                    out.sql_text(expression)?;
                    out.push(")");
                }
            }
            out.collation(column.collation.as_ref())?;
            if column.descending {
                out.push(" DESC");
            }
            Ok(())
        })?;
        out.push(")");
        if let Some(predicate) = &self.index.predicate {
            out.push(" WHERE ");
            out.sql_text(predicate)?;
        }
        Ok(out.finish())
    }
}
