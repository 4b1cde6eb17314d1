//! For whom the provider vouches, and who was sent there: every query on both engines.

use chrono::{DateTime, TimeDelta, Utc};
use storage::identity_attempt::{VouchedNewcomer, Wanted};
use storage::{identity, identity_attempt};
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

test_support::on_both_engines!(
    a_subject_is_one_account_and_an_account_one_subject,
    a_browser_that_was_sent_comes_back_once_in_time,
    whoever_was_invited_and_vouched_for_is_known_until_they_have_joined,
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
        let wanted = Wanted {
            staff_id: whom,
            ..Wanted::default()
        };
        identity_attempt::begin(db, token, &wanted, until)
            .await
            .expect("kept");
    }
    let take =
        async |token: &'static [u8], at| identity_attempt::take(db, token, at).await.expect("an answer");
    assert_eq!(take(b"unknown", now()).await, None);
    let both = tokio::join!(take(b"sign in", now()), take(b"sign in", now()));
    assert!(
        both == (Some(Wanted::default()), None) || both == (None, Some(Wanted::default())),
        "{both:?}"
    );
    let linking = take(b"linking", now()).await.expect("it was sent");
    assert_eq!(linking.staff_id, Some(whom));
    assert_eq!(take(b"too old", until).await, None);
    let clean = async |before| identity_attempt::clean(db, before).await.expect("cleaned");
    assert_eq!(
        (clean(until).await, clean(until + TimeDelta::seconds(1)).await),
        (0, 1)
    );
}

async fn whoever_was_invited_and_vouched_for_is_known_until_they_have_joined(db: TestDatabase) {
    let db = db.database();
    let until = now() + TimeDelta::minutes(15);
    let wanted = Wanted {
        staff_id: None,
        invitation_hash: Some(b"link".to_vec()),
    };
    identity_attempt::begin(db, b"sent", &wanted, until)
        .await
        .expect("kept");
    let vouched = async |token: &'static [u8], at| {
        let found = identity_attempt::vouched(db, token, at).await;
        found.expect("an answer")
    };
    assert_eq!(vouched(b"sent", now()).await, None, "they have not come back");
    let taken = identity_attempt::take(db, b"sent", now()).await;
    assert_eq!(taken.expect("an answer"), Some(wanted));
    let newcomer = VouchedNewcomer {
        invitation_hash: b"link".to_vec(),
        subject_hash: b"subject".to_vec(),
    };
    identity_attempt::vouch(db, b"back", &newcomer, until)
        .await
        .expect("kept");
    let again = identity_attempt::take(db, b"back", now()).await;
    assert_eq!(again.expect("an answer"), None, "nobody comes back with it");
    assert_eq!(vouched(b"back", until).await, None, "too late");
    assert_eq!(vouched(b"back", now()).await, Some(newcomer));
    identity_attempt::end(db, b"back").await.expect("ended");
    assert_eq!(vouched(b"back", now()).await, None);
}
