use super::super::invalid;
use super::conflict::{Changes, Ignores, Upserting};
use super::target::Target;
use crate::dialect::Sqlite;
use crate::error::{Error, Result};
use crate::expr::{ColumnSet, Filter};
use crate::model::{Model, Upserted, hidden};
use crate::session::Session;
use crate::sql::{Comparison, Expr};
use crate::value::{Value, ValueRef};

impl Session {
    /// The row that has the struct's values in these columns; inserts the struct where there is none. Gives the row, and
    /// whether it was inserted.
    ///
    /// The columns are those of the key, of a unique constraint, or of a unique index. Nobody can insert such a row in
    /// between: where none is found, a write transaction is begun and looked in again. A row that is there costs one
    /// SELECT and waits for no turn to write.
    ///
    /// `after_find` runs for a row that is found. Before that, `before_insert` has run only where it changes what the row
    /// is found by.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Debug, Clone, PartialEq, Model)]
    /// struct Tag {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    ///     #[orm(unique)]
    ///     name: String,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<Tag>()?;
    /// let sea = Tag { id: 0, name: "sea".into() };
    /// assert_eq!(session.find_or_insert(Tag::NAME, sea.clone())?, (Tag { id: 1, ..sea.clone() }, true));
    /// assert_eq!(session.find_or_insert(Tag::NAME, sea.clone())?, (Tag { id: 1, ..sea }, false));
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`insert`](Session::insert) and [`get`](Session::get). `InvalidQuery` where no unique rule is made of these
    /// columns, and where the struct has NULL in one of them, which is equal to no other. `Constraint` where the row is
    /// marked deleted or out of the model's scope.
    pub fn find_or_insert<M: Model>(&self, by: impl ColumnSet<M>, mut model: M) -> Result<(M, bool)> {
        let target = Target::of_columns(by.positions());
        if let Some(found) = row_like(self, &target, &model)? {
            return Ok((found, false));
        }
        let nobody_writes = self.in_transaction();
        self.transaction(|tx| {
            if !nobody_writes && let Some(found) = row_like(tx, &target, &model)? {
                return Ok((found, false));
            }
            let insert = Upserting::<M, Ignores>::new(tx.inserting(), target.clone(), Changes::None);
            match insert.one(&mut model)? {
                Upserted::Inserted => Ok((model, true)),
                Upserted::Updated | Upserted::LeftAlone => {
                    // a hook may have changed what it is found by
                    let found = row_like(tx, &target, &model)?;
                    Ok((found.ok_or_else(hidden::<M>)?, false))
                }
            }
        })
    }
}

/// The row that a struct would meet, where the session sees it.
fn row_like<M: Model>(session: &Session, target: &Target, model: &M) -> Result<Option<M>> {
    let plan = M::slot().plan(M::TABLE);
    let rule = target.resolve::<M>()?;
    let mut conditions = Vec::new();
    for &column in target.columns() {
        let name = plan.name(column);
        let value = match model.encode(column) {
            Ok(value) => value,
            Err(error) => return Err(Error::unstorable(M::NAME, name, M::type_name(column), error)),
        };
        match value.as_ref() {
            // the database will assign it
            ValueRef::Null | ValueRef::Integer(0) if plan.auto == Some(column) => return Ok(None),
            ValueRef::Null => return Err(null(M::NAME, name)),
            ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_) => {}
        }
        let mut terms = rule.iter().flat_map(|rule| &rule.terms);
        let collation = terms.nth(conditions.len()).and_then(|term| term.collation.as_deref());
        conditions.push(is_equal(name, collation, Value::from(value))?);
    }
    let predicate = rule.and_then(|rule| rule.predicate);
    conditions.extend(predicate.map(|predicate| Expr::fragment(&predicate, Vec::new(), false)));
    session.find::<M>().filter(Filter::new(Expr::all(conditions))).first()
}

/// Whether the column has the value, as the unique rule compares.
fn is_equal(name: &'static str, collation: Option<&str>, value: Value) -> Result<Expr> {
    let Some(collation) = collation else {
        return Ok(Expr::column(name, false).compare(Comparison::Eq, Expr::value(value)));
    };
    Expr::equal_by(name, collation, value, &Sqlite)
}

#[cold]
fn null(table: &str, column: &str) -> Error {
    invalid("NULL is equal to no other in a unique column, so no row is found by it: set the column")
        .with_table(table)
        .with_column(column)
}
