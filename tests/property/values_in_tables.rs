//! Every type of field through a real table: written by a typed verb, read back by all ways to read.

use std::borrow::Cow;
use std::time::SystemTime;

use orm_core::{Engine, Json, Model, Session};
use proptest::prelude::*;

use crate::fields::{self, every_field};

/// A session on an empty database that has the model's table.
pub(crate) fn session_with<M: Model>() -> Session {
    let session = Engine::builder().max_connections(1).open_in_memory().unwrap().session().unwrap();
    session.create_table::<M>().unwrap();
    session
}

/// One module for each type, with a model of its own.
macro_rules! stored {
    ($($name:ident: $field:ty = $values:expr;)+) => {$(
        mod $name {
            use super::*;

            #[derive(Debug, Clone, PartialEq, Model)]
            struct Row {
                #[orm(primary_key, auto)]
                id: i64,
                value: $field,
                maybe: Option<$field>,
            }

            fn rows() -> impl Strategy<Value = Row> {
                let maybe = proptest::option::of($values);
                ($values, maybe).prop_map(|(value, maybe)| Row { id: 0, value, maybe })
            }

            proptest! {
                #![proptest_config(ProptestConfig::with_cases(24))]

                #[test]
                fn comes_back_equal_from_a_strict_table(
                    mut row in rows(),
                    mut many in proptest::collection::vec(rows(), 1..40),
                    next in rows(),
                ) {
                    let session = session_with::<Row>();
                    session.insert(&mut row)?;
                    prop_assert_eq!(session.get::<Row>(1)?, Some(row.clone()));
                    session.insert_all(&mut many)?;
                    let keys: Vec<i64> = many.iter().map(|row| row.id).collect();
                    prop_assert_eq!(&session.get_many::<Row, _>(&keys)?, &many);
                    row = Row { id: 1, ..next };
                    session.update(&mut row)?;
                    many.insert(0, row);
                    prop_assert_eq!(session.raw("SELECT * FROM row ORDER BY id", ()).all::<Row>()?, many);
                }

                #[test]
                fn is_found_again_by_what_was_bound(row in rows()) {
                    let session = session_with::<Row>();
                    let row = session.create(row)?;
                    let found = session
                        .raw("SELECT id FROM row WHERE value = ?1 AND maybe IS ?2", (&row.value, &row.maybe))
                        .all::<i64>()?;
                    prop_assert_eq!(found, [row.id]);
                }
            }
        }
    )+};
}

every_field!(stored);
