//! PostgreSQL is stopped as by a crash, and started again, while a process appends.

use std::time::{Duration, Instant};

use test_support::{Cluster, Dice, size, tell};

use crate::check::Checker;
use crate::writer::{Options, Writer};

/// From when the server takes connections again to the next receipt.
const RECOVERY: Duration = Duration::from_secs(5);
const TASKS: u64 = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t02_a_postgres_that_stops_immediately_has_lost_nothing_that_was_acknowledged() {
    let test = "immediate stop of PostgreSQL";
    let mut dice = Dice::new(test);
    let cluster = Cluster::start();
    let url = cluster.url("postgres");
    let mut writer = Writer::start(
        &url,
        &Options {
            tasks: TASKS,
            seed: dice.seed(),
            ..Options::default()
        },
    );
    writer.ready().await;
    let stops = size(2, 50);
    let (mut slowest_start, mut slowest, mut total) = (Duration::ZERO, Duration::ZERO, 0);
    for round in 0..stops {
        writer.acked(total + 1 + dice.below(200)).await;
        cluster.stop_immediately();
        // Nothing is acknowledged now: what comes beyond what is on its way to the disk is new.
        let before = writer.acks_on_disk() + TASKS * 2;
        let start = Instant::now();
        cluster.start_again();
        slowest_start = slowest_start.max(start.elapsed());
        let start = Instant::now();
        total = writer.acked(before + 1).await;
        let recovery = start.elapsed();
        assert!(
            recovery < RECOVERY,
            "round {round}: the next receipt came after {recovery:?}"
        );
        slowest = slowest.max(recovery);
    }
    let (status, left) = writer.ended().await;
    assert!(status.success(), "{status}: no manual step");
    let mut checker = Checker::default();
    checker.check(&url, &left).await;
    tell(
        test,
        &format!(
            "{stops} stops, {} receipts acknowledged and there, {} events verified, next receipt at most {} ms after the \
             server (its own start: at most {} ms)",
            checker.receipts,
            checker.events(),
            slowest.as_millis(),
            slowest_start.as_millis()
        ),
    );
}
