//! The process is killed: at any moment, at each numbered step of an append, and at each write to the disk.

use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

use event_store::Position;
use test_support::{Dice, TestDatabase, on_both_engines, size, tell};

use crate::check::{Checker, open};
use crate::shim::{DiskShim, Fault};
use crate::writer::{Options, Writer};

on_both_engines!(
    t01_a_process_that_is_killed_under_load_has_lost_nothing_that_it_acknowledged,
    t04_an_append_that_is_killed_at_any_of_its_steps_is_there_or_is_not,
    t04_appends_of_many_callers_that_are_killed_at_each_step_are_there_or_are_not,
);

/// From the start of the process to its first receipt.
const READY: Duration = Duration::from_secs(5);

async fn t01_a_process_that_is_killed_under_load_has_lost_nothing_that_it_acknowledged(db: TestDatabase) {
    let test = format!("kill -9 under load, {:?}", db.database().engine());
    // With a connection of ours open, SQLite would have nothing to recover.
    db.database().close().await;
    let mut dice = Dice::new(&test);
    let mut checker = Checker::default();
    let (mut waiting, mut slowest) = (None, Duration::ZERO);
    let kills = size(3, 200);
    for round in 0..kills {
        let mut writer = Writer::start(
            db.url(),
            &Options {
                tasks: 8,
                seed: dice.seed(),
                ..Options::default()
            },
        );
        writer.ready().await;
        let acked = writer.acked(1).await;
        let ready = writer.age();
        assert!(
            ready < READY,
            "round {round}: the first receipt came after {ready:?}"
        );
        slowest = slowest.max(ready);
        // Half of what was left is recovered by the next writer, half by the check.
        if let Some(left) = waiting.take() {
            checker.check(db.url(), &left).await;
        }
        writer.acked(acked + dice.below(300)).await;
        let left = writer.kill().await;
        if dice.below(2) == 0 {
            checker.check(db.url(), &left).await;
        } else {
            waiting = Some(left);
        }
    }
    if let Some(left) = waiting {
        checker.check(db.url(), &left).await;
    }
    checker.check_everything(db.url()).await;
    tell(
        &test,
        &format!(
            "{kills} kills, {} receipts acknowledged and there, {} events verified, first receipt after at most {} ms",
            checker.receipts,
            checker.events(),
            slowest.as_millis()
        ),
    );
}

async fn t04_an_append_that_is_killed_at_any_of_its_steps_is_there_or_is_not(db: TestDatabase) {
    let test = format!("kill at each step of one append, {:?}", db.database().engine());
    db.database().close().await;
    let mut checker = Checker::default();
    let mut head = Position::START;
    let points = event_store::fault::POINTS;
    for (n, point) in (1..).zip(points) {
        let writer = Writer::start(
            db.url(),
            &Options {
                tasks: 1,
                commands: 1,
                seed: n,
                abort_at: n,
                ..Options::default()
            },
        );
        let (status, left) = writer.ended().await;
        assert_eq!(status.signal(), Some(6), "{point}: {status}");
        assert_eq!(left.acks, "", "{point}: the caller had no answer");
        checker.check(db.url(), &left).await;
        let store = open(db.url()).await;
        let now = store.head().await.expect("read");
        store.database().close().await;
        assert_eq!(now > head, point == "committed", "{point}: {head} became {now}");
        head = now;
    }
    tell(&test, &format!("{} steps: {}", points.len(), points.join(", ")));
}

async fn t04_appends_of_many_callers_that_are_killed_at_each_step_are_there_or_are_not(db: TestDatabase) {
    let test = format!("kill at each step of many appends, {:?}", db.database().engine());
    db.database().close().await;
    let mut dice = Dice::new(&test);
    let mut checker = Checker::default();
    let stride = size(7, 1);
    let mut runs = 0;
    for n in (1..).map(|run| 1 + (run - 1) * stride) {
        let writer = Writer::start(
            db.url(),
            &Options {
                tasks: 6,
                commands: 4,
                seed: dice.seed(),
                abort_at: n,
                ..Options::default()
            },
        );
        let (status, left) = writer.ended().await;
        checker.check(db.url(), &left).await;
        if status.success() {
            break;
        }
        assert_eq!(status.signal(), Some(6), "{status}");
        runs += 1;
    }
    checker.check_everything(db.url()).await;
    tell(
        &test,
        &format!(
            "{runs} kills, {} receipts acknowledged and there",
            checker.receipts
        ),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t04_a_sqlite_file_survives_a_kill_before_each_write_and_each_sync() {
    let test = "kill before each write and sync, Sqlite";
    let db = TestDatabase::sqlite().await;
    db.database().close().await;
    let shim = DiskShim::under(db.folder().expect("SQLite has one"));
    let mut checker = Checker::default();
    let stride = size(5, 1);
    let mut runs = 0;
    for n in (0..).map(|run| run * stride) {
        shim.fail(Fault::Kill, n);
        let writer = Writer::start(
            db.url(),
            &Options {
                tasks: 2,
                commands: size(3, 10),
                seed: n + 1,
                environment: &shim.environment(),
                ..Options::default()
            },
        );
        let (status, left) = writer.ended().await;
        shim.heal();
        checker.check(db.url(), &left).await;
        if status.success() {
            break;
        }
        assert_eq!(status.signal(), Some(9), "{status}");
        runs += 1;
    }
    assert!(runs > 3, "the disk was killed at {runs} calls only");
    checker.check_everything(db.url()).await;
    tell(
        test,
        &format!(
            "{runs} kills, {} receipts acknowledged and there",
            checker.receipts
        ),
    );
}
