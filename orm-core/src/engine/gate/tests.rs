use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::{Gate, ReadTurn, Rule, WriteTurn};
use crate::error::ErrorKind;

fn never() -> Instant {
    Instant::now() + Duration::from_secs(600)
}

fn at_once() -> Instant {
    Instant::now()
}

fn until_waiting(gate: &Gate, threads: usize) {
    while gate.queue.waiting() != threads {
        thread::yield_now();
    }
}

/// The same where the waiter may have given up before it was seen.
fn until_waiting_or_finished<T>(gate: &Gate, threads: usize, waiter: &thread::ScopedJoinHandle<'_, T>) {
    while gate.queue.waiting() != threads && !waiter.is_finished() {
        thread::yield_now();
    }
}

/// Runs `f` on another thread and gives what it gives.
fn elsewhere<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| scope.spawn(f).join().unwrap())
}

#[test]
fn turns_can_move_to_another_thread_with_their_session() {
    fn sent<T: Send>() {}
    sent::<WriteTurn>();
    sent::<ReadTurn>();
}

#[test]
fn writers_get_their_turns_in_order_of_arrival_and_nobody_overtakes() {
    let gate = Gate::new(Rule::Writers);
    let order = Mutex::new(Vec::new());
    let first = gate.write(at_once()).unwrap();
    thread::scope(|scope| {
        for number in 0..5 {
            let (gate, order) = (&gate, &order);
            scope.spawn(move || {
                let _turn = gate.write(never()).unwrap();
                order.lock().unwrap().push(number);
            });
            until_waiting(gate, number + 1);
        }
        drop(first);
        let _turn = gate.write(never()).unwrap();
        order.lock().unwrap().push(99);
    });
    assert_eq!(order.into_inner().unwrap(), [0, 1, 2, 3, 4, 99]);
}

#[test]
fn a_passed_deadline_is_busy_and_names_the_statement_that_holds_the_turn() {
    let gate = Gate::new(Rule::Writers);
    let turn = gate.write(at_once()).unwrap();
    let silent = elsewhere(|| gate.write(at_once()).unwrap_err());
    assert_eq!(
        silent.to_string(),
        "the turn to write did not come before the deadline: it is held by a session that has sent no statement yet; \
         keep transactions short, or raise `busy_timeout`"
    );
    turn.says(Arc::from("UPDATE \"main\".\"users\" SET \"age\" = ?1"));
    let error = elsewhere(|| gate.write(at_once()).unwrap_err());
    assert!(error.is_busy());
    assert_eq!(
        error.to_string(),
        "the turn to write did not come before the deadline: it is held by a session that runs `UPDATE \
         \"main\".\"users\" SET \"age\" = ?1`; keep transactions short, or raise `busy_timeout`"
    );
}

#[test]
fn a_long_statement_is_cut_in_the_error() {
    let gate = Gate::new(Rule::Writers);
    let turn = gate.write(at_once()).unwrap();
    turn.says("ä".repeat(10_000).into());
    let error = elsewhere(|| gate.write(at_once()).unwrap_err());
    assert!(error.to_string().len() < 600, "{error}");
}

#[test]
fn a_thread_that_holds_the_turn_is_told_so_at_once() {
    let gate = Gate::new(Rule::Writers);
    let _turn = gate.write(at_once()).unwrap();
    assert_eq!(gate.write(never()).unwrap_err().kind(), ErrorKind::WouldDeadlock);
}

#[test]
fn the_holder_is_the_thread_that_last_ran_a_statement_with_the_turn() {
    let gate = Gate::new(Rule::Writers);
    let turn = gate.write(at_once()).unwrap();
    let there = elsewhere(|| {
        turn.says(Arc::from("DELETE FROM t"));
        gate.write(never()).unwrap_err().kind()
    });
    let here = gate.write(at_once()).unwrap_err().kind();
    assert_eq!((there, here), (ErrorKind::WouldDeadlock, ErrorKind::Busy));
}

#[test]
fn a_turn_ends_with_its_guard_and_with_a_panic() {
    let gate = Gate::new(Rule::Writers);
    drop(gate.write(at_once()).unwrap());
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _turn = gate.write(at_once()).unwrap();
        panic!("on purpose");
    }));
    assert!(panicked.is_err());
    assert!(gate.write(at_once()).is_ok());
}

#[test]
fn readers_share_and_a_writer_is_alone() {
    let gate = Gate::new(Rule::ReadersAndWriters);
    let here = gate.read(at_once()).unwrap();
    elsewhere(|| {
        let _there = gate.read(at_once()).unwrap();
        let error = elsewhere(|| gate.write(at_once()).unwrap_err());
        assert_eq!(
            error.to_string(),
            "the turn to write did not come before the deadline: it is held by 2 open iterators or snapshots, or those \
             who came earlier; keep transactions short, or raise `busy_timeout`"
        );
    });
    drop(here);
    let turn = gate.write(at_once()).unwrap();
    assert!(elsewhere(|| gate.read(at_once()).unwrap_err()).is_busy());
    drop(turn);
    assert!(gate.read(at_once()).is_ok());
}

