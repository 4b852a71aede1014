//! A statement and its rows, whatever the application does meanwhile.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use orm_core::rusqlite::functions::FunctionFlags;
use orm_core::{
    ConversionError, Engine, ErrorKind, Field, FromRow, LogicalType, Session, ToValue, ToValueOutput,
    Transaction, ValueRef, class, rusqlite,
};

use crate::support::{Place, add, engines, file, numbers};

thread_local! {
    static SESSION: RefCell<Option<Rc<Session>>> = const { RefCell::new(None) };
    static MEANWHILE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
}

/// An engine whose SQL has a function `name`, which computes with the session that called it.
fn with_function(
    name: &'static str,
    function: impl Fn(&Session, i64) -> orm_core::Result<i64> + Clone + Send + Sync + 'static,
) -> Rc<Session> {
    let engine = Engine::builder()
        .on_connect(move |connection| {
            let function = function.clone();
            connection.create_scalar_function(name, 1, FunctionFlags::empty(), move |call| {
                let session = SESSION.with_borrow(Clone::clone).unwrap();
                let argument: i64 = call.get(0)?;
                function(&session, argument)
                    .map_err(|error| rusqlite::Error::UserFunctionError(error.to_string().into()))
            })
        })
        .max_connections(1)
        .open_in_memory()
        .unwrap();
    let session = Rc::new(engine.session().unwrap());
    SESSION.set(Some(Rc::clone(&session)));
    session
}

/// Text that, while it is read, does what `MEANWHILE` says, and looks at the row only after that.
#[derive(Debug, PartialEq)]
struct Nosy(String);

impl ToValue for Nosy {
    fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
        self.0.to_value()
    }
}

impl Field for Nosy {
    type Inner = Self;
    type Rel<P> = P;
    type Class = class::Text;
    const TYPE: LogicalType = LogicalType::Text;

    fn from_value(value: ValueRef<'_>) -> Result<Self, ConversionError> {
        if let Some(meanwhile) = MEANWHILE.take() {
            meanwhile();
        }
        String::from_value(value).map(Self)
    }
}

/// A session that is never dropped, so that its transactions can be ended from anywhere.
fn endless() -> &'static Session {
    let engine = Engine::open_in_memory().unwrap();
    let session = Box::leak(Box::new(engine.session().unwrap()));
    session
        .execute_batch("CREATE TABLE t(x TEXT); INSERT INTO t SELECT printf('%c%.1000c', value, 'x') FROM json_each('[1,2,3]')")
        .unwrap();
    session
}

fn expected() -> Vec<Nosy> {
    (1..=3).map(|number| Nosy(format!("{number}{}", "x".repeat(1000)))).collect()
}

#[test]
fn a_function_may_run_the_very_statement_that_calls_it() {
    const SQL: &str = "SELECT factorial(?1)";
    let session = with_function("factorial", |session, n| {
        if n == 0 { Ok(1) } else { Ok(n * session.raw(SQL, (n - 1,)).one::<i64>()?) }
    });
    assert_eq!(session.raw(SQL, (10,)).one::<i64>().unwrap(), 3_628_800);
    assert_eq!(session.raw(SQL, (3,)).one::<i64>().unwrap(), 6);
}

#[test]
fn a_function_that_reads_inside_an_insert_does_not_disturb_it() {
    let session = with_function("next", |session, step| {
        session.raw("SELECT coalesce(max(x), 0) + ?1 FROM t", (step,)).one()
    });
    session.execute_batch("CREATE TABLE t(x INTEGER)").unwrap();
    for _ in 0..3 {
        session.raw("INSERT INTO t VALUES (next(?1))", (10,)).execute().unwrap();
    }
    assert_eq!(numbers(&session), [10, 20, 30]);
}

