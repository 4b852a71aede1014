use super::{Rendered, Writer};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::schema::{ColumnDef, TableDef};

/// `ALTER TABLE …`, see <https://sqlite.org/lang_altertable.html>.
///
/// ```
/// use orm_core::dialect::Sqlite;
/// use orm_core::sql::AlterTable;
///
/// let statement = AlterTable::RenameTable { from: "people", to: "users" };
/// assert_eq!(statement.render(&Sqlite)?.sql, r#"ALTER TABLE "main"."people" RENAME TO "users""#);
/// # Ok::<(), orm_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub enum AlterTable<'a> {
    /// `ADD COLUMN`, with the foreign key that the column alone makes. Unique constraints and keys cannot be added so.
    AddColumn {
        /// The definition that the column is part of.
        table: &'a TableDef,
        /// The column.
        column: &'a ColumnDef,
    },
    /// `DROP COLUMN`: its values are gone.
    DropColumn {
        /// The table.
        table: &'a str,
        /// The column.
        column: &'a str,
    },
    /// `RENAME COLUMN`.
    RenameColumn {
        /// The table.
        table: &'a str,
        /// The name it has.
        from: &'a str,
        /// The name it gets.
        to: &'a str,
    },
    /// `RENAME TO`.
    RenameTable {
        /// The name it has.
        from: &'a str,
        /// The name it gets.
        to: &'a str,
    },
}

impl AlterTable<'_> {
    /// The statement in that dialect.
    ///
    /// # Errors
    ///
    /// A name or an expression with NUL.
    pub fn render(&self, dialect: &dyn Dialect) -> Result<Rendered> {
        let mut out = Writer::new(dialect);
        out.push("ALTER TABLE ");
        match *self {
            Self::AddColumn { table, column } => {
                out.table(&table.name)?;
                out.push(" ADD COLUMN ");
                out.column(table, column)?;
                let own = |columns: &[_]| matches!(columns, [name] if *name == column.name);
                for key in table.foreign_keys.iter().filter(|key| own(&key.columns)) {
                    out.push(" ");
                    out.references(key)?;
                }
            }
            Self::DropColumn { table, column } => {
                out.table(table)?;
                out.push(" DROP COLUMN ");
                out.name(column)?;
            }
            Self::RenameColumn { table, from, to } => {
                out.table(table)?;
                out.push(" RENAME COLUMN ");
                out.name(from)?;
                out.push(" TO ");
                out.name(to)?;
            }
            Self::RenameTable { from, to } => {
                out.table(from)?;
                out.push(" RENAME TO ");
                out.name(to)?;
            }
        }
        Ok(out.finish())
    }
}
