//! A handler that panics, wherever it does: that is a failed attempt, and whoever ran it goes on with the next job.

use chrono::TimeDelta;
use domain::job::JobState;
use test_support::{FixedClock, TestDatabase};

use crate::jobs::{job, start, until, wanted};
use crate::support::{Deed, Work, count, node};

test_support::on_both_engines!(
    t20_a_handler_that_panics_at_any_point_is_tried_again_and_given_up_while_its_worker_lives
);

async fn t20_a_handler_that_panics_at_any_point_is_tried_again_and_given_up_while_its_worker_lives(
    db: TestDatabase,
) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let mut id = Some(wanted(&app).await);
    for (number, deed) in [Deed::PanicAtOnce, Deed::Panic, Deed::PanicAtTheEnd]
        .into_iter()
        .enumerate()
    {
        let id = match id.take() {
            Some(id) => id,
            None => again(&app).await,
        };
        let work = Work::new(deed);
        let running = start(&app, work.clone());
        for attempt in 1..=3 {
            let failed = until(&app, id, |job| {
                job.attempt == attempt && job.state != JobState::Running
            })
            .await;
            assert_eq!(
                failed.error.as_deref(),
                Some("[panicked] it panicked"),
                "{deed:?}"
            );
            let state = if attempt == 3 {
                JobState::Dead
            } else {
                JobState::Ready
            };
            assert_eq!(failed.state, state, "{deed:?}, attempt {attempt}");
            clock.advance(TimeDelta::seconds(60));
        }
        assert_eq!(work.begun(), 3, "{deed:?}");
        assert_eq!(count(&app, "job.given_up").await, number + 1);
        // The same workers take the next job, and run it all the same.
        let next = again(&app).await;
        until(&app, next, |job| job.error.is_some()).await;
        assert_eq!(work.begun(), 4, "{deed:?}");
        running.stop().await;
        finish(&app, &clock, next).await;
    }
    assert_eq!(count(&app, "job.done").await, 3);
}

/// Another job of the schedule that there is.
async fn again(app: &app::App) -> domain::JobId {
    let schedules = storage::schedule::active(app.store().database()).await;
    let schedule = schedules.expect("an answer").pop().expect("the schedule");
    let change = app::schedule::ChangeSchedule {
        command_id: uuid::Uuid::now_v7(),
        id: schedule.id,
        expected_version: schedule.version,
    };
    let run = app.run_schedule_now(&crate::support::someone(app), change).await;
    run.expect("a run").job_id.expect("a job")
}

/// What failed under one handler is done under a good one.
async fn finish(app: &std::sync::Arc<app::App>, clock: &FixedClock, id: domain::JobId) {
    let running = start(app, Work::new(Deed::Succeed));
    clock.advance(TimeDelta::seconds(60));
    until(app, id, |job| job.state == JobState::Done).await;
    running.stop().await;
    assert!(job(app, id).await.attempt > 1);
}
