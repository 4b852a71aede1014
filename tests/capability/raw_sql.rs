//! One statement of raw SQL: its forms, and what is refused.

use orm_core::{Engine, ErrorKind, FromRow, Model};

use crate::support::{add, engines, file, numbers};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "t")]
struct Number {
    #[orm(primary_key)]
    x: i64,
}

#[test]
fn rows_become_values_tuples_structs_and_models() {
    #[derive(Debug, PartialEq, FromRow)]
    struct Named {
        name: Option<String>,
        x: i64,
    }
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    let raw = session.raw("SELECT x, NULL AS name FROM t WHERE x < 3 ORDER BY x", ());
    assert_eq!(raw.all::<(i64, Option<String>)>().unwrap(), [(1, None), (2, None)]);
    assert_eq!(raw.all::<Named>().unwrap(), [Named { name: None, x: 1 }, Named { name: None, x: 2 }]);
    let models = session.raw("SELECT * FROM t WHERE x = ?1", (3,)).one::<Number>().unwrap();
    assert_eq!(models, Number { x: 3 });
    assert_eq!(session.raw("SELECT max(x) FROM t", ()).one::<i64>().unwrap(), 3);
}

#[test]
fn first_is_an_option_and_one_is_exactly_one() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    let least = |least: i64| session.raw("SELECT x FROM t WHERE x >= ?1 ORDER BY x", (least,));
    assert_eq!(least(2).first::<i64>().unwrap(), Some(2));
    assert_eq!(least(4).first::<i64>().unwrap(), None);
    assert_eq!(least(3).one::<i64>().unwrap(), 3);
    let none = least(4).one::<i64>().unwrap_err();
    let several = least(2).one::<i64>().unwrap_err();
    assert_eq!(
        [(none.kind(), none.is_not_found()), (several.kind(), several.is_not_found())],
        [(ErrorKind::NotFound, true), (ErrorKind::TooManyRows, false)]
    );
}

#[test]
fn several_statements_in_one_string_are_refused_and_none_of_them_runs() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    for sql in ["DELETE FROM t; DELETE FROM t", "SELECT 1; DROP TABLE t", "DELETE FROM t;;SELECT 1 --"] {
        let raw = session.raw(sql, ());
        let kinds = [raw.execute().unwrap_err().kind(), raw.all::<i64>().unwrap_err().kind()];
        assert_eq!(kinds, [ErrorKind::MultipleStatements; 2], "{sql}");
    }
    assert_eq!(
        session.raw("DELETE FROM t; SELECT 1", ()).execute().unwrap_err().to_string(),
        "several statements in one string: `execute_batch` runs them (in `DELETE FROM t; SELECT 1`)"
    );
    assert_eq!(numbers(&session), [1, 2, 3]);
}

#[test]
fn blanks_comments_and_semicolons_are_no_second_statement() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    for sql in [
        "SELECT 1;",
        " ; SELECT 1 ; ; ",
        "-- one\nSELECT 1 -- two",
        "/* one */ SELECT 1; /* two",
        "\u{feff}SELECT 1;\u{feff}\x0b",
    ] {
        assert_eq!(session.raw(sql, ()).one::<i64>().unwrap(), 1, "{sql:?}");
    }
    for sql in ["", " ", ";", "-- nothing", "/* nothing"] {
        let error = session.raw(sql, ()).execute().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::MultipleStatements, "{sql:?}");
        assert!(error.to_string().starts_with("there is no statement in the SQL"));
    }
}

#[test]
fn words_that_control_transactions_are_refused_however_they_are_hidden() {
    for engine in engines().1 {
        let session = engine.session().unwrap();
        for sql in [
            "BEGIN",
            "begin immediate",
            "COMMIT",
            "END TRANSACTION",
            "ROLLBACK",
            "ROLLBACK TO a",
            "SAVEPOINT a",
            "RELEASE a",
            " ;;\n BEGIN",
            "-- x\nBEGIN",
            "/* x */ BEGIN",
            "\u{feff}BEGIN",
            "/**/\u{feff}BEGIN",
            " \x0bBEGIN",
            "\t\x0c\rBEGIN",
        ] {
            let raw = session.raw(sql, ());
            let refused = |session: &orm_core::Session| session.raw(sql, ()).execute().unwrap_err().kind();
            let kinds = [
                raw.all::<i64>().unwrap_err().kind(),
                refused(&session),
                session.transaction(|tx| Ok(refused(tx))).unwrap(),
            ];
            assert_eq!(kinds, [ErrorKind::TransactionControl; 3], "{sql:?}");
            assert!(!session.in_transaction());
        }
        add(&session, 4).unwrap();
    }
}

#[test]
fn sql_with_nul_is_refused_instead_of_cut_off() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    let sql = "DELETE FROM t\0 WHERE x = 1";
    let errors = [session.raw(sql, ()).execute().unwrap_err(), session.execute_batch(sql).unwrap_err()];
    for error in errors {
        assert_eq!(error.kind(), ErrorKind::Sql);
        assert!(error.to_string().starts_with("SQL cannot contain NUL"), "{error}");
    }
    assert_eq!(session.raw("SELECT 1\0", ()).one::<i64>().unwrap_err().kind(), ErrorKind::Sql);
    assert_eq!(numbers(&session), [1, 2, 3]);
}

