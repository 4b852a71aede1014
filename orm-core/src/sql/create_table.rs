use super::{Rendered, Writer};
use crate::dialect::Dialect;
use crate::error::Result;
use crate::schema::{Action, ColumnDef, DefaultDef, ForeignKeyDef, TableDef, Text};
use crate::value::ValueRef;

/// `CREATE TABLE …` of a definition, without its indexes: those are [`CreateIndex`](super::CreateIndex).
///
/// ```
/// use orm_core::LogicalType;
/// use orm_core::dialect::Sqlite;
/// use orm_core::schema::{KeyGeneration, TableDef};
/// use orm_core::sql::CreateTable;
///
/// let integer = LogicalType::Integer { bits: 64, signed: true };
/// let table = TableDef::builder("users")
///     .column("id", integer, |c| c.primary_key().key_generation(KeyGeneration::Auto))
///     .column("name", LogicalType::Text, |c| c.nullable())
///     .build();
/// assert_eq!(
///     CreateTable::new(&table).render(&Sqlite)?.sql,
///     r#"CREATE TABLE "main"."users" ("id" INTEGER PRIMARY KEY, "name" TEXT) STRICT"#,
/// );
/// # Ok::<(), orm_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CreateTable<'a> {
    table: &'a TableDef,
    name: &'a str,
    if_not_exists: bool,
}

impl<'a> CreateTable<'a> {
    /// The table under its own name.
    #[must_use]
    pub fn new(table: &'a TableDef) -> Self {
        Self { table, name: &table.name, if_not_exists: false }
    }

    /// The same table under another name: what a rebuild copies into.
    #[must_use]
    pub fn named(self, name: &'a str) -> Self {
        Self { name, ..self }
    }

    /// Leaves a table of that name alone.
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
        out.push(if self.if_not_exists { "CREATE TABLE IF NOT EXISTS " } else { "CREATE TABLE " });
        out.table(self.name)?;
        out.push(" (");
        out.list(self.table.columns.iter(), |out, column| out.column(self.table, column))?;
        self.constraints(&mut out)?;
        out.push(")");
        self.options(&mut out);
        Ok(out.finish())
    }

    fn constraints(&self, out: &mut Writer<'_>) -> Result<()> {
        let table = self.table;
        if !table.primary_key.is_empty() && auto_key(table).is_none() {
            out.push(", PRIMARY KEY (");
            out.names(table.primary_key.iter())?;
            out.push(")");
        }
        for unique in table.uniques.iter() {
            out.push(", ");
            out.constraint_name(unique.name.as_ref())?;
            out.push("UNIQUE (");
            out.names(unique.columns.iter())?;
            out.push(")");
        }
        for check in table.checks.iter() {
            out.push(", ");
            out.constraint_name(check.name.as_ref())?;
            out.check(&check.expression)?;
        }
        for key in table.foreign_keys.iter() {
            out.push(", ");
            out.constraint_name(key.name.as_ref())?;
            out.push("FOREIGN KEY (");
            out.names(key.columns.iter())?;
            out.push(") ");
            out.references(key)?;
        }
        Ok(())
    }

    fn options(&self, out: &mut Writer<'_>) {
        let capabilities = out.dialect.capabilities();
        let options = [
            (capabilities.strict_tables && is_strict(self.table), "STRICT"),
            (capabilities.without_rowid && self.table.without_rowid, "WITHOUT ROWID"),
        ];
        let mut separator = " ";
        for (_, option) in options.into_iter().filter(|(wanted, _)| *wanted) {
            out.push(separator);
            out.push(option);
            separator = ", ";
        }
    }
}

/// Whether a new table of that definition is STRICT: what it says, else unless a column declares a type of its own.
#[must_use]
pub fn is_strict(table: &TableDef) -> bool {
    table.strict.unwrap_or_else(|| table.columns.iter().all(|column| column.declared_type.is_none()))
}

