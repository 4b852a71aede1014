use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::ser::{Serialize, SerializeStruct, Serializer};

use super::apply::{Applied, apply};
use super::consent::Consent;
use super::parse::closed;
use super::plan::{Draft, Planner, Step, StepClass, error_of};
use super::progress::{Observer, Reporter};
use super::versioned::{self, Versioned, pending};
use crate::dialect::{Dialect, Sqlite};
use crate::driver::{Access, Config, Connection, Location};
use crate::engine::{Engine, Held, Pooled};
use crate::error::{Error, ErrorKind, Result};
use crate::schema::TableDef;

/// A migration to come: the tables that are wanted, and what may be lost on the way.
///
/// ```
/// use orm_core::schema::TableDef;
/// use orm_core::{Engine, LogicalType};
///
/// let engine = Engine::open_in_memory()?;
/// engine.session()?.execute_batch("CREATE TABLE users (name TEXT, nick TEXT); INSERT INTO users VALUES ('Ann', 'a')")?;
///
/// let users = TableDef::builder("users").column("name", LogicalType::Text, |c| c.nullable()).build();
/// let refused = engine.migrate(&[&users]).unwrap_err();
/// assert_eq!(
///     refused.to_string(),
///     "column `nick` of `users`: not in the struct, and holds 1 non-null value; \
///      `.allow_drop_column(\"users\", \"nick\")` drops `users.nick`"
/// );
///
/// let plan = engine.migration(&[&users]).allow_drop_column("users", "nick").plan()?;
/// plan.apply()?;
/// assert!(engine.migration(&[&users]).plan()?.is_empty());
/// # Ok::<(), orm_core::Error>(())
/// ```
#[derive(Debug, Clone)]
#[must_use = "call `plan`"]
pub struct Migration {
    engine: Engine,
    definitions: Vec<TableDef>,
    consent: Consent,
    pub(super) steps: Vec<Versioned>,
    pub(super) backup: Option<PathBuf>,
    pub(super) observer: Option<Observer>,
}

/// What a migration would do, to be read before it runs: its [`Display`](fmt::Display) is for people, its
/// [`steps`](Plan::steps) are data. With serde it becomes `pending` (versioned steps, by version and name), `steps`, `notes`
/// and `obstacles`.
///
/// ```
/// use orm_core::schema::TableDef;
/// use orm_core::{Engine, LogicalType};
///
/// let engine = Engine::open_in_memory()?;
/// let users = TableDef::builder("users").column("name", LogicalType::Text, |c| c).build();
/// let plan = engine.migration(&[&users]).plan()?;
/// assert_eq!(
///     plan.to_string(),
///     "users  create\n  + create the table\n      CREATE TABLE \"main\".\"users\" (\"name\" TEXT NOT NULL) STRICT;\n"
/// );
/// # Ok::<(), orm_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Plan {
    migration: Migration,
    draft: Draft,
    /// Versioned steps that have not run.
    pending: Vec<Versioned>,
    /// Whether there is nothing in the database that could be lost.
    is_new: bool,
}