#[test]
fn a_temporary_table_takes_no_row_of_a_model_and_is_gone_with_its_session() {
    for create in [
        "CREATE TEMP TABLE t(x)",
        "CREATE TEMPORARY TABLE t(x)",
        "CREATE TABLE temp.t(x)",
        "CREATE TABLE \"temp\" . t(x)",
    ] {
        for engine in engines().1 {
            let session = engine.session().unwrap();
            session.raw(create, ()).execute().unwrap();
            session.create(Number { x: 4 }).unwrap();
            assert_eq!(numbers(&session), [0; 0], "the temporary table is in front");
            assert_eq!(session.get::<Number>(4).unwrap(), Some(Number { x: 4 }));
            drop(session);
            if engine.session().unwrap().raw("SELECT count(*) FROM t", ()).one::<i64>().unwrap() != 4 {
                // a private database in memory cannot be given away without its temporary tables
                assert_eq!(
                    engine.session().unwrap().raw("SELECT count(*) FROM main.t", ()).one::<i64>().unwrap(),
                    4
                );
                assert!(format!("{engine:?}").contains("in-memory"), "{create}: {engine:?}");
            }
        }
    }
}

#[test]
fn settings_and_attached_files_are_gone_with_their_session() {
    let (place, engine) = file();
    let other = place.folder().join("other.db");
    rusqlite::Connection::open(&other).unwrap().execute_batch("CREATE TABLE o(x)").unwrap();
    let session = engine.session().unwrap();
    session.raw(&format!("ATTACH '{}' AS other", other.display()), ()).execute().unwrap();
    session.raw("PRAGMA foreign_keys = OFF", ()).execute().unwrap();
    session.raw("PRAGMA case_sensitive_like(1)", ()).execute().unwrap();
    assert_eq!(session.raw("SELECT count(*) FROM other.o", ()).one::<i64>().unwrap(), 0);
    drop(session);
    let next = engine.session().unwrap();
    assert_eq!(next.raw("SELECT count(*) FROM other.o", ()).one::<i64>().unwrap_err().kind(), ErrorKind::Sql);
    assert_eq!(next.raw("PRAGMA foreign_keys", ()).one::<i64>().unwrap(), 1);
    assert!(next.raw("SELECT 'a' LIKE 'A'", ()).one::<bool>().unwrap());
}

#[test]
fn a_refused_pragma_has_not_even_been_prepared() {
    let (_place, engine) = file();
    let session = engine.session().unwrap();
    session
        .read(|snapshot| Ok(snapshot.raw("PRAGMA foreign_keys = OFF", ()).execute().unwrap_err()))
        .unwrap();
    assert_eq!(session.raw("PRAGMA foreign_keys", ()).one::<i64>().unwrap(), 1);
}

#[test]
fn an_error_shows_a_short_piece_of_long_sql_and_keeps_all_of_it() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    let sql = format!("SELECT {} nonsense", "1, ".repeat(5000));
    let error = session.raw(&sql, ()).execute().unwrap_err();
    assert!(error.to_string().len() < 500, "{error}");
    assert_eq!(error.sql(), Some(sql.as_str()));
}

#[test]
fn constraints_are_named_by_kind_table_and_columns() {
    use orm_core::ConstraintKind::*;
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session
        .execute_batch(
            "CREATE TABLE p(id INTEGER PRIMARY KEY);
             CREATE TABLE c(a TEXT NOT NULL, b INTEGER UNIQUE CONSTRAINT small CHECK (b < 10), p INTEGER REFERENCES p,
                            PRIMARY KEY (a, p)) STRICT, WITHOUT ROWID;
             CREATE TABLE e(a TEXT); CREATE UNIQUE INDEX lower_a ON e(lower(a));
             INSERT INTO p VALUES (1); INSERT INTO c VALUES ('x', 1, 1); INSERT INTO e VALUES ('x')",
        )
        .unwrap();
    let violated = |sql: &str| {
        let error = session.raw(sql, ()).execute().unwrap_err();
        let it = error.constraint().unwrap();
        (
            it.kind,
            it.table.clone().unwrap_or_default(),
            it.columns.join(" "),
            it.name.clone().unwrap_or_default(),
        )
    };
    let expected = |kind, table: &str, columns: &str, name: &str| {
        (kind, table.to_owned(), columns.to_owned(), name.to_owned())
    };
    assert_eq!(
        [
            violated("INSERT INTO c VALUES ('x', 2, 1)"),
            violated("INSERT INTO c VALUES ('y', 1, 1)"),
            violated("INSERT INTO c VALUES (NULL, 2, 1)"),
            violated("INSERT INTO c VALUES ('y', 20, 1)"),
            violated("INSERT INTO c VALUES ('y', 2, 9)"),
            violated("INSERT INTO e VALUES ('X')"),
            violated("INSERT INTO c VALUES ('y', 'text', 1)"),
            violated("INSERT INTO p VALUES (1)"),
        ],
        [
            expected(PrimaryKey, "c", "a p", ""),
            expected(Unique, "c", "b", ""),
            expected(NotNull, "c", "a", ""),
            expected(Check, "", "", "small"),
            expected(ForeignKey, "", "", ""),
            expected(Unique, "", "", "lower_a"),
            expected(DataType, "c", "b", ""),
            expected(PrimaryKey, "p", "id", ""),
        ]
    );
}
