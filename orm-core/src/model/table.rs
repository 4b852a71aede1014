use super::Model;
use crate::dialect::{Dialect, Sqlite};
use crate::error::{Error, ErrorKind, Result};
use crate::session::Session;
use crate::sql::{CreateIndex, CreateTable, Drop, FullText, explain_missing_fts5};

impl Session {
    /// Creates the model's table and its indexes, the full-text index among them. [`Engine::migrate`](crate::Engine::migrate) does that too, and brings a
    /// table that is there to the shape of the struct.
    ///
    /// # Errors
    ///
    /// `Sql` where there is such a table already.
    pub fn create_table<M: Model>(&self) -> Result<()> {
        self.transaction(|tx| {
            tx.run_definition(&CreateTable::new(M::TABLE).render(&Sqlite)?.sql)?;
            for index in M::TABLE.indexes.iter() {
                tx.run_definition(&CreateIndex::new(M::NAME, index).render(&Sqlite)?.sql)?;
            }
            if let Some(fts) = FullText::of(M::TABLE)? {
                tx.run_definition(&fts.create(&Sqlite)?.sql).map_err(explain_missing_fts5)?;
                fts.triggers(&Sqlite)?.iter().try_for_each(|trigger| tx.run_definition(&trigger.sql))?;
            }
            Ok(())
        })
    }

    /// Drops the model's table with its rows and indexes. Only where no other table refers to it: SQLite would delete
    /// the rows of those too, or leave them without a parent (<https://sqlite.org/lang_droptable.html>).
    ///
    /// # Errors
    ///
    /// `DestructiveChange`, naming the table that refers to this one; `Sql` where there is no such table.
    pub fn drop_table<M: Model>(&self) -> Result<()> {
        self.transaction(|tx| {
            let children = tx.raw(Sqlite.referring_tables(), (M::NAME,)).all::<String>()?;
            if let Some(child) = children.first() {
                return Err(Error::new(
                    ErrorKind::DestructiveChange,
                    format!(
                        "`{child}` refers to it, and its rows would be lost or orphaned: drop that first"
                    ),
                )
                .with_table(M::NAME));
            }
            tx.run_definition(&Drop::Table { name: M::NAME, if_exists: false }.render(&Sqlite)?.sql)?;
            match FullText::of(M::TABLE)? {
                Some(fts) => {
                    tx.run_definition(&Drop::Table { name: fts.name(), if_exists: true }.render(&Sqlite)?.sql)
                }
                None => Ok(()),
            }
        })
    }

    /// Whether the database has a table of the model's name.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn has_table<M: Model>(&self) -> Result<bool> {
        Ok(self.raw(Sqlite.table_exists(), (M::NAME,)).first::<i64>()?.is_some())
    }

    fn run_definition(&self, sql: &str) -> Result<()> {
        self.raw(sql, ()).execute().map(|_| ())
    }
}