impl Engine {
    /// Brings the database to the shape of these tables where nothing can be lost, and refuses otherwise.
    ///
    /// Creates tables, indexes and full-text indexes, adds columns, and rebuilds a table where SQLite cannot change it in place. What the
    /// database has beyond the structs is kept: other tables, indexes, triggers, views, constraints. A table or column is
    /// renamed where `renamed_from` says so, and never by a guess. All of it happens in one transaction or not at all. Where there is nothing to do, nothing is written.
    ///
    /// A full-text index ([`FtsDef`](crate::schema::FtsDef)) holds nothing that its table does not hold, so nothing about it needs
    /// consent: it is filled when it is new, and made anew where its columns, its tokenizer or its triggers are not those of
    /// the struct. A rebuilt table keeps it, a renamed table or column gets it anew.
    ///
    /// What was applied is written into the table `_orm_migrations`. What a struct mentioned then and does not mention now
    /// (an index, a full-text index, a CHECK, a default) is removed; what no struct ever mentioned is somebody else's, and stays.
    ///
    /// ```
    /// use orm_core::schema::TableDef;
    /// use orm_core::{Engine, LogicalType};
    ///
    /// let engine = Engine::open_in_memory()?;
    /// let users = TableDef::builder("users").column("name", LogicalType::Text, |c| c).build();
    /// engine.migrate(&[&users])?;
    /// engine.verify(&[&users])?;
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DestructiveChange`] where a column would be dropped: [`migration`](Engine::migration) takes consent.
    /// [`ErrorKind::AmbiguousRename`] where `renamed_from` may mean several things.
    /// [`ErrorKind::BackfillRequired`], [`ErrorKind::LossyConversion`], [`ErrorKind::ConstraintViolatedByData`] and
    /// [`ErrorKind::ForeignKeyViolation`] where rows stand in the way, with how many. [`ErrorKind::DependentObject`] where
    /// a view, a trigger, an index or a constraint would break. [`ErrorKind::UnsupportedObject`] for what cannot be done
    /// yet. [`ErrorKind::InvalidModel`], [`ErrorKind::ReservedName`] and [`ErrorKind::NameInUse`] for definitions that
    /// cannot be. [`ErrorKind::InTransaction`] where this thread is inside a transaction, and
    /// [`ErrorKind::StatementInProgress`] where it reads the same database in memory; a file can be migrated while others
    /// read it, and shows them what it was until they are done. The database is as before then.
    pub fn migrate(&self, tables: &[&TableDef]) -> Result<()> {
        let plan = self.migration(tables).plan()?;
        if plan.draft.steps.is_empty() && plan.draft.problems.is_empty() {
            return Ok(());
        }
        plan.migration.run(None)
    }

    /// A migration that is planned, read and applied in steps, and that may be allowed to lose something.
    pub fn migration(&self, tables: &[&TableDef]) -> Migration {
        let definitions = tables.iter().map(|table| (*table).clone()).collect();
        Migration {
            engine: self.clone(),
            definitions,
            consent: Consent::default(),
            steps: Vec::new(),
            backup: None,
            observer: None,
        }
    }
}

impl Migration {
    /// Lets the column be dropped, with every value in it, if the struct no longer has it. Both names are those in the
    /// database; where this migration renames the table, its new name.
    pub fn allow_drop_column(mut self, table: &str, column: &str) -> Self {
        self.consent.allow_drop_column(table, column);
        self
    }

    /// Lets the table be dropped, with every row in it, if it is not among the tables of this migration.
    pub fn allow_drop_table(mut self, table: &str) -> Self {
        self.consent.allow_drop_table(table);
        self
    }

    /// Lets the index, a full-text index included, be dropped, if its table is among those of this migration and the struct does not have it. An index
    /// that a struct had when it was applied last goes by itself.
    pub fn allow_drop_index(mut self, index: &str) -> Self {
        self.consent.allow_drop_index(index);
        self
    }

    /// Drops the view, with its INSTEAD OF triggers, if it is there: it is in the way of something else.
    pub fn allow_drop_view(mut self, view: &str) -> Self {
        self.consent.allow_drop_view(view);
        self
    }

    /// Drops the trigger, if it is there: it is in the way of something else. One that keeps a full-text index
    /// of the library goes with that index only.
    pub fn allow_drop_trigger(mut self, trigger: &str) -> Self {
        self.consent.allow_drop_trigger(trigger);
        self
    }

    /// Lets a CHECK be dropped that the struct does not have: by its name, or by its expression where it has none. One
    /// that the struct had when it was applied last goes by itself.
    pub fn allow_drop_check(mut self, table: &str, check: &str) -> Self {
        self.consent.allow_drop_check(table, check);
        self
    }

    /// Lets values change where the column gets another type, or becomes a generated column: `'007'` becomes 7.
    pub fn allow_lossy(mut self, table: &str, column: &str) -> Self {
        self.consent.allow_lossy(table, column);
        self
    }

    /// Lets the primary key of the table become another one. Rows must fit it: no NULL, no value twice.
    pub fn allow_primary_key_change(mut self, table: &str) -> Self {
        self.consent.allow_primary_key_change(table);
        self
    }

    /// Leaves columns alone that the structs lack, where a row can be inserted without them.
    pub fn keep_unknown_columns(mut self) -> Self {
        self.consent.keep_unknown_columns = true;
        self
    }

    /// Compares declared types by their words, where otherwise the same affinity is enough in a table that is not STRICT: a
    /// `VARCHAR(20)` becomes the `TEXT` that the struct stands for, by a rebuild.
    pub fn exact_types(mut self) -> Self {
        self.consent.exact_types = true;
        self
    }

    /// Lets [versioned steps](Migration::sql_step) alone change the database, for teams that review every statement: what
    /// separates it from the structs after them is [`ErrorKind::SchemaMismatch`], and nothing is done about it.
    /// [`freeze`](Plan::freeze), called without this, writes the step that is missing.
    ///
    /// ```
    /// use orm_core::schema::TableDef;
    /// use orm_core::{Engine, ErrorKind, LogicalType};
    ///
    /// let engine = Engine::open_in_memory()?;
    /// let users = TableDef::builder("users").column("name", LogicalType::Text, |c| c).build();
    /// let reviewed = || engine.migration(&[&users]).steps_only();
    /// assert_eq!(reviewed().plan()?.apply().unwrap_err().kind(), ErrorKind::SchemaMismatch);
    /// reviewed().sql_step(1, "users", "CREATE TABLE users (name TEXT NOT NULL) STRICT").plan()?.apply()?;
    /// assert!(engine.migration(&[&users]).plan()?.is_empty());
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    pub fn steps_only(mut self) -> Self {
        self.consent.steps_only = true;
        self
    }