#[test]
fn a_transaction_that_ends_while_a_row_is_read_does_not_take_the_row_away() {
    let session = endless();
    for commit in [true, false] {
        let transaction: Transaction<'static> = session.begin().unwrap();
        let mut other = session.raw("VALUES (1), (2)", ()).iter::<i64>().unwrap();
        assert_eq!(other.next().unwrap().unwrap(), 1);
        MEANWHILE.set(Some(Box::new(
            move || {
                if commit { transaction.commit().unwrap() } else { drop(transaction) }
            },
        )));
        assert_eq!(session.raw("SELECT x FROM t", ()).all::<Nosy>().unwrap(), expected());
        assert_eq!(other.next().unwrap().unwrap_err().kind(), ErrorKind::StatementInProgress);
        assert!(!session.in_transaction());
    }
}

#[test]
fn an_iterator_whose_transaction_ends_while_it_reads_a_row_gives_the_row_and_then_an_error() {
    let session = endless();
    for commit in [true, false] {
        let transaction: Transaction<'static> = session.begin().unwrap();
        let mut rows = session.raw("SELECT x FROM t", ()).iter::<Nosy>().unwrap();
        MEANWHILE.set(Some(Box::new(
            move || {
                if commit { transaction.commit().unwrap() } else { drop(transaction) }
            },
        )));
        assert_eq!(rows.next().unwrap().unwrap(), expected()[0]);
        assert_eq!(rows.next().unwrap().unwrap_err().kind(), ErrorKind::StatementInProgress);
        assert!(rows.next().is_none());
        drop(rows);
        assert_eq!(session.raw("UPDATE t SET x = x", ()).execute().unwrap(), 3);
    }
}

#[test]
fn a_function_that_ends_the_transaction_does_not_reset_the_statement_that_calls_it() {
    let session = with_function("finish", |session, _| {
        let transaction = session.begin()?;
        let mut rows = session.raw("VALUES (1), (2)", ()).iter::<i64>()?;
        rows.next();
        transaction.commit()?;
        Ok(7)
    });
    let rows = session.raw("SELECT finish(value) + value FROM json_each('[1,2,3]')", ()).all::<i64>();
    assert_eq!(rows.unwrap(), [8, 9, 10]);
}

#[test]
fn a_panic_while_a_row_is_read_leaves_the_statement_usable() {
    let session = endless();
    for _ in 0..2 {
        MEANWHILE.set(Some(Box::new(|| panic!("on purpose"))));
        let raw = session.raw("SELECT x FROM t", ());
        assert!(catch_unwind(AssertUnwindSafe(|| raw.all::<Nosy>())).is_err());
        assert_eq!(raw.all::<Nosy>().unwrap(), expected());
    }
    MEANWHILE.set(Some(Box::new(|| panic!("on purpose"))));
    let mut rows = session.raw("SELECT x FROM t", ()).iter::<Nosy>().unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| rows.next())).is_err());
    drop(rows);
    assert_eq!(session.raw("UPDATE t SET x = x", ()).execute().unwrap(), 3);
}

#[test]
fn a_parameter_that_uses_the_session_while_it_is_bound_gets_a_statement_of_its_own() {
    struct Sum(Rc<Session>);
    impl ToValue for Sum {
        fn to_value(&self) -> Result<ToValueOutput<'_>, ConversionError> {
            let sum = self.0.raw("SELECT ?1 + ?2", (20, 1)).one::<i64>();
            Ok(ToValueOutput::Owned(sum.map_err(|_| ConversionError::new("a sum", "an error"))?.into()))
        }
    }
    let session = Rc::new(Engine::open_in_memory().unwrap().session().unwrap());
    let sum =
        session.raw("SELECT ?1 + ?2", (Sum(Rc::clone(&session)), Sum(Rc::clone(&session)))).one::<i64>();
    assert_eq!(sum.unwrap(), 42);
}