/// The column that is the whole key and assigned by the database.
fn auto_key(table: &TableDef) -> Option<&ColumnDef> {
    let [key] = &*table.primary_key else { return None };
    table.column(key).filter(|column| column.is_auto())
}

impl Writer<'_> {
    /// A column with its type and rules.
    pub(super) fn column(&mut self, table: &TableDef, column: &ColumnDef) -> Result<()> {
        self.name(&column.name)?;
        self.push(" ");
        if auto_key(table).is_some_and(|key| key.name == column.name) {
            let definition = self.dialect.auto_key(column.logical_type, column.key_generation);
            self.push(definition);
        } else {
            match &column.declared_type {
                Some(declared) => self.sql_text(declared)?,
                None => self.push(self.dialect.column_type(column.logical_type, is_strict(table))),
            }
            self.collation(column.collation.as_ref())?;
            if !column.nullable || table.is_key(&column.name) {
                self.push(" NOT NULL");
            }
        }
        if let Some(default) = &column.default {
            self.push(" DEFAULT ");
            self.default_value(default)?;
        }
        for check in column.checks.iter() {
            self.push(" ");
            self.check(check)?;
        }
        if let Some(generated) = &column.generated {
            self.push(" GENERATED ALWAYS AS (");
            self.sql_text(&generated.expression)?;
            self.push(if generated.stored { ") STORED" } else { ") VIRTUAL" });
        }
        Ok(())
    }

    /// `REFERENCES …` with its actions. The parent has no schema: SQLite takes that of the table.
    pub(super) fn references(&mut self, key: &ForeignKeyDef) -> Result<()> {
        self.push("REFERENCES ");
        self.name(&key.parent)?;
        if !key.parent_columns.is_empty() {
            self.push(" (");
            self.names(key.parent_columns.iter())?;
            self.push(")");
        }
        self.action(" ON DELETE ", key.on_delete);
        self.action(" ON UPDATE ", key.on_update);
        if key.deferred {
            self.push(" DEFERRABLE INITIALLY DEFERRED");
        }
        Ok(())
    }

    fn action(&mut self, event: &str, action: Action) {
        let words = match action {
            Action::NoAction => return,
            Action::Restrict => "RESTRICT",
            Action::Cascade => "CASCADE",
            Action::SetNull => "SET NULL",
            Action::SetDefault => "SET DEFAULT",
        };
        self.push(event);
        self.push(words);
    }

    pub(super) fn collation(&mut self, name: Option<&Text>) -> Result<()> {
        let Some(name) = name else { return Ok(()) };
        self.push(" COLLATE ");
        self.name(name)
    }

    fn constraint_name(&mut self, name: Option<&Text>) -> Result<()> {
        let Some(name) = name else { return Ok(()) };
        self.push("CONSTRAINT ");
        self.name(name)?;
        self.push(" ");
        Ok(())
    }

    fn check(&mut self, expression: &str) -> Result<()> {
        self.push("CHECK (");
        self.sql_text(expression)?;
        self.push(")");
        Ok(())
    }

    fn default_value(&mut self, default: &DefaultDef) -> Result<()> {
        match default {
            DefaultDef::Null => self.literal(ValueRef::Null),
            DefaultDef::Bool(value) => {
                self.push(self.dialect.boolean(*value));
                Ok(())
            }
            DefaultDef::Integer(integer) => self.literal(ValueRef::Integer(*integer)),
            DefaultDef::Real(real) => self.literal(ValueRef::Real(*real)),
            // spelled as an expression, which DEFAULT takes in parentheses only
            DefaultDef::Text(text) if text.contains('\0') => {
                self.push("(");
                self.literal(ValueRef::Text(text))?;
                self.push(")");
                Ok(())
            }
            DefaultDef::Text(text) => self.literal(ValueRef::Text(text)),
            DefaultDef::Expression(expression) => {
                self.push("(");
                self.sql_text(expression)?;
                self.push(")");
                Ok(())
            }
        }
    }
}
