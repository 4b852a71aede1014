//! What this library writes is read by others: the command-line client of SQLite, and Python.

use std::io::ErrorKind as Io;
use std::path::Path;
use std::process::Command;

use orm_core::{Engine, Json, Model};

use crate::support::at;

#[derive(Debug, Clone, PartialEq, Model)]
struct Sale {
    #[orm(primary_key, auto)]
    id: i64,
    token: uuid::Uuid,
    price: rust_decimal::Decimal,
    #[orm(created_at)]
    sold: chrono::DateTime<chrono::Utc>,
    day: chrono::NaiveDate,
    hour: chrono::NaiveTime,
    tags: Json<Vec<String>>,
    paid: bool,
    ratio: f64,
    note: Option<String>,
    photo: Vec<u8>,
}

/// A closed database with one sale.
fn database(path: &Path) {
    let engine = Engine::builder().clock(|| at(1_700_000_000)).open(path).unwrap();
    let session = engine.session().unwrap();
    session.create_table::<Sale>().unwrap();
    let sale = Sale {
        id: 0,
        token: uuid::Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef),
        price: "1234.50".parse().unwrap(),
        sold: chrono::DateTime::UNIX_EPOCH,
        day: chrono::NaiveDate::from_ymd_opt(2024, 2, 29).unwrap(),
        hour: chrono::NaiveTime::from_hms_opt(7, 5, 0).unwrap(),
        tags: Json(vec!["red".into(), "größe".into()]),
        paid: true,
        ratio: 0.1,
        note: None,
        photo: vec![0, 255],
    };
    session.create(sale).unwrap();
    drop(session);
    engine.close().unwrap();
}

/// What the program prints, or nothing where it is not installed.
fn printed(program: &str, arguments: &[&str]) -> Option<String> {
    let output = match Command::new(program).args(arguments).output() {
        Ok(output) => output,
        Err(error) if error.kind() == Io::NotFound => {
            eprintln!("skipped: there is no `{program}` here");
            return None;
        }
        Err(error) => panic!("{program}: {error}"),
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_client_of_sqlite_reads_and_computes_with_the_stored_forms() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sales.db");
    database(&path);
    let query = "SELECT hex(token), price, sold, date(sold, '+1 day'), strftime('%s', sold), day, hour, \
                 json_extract(tags, '$[1]'), paid, ratio, note IS NULL, hex(photo) FROM sale; \
                 PRAGMA integrity_check;";
    let Some(printed) = printed("sqlite3", &["-batch", path.to_str().unwrap(), query]) else { return };
    assert_eq!(
        printed,
        "0123456789ABCDEF0123456789ABCDEF|1234.5|2023-11-14 22:13:20.000000|2023-11-15|1700000000|2024-02-29|\
         07:05:00.000000|größe|1|0.1|1|00FF\nok\n"
    );
}

#[test]
fn python_reads_them_by_the_parsers_of_its_standard_library_and_writes_them_for_us() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sales.db");
    database(&path);
    let script = r#"
import datetime, decimal, json, sqlite3, sys, uuid
db = sqlite3.connect(sys.argv[1])
token, price, sold, day, hour, tags, paid, ratio, note, photo = db.execute(
    "SELECT token, price, sold, day, hour, tags, paid, ratio, note, photo FROM sale").fetchone()
sold = datetime.datetime.fromisoformat(sold)
day = datetime.date.fromisoformat(day)
print(uuid.UUID(bytes=token), decimal.Decimal(price) * 2, sold.isoformat(), day.isoformat(),
      datetime.time.fromisoformat(hour).isoformat(), json.loads(tags), bool(paid), ratio, note, photo)
db.execute("INSERT INTO sale VALUES (2, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (
    uuid.UUID(int=7).bytes, str(decimal.Decimal("0.10")), (sold + datetime.timedelta(hours=2)).isoformat(" "),
    (day + datetime.timedelta(days=1)).isoformat(), datetime.time(23, 59, 59, 5).isoformat(), json.dumps(["ü"]),
    False, 1, "from Python", b""))
db.commit()
"#;
    let Some(printed) = printed("python3", &["-c", script, path.to_str().unwrap()]) else { return };
    assert_eq!(
        printed,
        "01234567-89ab-cdef-0123-456789abcdef 2469.0 2023-11-14T22:13:20 2024-02-29 07:05:00 ['red', 'größe'] True 0.1 \
         None b'\\x00\\xff'\n"
    );
    let session = Engine::open(&path).unwrap().session().unwrap();
    assert_eq!(
        session.get::<Sale>(2).unwrap(),
        Some(Sale {
            id: 2,
            token: uuid::Uuid::from_u128(7),
            price: "0.1".parse().unwrap(),
            sold: chrono::DateTime::from_timestamp(1_700_007_200, 0).unwrap(),
            day: chrono::NaiveDate::from_ymd_opt(2024, 3, 1).unwrap(),
            hour: chrono::NaiveTime::from_hms_micro_opt(23, 59, 59, 5).unwrap(),
            tags: Json(vec!["ü".into()]),
            paid: false,
            ratio: 1.0,
            note: Some("from Python".into()),
            photo: vec![],
        })
    );
}
