//! What reports ask: queries inside queries, choices, windows and compounds together, and trees in raw SQL.

use orm_core::{Engine, Error, ErrorKind, Filter, FromRow, Hooks, Model, Result, Session, func, sql};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "staff", has_many(reports: Staff::BOSS))]
struct Staff {
    #[orm(primary_key, auto)]
    id: i64,
    name: String,
    salary: i64,
    #[orm(references = Staff)]
    boss_id: Option<i64>,
}

/// Ada leads Bob and Cid; Bob leads Dan and Eve; Eve leads Fay.
fn staff() -> Session {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Staff>().unwrap();
    let people = [
        ("Ada", 90, None),
        ("Bob", 60, Some(1)),
        ("Cid", 70, Some(1)),
        ("Dan", 40, Some(2)),
        ("Eve", 50, Some(2)),
        ("Fay", 30, Some(5)),
    ];
    for (name, salary, boss_id) in people {
        session.create(Staff { id: 0, name: name.into(), salary, boss_id }).unwrap();
    }
    session
}

fn owned<const N: usize>(names: [&str; N]) -> [String; N] {
    names.map(str::to_owned)
}

#[test]
fn a_tree_is_walked_by_a_recursive_table_into_structs() {
    #[derive(Debug, PartialEq, FromRow)]
    struct Below {
        name: String,
        level: u32,
        path: String,
    }
    let session = staff();
    let below = session.raw(
        "WITH RECURSIVE below (id, name, level, path) AS (
             SELECT id, name, 0, name FROM staff WHERE name = ?1
             UNION ALL
             SELECT staff.id, staff.name, level + 1, path || '/' || staff.name
             FROM staff JOIN below ON staff.boss_id = below.id
         )
         SELECT name, level, path FROM below ORDER BY path",
        ("Bob",),
    );
    let row = |name: &str, level, path: &str| Below { name: name.into(), level, path: path.into() };
    assert_eq!(
        below.all::<Below>().unwrap(),
        [
            row("Bob", 0, "Bob"),
            row("Dan", 1, "Bob/Dan"),
            row("Eve", 1, "Bob/Eve"),
            row("Fay", 2, "Bob/Eve/Fay")
        ]
    );
    // whole models, and up the tree
    let above = session.raw(
        "WITH RECURSIVE above (id) AS (
             SELECT boss_id FROM staff WHERE name = ?1
             UNION ALL
             SELECT boss_id FROM staff JOIN above USING (id) WHERE boss_id IS NOT NULL
         )
         SELECT staff.* FROM staff JOIN above USING (id) ORDER BY id",
        ("Fay",),
    );
    let names: Vec<String> = above.all::<Staff>().unwrap().into_iter().map(|staff| staff.name).collect();
    assert_eq!(names, ["Ada", "Bob", "Eve"]);
}

#[test]
fn a_tree_in_a_fragment_is_a_filter_beside_others() {
    let session = staff();
    let below = |name: &str| -> Filter<Staff> {
        sql(
            "id IN (WITH RECURSIVE below (id) AS (SELECT id FROM staff WHERE name = ? UNION ALL SELECT staff.id FROM staff \
             JOIN below ON boss_id = below.id) SELECT id FROM below)",
            (name,),
        )
    };
    let mean = session.find::<Staff>().filter(below("Bob")).select(func::avg(Staff::SALARY)).scalar();
    let query = session
        .find::<Staff>()
        .filter(below("Bob") & Staff::NAME.ne("Bob"))
        .filter(Staff::SALARY.cast::<f64>().lt(mean))
        .order_by(Staff::NAME.asc())
        .select(Staff::NAME);
    assert_eq!(query.all().unwrap(), ["Dan", "Fay"]);
    assert_eq!(session.find::<Staff>().filter(below("' OR 1 --")).count().unwrap(), 0);
}

#[test]
fn choices_windows_queries_and_compounds_go_together() {
    let session = staff();
    let bosses = session.find::<Staff>().filter(Staff::BOSS_ID.is_not_null()).select(Staff::BOSS_ID);
    let role = || {
        func::case()
            .when(Staff::BOSS_ID.is_null(), "head")
            .when(Staff::ID.is_in(bosses.clone()), "lead")
            .otherwise("staff")
    };
    let place = func::rank().over(func::window().partition_by(role()).order_by(Staff::SALARY.desc()));
    let rows = session.find::<Staff>().order_by(Staff::ID.asc()).select((Staff::NAME, role(), place));
    let [head, lead, other] = owned(["head", "lead", "staff"]);
    let [ada, bob, cid, dan, eve, fay] = owned(["Ada", "Bob", "Cid", "Dan", "Eve", "Fay"]);
    assert_eq!(
        rows.all().unwrap(),
        [
            (ada, head.clone(), 1),
            (bob, lead.clone(), 1),
            (cid, other.clone(), 1),
            (dan, other.clone(), 2),
            (eve, lead.clone(), 2),
            (fay, other.clone(), 3)
        ]
    );
    let totals = session.find::<Staff>().group_by(role()).select((role(), func::sum(Staff::SALARY)));
    let whole = session.find::<Staff>().select((sql::<String, _>("'all'", ()), func::sum(Staff::SALARY)));
    let report = totals.union_all(whole).desc(2);
    assert_eq!(report.all().unwrap(), [("all".into(), 340), (other, 140), (lead, 110), (head, 90)]);
}