    /// Finds the way. Nothing is written; what stands in the way is part of the plan. Where versioned steps wait, the
    /// tables are planned as they are now, and again after the steps.
    ///
    /// # Errors
    ///
    /// As in [`Engine::migrate`] for definitions that cannot be, and where the database cannot be read.
    /// [`ErrorKind::ChecksumMismatch`], [`ErrorKind::NewerDatabase`] and [`ErrorKind::OutOfOrder`] where the history has
    /// other steps than these.
    pub fn plan(self) -> Result<Plan> {
        let (draft, pending, is_new) = reading(&self.engine, |connection| {
            let reporter = Reporter::start(connection, self.observer.as_ref());
            let draft = self.planner(connection, &memory(&self.engine)).draft();
            let draft = reporter.outcome(draft)?;
            let is_new =
                connection.query("SELECT 1 FROM \"main\".\"sqlite_schema\" LIMIT 1", &[])?.is_empty();
            Ok((draft, pending(&self.steps, connection)?, is_new))
        })?;
        Ok(Plan { migration: self, draft, pending, is_new })
    }

    fn planner<'a>(
        &'a self,
        connection: &'a Connection,
        memory: &'a dyn Fn() -> Result<Connection>,
    ) -> Planner<'a> {
        Planner { connection, definitions: &self.definitions, consent: &self.consent, memory }
    }

    fn run(&self, expected: Option<&Draft>) -> Result<()> {
        self.writing("a migration", |planner| apply(planner, expected, self.observer.as_ref()))
    }

    /// Does it with the writer's turn. Other connections are renewed where the schema changed.
    pub(super) fn writing(
        &self,
        what: &'static str,
        work: impl FnOnce(&Planner<'_>) -> Result<Applied>,
    ) -> Result<()> {
        free_to_write(&self.engine)?;
        let deadline = self.engine.deadline();
        let connection = self.engine.check_out(deadline)?;
        let turn = self.engine.gate().write(deadline)?;
        turn.says(what.into());
        if work(&self.planner(&connection, &memory(&self.engine)))? == Applied::Changed {
            self.engine.mark_stale(&connection);
        }
        drop(turn);
        Ok(())
    }
}

