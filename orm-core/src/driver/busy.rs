use std::cell::Cell;
use std::os::raw::{c_int, c_void};
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

/// How long to sleep before the n-th try: SQLite's own steps.
const DELAYS_MS: [u64; 12] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];

/// Until when a connection waits for SQLite's lock.
///
/// Usually the clock starts at the first wait, so that a statement that waits for nothing does not ask for the time. A
/// call that has waited elsewhere before sets its deadline.
pub(super) struct BusyHandler {
    timeout: Cell<Duration>,
    deadline: Cell<Option<Instant>>,
    waiting_until: Cell<Option<Instant>>,
}

impl BusyHandler {
    pub(super) fn new() -> Rc<Self> {
        Rc::new(Self {
            timeout: Cell::new(Duration::ZERO),
            deadline: Cell::new(None),
            waiting_until: Cell::new(None),
        })
    }

    pub(super) fn set_timeout(&self, timeout: Duration) {
        self.timeout.set(timeout);
    }

    pub(super) fn set_deadline(&self, deadline: Option<Instant>) {
        self.deadline.set(deadline);
    }

    fn left(&self, first_try: bool) -> Duration {
        let now = Instant::now();
        if first_try {
            self.waiting_until.set(self.deadline.get().or_else(|| now.checked_add(self.timeout.get())));
        }
        // a timeout that no clock can show means for ever
        self.waiting_until.get().map_or(Duration::MAX, |until| until.saturating_duration_since(now))
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
        let left = handler.left(tries == 0);
        if left.is_zero() {
            return 0;
        }
        let step = usize::try_from(tries).unwrap_or(0).min(DELAYS_MS.len() - 1);
        thread::sleep(Duration::from_millis(DELAYS_MS[step]).min(left));
        1
    }
}
