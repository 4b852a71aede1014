/// What sort of thing went wrong: for a `match`, where the predicates of [`Error`](crate::Error) are not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    // ── opening ────────────────────────────────────────────────────────────────────────────────────────────────────
    /// The database could not be opened: missing folder, a folder instead of a file, no permission, wrong journal mode.
    Open,
    /// The file is not a database.
    NotADatabase,
    /// The linked SQLite lacks a fix this library needs.
    UnsupportedSqlite,
    /// The engine is closed, or cannot be closed while sessions are alive.
    Closed,

    // ── reading and writing ────────────────────────────────────────────────────────────────────────────────────────
    /// A row that had to be there is not.
    NotFound,
    /// `one` found more than one row.
    TooManyRows,
    /// A `version` column shows that somebody else changed the row meanwhile.
    Stale,
    /// A constraint was violated; see [`Error::constraint`](crate::Error::constraint).
    Constraint,
    /// A value does not fit its Rust type or its column.
    Conversion,
    /// A result does not have the columns that were asked for.
    Columns,

    // ── statements ─────────────────────────────────────────────────────────────────────────────────────────────────
    /// SQLite refused the SQL.
    Sql,
    /// Parameters are missing, surplus, or named wrongly.
    Parameters,
    /// Several statements where one is expected, or none.
    MultipleStatements,
    /// A query or definition that cannot mean what was asked, such as a write without a filter.
    InvalidQuery,
    /// A write was sent where only reads are allowed, or the database is read-only.
    ReadOnly,
    /// A statement was interrupted.
    Interrupted,

    // ── transactions and waiting ───────────────────────────────────────────────────────────────────────────────────
    /// A deadline passed while waiting for a connection, the writer's turn or SQLite's lock.
    Busy,
    /// This thread holds the writer's turn and asked for it through another session.
    WouldDeadlock,
    /// BEGIN, COMMIT, ROLLBACK, SAVEPOINT or RELEASE where the library has to know of it.
    TransactionControl,
    /// SQLite ended the transaction; the session refuses statements until its guard is gone.
    TransactionEnded,
    /// A transaction was ended while one inside it was still open.
    TransactionOrder,
    /// A write while an iterator of the same session stands on a row, or an iterator that outlived its transaction.
    StatementInProgress,

    // ── the machine ────────────────────────────────────────────────────────────────────────────────────────────────
    /// No space left, or the database reached its maximum size.
    DiskFull,
    /// The operating system reported an error.
    Io,
    /// The database file is damaged.
    Corrupt,
    /// SQLite ran out of memory or a value exceeds its limits.
    Limit,

    // ── models and migrations ──────────────────────────────────────────────────────────────────────────────────────
    /// A table definition contradicts itself.
    InvalidModel,
    /// A name that SQLite or this library keeps for itself.
    ReservedName,
    /// A name that another table, view or index has.
    NameInUse,
    /// The plan would destroy data that nobody asked to lose.
    DestructiveChange,
    /// Existing rows need a value that nobody gave.
    BackfillRequired,
    /// Values would not survive the change of their type.
    LossyConversion,
    /// Rows that are there violate a constraint that would be added.
    ConstraintViolatedByData,
    /// `renamed_from` can mean several things in this database.
    AmbiguousRename,
    /// The plan holds something the library cannot do safely.
    UnsupportedObject,
    /// A view or trigger depends on what would change.
    DependentObject,
    /// The database does not have the shape of the structs.
    SchemaMismatch,
    /// Rows would violate a foreign key after the migration.
    ForeignKeyViolation,
    /// A foreign key would have no key to reference.
    ForeignKeyMismatch,
    /// A migration was cancelled by whoever watched its [progress](crate::migrate::Migration::on_progress).
    Cancelled,
    /// A migration was started inside a transaction.
    InTransaction,
    /// A versioned step was changed after it was applied.
    ChecksumMismatch,
    /// A versioned step was applied that this program does not know.
    NewerDatabase,
    /// A versioned step comes before one that was applied already.
    OutOfOrder,
    /// The database changed since the plan was made.
    StalePlan,

    // ── everything else ────────────────────────────────────────────────────────────────────────────────────────────
    /// An error of the application, by [`Error::other`](crate::Error::other).
    Other,
    /// A broken promise of this library: please report it.
    Internal,
}
