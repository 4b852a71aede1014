//! What a session knows of its transaction.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::sync::Arc;

use super::run::Turn;
use crate::error::{Error, ErrorKind, Result};

/// What a session is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Mode {
    /// Every statement is its own transaction.
    #[default]
    Autocommit,
    /// A transaction that may write.
    Write,
    /// A transaction that reads one snapshot.
    Snapshot,
}

/// Why the statements of a transaction are refused although its guard is alive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    /// SQLite rolled it back: a full disk, an interrupted write, `ON CONFLICT ROLLBACK`.
    BySqlite,
    /// An outer guard was ended before an inner one, so everything was rolled back.
    OutOfOrder,
    /// It could not be rolled back, so what is written now would be lost with it.
    Stuck,
}

/// The transaction of a session: how many guards are alive, and whether it still is.
#[derive(Default)]
pub(super) struct TransactionState {
    mode: Cell<Mode>,
    /// As what it was begun: it may be a transaction that writes, with a snapshot inside.
    pub(super) begun: Cell<Mode>,
    pub(super) guards: Cell<u32>,
    pub(super) ended: Cell<Option<Ended>>,
    turn: RefCell<Option<Turn>>,
    pub(super) after_commit: RefCell<Vec<AfterCommit>>,
}

/// A callback, and the guard it was given in.
pub(super) struct AfterCommit {
    pub(super) level: u32,
    pub(super) callback: Box<dyn FnOnce() + Send>,
}

impl TransactionState {
    #[inline]
    pub(super) fn mode(&self) -> Mode {
        self.mode.get()
    }

    /// How many guards are alive: 1 for a transaction, one more for each savepoint and each snapshot inside.
    #[inline]
    pub(super) fn guards(&self) -> u32 {
        self.guards.get()
    }

    /// Tells those who wait which statement the turn is held for.
    pub(super) fn says(&self, sql: &Arc<str>) {
        if let Some(Turn::Write(turn)) = &*self.turn.borrow() {
            turn.says(Arc::clone(sql));
        }
    }

    pub(super) fn enter(&self, mode: Mode, turn: Turn) {
        self.mode.set(mode);
        self.begun.set(mode);
        self.guards.set(1);
        self.ended.set(None);
        *self.turn.borrow_mut() = Some(turn);
    }

    /// Counts a snapshot inside a transaction as one more guard, so that the transaction cannot end before it.
    pub(super) fn enter_snapshot_inside(&self) {
        self.guards.set(self.guards.get() + 1);
        self.mode.set(Mode::Snapshot);
    }

    /// Ends such a snapshot. Gives whether there is a transaction still.
    pub(super) fn leave_snapshot_inside(&self, before: Mode) -> bool {
        let left = self.guards.get().saturating_sub(1);
        self.mode.set(before);
        self.leave_guards(left);
        left > 0
    }

    pub(super) fn leave_guards(&self, left: u32) {
        self.guards.set(left);
        for it in self.after_commit.borrow_mut().iter_mut() {
            it.level = it.level.min(left);
        }
    }

    /// Ends a transaction without a trace, and gives the turn to the next one.
    pub(super) fn leave(&self) {
        self.mode.set(Mode::Autocommit);
        self.begun.set(Mode::Autocommit);
        self.guards.set(0);
        self.ended.set(None);
        let turn = self.turn.borrow_mut().take();
        drop(turn);
    }

    #[inline]
    pub(super) fn error_if_ended(&self) -> Result<()> {
        match self.ended.get() {
            None => Ok(()),
            Some(ended) => Err(refused(ended)),
        }
    }
}

impl fmt::Debug for TransactionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransactionState")
            .field("mode", &self.mode)
            .field("guards", &self.guards)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

#[cold]
fn refused(ended: Ended) -> Error {
    match ended {
        Ended::BySqlite => Error::new(
            ErrorKind::TransactionEnded,
            "SQLite rolled the transaction back after an earlier error: drop its guard and begin again",
        ),
        Ended::OutOfOrder => Error::new(
            ErrorKind::TransactionEnded,
            "the transaction was rolled back because an outer one was ended first: drop the guards and begin again",
        ),
        Ended::Stuck => Error::new(
            ErrorKind::TransactionEnded,
            "a transaction could not be rolled back, so nothing could be committed: drop this session",
        ),
    }
}
