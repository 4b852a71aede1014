use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::number::Number;
use crate::dialect::Sqlite;
use crate::error::Result;
use crate::model::Model;
use crate::query::{Attached, Beside, Scalar, Shape, invalid, own_columns};
use crate::session::Session;
use crate::sql::{Expr, Further, Load, Order, Step};
use crate::value::{Row, Value};

/// What one statement loads for any number of rows.
#[doc(hidden)]
pub struct Request<S: Shape> {
    /// The columns of the model beside which it stands.
    from: Vec<usize>,
    steps: Vec<Arc<Step>>,
    columns: Vec<Expr>,
    filter: Option<Expr>,
    order_by: Vec<Order>,
    limit: Option<u64>,
    attached: Attached,
    loads: S::Loads,
}

impl<S: Shape> Request<S> {
    pub(super) fn new<C: Model>(
        from: Vec<usize>,
        steps: Vec<Arc<Step>>,
        filter: Option<Expr>,
        order_by: Vec<Order>,
        limit: Option<u64>,
        attached: Attached,
        loads: S::Loads,
    ) -> Self {
        let mut columns = own_columns::<C>();
        columns.extend(attached.columns.iter().flat_map(Further::exprs));
        Self { from, steps, columns, filter, order_by, limit, attached, loads }
    }

    /// One entry for each of so many rows, whose columns `value` gives. Nothing is sent where no row has a key.
    pub(super) fn fetch(
        &self,
        session: &Session,
        rows: usize,
        value: &Beside<'_>,
    ) -> Result<Vec<Vec<S::Output>>> {
        if let Some(problem) = self.attached.problem {
            return Err(invalid(problem));
        }
        let mut found: Vec<Vec<S::Output>> = (0..rows).map(|_| Vec::new()).collect();
        let keys = self.keys(rows, value)?;
        if keys.is_empty() {
            return Ok(found);
        }
        let load = self.statement(keys).render_in(&Sqlite, session)?;
        session.ready_text(&load.sql)?.for_each(&load.params[..], |row| {
            let position = Scalar::<usize>::decode(row, 0)?;
            found[position].push(S::decode(row, 1)?);
            Ok(ControlFlow::Continue(()))
        })?;
        if S::LOADS {
            let mut parts: Vec<&mut S::Output> = found.iter_mut().flatten().collect();
            S::load(&mut parts, value, &self.loads, session)?;
        }
        Ok(found)
    }

    /// The keys of the rows that have one: NULL belongs to nothing.
    fn keys(&self, rows: usize, value: &Beside<'_>) -> Result<Vec<(usize, Vec<Value>)>> {
        let mut keys = Vec::with_capacity(rows);
        for row in 0..rows {
            let key = self.from.iter().map(|&column| value(row, column)).collect::<Result<Vec<_>>>()?;
            if !key.contains(&Value::Null) {
                keys.push((row, key));
            }
        }
        Ok(keys)
    }

    fn statement(&self, keys: Vec<(usize, Vec<Value>)>) -> Load {
        Load {
            keys,
            steps: self.steps.clone(),
            columns: self.columns.clone(),
            joins: self.attached.joins.clone(),
            filter: self.filter.clone(),
            order_by: self.order_by.iter().chain(&self.attached.order_by).cloned().collect(),
            limit: self.limit,
        }
    }
}

impl<S: Shape> fmt::Debug for Request<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("limit", &self.limit).finish_non_exhaustive()
    }
}

/// The shape of what a statement of its own loads: it takes no columns of the row.
#[doc(hidden)]
#[derive(Debug)]
pub struct Loaded<S, N>(PhantomData<fn() -> (S, N)>);

impl<S: Shape, N: Number> Shape for Loaded<S, N> {
    type Output = N::Of<S::Output>;
    type Loads = Option<Arc<Request<S>>>;
    const LOADS: bool = true;
    const HOOKED: bool = S::HOOKED;

    fn width() -> usize {
        0
    }

    fn decode<R: Row>(_: &R, _: usize) -> Result<Self::Output> {
        Ok(N::Of::default())
    }

    fn after_find(output: &mut Self::Output, session: &Session) -> Result<()> {
        N::each(output).try_for_each(|row| S::after_find(row, session))
    }

    fn load(
        rows: &mut [&mut Self::Output],
        beside: &Beside<'_>,
        loads: &Self::Loads,
        session: &Session,
    ) -> Result<()> {
        let Some(request) = loads else { return Ok(()) };
        let found = request.fetch(session, rows.len(), beside)?;
        for (row, found) in rows.iter_mut().zip(found) {
            **row = N::of(found);
        }
        Ok(())
    }
}
