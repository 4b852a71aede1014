//! Statements that are put together at run time, found by their structure: only the first of a kind is written as text.

use super::Session;
use super::run::Ready;
use crate::dialect::Sqlite;
use crate::driver::{Bind, Binder, Statement};
use crate::error::Result;
use crate::sql::{self, Arrangement, Composed, Structure};
use crate::value::{ToValueOutput, Value};

impl Session {
    /// A composed statement, ready to run, and its values to bind.
    pub(crate) fn ready_composed<'q>(&self, statement: &'q impl Composed) -> Result<(Ready<'_>, Values<'q>)> {
        let structure = Structure::of(statement);
        let Some(words) = structure.words() else {
            // before a turn is waited for, since scopes may be asked, which may read
            let rendered = sql::write(statement, &Sqlite, self)?.rendered;
            return Ok((self.ready_text(&rendered.sql)?, Values::Written(rendered.params)));
        };
        let (ready, found) = self.ready_with(|connection| {
            if let Some((known, arrangement)) = connection.structured(words) {
                return Ok((known, Found::Known(arrangement)));
            }
            let written = sql::write(statement, &Sqlite, self)?;
            let prepared = connection.statement(&written.rendered.sql)?;
            if let Some(arrangement) = structure.arrange(&written) {
                connection.remember(words, &prepared, arrangement);
            }
            Ok((prepared, Found::Written(written.rendered.params)))
        })?;
        let values = match found {
            Found::Known(arrangement) => Values::Listed { values: structure.into_values(), arrangement },
            Found::Written(params) => Values::Written(params),
        };
        debug_assert!(self.is_same(statement, ready.statement(), &values), "a structure has two texts");
        Ok((ready, values))
    }

    /// Runs a composed statement that gives no rows; how many it changed.
    pub(crate) fn execute_composed(&self, statement: &impl Composed) -> Result<u64> {
        let (mut ready, values) = self.ready_composed(statement)?;
        ready.execute(&values)
    }

    /// A statement of such a structure whose values are bound by somebody else.
    pub(crate) fn ready_structured(
        &self,
        structure: &[u64],
        text: impl FnOnce() -> Result<String>,
    ) -> Result<Ready<'_>> {
        self.ready(|connection| {
            if let Some((known, _)) = connection.structured(structure) {
                return Ok(known);
            }
            let prepared = connection.statement(&text()?)?;
            connection.remember(structure, &prepared, Arrangement::AsListed);
            Ok(prepared)
        })
    }

    /// Whether the statement would be written as that, with these values: always, which debug builds look after.
    fn is_same(&self, statement: &impl Composed, found: &Statement<'_>, values: &Values<'_>) -> bool {
        match values {
            Values::Written(_) => true,
            Values::Listed { .. } => sql::write(statement, &Sqlite, self).is_ok_and(|written| {
                *written.rendered.sql == **found.sql() && written.rendered.params == values.to_owned()
            }),
        }
    }
}

/// How a composed statement was found.
enum Found {
    Known(Arrangement),
    Written(Vec<Value>),
}

/// The values of a composed statement.
pub(crate) enum Values<'q> {
    /// Where they stand in it.
    Listed { values: Vec<&'q Value>, arrangement: Arrangement },
    /// Those that were written with the text.
    Written(Vec<Value>),
}

impl Values<'_> {
    /// In the order of the parameters.
    fn to_owned(&self) -> Vec<Value> {
        match self {
            Self::Listed { values, arrangement } => match arrangement {
                Arrangement::AsListed => values.iter().map(|&value| value.clone()).collect(),
                Arrangement::Chosen(places) => places.iter().map(|&place| values[place].clone()).collect(),
            },
            Self::Written(values) => values.clone(),
        }
    }

    /// For a cursor, which owns its parameters.
    pub(crate) fn into_owned(self) -> Vec<Value> {
        match self {
            Self::Listed { .. } => self.to_owned(),
            Self::Written(values) => values,
        }
    }
}

impl Bind for Values<'_> {
    #[inline]
    fn bind<'p>(&'p self, binder: &mut Binder<'p>) -> Result<()> {
        let mut bind = |value: &'p Value| binder.bind(&ToValueOutput::Borrowed(value.as_ref()));
        match self {
            Self::Listed { values, arrangement: Arrangement::AsListed } => {
                values.iter().try_for_each(|&value| bind(value))
            }
            Self::Listed { values, arrangement: Arrangement::Chosen(places) } => {
                places.iter().try_for_each(|&place| bind(values[place]))
            }
            Self::Written(values) => values.iter().try_for_each(bind),
        }
    }
}
