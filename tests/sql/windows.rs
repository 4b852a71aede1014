//! Functions over windows beside their SQL, and what SQLite answers.

use orm_core::{Engine, ErrorKind, Model, Session, Windowed, func, sql};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "teams")]
struct Team {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "scores")]
struct Score {
    #[orm(primary_key, auto)]
    id: i64,
    #[orm(references = Team)]
    team_id: i64,
    points: i64,
    bonus: Option<i64>,
}

/// Team A with 5, 9, 9; team B with 1 and 4, which alone has a bonus, of 2.
fn session() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Team>().unwrap();
    session.create_table::<Score>().unwrap();
    for name in ["A", "B"] {
        session.create(Team { id: 0, name: name.into() }).unwrap();
    }
    for (team_id, points, bonus) in [(1, 5, None), (2, 1, None), (1, 9, None), (2, 4, Some(2)), (1, 9, None)]
    {
        session.create(Score { id: 0, team_id, points, bonus }).unwrap();
    }
    session
}

/// Asserts the text of the column, and its values in the order of the keys.
#[track_caller]
fn assert_values<T: orm_core::Field + std::fmt::Debug + PartialEq>(
    windowed: Windowed<Score, T>,
    sql: &str,
    values: impl IntoIterator<Item = T>,
) {
    let session = session();
    let query = session.find::<Score>().order_by(Score::ID.asc()).select(windowed);
    assert_eq!(query.to_sql().sql, format!("SELECT {sql} FROM \"main\".\"scores\" ORDER BY \"id\""));
    assert_eq!(query.all().unwrap(), values.into_iter().collect::<Vec<_>>());
}

fn best_first() -> orm_core::Window<Score> {
    func::window().partition_by(Score::TEAM_ID).order_by(Score::POINTS.desc())
}

const BEST_FIRST: &str = r#"OVER (PARTITION BY "team_id" ORDER BY "points" DESC)"#;

#[test]
fn rows_are_numbered_and_ranked() {
    let in_order = || func::window().order_by((Score::POINTS.desc(), Score::ID.asc()));
    assert_values(
        func::row_number().over(in_order()),
        r#"row_number() OVER (ORDER BY "points" DESC, "id")"#,
        [3, 5, 1, 4, 2],
    );
    assert_values(func::rank().over(best_first()), &format!("rank() {BEST_FIRST}"), [3, 2, 1, 1, 1]);
    assert_values(
        func::dense_rank().over(best_first()),
        &format!("dense_rank() {BEST_FIRST}"),
        [2, 2, 1, 1, 1],
    );
    assert_values(
        func::percent_rank().over(best_first()),
        &format!("percent_rank() {BEST_FIRST}"),
        [1.0, 1.0, 0.0, 0.0, 0.0],
    );
    assert_values(
        func::cume_dist().over(func::window().partition_by(Score::TEAM_ID).order_by(Score::ID.asc())),
        r#"cume_dist() OVER (PARTITION BY "team_id" ORDER BY "id")"#,
        [1.0 / 3.0, 0.5, 2.0 / 3.0, 1.0, 1.0],
    );
    assert_values(
        func::ntile(2).over(in_order()),
        r#"ntile(?1) OVER (ORDER BY "points" DESC, "id")"#,
        [1, 2, 1, 2, 1],
    );
}

#[test]
fn values_of_other_rows_may_be_null() {
    let in_order = || func::window().order_by(Score::ID.asc());
    assert_values(
        func::lag(Score::POINTS, 1).over(in_order()),
        r#"lag("points", ?1) OVER (ORDER BY "id")"#,
        [None, Some(5), Some(1), Some(9), Some(4)],
    );
    assert_values(
        func::lead(Score::BONUS, 2).over(in_order()),
        r#"lead("bonus", ?1) OVER (ORDER BY "id")"#,
        [None, Some(2), None, None, None],
    );
    assert_values(
        func::first_value(Score::POINTS).over(in_order()),
        r#"first_value("points") OVER (ORDER BY "id")"#,
        [Some(5); 5],
    );
    assert_values(
        func::last_value(Score::POINTS).over(in_order().rows(..)),
        r#"last_value("points") OVER (ORDER BY "id" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"#,
        [Some(9); 5],
    );
    assert_values(
        func::nth_value(Score::POINTS, 2).over(in_order()),
        r#"nth_value("points", ?1) OVER (ORDER BY "id")"#,
        [None, Some(1), Some(1), Some(1), Some(1)],
    );
}

