//! The disk is full, or fails: nothing is acknowledged that is not kept, the reason is said, and a full disk heals.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use test_support::{Cluster, Dice, SmallDisk, TestDatabase, size, tell};

use crate::check::{Checker, open};
use crate::shim::{DiskShim, Fault};
use crate::writer::{Left, Options, Writer};

const TASKS: u64 = 4;

fn options<'o>(dice: &mut Dice, environment: &'o [(&'static str, PathBuf)]) -> Options<'o> {
    Options {
        tasks: TASKS,
        seed: dice.seed(),
        environment,
        ..Options::default()
    }
}

/// Waits for receipts that can only have come after now.
async fn new_receipts(writer: &mut Writer) {
    let before = writer.acks_on_disk() + TASKS * 2;
    writer.acked(before + 1).await;
}

fn said_full(left: &Left) -> usize {
    let refusals = left.refusals.iter();
    refusals
        .filter(|reason| reason.contains("disk of the database is full"))
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t33_sqlite_that_finds_no_space_at_any_write_acknowledges_nothing_and_goes_on_when_there_is_space() {
    let test = "no space at any write, Sqlite";
    let mut dice = Dice::new(test);
    let db = TestDatabase::sqlite().await;
    db.database().close().await;
    let shim = DiskShim::under(db.folder().expect("SQLite has one"));
    let mut writer = Writer::start(db.url(), &options(&mut dice, &shim.environment()));
    writer.ready().await;
    let rounds = size(8, 100);
    for n in 0..rounds {
        new_receipts(&mut writer).await;
        shim.fail(Fault::NoSpace, n);
        writer.until("refused the disk of the database is full").await;
        assert!(shim.failed() > 0, "round {n}");
        shim.heal();
    }
    new_receipts(&mut writer).await;
    let (status, left) = writer.ended().await;
    assert!(status.success(), "{status}: no repair, no new start");
    let mut checker = Checker::default();
    checker.check(db.url(), &left).await;
    tell(
        test,
        &format!(
            "{rounds} times full, refused {} times with the reason, {} receipts acknowledged and there",
            said_full(&left),
            checker.receipts
        ),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t34_sqlite_whose_sync_or_write_fails_stops_writing_says_why_and_goes_on_after_a_new_start() {
    let test = "failing sync and write, Sqlite";
    let mut dice = Dice::new(test);
    let db = TestDatabase::sqlite().await;
    db.database().close().await;
    let shim = DiskShim::under(db.folder().expect("SQLite has one"));
    let mut checker = Checker::default();
    let rounds = size(3, 50);
    for fault in [Fault::SyncFails, Fault::WriteFails] {
        for n in 0..rounds {
            let mut writer = Writer::start(db.url(), &options(&mut dice, &shim.environment()));
            writer.ready().await;
            new_receipts(&mut writer).await;
            shim.fail(fault, n);
            let reason = writer.until("stopped").await;
            assert!(
                reason.contains("since the disk of the database failed"),
                "{reason}"
            );
            // The disk is good again, and still this process does not write on top of what it may have lost.
            shim.heal();
            let acknowledged = writer.acks_on_disk();
            let (_, left) = writer.ended().await;
            let after = u64::try_from(left.acks.lines().count()).expect("few") - acknowledged;
            assert!(
                after <= TASKS * 2,
                "{after} receipts were given after writing had stopped"
            );
            checker.check(db.url(), &left).await;
        }
    }
    checker.check_everything(db.url()).await;
    tell(
        test,
        &format!(
            "{rounds} times a failing sync, {rounds} times a failing write, stopped each time, {} receipts acknowledged and \
             there after the next start",
            checker.receipts
        ),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t34_one_failed_sync_is_enough_to_stop_sqlite() {
    let mut dice = Dice::new("one failing sync, Sqlite");
    let db = TestDatabase::sqlite().await;
    db.database().close().await;
    let shim = DiskShim::under(db.folder().expect("SQLite has one"));
    let mut writer = Writer::start(db.url(), &options(&mut dice, &shim.environment()));
    writer.ready().await;
    new_receipts(&mut writer).await;
    shim.fail(Fault::OneSyncFails, 0);
    writer.until("stopped").await;
    assert_eq!(shim.failed(), 1);
    let (_, left) = writer.ended().await;
    let mut checker = Checker::default();
    checker.check(db.url(), &left).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t34_postgres_whose_sync_fails_acknowledges_nothing_and_goes_on_when_the_disk_is_good_again() {
    let test = "failing sync, Postgres";
    let mut dice = Dice::new(test);
    let folder = TempDir::new().expect("a temporary folder");
    let shim = DiskShim::under(folder.path());
    let environment = shim.environment();
    let environment: Vec<(&str, &Path)> = environment
        .iter()
        .map(|(name, path)| (*name, path.as_path()))
        .collect();
    let cluster = Cluster::start_in(folder.path(), &environment);
    let url = cluster.url("postgres");
    let mut writer = Writer::start(&url, &options(&mut dice, &[]));
    writer.ready().await;
    let rounds = size(1, 20);
    for n in 0..rounds {
        new_receipts(&mut writer).await;
        shim.fail(Fault::SyncFails, n);
        until_failed(&shim).await;
        shim.heal();
        // The server may have restarted itself, or have given up because its own recovery could not sync either.
        until_up(&cluster, &url).await;
    }
    new_receipts(&mut writer).await;
    let (status, left) = writer.ended().await;
    assert!(status.success(), "{status}");
    let mut checker = Checker::default();
    checker.check(&url, &left).await;
    tell(
        test,
        &format!(
            "{rounds} times a failing sync, {} refusals, {} receipts acknowledged and there",
            left.refusals.len(),
            checker.receipts
        ),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t33_sqlite_on_a_full_file_system_says_so_and_goes_on_when_there_is_space() {
    let test = "full file system, Sqlite";
    let Some(disk) = SmallDisk::mount("12m") else {
        return tell(
            test,
            "not run: this user may not mount; the other tests make calls fail",
        );
    };
    let url = format!("sqlite:{}", disk.path().join("sengen.db").display());
    open(&url).await.database().close().await;
    full_and_free_again(test, &url, &disk, || {}).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t33_postgres_on_a_full_file_system_acknowledges_nothing_and_goes_on_when_there_is_space() {
    let test = "full file system, Postgres";
    let Some(disk) = SmallDisk::mount("120m") else {
        return tell(
            test,
            "not run: this user may not mount; the other tests make calls fail",
        );
    };
    let cluster = Cluster::start_in(disk.path(), &[]);
    let url = cluster.url("postgres");
    full_and_free_again(test, &url, &disk, || {
        // It ends itself when it finds no space for its own log of writes.
        if !cluster.answers() {
            cluster.try_start();
        }
    })
    .await;
}

async fn full_and_free_again(test: &str, url: &str, disk: &SmallDisk, help: impl Fn()) {
    let mut dice = Dice::new(test);
    let mut writer = Writer::start(url, &options(&mut dice, &[]));
    writer.ready().await;
    let rounds = size(1, 10);
    for _ in 0..rounds {
        new_receipts(&mut writer).await;
        disk.fill();
        writer.until("refused").await;
        disk.free();
        help();
        new_receipts(&mut writer).await;
    }
    let (status, left) = writer.ended().await;
    assert!(status.success(), "{status}: no repair");
    let mut checker = Checker::default();
    checker.check(url, &left).await;
    tell(
        test,
        &format!(
            "{rounds} times full, {} refusals ({} of them: the disk is full), {} receipts acknowledged and there",
            left.refusals.len(),
            said_full(&left),
            checker.receipts
        ),
    );
}

async fn until_failed(shim: &DiskShim) {
    let patience = Instant::now() + Duration::from_secs(30);
    while shim.failed() == 0 {
        assert!(Instant::now() < patience, "the server did not sync");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn until_up(cluster: &Cluster, url: &str) {
    let patience = Instant::now() + Duration::from_mins(1);
    while event_store::Database::open(url).await.is_err() {
        assert!(
            Instant::now() < patience,
            "PostgreSQL does not come up:\n{}",
            cluster.log()
        );
        if !cluster.answers() {
            cluster.try_start();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
