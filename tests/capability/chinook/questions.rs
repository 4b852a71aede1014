//! What a shop owner would ask, through the typed API and in SQL written by hand.

use super::models::{Album, Artist, Customer, Employee, Genre, Invoice, InvoiceLine, Playlist, Track};
use orm_core::{Engine, Filter, FromRow, Session, func};
use tempfile::TempDir;

use super::copy;

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

fn everything<M>() -> Filter<M> {
    Filter::all_of([])
}

#[test]
fn which_artist_sells_best_in_each_country() {
    let Some((_folder, session)) = shop() else { return };
    let country = || InvoiceLine::INVOICE.at(Invoice::BILLING_COUNTRY);
    let artist = || InvoiceLine::TRACK.at(Track::ALBUM.at(Album::ARTIST.at(Artist::NAME)));
    let sold = || func::sum(InvoiceLine::QUANTITY);
    let sales = session
        .find::<InvoiceLine>()
        .group_by((country(), artist()))
        .order_by((country().asc(), sold().desc(), artist().asc()))
        .select((country(), artist(), sold()));
    let expected = by_hand::<(Option<String>, Option<String>, i64)>(
        &session,
        "SELECT i.BillingCountry, ar.Name, sum(l.Quantity) FROM InvoiceLine l JOIN Invoice i USING (InvoiceId) \
         JOIN Track t USING (TrackId) JOIN Album al USING (AlbumId) JOIN Artist ar USING (ArtistId) \
         GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2",
    );
    let mut found = sales.all().unwrap();
    assert_eq!(found, expected);
    found.dedup_by(|next, first| next.0 == first.0);
    let best = by_hand::<(Option<String>, Option<String>, i64)>(
        &session,
        "WITH sales AS (SELECT i.BillingCountry AS country, ar.Name AS artist, sum(l.Quantity) AS sold FROM InvoiceLine l \
         JOIN Invoice i USING (InvoiceId) JOIN Track t USING (TrackId) JOIN Album al USING (AlbumId) JOIN Artist ar \
         USING (ArtistId) GROUP BY 1, 2) SELECT country, artist, sold FROM (SELECT *, row_number() OVER (PARTITION BY \
         country ORDER BY sold DESC, artist) AS place FROM sales) WHERE place = 1 ORDER BY country",
    );
    assert_eq!(found, best);
}

#[test]
fn which_customers_has_each_support_agent_and_what_did_they_spend() {
    let Some((_folder, session)) = shop() else { return };
    let agents = session
        .find::<Employee>()
        .filter(Employee::CUSTOMERS.any(everything()))
        .order_by(Employee::EMPLOYEE_ID.asc());
    let customers = Employee::CUSTOMERS.order_by(Customer::CUSTOMER_ID.asc()).with(Customer::INVOICES);
    // a total is a sum of floats, whose order is nobody's promise
    let cents = |invoices: &[Invoice]| {
        let total: f64 = invoices.iter().map(|invoice| invoice.total).sum();
        format!("{total:.2}")
    };
    let mut found: Vec<(String, String, String)> = Vec::new();
    for (agent, customers) in agents.clone().with(customers).all().unwrap() {
        for (customer, invoices) in customers {
            found.push((agent.last_name.clone(), customer.last_name, cents(&invoices)));
        }
    }
    let expected = by_hand::<(String, String, String)>(
        &session,
        "SELECT e.LastName, c.LastName, printf('%.2f', sum(i.Total)) FROM Employee e JOIN Customer c ON c.SupportRepId = \
         e.EmployeeId JOIN Invoice i USING (CustomerId) GROUP BY c.CustomerId ORDER BY e.EmployeeId, c.CustomerId",
    );
    assert_eq!(found, expected);

    // the totals of the agents alone, by one statement
    let agent = || Invoice::CUSTOMER.at(Customer::SUPPORT_REP.at(Employee::LAST_NAME));
    let totals = session
        .find::<Invoice>()
        .group_by(agent())
        .order_by(func::sum(Invoice::TOTAL).desc())
        .select((agent(), func::sum(Invoice::TOTAL)));
    let totals = totals.all().unwrap().into_iter().map(|(agent, total)| (agent, format!("{total:.2}")));
    let expected = by_hand::<(Option<String>, String)>(
        &session,
        "SELECT e.LastName, printf('%.2f', sum(i.Total)) FROM Invoice i JOIN Customer c USING (CustomerId) JOIN Employee e \
         ON e.EmployeeId = c.SupportRepId GROUP BY e.EmployeeId ORDER BY sum(i.Total) DESC",
    );
    assert_eq!(totals.collect::<Vec<_>>(), expected);
}