impl Plan {
    /// What will be done, in order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.draft.steps
    }

    /// What a reader should know: foreign objects that are kept, objects that were broken before.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.draft.notes
    }

    /// Why the plan cannot be applied, with what to do about it; empty where it can.
    #[must_use]
    pub fn obstacles(&self) -> Vec<String> {
        self.draft.problems.iter().map(ToString::to_string).collect()
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty() && self.draft.steps.is_empty() && self.draft.problems.is_empty()
    }

    /// The statements as one text, for review, or to become a [step](Migration::sql_step) in a file of its own.
    ///
    /// ```
    /// use orm_core::schema::TableDef;
    /// use orm_core::{Engine, LogicalType};
    ///
    /// let engine = Engine::open_in_memory()?;
    /// let users = TableDef::builder("users").column("name", LogicalType::Text, |c| c).build();
    /// let sql = engine.migration(&[&users]).plan()?.to_sql();
    /// assert_eq!(
    ///     sql,
    ///     "-- users: create the table\nCREATE TABLE \"main\".\"users\" (\"name\" TEXT NOT NULL) STRICT;\n"
    /// );
    /// # Ok::<(), orm_core::Error>(())
    /// ```
    #[must_use]
    pub fn to_sql(&self) -> String {
        let mut sql = String::new();
        for step in &self.draft.steps {
            for change in &step.changes {
                sql += &format!("-- {}: {}\n", step.table, change.text.replace('\n', " "));
            }
            step.sql.iter().for_each(|statement| sql += &format!("{};\n", closed(statement)));
        }
        sql
    }

    /// Writes [`to_sql`](Plan::to_sql) into a new file.
    ///
    /// The file is for databases of the shape that this one has: a table that is made anew gets the columns that are known
    /// here. A column that only another database has is not carried there, and nobody is asked, as with any SQL that is run
    /// as a step; [`check_drift`](crate::Engine::check_drift) tells beforehand.
    ///
    /// # Errors
    ///
    /// The plan's own where something stands in its way; [`ErrorKind::Io`] where the file is there already or cannot be
    /// written.
    pub fn freeze(&self, path: impl AsRef<Path>) -> Result<()> {
        if let Some(error) = error_of(&self.draft.problems) {
            return Err(error);
        }
        let unwritable = |error: std::io::Error| {
            Error::new(ErrorKind::Io, format!("the plan cannot be written to a file: {error}"))
                .with_source(error)
        };
        let mut file = std::fs::File::create_new(path).map_err(unwritable)?;
        file.write_all(self.to_sql().as_bytes()).map_err(unwritable)
    }

    /// Nobody knows what a versioned step loses.
    fn back_up(&self) -> Result<()> {
        let may_lose =
            !self.pending.is_empty() || self.draft.steps.iter().any(|step| step.class >= StepClass::Lossy);
        match &self.migration.backup {
            Some(path) if may_lose && !self.is_new => self.migration.engine.backup(path),
            Some(_) | None => Ok(()),
        }
    }

    /// Does it, in one transaction. The plan is made again under the write lock, and applied only if it is still the same;
    /// where somebody else has done it meanwhile, there is nothing to do.
    ///
    /// Versioned steps that wait run first, each in a transaction of its own. What the tables need is then found anew, since
    /// a step may have moved what stood in the way; it may differ from this plan, and is refused where it would lose what
    /// nobody allowed. Steps that ran stay.
    ///
    /// # Errors
    ///
    /// As in [`Engine::migrate`]; and [`ErrorKind::StalePlan`] where the database changed so that another plan would be
    /// needed, and [`ErrorKind::Cancelled`] where [`on_progress`](Migration::on_progress) stopped it. The database is as
    /// before then.
    pub fn apply(&self) -> Result<()> {
        if !self.pending.is_empty() {
            self.back_up()?;
            // what stands in the way now may be what a step removes
            let Migration { engine, steps, observer, .. } = &self.migration;
            versioned::run(engine, steps, observer.as_ref())?;
            let rest = Migration { backup: None, ..self.migration.clone() };
            return Self { pending: Vec::new(), ..rest.plan()? }.apply();
        }
        match error_of(&self.draft.problems) {
            Some(error) => Err(error),
            None if self.draft.steps.is_empty() => Ok(()),
            None => {
                self.back_up()?;
                self.migration.run(Some(&self.draft))
            }
        }
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut plan = serializer.serialize_struct("Plan", 4)?;
        plan.serialize_field("pending", &self.pending)?;
        plan.serialize_field("steps", self.steps())?;
        plan.serialize_field("notes", self.notes())?;
        plan.serialize_field("obstacles", &self.obstacles())?;
        plan.end()
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            writeln!(f, "nothing to do")?;
        }
        self.pending.iter().try_for_each(|step| step.fmt(f))?;
        self.draft.steps.iter().try_for_each(|step| step.fmt(f))?;
        for problem in &self.draft.problems {
            writeln!(f, "blocked: {problem}")?;
        }
        self.draft.notes.iter().try_for_each(|note| writeln!(f, "note: {note}"))
    }
}

