use std::cell::Cell;
use std::os::raw::{c_int, c_void};
use std::thread;
use std::time::{Duration, Instant};

/// How long to sleep before the n-th try: SQLite's own steps.
const DELAYS_MS: [u64; 12] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];

/// Until when a connection waits for SQLite's lock. All waits of one call share this deadline.
pub(super) struct BusyHandler {
    deadline: Cell<Instant>,
}

impl BusyHandler {
    pub(super) fn new() -> Box<Self> {
        Box::new(Self { deadline: Cell::new(Instant::now()) })
    }

    pub(super) fn set_deadline(&self, deadline: Instant) {
        self.deadline.set(deadline);
    }

    /// For `sqlite3_busy_handler`, with the handler as its argument.
    ///
    /// # Safety
    ///
    /// `handler` points to a live `BusyHandler` that no other thread uses.
    pub(super) unsafe extern "C" fn wait(handler: *mut c_void, tries: c_int) -> c_int {
        // SAFETY: the connection owns the handler and closes before it is dropped; SQLite calls back on the thread that
        // uses the connection.
        let handler = unsafe { &*handler.cast::<Self>() };
        let left = handler.deadline.get().saturating_duration_since(Instant::now());
        if left.is_zero() {
            return 0;
        }
        let step = usize::try_from(tries).unwrap_or(0).min(DELAYS_MS.len() - 1);
        thread::sleep(Duration::from_millis(DELAYS_MS[step]).min(left));
        1
    }
}
