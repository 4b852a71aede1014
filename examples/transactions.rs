//! Transactions: closures and guards, savepoints, snapshots, callbacks after the commit, writers that take turns.
//!
//! `cargo run --example transactions`

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use orm_core::{Engine, Error, ErrorKind, Model, Result, Session};

#[derive(Debug, Clone, PartialEq, Model)]
#[orm(table = "accounts")]
struct Account {
    #[orm(primary_key)]
    owner: String,
    #[orm(check = "coins >= 0")]
    coins: i64,
}

fn main() -> Result<()> {
    let folder = tempfile::tempdir().map_err(Error::other)?;
    let engine = Engine::open(folder.path().join("bank.db"))?;
    engine.migrate(&[Account::TABLE])?;
    engine.transaction(|tx| {
        tx.create(Account { owner: "ann".into(), coins: 10_000 })?;
        tx.create(Account { owner: "bob".into(), coins: 2_000 })
    })?;

    println!("Both rows or none: Ok commits");
    engine.transaction(|tx| transfer(tx, "ann", "bob", 3_000))?;
    assert_eq!(balances(&engine)?, [7_000, 5_000]);

    println!("Err rolls back, here because of the table's CHECK:");
    let error = engine.transaction(|tx| transfer(tx, "bob", "ann", 9_900)).unwrap_err();
    println!("  {error}");
    assert_eq!(error.kind(), ErrorKind::Constraint);
    assert_eq!(balances(&engine)?, [7_000, 5_000]);

    savepoints(&engine)?;
    guards(&engine)?;
    callbacks(&engine)?;
    snapshots(&engine)?;
    threads(&engine)?;
    own_errors(&engine)?;
    engine.close()
}

/// Takes whatever session it is given: in a transaction, its statements are part of it.
fn transfer(session: &Session, from: &str, to: &str, coins: i64) -> Result<()> {
    let add = "UPDATE accounts SET coins = coins + ?2 WHERE owner = ?1";
    session.raw(add, (to, coins)).execute()?;
    session.raw(add, (from, -coins)).execute()?;
    Ok(())
}

fn balances(engine: &Engine) -> Result<Vec<i64>> {
    engine.session()?.raw("SELECT coins FROM accounts ORDER BY owner", ()).all()
}

fn savepoints(engine: &Engine) -> Result<()> {
    println!("A transaction inside a transaction is a savepoint: its failure costs the outer one nothing");
    engine.transaction(|tx| {
        transfer(tx, "ann", "bob", 1_000)?;
        let failed = tx.transaction(|inner| transfer(inner, "ann", "bob", 100_000));
        assert!(failed.is_err());
        Ok(())
    })?;
    assert_eq!(balances(engine)?, [6_000, 6_000]);
    Ok(())
}

fn guards(engine: &Engine) -> Result<()> {
    println!("Without a closure: a guard that rolls back when it is dropped");
    let session = engine.session()?;
    let tx = session.begin()?;
    transfer(&tx, "ann", "bob", 6_000)?;
    drop(tx);
    assert_eq!(balances(engine)?, [6_000, 6_000]);

    let tx = session.begin()?;
    transfer(&tx, "ann", "bob", 500)?;
    tx.commit()?;
    assert_eq!(balances(engine)?, [5_500, 6_500]);
    Ok(())
}

fn callbacks(engine: &Engine) -> Result<()> {
    println!("What must not happen for a transaction that is rolled back waits for the commit");
    let mails = Arc::new(AtomicU32::new(0));
    let send_mail = || {
        let mails = Arc::clone(&mails);
        move || {
            mails.fetch_add(1, Ordering::Relaxed);
        }
    };
    engine.transaction(|tx| {
        tx.after_commit(send_mail());
        let _failed: Result<()> = tx.transaction(|inner| {
            inner.after_commit(send_mail());
            Err(Error::other("never mind"))
        });
        assert_eq!(mails.load(Ordering::Relaxed), 0);
        Ok(())
    })?;
    assert_eq!(mails.load(Ordering::Relaxed), 1);
    Ok(())
}

fn snapshots(engine: &Engine) -> Result<()> {
    println!(
        "A snapshot sees one state of the database, whatever others commit meanwhile, and refuses writes:"
    );
    engine.read(|snapshot| {
        let sum = || snapshot.raw("SELECT sum(coins) FROM accounts", ()).one::<i64>();
        let before = sum()?;
        engine.session()?.create(Account { owner: "eve".into(), coins: 100 })?;
        assert_eq!(sum()?, before);

        let refused = snapshot.create(Account { owner: "mia".into(), coins: 0 }).unwrap_err();
        println!("  {refused}");
        assert_eq!(refused.kind(), ErrorKind::ReadOnly);
        Ok(())
    })
}

fn threads(engine: &Engine) -> Result<()> {
    println!("Writers on many threads take turns; nobody sees `database is locked`");
    thread::scope(|scope| {
        let work = || -> Result<()> {
            for _ in 0..50 {
                engine.transaction(|tx| transfer(tx, "ann", "bob", 1))?;
            }
            Ok(())
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .try_for_each(|it| it.join().unwrap_or_else(|_| Err(Error::other("a thread panicked"))))
    })?;
    assert_eq!(balances(engine)?, [5_100, 6_900, 100]);
    Ok(())
}

/// An application's error type only needs `From<orm_core::Error>`.
enum BankError {
    UnknownAccount,
    Database(Error),
}

impl From<Error> for BankError {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

fn own_errors(engine: &Engine) -> Result<()> {
    println!("Errors of your own roll back too:");
    let outcome: Result<i64, BankError> = engine.try_transaction(|tx| {
        transfer(tx, "ann", "bob", 100)?;
        let zoe = tx.get::<Account>("zoe")?.ok_or(BankError::UnknownAccount)?;
        Ok(zoe.coins)
    });
    match outcome {
        Err(BankError::UnknownAccount) => println!("  unknown account, and Ann keeps her money"),
        Err(BankError::Database(error)) => return Err(error),
        Ok(coins) => println!("  Zoe has {coins} coins"),
    }
    assert_eq!(balances(engine)?, [5_100, 6_900, 100]);
    Ok(())
}