/// Reads in one snapshot, so that what is compared belongs together.
pub(super) fn reading<T>(engine: &Engine, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    free_to_read(engine)?;
    let deadline = engine.deadline();
    let connection = engine.check_out(deadline)?;
    let _turn = engine.gate().read(deadline)?;
    let snapshot = Snapshot::begin(&connection)?;
    work(snapshot.0)
}

/// A read transaction, ended on every way out.
struct Snapshot<'c>(&'c Pooled);

impl<'c> Snapshot<'c> {
    fn begin(connection: &'c Pooled) -> Result<Self> {
        connection.execute_batch(Sqlite.begin_read())?;
        Ok(Self(connection))
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.execute_batch("ROLLBACK") {
            tracing::warn!(%error, "the snapshot of a migration's plan could not be ended");
        }
    }
}

/// Private databases with the application's functions and collations, and strings in single quotes only.
pub(super) fn memory(engine: &Engine) -> impl Fn() -> Result<Connection> {
    move || {
        let connection = Connection::open(&Location::PrivateMemory, Access::ReadWrite)?;
        engine.options().connected(connection.rusqlite())?;
        // after the application, which may like them otherwise
        connection.set_config(Config::DoubleQuotedDdl, false)?;
        connection.set_config(Config::DoubleQuotedDml, false)?;
        connection.execute_batch("PRAGMA legacy_alter_table = OFF")?;
        Ok(connection)
    }
}

/// Refuses where this thread would wait for itself, before it waits for anything.
pub(super) fn free_to_write(engine: &Engine) -> Result<()> {
    match engine.gate().held_by_this_thread() {
        None => Ok(()),
        Some(Held::Writing) => Err(Error::new(
            ErrorKind::InTransaction,
            "a migration cannot run inside a transaction, and this thread is in one; end it first",
        )),
        Some(Held::Reading) => Err(Error::new(
            ErrorKind::StatementInProgress,
            "a migration cannot run while this thread reads the same database in memory through an iterator or a \
             snapshot; end that first",
        )),
    }
}

/// Who reads already may read once more.
fn free_to_read(engine: &Engine) -> Result<()> {
    match engine.gate().held_by_this_thread() {
        None | Some(Held::Reading) => Ok(()),
        Some(Held::Writing) => free_to_write(engine),
    }
}
