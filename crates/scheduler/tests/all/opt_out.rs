//! Whoever opts out gets nothing that was not already on its way, whatever a sender does at the same moment.

use app::App;
use chrono::TimeDelta;
use domain::mailing::event::SuppressionReason;
use domain::mailing::{Address, State};
use test_support::{FixedClock, TestDatabase, size, tell};
use uuid::Uuid;

use crate::mail::{claim, files, queue, start, state};
use crate::support::{node, someone};

test_support::on_both_engines!(
    t28_whoever_opts_out_between_queue_and_send_gets_nothing_after_that,
    an_opt_out_holds_at_once_in_a_log_whose_time_is_ahead_of_the_clock,
);

async fn opt_out(app: &App, address: &str) {
    let address = Address::parse(address).expect("an address");
    let reason = SuppressionReason::OptOut;
    app.suppress_address(&someone(app), Uuid::now_v7(), &address, None, reason, None)
        .await
        .expect("suppressed");
}

async fn t28_whoever_opts_out_between_queue_and_send_gets_nothing_after_that(db: TestDatabase) {
    let clock = FixedClock::default();
    let office = node(&db, &clock).await;
    let behind = node(&db, &clock).await;
    let outbox = tempfile::tempdir().expect("a folder");
    let sending = start(&behind, outbox.path());
    let times = size(30, 1_000);
    let (mut waited, mut sent) = (0, 0);
    for number in 0..times {
        let reader = format!("reader-{number}@example.jp");
        let id = queue(&office, &reader).await;
        opt_out(&office, &reader).await;
        // It waits after the opt-out is there, so it must not go.
        let waits = state(&office, id).await == State::Queued;
        waited += u64::from(waits);
        let end = loop {
            match state(&office, id).await {
                State::Queued | State::Claimed => tokio::task::yield_now().await,
                end => break end,
            }
        };
        match end {
            State::Accepted => sent += 1,
            State::Suppressed => {}
            other => panic!("{other:?}"),
        }
        assert!(!(waits && end == State::Accepted), "sent after the opt-out");
    }
    sending.stop().await;
    assert_eq!(files(outbox.path()).len(), sent);
    tell(
        "t28",
        &format!(
            "{times} opt-outs beside a sender: {sent} were on their way, {waited} waited, 0 of those sent"
        ),
    );
}

async fn an_opt_out_holds_at_once_in_a_log_whose_time_is_ahead_of_the_clock(db: TestDatabase) {
    let clock = FixedClock::default();
    let app = node(&db, &clock).await;
    let id = queue(&app, "a@example.com").await;
    clock.advance(TimeDelta::days(-1));
    opt_out(&app, "a@example.com").await;
    assert!(claim(&app, "here").await.is_empty());
    assert_eq!(state(&app, id).await, State::Suppressed);
}
