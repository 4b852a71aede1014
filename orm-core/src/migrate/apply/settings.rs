use crate::driver::{Config, Connection};
use crate::error::{Error, ErrorKind, Result};

/// The pragmas that decide whether a rebuild is safe, and what each has to be meanwhile.
const NEEDED: [(&str, &str); 3] =
    [("foreign_keys", "0"), ("legacy_alter_table", "0"), ("ignore_check_constraints", "0")];

/// `"x"` that is no column any more would become a string.
const SWITCHED_OFF: [Config; 2] = [Config::DoubleQuotedDdl, Config::DoubleQuotedDml];

/// The settings of a connection during a migration. On every way out, a panic included, an open transaction is rolled
/// back, and each pragma and switch is again what it was.
pub(in crate::migrate) struct Settings<'c> {
    connection: &'c Connection,
    former: Vec<(&'static str, String)>,
    switches: Vec<(Config, bool)>,
}

impl<'c> Settings<'c> {
    /// Switches foreign keys off: dropping a parent table would empty its children otherwise.
    pub(in crate::migrate) fn enter(connection: &'c Connection) -> Result<Self> {
        if !connection.is_autocommit() {
            return Err(Error::new(
                ErrorKind::InTransaction,
                "a migration cannot run inside a transaction; end the transaction first",
            ));
        }
        if connection.open_cursors() > 0 {
            return Err(Error::new(
                ErrorKind::StatementInProgress,
                "a migration cannot run on a connection on which an iterator stands on a row; drop the iterator first",
            ));
        }
        let mut settings = Self { connection, former: Vec::new(), switches: Vec::new() };
        for (name, needed) in NEEDED {
            let former = connection.query_text(&format!("PRAGMA {name}"))?.unwrap_or_default();
            settings.former.push((name, former));
            insist(connection, name, needed)?;
        }
        for switch in SWITCHED_OFF {
            settings.switches.push((switch, connection.config(switch)?));
            connection.set_config(switch, false)?;
        }
        Ok(settings)
    }
}

/// Sets a pragma and reads it back: inside a transaction, `foreign_keys` is silently ignored.
pub(super) fn insist(connection: &Connection, name: &str, needed: &str) -> Result<()> {
    connection.execute_batch(&format!("PRAGMA {name} = {needed}"))?;
    if connection.query_text(&format!("PRAGMA {name}"))?.as_deref() == Some(needed) {
        return Ok(());
    }
    let message = format!("`PRAGMA {name}` cannot be set, so a migration would not be safe");
    Err(Error::new(ErrorKind::Internal, message))
}

impl Drop for Settings<'_> {
    fn drop(&mut self) {
        let connection = self.connection;
        if !connection.is_autocommit()
            && let Err(error) = connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a migration could not be rolled back");
        }
        for (name, former) in &self.former {
            if let Err(error) = connection.execute_batch(&format!("PRAGMA {name} = {former}")) {
                tracing::error!(%error, "`PRAGMA {name}` could not be restored after a migration");
            }
        }
        for (switch, on) in &self.switches {
            if let Err(error) = connection.set_config(*switch, *on) {
                tracing::error!(%error, "a switch could not be restored after a migration");
            }
        }
    }
}
