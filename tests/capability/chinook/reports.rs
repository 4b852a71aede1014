//! Reports through the typed API, and in SQL written by hand.

use orm_core::{Engine, FromRow, Session, func, sql};
use tempfile::TempDir;

use super::copy;
use super::models::{Album, Artist, Customer, Employee, Invoice, InvoiceLine, Track};

fn shop() -> Option<(TempDir, Session)> {
    let (folder, path) = copy()?;
    Some((folder, Engine::open(path).unwrap().session().unwrap()))
}

/// The rows of SQL written by hand; there are some.
#[track_caller]
fn by_hand<T: FromRow>(session: &Session, sql: &str) -> Vec<T> {
    let rows = session.raw(sql, ()).all::<T>().unwrap();
    assert!(!rows.is_empty());
    rows
}

#[test]
fn how_many_invoices_had_each_year_and_the_one_before() {
    let Some((_folder, session)) = shop() else { return };
    let year = || func::strftime("%Y", Invoice::INVOICE_DATE);
    let in_order = || func::window().order_by(year().asc());
    let so_far = func::sum(func::count()).over(in_order());
    let years = session.find::<Invoice>().group_by(year()).order_by(year().asc()).select((
        year(),
        func::count(),
        func::lag(func::count(), 1).over(in_order()),
        so_far,
        func::round(func::sum(Invoice::TOTAL), 2),
    ));
    let expected = by_hand::<(Option<String>, u64, Option<u64>, i64, f64)>(
        &session,
        "SELECT strftime('%Y', InvoiceDate) AS y, count(*), lag(count(*)) OVER (ORDER BY strftime('%Y', InvoiceDate)), \
         sum(count(*)) OVER (ORDER BY strftime('%Y', InvoiceDate)), round(sum(Total), 2) FROM Invoice GROUP BY y ORDER BY y",
    );
    assert_eq!(years.all().unwrap(), expected);
}

#[test]
fn which_is_the_best_customer_of_each_country() {
    let Some((_folder, session)) = shop() else { return };
    let spent = || func::round(func::sum(Invoice::TOTAL), 2);
    let country = || Invoice::CUSTOMER.at(Customer::COUNTRY);
    let name = || Invoice::CUSTOMER.at(Customer::FIRST_NAME.append(" ").append(Customer::LAST_NAME));
    let place = func::rank().over(func::window().partition_by(country()).order_by(spent().desc()));
    let ranked = session
        .find::<Invoice>()
        .group_by(Invoice::CUSTOMER_ID)
        .order_by((country().asc(), spent().desc(), name().asc()))
        .select((country(), name(), spent(), place));
    let found: Vec<_> = ranked.all().unwrap().into_iter().filter(|row| row.3 == 1).collect();
    let expected = by_hand::<(Option<String>, String, f64, u64)>(
        &session,
        "WITH spent AS (SELECT c.Country AS country, c.FirstName || ' ' || c.LastName AS name, round(sum(i.Total), 2) AS \
         total FROM Invoice i JOIN Customer c USING (CustomerId) GROUP BY CustomerId) SELECT country, name, total, 1 FROM \
         spent WHERE total = (SELECT max(total) FROM spent other WHERE other.country = spent.country) ORDER BY country, \
         total DESC, name",
    );
    assert_eq!(found, expected);
}

#[test]
fn which_tracks_are_longer_than_the_mean_and_of_artists_who_never_sold() {
    let Some((_folder, session)) = shop() else { return };
    let mean = session.find::<Track>().select(func::avg(Track::MILLISECONDS)).scalar();
    let sold = session.find::<InvoiceLine>().select(InvoiceLine::TRACK.at(Track::ALBUM.at(Album::ARTIST_ID)));
    let artist = || Track::ALBUM.at(Album::ARTIST.at(Artist::ARTIST_ID));
    let tracks = session
        .find::<Track>()
        .filter(Track::MILLISECONDS.cast::<f64>().gt(mean) & artist().not_in(sold))
        .order_by(Track::TRACK_ID.asc())
        .select(Track::TRACK_ID);
    let expected = by_hand::<i64>(
        &session,
        "SELECT TrackId FROM Track JOIN Album USING (AlbumId) WHERE Milliseconds > (SELECT avg(Milliseconds) FROM Track) \
         AND ArtistId NOT IN (SELECT ArtistId FROM InvoiceLine JOIN Track USING (TrackId) JOIN Album USING (AlbumId)) \
         ORDER BY TrackId",
    );
    assert_eq!(tracks.all().unwrap(), expected);
}