#[test]
fn names_and_values_match_after_another_program_has_rebuilt_the_table() {
    let (place, engine) = file();
    let session = engine.session().unwrap();
    session.execute_batch("CREATE TABLE u(a, b); INSERT INTO u VALUES ('a', 'b')").unwrap();
    let row = || session.raw("SELECT * FROM u", ()).one_as::<BTreeMap<String, String>>().unwrap();
    let before = row();
    place
        .outsider()
        .execute_batch("DROP TABLE u; CREATE TABLE u(b, a); INSERT INTO u VALUES ('b', 'a')")
        .unwrap();
    let swapped = row();
    place.outsider().execute_batch("ALTER TABLE u ADD COLUMN c DEFAULT 'c'").unwrap();
    let wider = row();
    let map = |names: &[&str]| -> BTreeMap<String, String> {
        names.iter().map(|&name| (name.to_owned(), name.to_owned())).collect()
    };
    assert_eq!([before, swapped, wider], [map(&["a", "b"]), map(&["a", "b"]), map(&["a", "b", "c"])]);
}

#[test]
fn a_struct_finds_its_columns_by_name_each_time_that_the_table_has_changed() {
    #[derive(Debug, PartialEq, FromRow)]
    struct Pair {
        a: String,
        b: String,
    }
    let (place, engine) = file();
    let session = engine.session().unwrap();
    session.execute_batch("CREATE TABLE u(a, b); INSERT INTO u VALUES ('a', 'b')").unwrap();
    let read = || session.raw("SELECT * FROM u", ()).all::<Pair>();
    let expected = [Pair { a: "a".into(), b: "b".into() }];
    for tables in ["CREATE TABLE u(b, a)", "CREATE TABLE u(c, A, B)", "CREATE TABLE u(a, b)"] {
        for _ in 0..2 {
            assert_eq!(read().unwrap(), expected);
        }
        let insert = "INSERT INTO u(a, b) VALUES ('a', 'b')";
        place.outsider().execute_batch(&format!("DROP TABLE u; {tables}; {insert}")).unwrap();
    }
    assert_eq!(read().unwrap(), expected);
    session.execute_batch("ALTER TABLE u RENAME COLUMN b TO d").unwrap();
    assert_eq!(read().unwrap_err().kind(), ErrorKind::Columns);
    session.execute_batch("ALTER TABLE u RENAME COLUMN d TO b").unwrap();
    assert_eq!(read().unwrap(), expected);
}

#[test]
fn two_structs_of_one_statement_each_find_their_columns() {
    #[derive(Debug, PartialEq, FromRow)]
    struct Forth {
        a: i64,
        b: i64,
    }
    #[derive(Debug, PartialEq, FromRow)]
    struct Back {
        b: i64,
        a: i64,
    }
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    for _ in 0..2 {
        let raw = session.raw("SELECT 1 AS a, 2 AS b", ());
        assert_eq!(raw.one::<Forth>().unwrap(), Forth { a: 1, b: 2 });
        assert_eq!(raw.one::<Back>().unwrap(), Back { a: 1, b: 2 });
        let twice = session.raw("SELECT 1 AS a, 2 AS b, 3 AS A", ()).one::<Forth>().unwrap_err();
        assert!(twice.to_string().contains("several columns `a`"), "{twice}");
    }
}

#[test]
fn columns_are_checked_by_the_schema_of_the_moment_even_without_a_row() {
    let (place, engine) = file();
    let session = engine.session().unwrap();
    let raw = session.raw("SELECT * FROM t WHERE x = 0", ());
    assert!(raw.all::<i64>().unwrap().is_empty());
    place.outsider().execute_batch("ALTER TABLE t ADD COLUMN y").unwrap();
    assert_eq!(raw.all::<i64>().unwrap_err().kind(), ErrorKind::Columns);
    assert!(raw.all::<(i64, Option<i64>)>().unwrap().is_empty());
}

