//! A full-text index: FTS5's table, and the triggers that keep it in step with the rows.

use super::{Rendered, Writer};
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::schema::{FtsDef, TableDef, Text};
use crate::value::ValueRef;

/// The full-text index of a table, see <https://sqlite.org/fts5.html#external_content_tables>.
///
/// ```
/// use orm_core::LogicalType;
/// use orm_core::dialect::Sqlite;
/// use orm_core::schema::TableDef;
/// use orm_core::sql::FullText;
///
/// let posts = TableDef::builder("posts")
///     .column("id", LogicalType::Integer { bits: 64, signed: true }, |c| c.primary_key())
///     .column("title", LogicalType::Text, |c| c)
///     .fts(["title"], |fts| fts.tokenize("porter"))
///     .build();
/// let fts = FullText::of(&posts)?.expect("the table has one");
/// assert_eq!(
///     fts.create(&Sqlite)?.sql,
///     "CREATE VIRTUAL TABLE \"main\".\"posts_fts\" USING fts5(\"title\", content='posts', content_rowid='id', \
///      tokenize='porter')",
/// );
/// # Ok::<(), orm_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct FullText<'a> {
    table: &'a TableDef,
    fts: &'a FtsDef,
    name: String,
    /// The column that is the rowid.
    key: &'a str,
}

/// The names of the triggers that keep an index, after an insert, a delete and an update.
pub(crate) fn trigger_names(index: &str) -> [String; 3] {
    ["ai", "ad", "au"].map(|event| format!("{index}_{event}"))
}

/// By these names too an update may change the key: SQLite goes by the name that the update says
/// (<https://sqlite.org/lang_createtable.html#rowid>).
const ROWID: [&str; 3] = ["rowid", "_rowid_", "oid"];

impl<'a> FullText<'a> {
    /// The table's index, where it has one.
    ///
    /// # Errors
    ///
    /// `InvalidModel` where the table has no key of one column, and where the index is about a column that is not there.
    pub fn of(table: &'a TableDef) -> Result<Option<Self>> {
        let Some(fts) = &table.fts else { return Ok(None) };
        let invalid = |message: String| Error::new(ErrorKind::InvalidModel, message).with_table(&table.name);
        let key = match &*table.primary_key {
            [key] if !table.without_rowid => key,
            _ => {
                return Err(invalid(
                    "a full-text index needs a primary key of one integer column, which numbers the rows"
                        .to_owned(),
                ));
            }
        };
        if let Some(column) = fts.columns.iter().find(|column| table.column(column).is_none()) {
            return Err(invalid(format!("the full-text index is about `{column}`, which is no column")));
        }
        Ok(Some(Self { table, fts, name: fts.name_for(&table.name), key }))
    }

    /// The index's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `CREATE VIRTUAL TABLE …`. The index is empty.
    ///
    /// # Errors
    ///
    /// A name with NUL, a dialect without FTS5.
    pub fn create(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        if !dialect.capabilities().fts5 {
            let message = "this database has no FTS5: leave the full-text index out";
            return Err(Error::new(ErrorKind::UnsupportedObject, message).with_table(&self.table.name));
        }
        let mut out = Writer::new(dialect);
        out.push("CREATE VIRTUAL TABLE ");
        out.table(&self.name)?;
        out.push(" USING fts5(");
        out.names(self.fts.columns.iter())?;
        out.option("content", &self.table.name)?;
        out.option("content_rowid", self.key)?;
        if let Some(tokenize) = &self.fts.tokenize {
            out.option("tokenize", tokenize)?;
        }
        if !self.fts.prefix.is_empty() {
            let lengths: Vec<String> = self.fts.prefix.iter().map(ToString::to_string).collect();
            out.option("prefix", &lengths.join(" "))?;
        }
        out.push(")");
        Ok(out.finish())
    }

    /// `INSERT INTO "posts_fts" ("posts_fts") VALUES ('rebuild')`: makes it anew from the rows.
    ///
    /// # Errors
    ///
    /// A name with NUL.
    pub fn rebuild(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        rebuild(&self.name, dialect)
    }

    /// `CREATE TRIGGER …`, for inserts, deletes and updates. An update that leaves the text as it is costs a comparison.
    ///
    /// # Errors
    ///
    /// A name with NUL.
    pub fn triggers(&self, dialect: &dyn Dialect) -> Result<[Rendered; 3]> {
        let [insert, delete, update] = trigger_names(&self.name);
        Ok([
            self.trigger(dialect, &insert, |out| {
                out.push(" AFTER INSERT ON ");
                out.name(&self.table.name)?;
                out.push(" BEGIN");
                self.add(out)
            })?,
            self.trigger(dialect, &delete, |out| {
                out.push(" AFTER DELETE ON ");
                out.name(&self.table.name)?;
                out.push(" BEGIN");
                self.remove(out)
            })?,
            self.trigger(dialect, &update, |out| self.after_update(out))?,
        ])
    }