#[test]
fn in_which_cities_are_customers_but_no_employees_and_who_lives_where() {
    let Some((_folder, session)) = shop() else { return };
    let customers = || session.find::<Customer>().select(Customer::CITY);
    let employees = || session.find::<Employee>().select(Employee::CITY);
    let expected = by_hand::<Option<String>>(
        &session,
        "SELECT City FROM Customer EXCEPT SELECT City FROM Employee ORDER BY 1",
    );
    assert_eq!(customers().except(employees()).asc(1).all().unwrap(), expected);
    let expected =
        by_hand::<Option<String>>(&session, "SELECT City FROM Customer INTERSECT SELECT City FROM Employee");
    assert_eq!(customers().intersect(employees()).all().unwrap(), expected);

    let people = session
        .find::<Customer>()
        .select((Customer::LAST_NAME, sql::<String, Customer>("'customer'", ())))
        .union_all(
            session
                .find::<Employee>()
                .select((Employee::LAST_NAME, sql::<String, Employee>("'employee'", ()))),
        )
        .asc(1)
        .asc(2)
        .limit(20);
    let expected = by_hand::<(String, String)>(
        &session,
        "SELECT LastName, 'customer' FROM Customer UNION ALL SELECT LastName, 'employee' FROM Employee ORDER BY 1, 2 LIMIT 20",
    );
    assert_eq!(people.all().unwrap(), expected);
}

#[test]
fn how_long_are_the_tracks_of_each_class() {
    let Some((_folder, session)) = shop() else { return };
    let class = || {
        func::case()
            .when(Track::MILLISECONDS.lt(120_000), "short")
            .when(Track::MILLISECONDS.lt(600_000), "song")
            .otherwise("film")
    };
    let classes = session.find::<Track>().group_by(class()).order_by(class().asc()).select((
        class(),
        func::count(),
        func::count().filter(Track::COMPOSER.is_null()),
        func::max(Track::MILLISECONDS),
    ));
    let expected = by_hand::<(String, u64, u64, Option<i64>)>(
        &session,
        "SELECT CASE WHEN Milliseconds < 120000 THEN 'short' WHEN Milliseconds < 600000 THEN 'song' ELSE 'film' END AS c, \
         count(*), count(*) - count(Composer), max(Milliseconds) FROM Track GROUP BY c ORDER BY c",
    );
    assert_eq!(classes.all().unwrap(), expected);
}

#[test]
fn who_is_below_whom() {
    #[derive(Debug, PartialEq, FromRow)]
    #[orm(rename_all = "PascalCase")]
    struct Below {
        last_name: String,
        level: i64,
    }
    let Some((_folder, session)) = shop() else { return };
    let tree = session.raw(
        "WITH RECURSIVE tree (EmployeeId, LastName, Level) AS (
             SELECT EmployeeId, LastName, 0 FROM Employee WHERE ReportsTo IS NULL
             UNION ALL
             SELECT e.EmployeeId, e.LastName, Level + 1 FROM Employee e JOIN tree ON e.ReportsTo = tree.EmployeeId
         )
         SELECT LastName, Level FROM tree ORDER BY Level, LastName",
        (),
    );
    let found: Vec<_> =
        tree.all::<Below>().unwrap().into_iter().map(|row| (row.last_name, row.level)).collect();
    let depth = |employee: &Employee, all: &[Employee]| {
        let boss = |of: &Employee| all.iter().find(|boss| Some(boss.employee_id) == of.reports_to).cloned();
        std::iter::successors(boss(employee), boss).count() as i64
    };
    let all = session.find::<Employee>().all().unwrap();
    let mut expected: Vec<_> =
        all.iter().map(|employee| (employee.last_name.clone(), depth(employee, &all))).collect();
    expected.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    assert_eq!(found, expected);
}