#[test]
fn a_column_name_that_is_no_text_is_an_error_and_no_panic() {
    let place = Place::new();
    let broken = [b"CREATE TABLE t(".as_slice(), &[0xff], b")"].concat();
    let other = place.outsider();
    other.execute_batch("CREATE TABLE t(x); INSERT INTO t VALUES (1); PRAGMA writable_schema = ON").unwrap();
    other.execute("UPDATE sqlite_schema SET sql = CAST(?1 AS TEXT)", (broken,)).unwrap();
    drop(other);
    let session = Engine::open(place.path()).unwrap().session().unwrap();
    let raw = session.raw("SELECT * FROM t", ());
    assert_eq!(raw.all::<i64>().unwrap(), [1], "by position no name is read");
    let error = raw.all_as::<BTreeMap<String, i64>>().unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Corrupt, "the name of column 0 is not UTF-8")
    );
}

#[test]
fn the_first_row_of_a_write_is_no_success_while_the_write_can_still_fail() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        session
            .execute_batch("CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(id INTEGER PRIMARY KEY, p REFERENCES p)")
            .unwrap();
        let raw = session.raw("INSERT INTO c(p) VALUES (1) RETURNING id", ());
        assert!(raw.first::<i64>().unwrap_err().is_foreign_key_violation());
        assert!(raw.one::<i64>().unwrap_err().is_foreign_key_violation());
        assert!(raw.all::<i64>().unwrap_err().is_foreign_key_violation());
        assert_eq!(session.raw("SELECT count(*) FROM c", ()).one::<i64>().unwrap(), 0);
    }
}

#[test]
fn all_rows_are_written_though_only_the_first_is_asked_for() {
    let (place, engine) = file();
    let session = engine.session().unwrap();
    let first = session.raw("INSERT INTO t VALUES (4), (5), (6) RETURNING x", ()).first::<i64>().unwrap();
    assert_eq!((first, place.integers("SELECT x FROM t ORDER BY x")), (Some(4), vec![1, 2, 3, 4, 5, 6]));
}

#[test]
fn a_write_whose_rows_cannot_be_read_leaves_nothing_behind() {
    let (place, engine) = file();
    let session = engine.session().unwrap();
    let raw = session.raw("INSERT INTO t VALUES (4), (5) RETURNING x", ());
    let attempts = |session: &Session| {
        let raw = session.raw("INSERT INTO t VALUES (4), (5) RETURNING x", ());
        [
            raw.all::<String>().unwrap_err().kind(),
            raw.first::<(i64, i64)>().unwrap_err().kind(),
            raw.one::<i64>().unwrap_err().kind(),
            session.raw("INSERT INTO t VALUES (4)", ()).all::<i64>().unwrap_err().kind(),
            session.raw("UPDATE t SET x = 0 WHERE x > 9 RETURNING x", ()).one::<i64>().unwrap_err().kind(),
        ]
    };
    let kinds = [
        ErrorKind::Conversion,
        ErrorKind::Columns,
        ErrorKind::TooManyRows,
        ErrorKind::Columns,
        ErrorKind::NotFound,
    ];
    assert_eq!(attempts(&session), kinds);
    session
        .transaction(|tx| {
            add(tx, 9)?;
            assert_eq!(attempts(tx), kinds);
            Ok(())
        })
        .unwrap();
    assert_eq!(place.integers("SELECT x FROM t ORDER BY x"), [1, 2, 3, 9]);
    assert_eq!(raw.all::<i64>().unwrap(), [4, 5]);
}

#[test]
fn execute_counts_changed_rows_and_nothing_else() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    let counts = [
        "CREATE TABLE t(x)",
        "INSERT INTO t VALUES (1), (2), (3)",
        "CREATE INDEX t_x ON t(x)",
        "EXPLAIN DELETE FROM t",
        "SELECT * FROM t",
        "PRAGMA user_version = 7",
        "WITH two AS (SELECT 2) UPDATE t SET x = 0 WHERE x > 1",
        "REINDEX",
        "DELETE FROM t WHERE x = 0 RETURNING x",
        "DELETE FROM t WHERE x = 0",
        "CREATE TABLE u AS SELECT * FROM t",
        "VACUUM",
    ]
    .map(|sql| session.raw(sql, ()).execute().unwrap());
    assert_eq!(counts, [0, 3, 0, 0, 0, 0, 2, 0, 2, 0, 0, 0]);
}