#[test]
fn a_reader_stands_behind_a_waiting_writer_unless_its_thread_reads_already() {
    let gate = Gate::new(Rule::ReadersAndWriters);
    let order = Mutex::new(Vec::new());
    let turn = gate.read(at_once()).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            let _turn = gate.write(never()).unwrap();
            order.lock().unwrap().push("writer");
        });
        until_waiting(&gate, 1);
        scope.spawn(|| {
            let _turn = gate.read(never()).unwrap();
            order.lock().unwrap().push("reader");
        });
        until_waiting(&gate, 2);
        let another = gate.read(at_once()).unwrap();
        drop(turn);
        order.lock().unwrap().push("this thread");
        drop(another);
    });
    assert_eq!(order.into_inner().unwrap(), ["this thread", "writer", "reader"]);
}

#[test]
fn a_thread_that_reads_cannot_write_through_another_session_nor_the_reverse() {
    let gate = Gate::new(Rule::ReadersAndWriters);
    let turn = gate.read(at_once()).unwrap();
    assert_eq!(gate.write(never()).unwrap_err().kind(), ErrorKind::WouldDeadlock);
    drop(turn);
    let _turn = gate.write(at_once()).unwrap();
    assert_eq!(gate.read(never()).unwrap_err().kind(), ErrorKind::WouldDeadlock);
}

#[test]
fn readers_of_a_file_never_wait_and_a_single_connection_needs_no_turns() {
    let file = Gate::new(Rule::Writers);
    let _writer = file.write(at_once()).unwrap();
    assert!(file.read(at_once()).is_ok());
    let single = Gate::new(Rule::Nobody);
    let first = single.write(at_once()).unwrap();
    first.says(Arc::from("SELECT 1"));
    let second = single.write(at_once());
    assert!(second.is_ok() && single.read(at_once()).is_ok());
}

#[test]
fn a_writer_that_gives_up_lets_the_readers_behind_it_go() {
    let gate = Gate::new(Rule::ReadersAndWriters);
    let _turn = gate.read(at_once()).unwrap();
    thread::scope(|scope| {
        let writer = scope.spawn(|| gate.write(Instant::now() + Duration::from_millis(200)).map(drop));
        until_waiting_or_finished(&gate, 1, &writer);
        let readers = [(); 3].map(|()| scope.spawn(|| gate.read(never()).map(drop)));
        assert!(writer.join().unwrap().unwrap_err().is_busy());
        for reader in readers {
            assert!(reader.join().unwrap().is_ok());
        }
    });
    assert_eq!(gate.queue.waiting(), 0);
}

#[test]
fn a_waiter_that_gives_up_in_the_middle_leaves_the_others_in_order() {
    let gate = Gate::new(Rule::Writers);
    let turn = gate.write(at_once()).unwrap();
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        let ask = |number: usize, deadline: Instant| {
            let (gate, send) = (&gate, send.clone());
            scope.spawn(move || {
                let turn = gate.write(deadline);
                send.send((number, turn.is_ok())).unwrap();
            })
        };
        ask(0, never());
        until_waiting(&gate, 1);
        // long enough for the third to be in line as well
        let middle = ask(1, Instant::now() + Duration::from_millis(300));
        until_waiting_or_finished(&gate, 2, &middle);
        ask(2, never());
        until_waiting_or_finished(&gate, 3, &middle);
        middle.join().unwrap();
        until_waiting(&gate, 2);
        drop(turn);
    });
    drop(send);
    assert_eq!(receive.into_iter().collect::<Vec<_>>(), [(1, false), (0, true), (2, true)]);
}

#[test]
fn under_a_hail_of_requests_writers_are_alone_and_no_wake_up_is_lost() {
    for rule in [Rule::Writers, Rule::ReadersAndWriters] {
        let gate = Gate::new(rule);
        let inside = AtomicI32::new(0);
        let (granted, given_up) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for thread in 0..8_usize {
                let (gate, inside, granted, given_up) = (&gate, &inside, &granted, &given_up);
                scope.spawn(move || {
                    for round in 0..2000_usize {
                        let mix = thread * 7 + round * 13;
                        let deadline =
                            if mix % 5 == 0 { Instant::now() + Duration::from_micros(20) } else { never() };
                        let done = if rule == Rule::Writers || mix % 3 == 0 {
                            gate.write(deadline).map(|_turn| {
                                assert_eq!(inside.swap(-1, Ordering::SeqCst), 0, "somebody else is inside");
                                assert_eq!(inside.swap(0, Ordering::SeqCst), -1, "somebody else came in");
                            })
                        } else {
                            gate.read(deadline).map(|_turn| {
                                let _again = gate.read(at_once()).unwrap();
                                assert!(inside.fetch_add(1, Ordering::SeqCst) >= 0, "a writer is inside");
                                inside.fetch_sub(1, Ordering::SeqCst);
                            })
                        };
                        if done.is_ok() { granted } else { given_up }.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        assert_eq!(granted.into_inner() + given_up.into_inner(), 16_000);
        assert_eq!(gate.queue.waiting(), 0);
        assert!(gate.write(at_once()).is_ok());
    }
}
