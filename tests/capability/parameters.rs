//! Parameters of raw SQL.

use orm_core::{Engine, ErrorKind, Params, Session, ToValue, Value};

fn session() -> Session {
    Engine::open_in_memory().unwrap().session().unwrap()
}

fn sum<P: Params>(sql: &str, params: P) -> orm_core::Result<i64> {
    session().raw(sql, params).one()
}

fn refused<P: Params>(sql: &str, params: P) -> (ErrorKind, String) {
    let error = sum(sql, params).unwrap_err();
    (error.kind(), error.to_string())
}

#[test]
fn parameters_come_as_nothing_tuples_arrays_slices_and_vectors() {
    const SQL: &str = "SELECT ?1 * 10 + ?2";
    let numbers = vec![1_i64, 2];
    let mixed: [&dyn ToValue; 2] = [&1_i64, &Some(2_u8)];
    assert_eq!(
        [
            sum("SELECT 12", ()).unwrap(),
            sum(SQL, (1, 2_u8)).unwrap(),
            sum(SQL, [1, 2]).unwrap(),
            sum(SQL, &numbers[..]).unwrap(),
            sum(SQL, &mixed[..]).unwrap(),
            sum(SQL, mixed).unwrap(),
            sum(SQL, numbers).unwrap(),
            sum(SQL, [Value::Integer(1), Value::Integer(2)]).unwrap(),
        ],
        [12; 8]
    );
}

#[test]
fn parameters_come_by_name_in_any_order() {
    const SQL: &str = "SELECT :tens * 10 + @ones + $none + :tens - :tens";
    let named: [(&str, &dyn ToValue); 3] = [("$none", &0), (":tens", &1_i64), ("@ones", &"2")];
    assert_eq!(
        [sum(SQL, named).unwrap(), sum(SQL, &named[..]).unwrap(), sum(SQL, named.to_vec()).unwrap()],
        [12; 3]
    );
}

#[test]
fn missing_and_surplus_parameters_are_errors_that_say_both_numbers() {
    assert_eq!(
        [
            refused("SELECT ?1 + ?2", ()),
            refused("SELECT ?1 + ?2", (1,)),
            refused("SELECT ?1", (1, 2)),
            refused("SELECT 1", (1,)),
            refused("SELECT ?3", (1,)),
            refused("SELECT :a + :b", [(":a", 1)]),
        ],
        [
            "the statement takes 2 parameters, 0 given (in `SELECT ?1 + ?2`)",
            "the statement takes 2 parameters, 1 given (in `SELECT ?1 + ?2`)",
            "the statement takes 1 parameter, 2 given (in `SELECT ?1`)",
            "the statement takes 0 parameters, 1 given (in `SELECT 1`)",
            "the statement takes 3 parameters, 1 given (in `SELECT ?3`)",
            "the statement takes 2 parameters, 1 given (in `SELECT :a + :b`)",
        ]
        .map(|message| (ErrorKind::Parameters, message.to_owned()))
    );
}

#[test]
fn names_that_are_unknown_or_given_twice_are_errors() {
    assert_eq!(
        [
            refused("SELECT :a", [(":b", 1)]),
            refused("SELECT :a", [("a", 1)]),
            refused("SELECT :a", [(":a\0", 1)]),
            refused("SELECT :a", [(":a", 1), (":a", 2)]),
            refused("SELECT :a + :b", [(":a", 1), (":a", 2)]),
        ],
        [
            "the statement has no parameter `:b` (in `SELECT :a`)",
            "the statement has no parameter `a` (in `SELECT :a`)",
            "the statement has no parameter `:a\0` (in `SELECT :a`)",
            "the parameter `:a` is given twice (in `SELECT :a`)",
            "the parameter `:a` is given twice (in `SELECT :a + :b`)",
        ]
        .map(|message| (ErrorKind::Parameters, message.to_owned()))
    );
}

#[test]
fn a_call_that_was_refused_leaves_the_kept_statement_in_order() {
    let session = session();
    let call = |params: &[i64]| session.raw("SELECT ?1 + ?2", params).one::<i64>();
    assert_eq!(call(&[1, 2]).unwrap(), 3);
    assert_eq!(call(&[10]).unwrap_err().kind(), ErrorKind::Parameters);
    assert_eq!(call(&[10, 20, 30]).unwrap_err().kind(), ErrorKind::Parameters);
    assert_eq!(call(&[3, 4]).unwrap(), 7);
}

#[test]
fn iterators_check_their_parameters_like_everybody_else() {
    let session = session();
    for params in [&[1][..], &[1, 2, 3]] {
        let error = session.raw("SELECT ?1 + ?2", params).iter::<i64>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Parameters);
    }
    session.execute_batch("CREATE TABLE t(x)").unwrap();
}

#[test]
fn there_may_be_as_many_parameters_as_sqlite_takes_and_no_more() {
    let sum_of = |count: usize| {
        let sql = format!("SELECT {}", vec!["?"; count].join("+"));
        // a sum is a deep tree for SQLite, so a list is counted
        let list = sql.replacen("SELECT ", "SELECT count(*) FROM (VALUES (", 1).replace('+', "),(") + "))";
        sum(&list, vec![1_i64; count])
    };
    assert_eq!(sum_of(32_766).unwrap(), 32_766);
    let error = sum_of(32_767).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Sql);
    assert!(error.to_string().starts_with("too many SQL variables"), "{error}");
}

#[test]
fn a_value_that_sqlite_cannot_hold_is_an_error_that_names_the_parameter_and_not_the_value() {
    assert_eq!(
        [
            refused("SELECT ?1 + ?2", (1, f64::NAN)),
            refused("SELECT ?1", (u64::MAX,)),
            refused("SELECT :a", [(":a", f32::NAN)]),
            refused("SELECT ?1", [Value::Real(f64::NAN)]),
        ],
        [
            "parameter `?2`: expected a number, found NaN, which SQLite would store as NULL: use an `Option` (in `SELECT \
             ?1 + ?2`)",
            "parameter `?1`: expected an integer up to 9223372036854775807, found a larger one (in `SELECT ?1`)",
            "parameter `:a`: expected a number, found NaN, which SQLite would store as NULL: use an `Option` (in `SELECT \
             :a`)",
            "parameter `?1`: expected a number, found NaN, which SQLite would store as NULL: use an `Option` (in `SELECT \
             ?1`)",
        ]
        .map(|message| (ErrorKind::Conversion, message.to_owned()))
    );
}

#[test]
fn text_with_nul_and_empty_values_arrive_as_they_are() {
    let session = session();
    let row = session
        .raw(
            "SELECT ?1, typeof(?2), typeof(?3), typeof(?4), length(CAST(?1 AS BLOB))",
            ("a\0b", "", vec![0_u8; 0], None::<i64>),
        )
        .one::<(String, String, String, String, i64)>();
    let expected = ("a\0b".to_owned(), "text".to_owned(), "blob".to_owned(), "null".to_owned(), 3);
    assert_eq!(row.unwrap(), expected);
}

#[test]
fn one_kept_statement_takes_values_of_any_type_in_turn() {
    let session = session();
    let typed = |value: &dyn ToValue| session.raw("SELECT typeof(?1)", [value]).one::<String>().unwrap();
    assert_eq!(
        [
            typed(&1),
            typed(&"text"),
            typed(&None::<i64>),
            typed(&1.5),
            typed(&vec![1_u8]),
            typed(&String::new())
        ],
        ["integer", "text", "null", "real", "blob", "text"]
    );
}
