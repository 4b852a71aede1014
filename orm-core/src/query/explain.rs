use std::ops::ControlFlow;

use super::{Query, Scalar, Shape};
use crate::dialect::{Dialect, Sqlite};
use crate::error::Result;
use crate::model::Model;
use crate::sql::Rendered;

/// Id, parent, unused, detail: <https://sqlite.org/eqp.html>.
type Step = (Scalar<i64>, Scalar<i64>, Scalar<i64>, Scalar<String>);

impl<M: Model, S: Shape> Query<'_, M, S> {
    /// How SQLite would run it: which indexes it uses, what it sorts and scans; one step in a line, indented below the step
    /// it belongs to. It is for people: the wording changes with SQLite's version.
    ///
    /// ```
    /// use orm_core::{Engine, Model};
    ///
    /// #[derive(Model)]
    /// struct User {
    ///     #[orm(primary_key, auto)]
    ///     id: i64,
    /// }
    ///
    /// let session = Engine::open_in_memory()?.session()?;
    /// session.create_table::<User>()?;
    /// let plan = session.find::<User>().filter(User::ID.eq(1)).explain()?;
    /// assert!(plan.starts_with("SEARCH") && plan.contains("PRIMARY KEY"), "{plan}");
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`all`](Query::all).
    pub fn explain(&self) -> Result<String> {
        let Rendered { sql, params } = self.render(&self.to_select()?)?;
        let mut steps: Vec<(i64, usize)> = Vec::new();
        let mut lines = Vec::new();
        let sql = format!("{} {sql}", Sqlite.explain());
        self.session().ready_text(&sql)?.for_each(&params[..], |row| {
            let (id, parent, _, detail) = Step::decode(row, 0)?;
            let depth = steps.iter().find(|(step, _)| *step == parent).map_or(0, |(_, depth)| depth + 1);
            steps.push((id, depth));
            lines.push(format!("{}{detail}", "  ".repeat(depth)));
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(lines.join("\n"))
    }
}