#[test]
fn kept_statements_are_those_of_their_query() {
    let session = staff();
    let sums = |rows: i64, order: bool| {
        let window = func::window().rows(-rows..=0);
        let window = window.order_by(if order { Staff::ID.asc() } else { Staff::ID.desc() });
        let sum = func::sum(Staff::SALARY).over(window);
        session.find::<Staff>().order_by(Staff::ID.asc()).select(sum).all().unwrap()
    };
    for _ in 0..3 {
        assert_eq!(sums(1, true), [90, 150, 130, 110, 90, 80]);
        assert_eq!(sums(2, true), [90, 150, 220, 170, 160, 120]);
        assert_eq!(sums(1, false), [150, 130, 110, 90, 80, 30]);
    }
    let grade = |limit: i64| {
        let grade = func::case().when(Staff::SALARY.ge(limit), "high").otherwise("low");
        session.find::<Staff>().filter(grade.eq("high")).count().unwrap()
    };
    assert_eq!([grade(50), grade(70), grade(50)], [4, 2, 4]);
    let paid_less = |salary: i64| {
        let inside = session.find::<Staff>().filter(Staff::SALARY.lt(salary)).limit(9).select(Staff::ID);
        session.find::<Staff>().filter(Staff::ID.is_in(inside)).count().unwrap()
    };
    assert_eq!([paid_less(50), paid_less(70), paid_less(50)], [2, 4, 2]);
}

#[test]
fn every_terminal_takes_a_query_inside() {
    let session = staff();
    let leads = || session.find::<Staff>().filter(Staff::BOSS_ID.is_not_null()).select(Staff::BOSS_ID);
    let query = || session.find::<Staff>().filter(Staff::ID.is_in(leads()));
    assert_eq!(query().count().unwrap(), 3);
    assert!(query().exists().unwrap());
    assert_eq!(query().order_by(Staff::ID.asc()).first().unwrap().unwrap().name, "Ada");
    assert_eq!(query().filter(Staff::NAME.eq("Eve")).one().unwrap().id, 5);
    assert_eq!(query().iter().unwrap().count(), 3);
    assert_eq!(query().chunks(2).unwrap().map(|page| page.unwrap().len()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(query().sum(Staff::SALARY).unwrap(), 200);
    assert_eq!(query().limit(2).max(Staff::ID).unwrap(), Some(2));
    assert!(query().explain().unwrap().contains("LIST SUBQUERY"));
    let found = query()
        .order_by(Staff::ID.asc())
        .with(Staff::REPORTS.filter(Staff::ID.not_in(leads())))
        .all()
        .unwrap();
    let names: Vec<Vec<String>> =
        found.into_iter().map(|(_, reports)| reports.into_iter().map(|staff| staff.name).collect()).collect();
    assert_eq!(names, [vec!["Cid"], vec!["Dan"], vec!["Fay"]]);
    assert_eq!(query().update(Staff::SALARY.set(Staff::SALARY + 1)).unwrap(), 3);
    assert_eq!(session.find::<Staff>().filter(Staff::ID.not_in(leads())).delete().unwrap(), 3);
    assert_eq!(session.find::<Staff>().count().unwrap(), 3);
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(hooks)]
struct Room {
    #[orm(primary_key, auto)]
    id: i64,
    owner: i64,
}

/// Who looks.
struct Guest(i64);

/// Rooms of the guest, and those of whoever owns the room with the guest's number: a scope that asks its own table.
impl Hooks for Room {
    fn scope(session: &Session) -> Result<Option<Filter<Self>>> {
        let Some(guest) = session.context::<Guest>() else { return Err(Error::other("nobody looks")) };
        let all = session.find::<Self>().unscoped();
        let hosts = all.filter(Self::ID.eq(guest.0)).select(Self::OWNER);
        Ok(Some(Self::OWNER.eq(guest.0).or(Self::OWNER.is_in(hosts))))
    }
}

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(hooks)]
struct Mirror {
    #[orm(primary_key, auto)]
    id: i64,
}

/// A scope that asks for what it decides.
impl Hooks for Mirror {
    fn scope(session: &Session) -> Result<Option<Filter<Self>>> {
        Ok(Some(Self::ID.is_in(session.find::<Self>().select(Self::ID))))
    }
}

#[test]
fn a_scope_may_ask_a_query() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Room>().unwrap();
    session.set_context(Guest(1));
    for owner in [3, 1, 2, 3] {
        session.create(Room { id: 0, owner }).unwrap();
    }
    let seen = |guest| {
        session.set_context(Guest(guest));
        session.find::<Room>().order_by(Room::ID.asc()).select(Room::ID).all().unwrap()
    };
    assert_eq!(seen(1), [1, 2, 4]);
    assert_eq!(seen(2), [2, 3]);
    assert_eq!(seen(3), [1, 3, 4]);
    let other = session.engine().session().unwrap();
    let inside = session.find::<Room>().select(Room::ID);
    let error = other.find::<Room>().unscoped().filter(Room::ID.is_in(inside)).all().unwrap_err();
    assert_eq!(error.to_string(), "nobody looks");
}

#[test]
fn a_scope_that_asks_for_itself_is_an_error() {
    let session = Engine::open_in_memory().unwrap().session().unwrap();
    session.create_table::<Mirror>().unwrap();
    let error = session.find::<Mirror>().all().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidQuery);
    assert_eq!(
        error.to_string(),
        "queries ask of each other without end, or too deep: look at the scopes of their models"
    );
}