#[test]
fn aggregates_run_over_windows() {
    assert_values(func::count().over(func::window()), "count(*) OVER ()", [5; 5]);
    assert_values(
        func::sum(Score::POINTS).over(func::window().order_by(Score::ID.asc())),
        r#"coalesce(sum("points") OVER (ORDER BY "id"), ?1)"#,
        [5, 6, 15, 19, 28],
    );
    assert_values(
        func::sum(Score::POINTS)
            .filter(Score::BONUS.is_null())
            .over(func::window().partition_by(Score::TEAM_ID)),
        r#"coalesce(sum("points") FILTER (WHERE "bonus" IS NULL) OVER (PARTITION BY "team_id"), ?1)"#,
        [23, 1, 23, 1, 23],
    );
    assert_values(
        func::max(Score::BONUS).over(func::window().partition_by((Score::TEAM_ID, Score::POINTS.gt(2)))),
        r#"max("bonus") OVER (PARTITION BY "team_id", "points" > ?1)"#,
        [None, None, None, Some(2), None],
    );
}

#[test]
fn frames_are_ranges_of_distances() {
    let sum =
        |window: orm_core::Window<Score>| func::sum(Score::POINTS).over(window.order_by(Score::ID.asc()));
    let sql = |rows: &str| format!(r#"coalesce(sum("points") OVER (ORDER BY "id" ROWS BETWEEN {rows}), ?1)"#);
    let cases: [(_, &str, [i64; 5]); 5] = [
        (func::window().rows(-1..=0), "1 PRECEDING AND CURRENT ROW", [5, 6, 10, 13, 13]),
        (func::window().rows(-1..=1), "1 PRECEDING AND 1 FOLLOWING", [6, 15, 14, 22, 13]),
        (func::window().rows(..0), "UNBOUNDED PRECEDING AND 1 PRECEDING", [0, 5, 6, 15, 19]),
        (func::window().rows(0..), "CURRENT ROW AND UNBOUNDED FOLLOWING", [28, 23, 22, 13, 9]),
        (
            func::window().rows(1..=i64::MAX),
            "1 FOLLOWING AND 9223372036854775807 FOLLOWING",
            [23, 22, 13, 9, 0],
        ),
    ];
    for (window, rows, values) in cases {
        assert_values(sum(window), &sql(rows), values);
    }
    let session = session();
    let (start, end) = (1, -1);
    let backwards = session.find::<Score>().select(sum(func::window().rows(start..=end)));
    assert!(backwards.all().unwrap_err().to_string().contains("unsupported frame specification"));
}

#[test]
fn what_a_window_gives_is_computed_with() {
    let mean = || func::avg(Score::POINTS).over(func::window());
    let above = Score::POINTS.cast::<f64>().windowed().map(|points| points - 5.6);
    assert_values(
        above,
        r#"CAST("points" AS REAL) - ?1"#,
        [5.0 - 5.6, 1.0 - 5.6, 9.0 - 5.6, 4.0 - 5.6, 9.0 - 5.6],
    );
    assert_values(
        mean().map(|mean| func::coalesce(mean, 0.0)) * 2.0,
        r#"coalesce(avg("points") OVER (), ?1) * ?2"#,
        [11.2; 5],
    );
    let before = || func::lag(Score::POINTS, 1).over(func::window().order_by(Score::ID.asc()));
    let gained = Score::POINTS.windowed() - before().map(|before| func::coalesce(before, Score::POINTS));
    assert_values(
        gained,
        r#""points" - coalesce(lag("points", ?1) OVER (ORDER BY "id"), "points")"#,
        [0, -4, 8, -5, 5],
    );
    assert_values(
        before().map(|before| {
            func::case()
                .when(before.clone().is_null(), "first")
                .when(before.lt(Score::POINTS), "up")
                .otherwise("down")
        }),
        "CASE WHEN lag(\"points\", ?1) OVER (ORDER BY \"id\") IS NULL THEN ?2 WHEN lag(\"points\", ?3) OVER (ORDER BY \
         \"id\") < \"points\" THEN ?4 ELSE ?5 END",
        ["first", "down", "up", "down", "up"].map(str::to_owned),
    );
    assert_values(
        func::rank().over(best_first()).eq(1),
        &format!("rank() {BEST_FIRST} = ?1"),
        [false, false, true, true, true],
    );
    assert_values(
        before().lt(Score::POINTS),
        r#"(lag("points", ?1) OVER (ORDER BY "id") < "points") IS TRUE"#,
        [false, false, true, false, true],
    );
    let share = func::count().over(func::window().partition_by(Score::TEAM_ID)) * 100
        / func::count().over(func::window());
    assert_values(
        share,
        r#"count(*) OVER (PARTITION BY "team_id") * ?1 / count(*) OVER ()"#,
        [Some(60), Some(40), Some(60), Some(40), Some(60)],
    );
}

#[test]
fn a_query_is_ordered_by_a_window() {
    let session = session();
    let rank = || func::rank().over(best_first());
    let query =
        session.find::<Score>().order_by(rank().asc()).order_by(Score::ID.asc()).select((Score::ID, rank()));
    assert_eq!(
        query.to_sql().sql,
        format!(
            r#"SELECT "id", rank() {BEST_FIRST} FROM "main"."scores" ORDER BY rank() {BEST_FIRST}, "id""#
        )
    );
    assert_eq!(query.all().unwrap(), [(3, 1), (4, 1), (5, 1), (2, 2), (1, 3)]);
    let page = query.limit(2).offset(1);
    assert_eq!(page.all().unwrap(), [(4, 1), (5, 1)]);
}

#[test]
fn windows_go_over_groups_and_through_relations() {
    let session = session();
    let team = || Score::TEAM.at(Team::NAME);
    let place = func::rank().over(func::window().order_by(func::sum(Score::POINTS).asc()));
    let query = session.find::<Score>().group_by(team()).order_by(team().asc()).select((
        team(),
        func::sum(Score::POINTS),
        place,
    ));
    assert_eq!(
        query.to_sql().sql,
        "SELECT \"t1\".\"name\", coalesce(sum(\"scores\".\"points\"), ?1), rank() OVER (ORDER BY \
         coalesce(sum(\"scores\".\"points\"), ?2)) FROM \"main\".\"scores\" LEFT JOIN \"main\".\"teams\" AS \"t1\" ON \
         \"t1\".\"id\" = \"scores\".\"team_id\" GROUP BY \"t1\".\"name\" ORDER BY \"t1\".\"name\""
    );
    assert_eq!(query.all().unwrap(), [("A".to_owned(), 23, 2), ("B".to_owned(), 5, 1)]);
    let by_name = func::count().over(func::window().partition_by(team()).order_by(Score::ID.asc()));
    let query = session.find::<Score>().order_by(Score::ID.asc()).select(by_name);
    assert_eq!(
        query.to_sql().sql,
        "SELECT count(*) OVER (PARTITION BY \"t1\".\"name\" ORDER BY \"scores\".\"id\") FROM \"main\".\"scores\" LEFT JOIN \
         \"main\".\"teams\" AS \"t1\" ON \"t1\".\"id\" = \"scores\".\"team_id\" ORDER BY \"scores\".\"id\""
    );
    assert_eq!(query.all().unwrap(), [1, 1, 2, 2, 3]);
}

#[test]
fn a_group_by_a_window_is_refused() {
    let session = session();
    let rank = || func::rank().over(best_first());
    let error = session.find::<Score>().group_by(rank()).select(rank()).all().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidQuery);
    assert_eq!(error.to_string(), "a function over a window is computed after groups are made: select it");
}

#[test]
fn fragments_hold_windows_and_stand_in_them() {
    let session = session();
    let by_hand = sql::<i64, _>("rank() OVER (ORDER BY points)", ());
    let parity = func::count().over(func::window().partition_by(sql::<i64, Score>("points % ?", (2,))));
    let query = session.find::<Score>().order_by(Score::ID.asc()).select((by_hand, parity));
    assert_eq!(
        query.to_sql().sql,
        "SELECT (rank() OVER (ORDER BY points)), count(*) OVER (PARTITION BY (points % ?1)) FROM \"main\".\"scores\" \
         ORDER BY \"id\""
    );
    assert_eq!(query.all().unwrap(), [(3, 4), (1, 4), (4, 4), (2, 1), (4, 4)]);
}