    fn trigger(
        &self,
        dialect: &dyn Dialect,
        name: &str,
        write: impl FnOnce(&mut Writer<'_>) -> Result<()>,
    ) -> Result<Rendered> {
        let mut out = Writer::new(dialect);
        out.push("CREATE TRIGGER ");
        out.table(name)?;
        write(&mut out)?;
        out.push(" END");
        Ok(out.finish())
    }

    fn after_update(&self, out: &mut Writer<'_>) -> Result<()> {
        out.push(" AFTER UPDATE ");
        // an update does not mention a generated column that it changes
        let generated =
            |name: &Text| self.table.column(name).is_some_and(|column| column.generated.is_some());
        if !self.fts.columns.iter().any(generated) {
            out.push("OF ");
            out.names(self.keyed_columns().chain(ROWID))?;
            out.push(" ");
        }
        out.push("ON ");
        out.name(&self.table.name)?;
        out.push(" WHEN old.");
        out.name(self.key)?;
        out.push(" IS NOT new.");
        out.name(self.key)?;
        for column in self.fts.columns.iter() {
            // the bytes that FTS5 reads, whatever the column's collation
            out.push(" OR CAST(old.");
            out.name(column)?;
            out.push(" AS BLOB) IS NOT CAST(new.");
            out.name(column)?;
            out.push(" AS BLOB)");
        }
        out.push(" BEGIN");
        self.remove(out)?;
        self.add(out)
    }

    fn keyed_columns(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.key).chain(self.fts.columns.iter().map(AsRef::as_ref))
    }

    /// The statement that takes the new row in.
    fn add(&self, out: &mut Writer<'_>) -> Result<()> {
        out.push(" INSERT INTO ");
        out.name(&self.name)?;
        out.push(" (\"rowid\", ");
        out.names(self.fts.columns.iter())?;
        out.push(") VALUES (");
        self.values(out, "new.")?;
        out.push(");");
        Ok(())
    }

    /// The statement that takes the old row out. FTS5 has to be told what its text was.
    fn remove(&self, out: &mut Writer<'_>) -> Result<()> {
        out.push(" INSERT INTO ");
        out.name(&self.name)?;
        out.push(" (");
        out.name(&self.name)?;
        out.push(", \"rowid\", ");
        out.names(self.fts.columns.iter())?;
        out.push(") VALUES ('delete', ");
        self.values(out, "old.")?;
        out.push(");");
        Ok(())
    }

    fn values(&self, out: &mut Writer<'_>, row: &str) -> Result<()> {
        out.list(self.keyed_columns(), |out, column| {
            out.push(row);
            out.name(column)
        })
    }
}

/// [`FullText::rebuild`] for an index of that name.
pub(crate) fn rebuild(index: &str, dialect: &dyn Dialect) -> Result<Rendered> {
    let mut out = Writer::new(dialect);
    out.push("INSERT INTO ");
    out.table(index)?;
    out.push(" (");
    out.name(index)?;
    out.push(") VALUES ('rebuild')");
    Ok(out.finish())
}

/// What to do where SQLite was compiled without FTS5.
pub(crate) fn explain_missing_fts5(error: Error) -> Error {
    if !error.to_string().contains("no such module: fts5") {
        return error;
    }
    let message = "the linked SQLite was compiled without FTS5, which a full-text index needs: use the feature `bundled`, \
                   or a library with it";
    Error::new(ErrorKind::UnsupportedSqlite, message).with_source(error)
}

impl Writer<'_> {
    /// `, key='value'`.
    fn option(&mut self, key: &str, value: &str) -> Result<()> {
        if value.contains('\0') {
            let message = format!("`{key}` of a full-text index contains NUL: remove it");
            return Err(Error::new(ErrorKind::InvalidModel, message));
        }
        self.push(", ");
        self.push(key);
        self.push("=");
        self.literal(ValueRef::Text(value))
    }
}

#[cfg(test)]
mod tests {
    use super::explain_missing_fts5;
    use crate::error::{Error, ErrorKind};

    #[test]
    fn a_sqlite_without_fts5_is_told_apart() {
        let said = |message: &str| explain_missing_fts5(Error::new(ErrorKind::Sql, message)).kind();
        assert_eq!(said("no such module: fts5"), ErrorKind::UnsupportedSqlite);
        assert_eq!(said("no such module: fts6"), ErrorKind::Sql);
    }
}
