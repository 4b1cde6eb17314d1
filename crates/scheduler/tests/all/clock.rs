//! One clock decides what is due: on PostgreSQL the server's, whatever the clock of a node says.

use std::sync::Arc;

use app::{TimeSource, Unready};
use chrono::TimeDelta;
use domain::schedule::Misfire;
use event_store::DatabaseOptions;
use test_support::{Dice, FixedClock, ServerClock, TestDatabase};

use crate::support::{count, define, input, office_over};

/// Further than that no jump goes.
const A_YEAR: i64 = 365 * 24 * 60;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn t18_the_clock_of_one_node_of_three_jumps_a_hundred_times_and_each_firing_comes_once_and_on_time() {
    let db = TestDatabase::postgres().await;
    let right = FixedClock::default();
    let wrong = FixedClock::default();
    let server = ServerClock::take_over(&db).await;
    server.set(right.now()).await;
    let mut nodes = Vec::new();
    for clock in [&right, &right, &wrong] {
        let database = db.open_again(DatabaseOptions::default()).await;
        nodes.push(office_over(&db, database, clock, TimeSource::Database).await);
    }
    let (honest, astray) = (Arc::clone(&nodes[0]), Arc::clone(&nodes[2]));
    define(&honest, &input("* * * * *", Misfire::All { at_most: 100 })).await;
    wrong.advance(TimeDelta::hours(5));
    define(&astray, &input("*/1 * * * *", Misfire::Skip)).await;

    let mut dice = Dice::new("t18 jumps");
    let mut jumps: Vec<i64> = vec![-60, 60, A_YEAR, -A_YEAR];
    jumps.extend((0..96).map(|_| {
        let minutes = i64::try_from(dice.below(2 * 3 * 24 * 60)).expect("few");
        minutes - 3 * 24 * 60
    }));
    for (step, jump) in (1..).zip(jumps) {
        right.advance(TimeDelta::minutes(1));
        wrong.advance(TimeDelta::minutes(jump));
        server.set(right.now()).await;
        // Whoever comes first looks after the schedules; often it is the one whose clock is wrong.
        let first = usize::try_from(dice.below(3)).expect("few");
        nodes.rotate_left(first);
        for node in &nodes {
            let at = node.due_time().await.expect("a time");
            assert_eq!(at, right.now());
            let until = at + TimeDelta::seconds(30);
            if let Some(tenure) = node.take_schedules("node", at, until).await.expect("an answer") {
                node.fire_due(tenure).await.expect("a look");
            }
        }
        assert_eq!(
            count(&honest, "schedule.fired").await,
            2 * step,
            "after {step} minutes"
        );
        let far = (wrong.now() - right.now()).abs() > TimeDelta::seconds(2);
        let ready = astray.readiness().await;
        assert_eq!(matches!(ready, Err(Unready::Clock(_))), far, "{ready:?}");
    }
    assert_eq!(count(&honest, "schedule.missed").await, 0);
    honest.readiness().await.expect("its clock is right");
}
