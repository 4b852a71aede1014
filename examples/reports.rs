//! Reports: queries inside queries, choices, functions over windows, unions, paths into JSON, and a tree in raw SQL.
//!
//! `cargo run --example reports`

use orm_core::{Engine, FromRow, Model, Result, Session, func, sql};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "staff")]
struct Staff {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
    team: String,
    salary: i64,
    hired: String,
    #[orm(references = Staff)]
    boss_id: Option<i64>,
    #[orm(json)]
    skills: Vec<String>,
}

/// A row of the tree.
#[derive(Debug, PartialEq, FromRow)]
struct Place {
    name: String,
    level: usize,
}

fn main() -> Result<()> {
    let engine = Engine::open_in_memory()?;
    engine.migrate(&[Staff::TABLE])?;
    let session = engine.session()?;
    hire(&session)?;
    compare(&session)?;
    rank(&session)?;
    put_together(&session)?;
    look_into_json(&session)?;
    climb(&session)
}

fn hire(session: &Session) -> Result<()> {
    let people = [
        ("Ada", "desk", 90, "2019-03-01", None, vec!["rust"]),
        ("Bob", "desk", 60, "2020-05-12", Some(1), vec!["sql", "rust"]),
        ("Cid", "yard", 70, "2020-11-30", Some(1), vec![]),
        ("Dan", "yard", 40, "2024-02-29", Some(3), vec!["sql"]),
    ];
    for (name, team, salary, hired, boss_id, skills) in people {
        let skills = skills.into_iter().map(str::to_owned).collect();
        let (name, team, hired) = (name.into(), team.into(), hired.into());
        session.create(Staff { id: 0, name, team, salary, hired, boss_id, skills })?;
    }
    Ok(())
}

fn compare(session: &Session) -> Result<()> {
    println!("Who earns more than the mean?");
    let mean = session.find::<Staff>().select(func::avg(Staff::SALARY)).scalar();
    let above =
        session.find::<Staff>().filter(Staff::SALARY.cast::<f64>().gt(mean)).order_by(Staff::ID.asc());
    let names = above.select(Staff::NAME);
    println!("  {}\n  {:?}", names.to_sql().sql, names.all()?);
    assert_eq!(names.all()?, ["Ada", "Cid"]);

    println!("Who leads nobody?");
    let bosses = session.find::<Staff>().select(Staff::BOSS_ID);
    // Ada has no boss, so NULL is among them: `not_in` is the opposite of `is_in` all the same
    let others = session.find::<Staff>().filter(Staff::ID.not_in(bosses)).order_by(Staff::ID.asc());
    println!("  {:?}", others.clone().select(Staff::NAME).all()?);
    assert_eq!(others.select(Staff::NAME).all()?, ["Bob", "Dan"]);
    Ok(())
}

fn rank(session: &Session) -> Result<()> {
    println!("The best paid of each team first, and what the row before earns more:");
    let in_team = || func::window().partition_by(Staff::TEAM).order_by(Staff::SALARY.desc());
    let before = func::lag(Staff::SALARY, 1).over(in_team());
    let less = before.map(|before| func::coalesce(before, Staff::SALARY)) - Staff::SALARY;
    let place = func::rank().over(in_team());
    let ranked = session.find::<Staff>().order_by((Staff::TEAM.asc(), place.clone().asc()));
    let rows = ranked.select((Staff::TEAM, place, Staff::NAME, less)).all()?;
    for (team, place, name, less) in &rows {
        println!("  {team} {place}: {name}, {less} less");
    }
    assert_eq!(rows.iter().map(|row| row.3).collect::<Vec<_>>(), [0, 30, 0, 30]);
    Ok(())
}

fn put_together(session: &Session) -> Result<()> {
    println!("Teams and the whole, by what they cost:");
    let long_ago = Staff::HIRED.lt("2021-01-01");
    let veterans = || func::count().filter(long_ago.clone());
    let names = || func::group_concat(Staff::NAME, ", ").order_by(Staff::NAME.asc());
    let teams = session.find::<Staff>().group_by(Staff::TEAM).select((
        Staff::TEAM,
        func::sum(Staff::SALARY),
        veterans(),
        names(),
    ));
    let whole = session.find::<Staff>().select((
        sql::<String, Staff>("'all'", ()),
        func::sum(Staff::SALARY),
        veterans(),
        names(),
    ));
    let report = teams.union_all(whole).desc(2).all()?;
    for (team, cost, veterans, names) in &report {
        println!("  {team:5}{cost:4}  {veterans} of {}", names.as_deref().unwrap_or("nobody"));
    }
    assert_eq!(report[0], ("all".into(), 260, 3, Some("Ada, Bob, Cid, Dan".into())));
    Ok(())
}

fn look_into_json(session: &Session) -> Result<()> {
    println!("Who knows SQL, and what everybody learned first:");
    let sql_people = session.find::<Staff>().filter(Staff::SKILLS.has_at("$", "sql")).count()?;
    let first = Staff::SKILLS.path::<String>("$[0]");
    let group =
        func::case().when(first.clone().is_null(), "nothing yet").otherwise(func::coalesce(first, ""));
    let learned = session.find::<Staff>().order_by(Staff::ID.asc()).select((Staff::NAME, group)).all()?;
    println!("  {sql_people}; {learned:?}");
    assert_eq!((sql_people, &*learned[2].1), (2, "nothing yet"));
    Ok(())
}

fn climb(session: &Session) -> Result<()> {
    println!("The tree:");
    let tree = session.raw(
        "WITH RECURSIVE tree (id, name, level) AS (
             SELECT id, name, 0 FROM staff WHERE boss_id IS NULL
             UNION ALL
             SELECT staff.id, staff.name, level + 1 FROM staff JOIN tree ON boss_id = tree.id
             ORDER BY 3 DESC
         )
         SELECT name, level FROM tree",
        (),
    );
    let places = tree.all::<Place>()?;
    for Place { name, level } in &places {
        println!("  {}{name}", "  ".repeat(*level));
    }
    let levels: Vec<usize> = places.iter().map(|place| place.level).collect();
    assert_eq!(levels, [0, 1, 1, 2]);
    Ok(())
}
