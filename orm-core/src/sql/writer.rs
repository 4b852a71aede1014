use std::any::Any;
use std::ptr;

use super::related::{NO_CONTEXT, Scope};
use super::structure::Written;
use crate::dialect::Dialect;
use crate::error::{Error, ErrorKind, Result};
use crate::value::{Value, ValueRef};

/// A statement as text, with the values of its parameters in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rendered {
    /// The SQL text.
    pub sql: String,
    /// The values to bind, the first to parameter 1.
    pub params: Vec<Value>,
}

/// Collects the text and the parameters of one statement.
#[derive(Debug)]
pub(crate) struct Writer<'d> {
    pub(super) dialect: &'d dyn Dialect,
    /// What the layers above need to say which rows can be seen.
    pub(super) context: &'d dyn Any,
    pub(super) scope: Scope,
    /// How many conditions on related rows are being written, one inside the other.
    pub(super) depth: usize,
    /// How many aliases were given out.
    pub(super) aliases: usize,
    /// The table that the statement is about, whose name is no alias.
    pub(super) root: String,
    pub(super) sql: String,
    params: Vec<Value>,
    /// Parameters before those, whose values are bound elsewhere.
    pub(super) bound_elsewhere: usize,
    /// What the row is called that an upsert could not insert, while there is one.
    pub(super) excluded: Option<&'static str>,
    /// The address of each parameter's value.
    sources: Vec<usize>,
    has_literals: bool,
    max_parameters: usize,
    /// What stands around a value.
    around: (&'static str, &'static str),
}

/// Most statements are no longer, so that their text is allocated once.
const USUAL_LENGTH: usize = 256;
const USUAL_PARAMETERS: usize = 4;

impl<'d> Writer<'d> {
    pub(super) fn new(dialect: &'d dyn Dialect) -> Self {
        Self::within(dialect, NO_CONTEXT)
    }

    pub(super) fn within(dialect: &'d dyn Dialect, context: &'d dyn Any) -> Self {
        Self {
            dialect,
            context,
            scope: Scope::default(),
            depth: 0,
            aliases: 0,
            root: String::new(),
            sql: String::with_capacity(USUAL_LENGTH),
            params: Vec::with_capacity(USUAL_PARAMETERS),
            bound_elsewhere: 0,
            excluded: None,
            sources: Vec::with_capacity(USUAL_PARAMETERS),
            has_literals: false,
            max_parameters: dialect.capabilities().max_parameters,
            around: ("", ""),
        }
    }

    pub(super) fn finish(self) -> Rendered {
        Rendered { sql: self.sql, params: self.params }
    }

    /// The same with where each parameter comes from.
    pub(super) fn finish_written(self) -> Written {
        let Self { sql, params, sources, has_literals, .. } = self;
        Written { rendered: Rendered { sql, params }, sources, has_literals }
    }

    pub(super) fn push(&mut self, sql: &str) {
        self.sql.push_str(sql);
    }

    /// A name in quotes.
    pub(super) fn name(&mut self, name: &str) -> Result<()> {
        self.dialect.quote(&mut self.sql, name)
    }

    /// A table's name in quotes, with its schema.
    pub(super) fn table(&mut self, table: &str) -> Result<()> {
        self.dialect.quote_table(&mut self.sql, table)
    }

    /// Items with `", "` between them.
    pub(super) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> Result<()>,
    ) -> Result<()> {
        for (position, item) in items.into_iter().enumerate() {
            if position > 0 {
                self.push(", ");
            }
            write(self, item)?;
        }
        Ok(())
    }

    /// Names in quotes with `", "` between them.
    pub(super) fn names<T: AsRef<str>>(&mut self, names: impl IntoIterator<Item = T>) -> Result<()> {
        self.list(names, |it, name| it.name(name.as_ref()))
    }

    /// SQL text of a definition, such as a CHECK.
    pub(super) fn sql_text(&mut self, sql: &str) -> Result<()> {
        if sql.contains('\0') {
            let message = "an SQL expression contains NUL, where SQLite would stop reading: remove it";
            return Err(Error::new(ErrorKind::InvalidModel, message));
        }
        self.push(sql);
        Ok(())
    }

    pub(super) fn literal(&mut self, value: ValueRef<'_>) -> Result<()> {
        self.dialect.literal(&mut self.sql, value)
    }

    /// The placeholder of a parameter, counted from 1, whose value is bound elsewhere.
    pub(super) fn placeholder(&mut self, number: usize) {
        self.dialect.placeholder(&mut self.sql, number);
    }

    /// A value: a parameter while there is room for one, else a literal.
    pub(super) fn value(&mut self, value: &Value) -> Result<()> {
        let (before, after) = self.around;
        self.push(before);
        self.plain_value(value)?;
        self.push(after);
        Ok(())
    }

    /// A value of a list, which takes any number of them as they are.
    pub(super) fn plain_value(&mut self, value: &Value) -> Result<()> {
        if self.bound_elsewhere + self.params.len() >= self.max_parameters {
            self.has_literals = true;
            return self.dialect.literal(&mut self.sql, value.as_ref());
        }
        self.params.push(value.clone());
        self.sources.push(ptr::from_ref(value).addr());
        self.placeholder(self.bound_elsewhere + self.params.len());
        Ok(())
    }

    /// What stands around a value from here on; gives what did before.
    pub(super) fn set_around(
        &mut self,
        around: (&'static str, &'static str),
    ) -> (&'static str, &'static str) {
        std::mem::replace(&mut self.around, around)
    }

    /// Writes a condition of very many terms.
    pub(super) fn with_many_values(&mut self, write: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.around = self.dialect.around_values_of_many();
        let written = write(self);
        self.around = ("", "");
        written
    }
}
