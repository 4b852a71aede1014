use crate::error::Result;
use crate::expr::Filter;
use crate::session::Session;

/// What runs around the session's verbs for one model.
///
/// Every hook gets the session that runs the operation, so what it writes is in the same transaction. An error aborts
/// the operation and rolls back what the operation did. Without `#[orm(hooks)]` the derive writes an empty
/// implementation, and the verbs skip the hooks altogether.
///
/// Hooks run for whole structs: `insert`, `create`, `insert_all`, `inserting`, `update`, `update_only`, `save`, `delete`,
/// `delete_all`, and everything that reads structs. An upsert runs `before_insert`, then `after_insert` or
/// `after_update`, by what happened ([`Upserting`](crate::Upserting)). `insert_from`, set-based `update` and `delete`,
/// `delete_key` and raw SQL run none of them, but [`scope`](Hooks::scope) applies to all but raw SQL.
pub trait Hooks: Sized {
    /// Before the row is inserted; what it changes in the struct is what is written.
    ///
    /// # Errors
    ///
    /// Aborts the insert.
    fn before_insert(&mut self, session: &Session) -> Result<()> {
        let _ = session;
        Ok(())
    }

    /// After the row was inserted; the struct has its key.
    ///
    /// # Errors
    ///
    /// Aborts the insert.
    fn after_insert(&mut self, session: &Session) -> Result<()> {
        let _ = session;
        Ok(())
    }

    /// Before the row is updated; what it changes in the struct is what is written.
    ///
    /// # Errors
    ///
    /// Aborts the update.
    fn before_update(&mut self, session: &Session) -> Result<()> {
        let _ = session;
        Ok(())
    }

    /// After the row was updated.
    ///
    /// # Errors
    ///
    /// Aborts the update.
    fn after_update(&mut self, session: &Session) -> Result<()> {
        let _ = session;
        Ok(())
    }

    /// Before the row is deleted.
    ///
    /// # Errors
    ///
    /// Aborts the delete.
    fn before_delete(&self, session: &Session) -> Result<()> {
        let _ = session;
        Ok(())
    }

    /// After the row was deleted.
    ///
    /// # Errors
    ///
    /// Aborts the delete.
    fn after_delete(&self, session: &Session) -> Result<()> {
        let _ = session;
        Ok(())
    }

    /// After the row was read, before the caller sees it.
    ///
    /// # Errors
    ///
    /// Ends the read.
    fn after_find(&mut self, session: &Session) -> Result<()> {
        let _ = session;
        Ok(())
    }

    /// A filter for every read, update and delete of the table, such as the tenant of the session's
    /// [context](Session::context): of whole structs, by key and by set, and wherever a relation leads. A row outside it
    /// is not there. `unscoped()` leaves it out; inserts and raw SQL know nothing of it.
    ///
    /// # Errors
    ///
    /// Refuses the operation.
    fn scope(session: &Session) -> Result<Option<Filter<Self>>> {
        let _ = session;
        Ok(None)
    }
}
