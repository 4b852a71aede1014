//! Migrations: the structs are the truth, and the library finds the way from what is in the file.
//!
//! `cargo run --example migrations`

use orm_core::{Engine, Error, ErrorKind, Model, Result};

/// The program as it was first released.
mod release_1 {
    use orm_core::Model;

    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(table = "users")]
    pub struct User {
        #[orm(primary_key, auto)]
        pub id: i64,
        pub name: String,
        pub nick: Option<String>,
    }
}

/// A year later: a new column, an index, a rule, and no nicknames any more.
mod release_2 {
    use orm_core::Model;

    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(table = "users", index(name))]
    pub struct User {
        #[orm(primary_key, auto)]
        pub id: i64,
        #[orm(check = "name <> ''")]
        pub name: String,
        #[orm(default = 18)]
        pub age: u8,
    }
}

/// What a comparison cannot know is said: a column has another name, and what a value becomes.
mod release_3 {
    use orm_core::Model;

    #[derive(Debug, Clone, PartialEq, Model)]
    #[orm(table = "users", index(full_name, name = "ix_users_name"))]
    pub struct User {
        #[orm(primary_key, auto)]
        pub id: i64,
        #[orm(renamed_from = "name", check = "full_name <> ''")]
        pub full_name: String,
        #[orm(default = 18)]
        pub age: u8,
        #[orm(backfill = "lower(full_name) || '@example.org'")]
        pub email: String,
    }
}

fn main() -> Result<()> {
    let folder = tempfile::tempdir().map_err(Error::other)?;
    let path = folder.path().join("app.db");

    println!("Release 1 creates its table:");
    let engine = Engine::open(&path)?;
    let plan = engine.migration(&[release_1::User::TABLE]).plan()?;
    print!("{plan}");
    plan.apply()?;
    engine.session()?.create(release_1::User { id: 0, name: "Ann".into(), nick: Some("A".into()) })?;
    assert!(engine.migration(&[release_1::User::TABLE]).plan()?.is_empty());
    engine.close()?;

    println!("\nRelease 2 finds the old file. A start-up check without rights to change says what differs:");
    let engine = Engine::open(&path)?;
    let error = engine.verify(&[release_2::User::TABLE]).unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), ErrorKind::SchemaMismatch);

    println!("\nA migration that would lose data is refused, and nothing has changed:");
    let error = engine.migrate(&[release_2::User::TABLE]).unwrap_err();
    println!("{error}");
    assert_eq!(error.kind(), ErrorKind::DestructiveChange);
    engine.verify(&[release_1::User::TABLE])?;

    println!("\nWith consent it is planned, read by a person, and applied in one transaction:");
    let plan = engine.migration(&[release_2::User::TABLE]).allow_drop_column("users", "nick").plan()?;
    print!("{plan}");
    plan.apply()?;

    let users = engine.session()?.find::<release_2::User>().all()?;
    println!("\nThe rows are still there: {users:?}");
    assert_eq!(users, [release_2::User { id: 1, name: "Ann".into(), age: 18 }]);
    engine.verify(&[release_2::User::TABLE])?;

    println!("The second time there is nothing to do:");
    let plan = engine.migration(&[release_2::User::TABLE]).plan()?;
    print!("{plan}");
    assert!(plan.is_empty());

    println!(
        "\nRelease 3 renames a column, fills a new one from the others, and has a step in SQL that runs once:"
    );
    let migration = engine.migration(&[release_3::User::TABLE]).sql_step(
        1,
        "trim names",
        "UPDATE users SET name = trim(name)",
    );
    let plan = migration.backup_to(folder.path().join("before.db")).plan()?;
    print!("{plan}");
    plan.apply()?;
    let users = engine.session()?.find::<release_3::User>().all()?;
    println!("\n{users:?}");
    let ann = release_3::User { id: 1, full_name: "Ann".into(), age: 18, email: "ann@example.org".into() };
    assert_eq!(users, [ann]);
    engine.close()
}
