//! Adopts a database that something else made.

use super::apply::baseline;
use super::migration::Migration;
use crate::error::Result;

impl Migration {
    /// Adopts a database that already has the shape of the structs: from now on, what a struct mentions today and no longer
    /// mentions later is removed, instead of being kept as somebody else's.
    ///
    /// Versioned steps count as applied. Writes rows into the table `_orm_migrations`, and nothing else. A second baseline of the same structs writes
    /// nothing.
    ///
    /// ```
    /// use orm_core::schema::TableDef;
    /// use orm_core::{Engine, LogicalType};
    ///
    /// let engine = Engine::open_in_memory()?;
    /// engine.session()?.execute_batch("CREATE TABLE users (name TEXT); CREATE INDEX ix_users_name ON users (name)")?;
    /// let users = TableDef::builder("users").column("name", LogicalType::Text, |c| c.nullable());
    /// engine.migration(&[&users.clone().index(["name"], |index| index).build()]).baseline()?;
    ///
    /// let plan = engine.migration(&[&users.build()]).plan()?;
    /// assert_eq!(plan.steps()[0].changes[0].text, "drop index `ix_users_name`");
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::SchemaMismatch`](crate::ErrorKind::SchemaMismatch) where the database does not have the shape of the
    /// structs, with every difference.
    pub fn baseline(self) -> Result<()> {
        self.writing("a baseline", |planner| baseline(planner, &self.steps))
    }
}
