//! For whom the provider vouches, and who was sent there: every query on both engines.

use chrono::{DateTime, TimeDelta, Utc};
use storage::{identity, identity_attempt};
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

test_support::on_both_engines!(
    a_subject_is_one_account_and_an_account_one_subject,
    a_browser_that_was_sent_comes_back_once_in_time,
);

fn now() -> DateTime<Utc> {
    FixedClock::default().now()
}

async fn a_subject_is_one_account_and_an_account_one_subject(db: TestDatabase) {
    let db = db.database();
    let (one, other) = (Uuid::now_v7(), Uuid::now_v7());
    let link =
        async |hash: &'static [u8], whom| identity::link(db, hash, whom, now()).await.expect("an answer");
    assert!(link(b"subject", one).await);
    assert!(!link(b"subject", other).await, "it is somebody else");
    assert!(!link(b"another", one).await, "they have one");
    let found = identity::by_hash(db, b"subject").await.expect("an answer");
    let found = found.expect("a row");
    assert_eq!(
        (found.staff_id, found.linked_at, found.last_used_at),
        (one, now(), None)
    );
    assert_eq!(identity::by_hash(db, b"another").await.expect("an answer"), None);
    identity::used(db, b"subject", now()).await.expect("kept");
    let own = identity::of(db, one).await.expect("an answer").expect("a row");
    assert_eq!(own.last_used_at, Some(now()));
    assert_eq!(identity::of(db, other).await.expect("an answer"), None);
    assert!(identity::unlink(db, one).await.expect("an answer"));
    assert!(!identity::unlink(db, one).await.expect("an answer"));
    assert!(link(b"subject", other).await, "free again");
}

async fn a_browser_that_was_sent_comes_back_once_in_time(db: TestDatabase) {
    let db = db.database();
    let whom = Uuid::now_v7();
    let until = now() + TimeDelta::minutes(10);
    for (token, whom) in [(b"sign in", None), (b"linking", Some(whom)), (b"too old", None)] {
        identity_attempt::begin(db, token, whom, until)
            .await
            .expect("kept");
    }
    let take =
        async |token: &'static [u8], at| identity_attempt::take(db, token, at).await.expect("an answer");
    assert_eq!(take(b"unknown", now()).await, None);
    let both = tokio::join!(take(b"sign in", now()), take(b"sign in", now()));
    assert!(
        matches!(both, (Some(None), None) | (None, Some(None))),
        "{both:?}"
    );
    assert_eq!(take(b"linking", now()).await, Some(Some(whom)));
    assert_eq!(take(b"too old", until).await, None);
    let clean = async |before| identity_attempt::clean(db, before).await.expect("cleaned");
    assert_eq!(
        (clean(until).await, clean(until + TimeDelta::seconds(1)).await),
        (0, 1)
    );
}
