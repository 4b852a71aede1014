use super::{Rendered, Writer};
use crate::dialect::Dialect;
use crate::error::Result;

/// `DROP TABLE …`, `DROP INDEX …` or `DROP TRIGGER …`.
///
/// ```
/// use orm_core::dialect::Sqlite;
/// use orm_core::sql::Drop;
///
/// let statement = Drop::Table { name: "users", if_exists: true };
/// assert_eq!(statement.render(&Sqlite)?.sql, r#"DROP TABLE IF EXISTS "main"."users""#);
/// # Ok::<(), orm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub enum Drop<'a> {
    /// A table with its rows and indexes.
    Table {
        /// Its name.
        name: &'a str,
        /// Whether it may be missing.
        if_exists: bool,
    },
    /// An index.
    Index {
        /// Its name.
        name: &'a str,
        /// Whether it may be missing.
        if_exists: bool,
    },
    /// A trigger.
    Trigger {
        /// Its name.
        name: &'a str,
        /// Whether it may be missing.
        if_exists: bool,
    },
}

impl Drop<'_> {
    /// The statement in that dialect.
    ///
    /// # Errors
    ///
    /// A name with NUL.
    pub fn render(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        let (kind, name, if_exists) = match *self {
            Self::Table { name, if_exists } => ("DROP TABLE ", name, if_exists),
            Self::Index { name, if_exists } => ("DROP INDEX ", name, if_exists),
            Self::Trigger { name, if_exists } => ("DROP TRIGGER ", name, if_exists),
        };
        let mut out = Writer::new(dialect);
        out.push(kind);
        if if_exists {
            out.push("IF EXISTS ");
        }
        // the others are named as a table is
        out.table(name)?;
        Ok(out.finish())
    }
}