#[test]
fn which_tracks_were_never_sold() {
    let Some((_folder, session)) = shop() else { return };
    let unsold = session
        .find::<Track>()
        .filter(Track::INVOICE_LINES.none(everything()))
        .order_by(Track::TRACK_ID.asc());
    let expected = by_hand::<i64>(
        &session,
        "SELECT TrackId FROM Track WHERE TrackId NOT IN (SELECT TrackId FROM InvoiceLine) ORDER BY TrackId",
    );
    assert_eq!(unsold.select(Track::TRACK_ID).all().unwrap(), expected);
}

#[test]
fn to_whom_does_each_employee_report() {
    let Some((_folder, session)) = shop() else { return };
    let manager = Employee::MANAGER.at(Employee::LAST_NAME);
    let above = Employee::MANAGER.at(Employee::MANAGER.at(Employee::LAST_NAME));
    let chain = session.find::<Employee>().order_by(Employee::EMPLOYEE_ID.asc()).select((
        Employee::LAST_NAME,
        manager,
        above,
    ));
    let expected = by_hand::<(String, Option<String>, Option<String>)>(
        &session,
        "SELECT a.LastName, b.LastName, c.LastName FROM Employee a LEFT JOIN Employee b ON b.EmployeeId = a.ReportsTo \
         LEFT JOIN Employee c ON c.EmployeeId = b.ReportsTo ORDER BY a.EmployeeId",
    );
    assert_eq!(chain.all().unwrap(), expected);

    // the whole chain of one of them, as rows
    let jane = session.find::<Employee>().filter(Employee::FIRST_NAME.eq("Jane"));
    let (jane, manager) =
        jane.with(Employee::MANAGER.with(Employee::MANAGER.with(Employee::MANAGER))).one().unwrap();
    let Some((nancy, Some((andrew, None)))) = manager else { panic!("{manager:?}") };
    let expected = by_hand::<String>(
        &session,
        "WITH RECURSIVE chain(id, name, above, place) AS (SELECT EmployeeId, FirstName, ReportsTo, 1 FROM Employee WHERE \
         FirstName = 'Jane' UNION ALL SELECT EmployeeId, FirstName, ReportsTo, place + 1 FROM chain JOIN Employee ON \
         EmployeeId = above) SELECT name FROM chain ORDER BY place",
    );
    assert_eq!([jane.first_name, nancy.first_name, andrew.first_name], *expected);
}

#[test]
fn who_manages_the_most_people() {
    let Some((_folder, session)) = shop() else { return };
    let managers = session
        .find::<Employee>()
        .filter(Employee::REPORTS.count().gt(0))
        .order_by((Employee::REPORTS.count().desc(), Employee::EMPLOYEE_ID.asc()))
        .select((Employee::LAST_NAME, Employee::REPORTS.count()));
    let expected = by_hand::<(String, u64)>(
        &session,
        "SELECT m.LastName, count(*) FROM Employee e JOIN Employee m ON m.EmployeeId = e.ReportsTo GROUP BY m.EmployeeId \
         ORDER BY 2 DESC, m.EmployeeId",
    );
    assert_eq!(managers.all().unwrap(), expected);
}

#[test]
fn how_long_is_each_playlist() {
    let Some((_folder, session)) = shop() else { return };
    let playlists = session
        .find::<Playlist>()
        .order_by(Playlist::PLAYLIST_ID.asc())
        .with_count(Playlist::TRACKS)
        .all()
        .unwrap();
    let found: Vec<_> =
        playlists.into_iter().map(|(playlist, count)| (playlist.playlist_id, count)).collect();
    let expected = by_hand::<(i64, u64)>(
        &session,
        "SELECT p.PlaylistId, count(t.TrackId) FROM Playlist p LEFT JOIN PlaylistTrack t USING (PlaylistId) GROUP BY 1 ORDER BY 1",
    );
    assert_eq!(found, expected);
}

#[test]
fn which_genres_sell() {
    let Some((_folder, session)) = shop() else { return };
    let genre = || InvoiceLine::TRACK.at(Track::GENRE.at(Genre::NAME));
    let sales = session
        .find::<InvoiceLine>()
        .group_by(genre())
        .having(func::count().gt(50))
        .order_by((func::count().desc(), genre().asc()))
        .select((genre(), func::count()));
    let expected = by_hand::<(Option<String>, u64)>(
        &session,
        "SELECT g.Name, count(*) FROM InvoiceLine JOIN Track USING (TrackId) JOIN Genre g USING (GenreId) GROUP BY 1 \
         HAVING count(*) > 50 ORDER BY 2 DESC, 1",
    );
    assert_eq!(sales.all().unwrap(), expected);
}

#[test]
fn who_bought_jazz() {
    let Some((_folder, session)) = shop() else { return };
    let jazz = InvoiceLine::TRACK.at(Track::GENRE.at(Genre::NAME)).eq("Jazz");
    let listeners = session
        .find::<Customer>()
        .filter(Customer::INVOICES.any(Invoice::LINES.any(jazz)))
        .order_by(Customer::CUSTOMER_ID.asc())
        .select(Customer::CUSTOMER_ID);
    let expected = by_hand::<i64>(
        &session,
        "SELECT DISTINCT CustomerId FROM Invoice JOIN InvoiceLine USING (InvoiceId) JOIN Track USING (TrackId) \
         JOIN Genre g USING (GenreId) WHERE g.Name = 'Jazz' ORDER BY 1",
    );
    assert_eq!(listeners.all().unwrap(), expected);
}

#[test]
fn what_are_the_last_invoices_of_each_customer() {
    let Some((_folder, session)) = shop() else { return };
    let last = Customer::INVOICES
        .order_by(Invoice::INVOICE_ID.desc())
        .limit(2)
        .with(Invoice::LINES.with(InvoiceLine::TRACK));
    let customers =
        session.find::<Customer>().order_by(Customer::CUSTOMER_ID.asc()).with(last).all().unwrap();
    let found: Vec<(i64, i64, u64, i64)> = customers
        .iter()
        .flat_map(|(customer, invoices)| {
            invoices.iter().map(|(invoice, lines)| {
                let length = lines.iter().map(|(_, track)| track.milliseconds).sum();
                (customer.customer_id, invoice.invoice_id, lines.len() as u64, length)
            })
        })
        .collect();
    let expected = by_hand::<(i64, i64, u64, i64)>(
        &session,
        "SELECT CustomerId, InvoiceId, count(*), sum(Milliseconds) FROM (SELECT *, row_number() OVER (PARTITION BY \
         CustomerId ORDER BY InvoiceId DESC) AS n FROM Invoice) JOIN InvoiceLine USING (InvoiceId) JOIN Track USING \
         (TrackId) WHERE n <= 2 GROUP BY 1, 2 ORDER BY 1, 2 DESC",
    );
    assert_eq!(found, expected);
}

#[test]
fn which_albums_have_long_tracks_only_and_which_artists_have_no_album() {
    let Some((_folder, session)) = shop() else { return };
    let long = Album::TRACKS.all(Track::MILLISECONDS.gt(1_000_000)) & Album::TRACKS.any(everything());
    let albums = session.find::<Album>().filter(long).order_by(Album::ALBUM_ID.asc()).select(Album::ALBUM_ID);
    let expected = by_hand::<i64>(
        &session,
        "SELECT AlbumId FROM Track GROUP BY AlbumId HAVING min(Milliseconds) > 1000000 ORDER BY 1",
    );
    assert_eq!(albums.all().unwrap(), expected);
    let silent =
        session.find::<Artist>().filter(Artist::ALBUMS.none(everything())).order_by(Artist::ARTIST_ID.asc());
    let expected = by_hand::<i64>(
        &session,
        "SELECT ArtistId FROM Artist WHERE ArtistId NOT IN (SELECT ArtistId FROM Album) ORDER BY 1",
    );
    assert_eq!(silent.select(Artist::ARTIST_ID).all().unwrap(), expected);
}
