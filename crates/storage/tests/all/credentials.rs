//! What ends with a password or a second factor, and links to another password: on both engines.

use chrono::{DateTime, TimeDelta, Utc};
use event_store::Database;
use storage::session::Session;
use storage::sign_in_attempt::SignInAttempt;
use storage::totp::Totp;
use storage::{credential, password_link, session, sign_in_attempt, totp};
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

test_support::on_both_engines!(
    what_an_old_password_opened_ends_with_it_and_nothing_of_anybody_else,
    what_was_open_ends_when_a_second_factor_is_set_up_or_removed,
    a_link_to_another_password_is_used_once_and_a_newer_one_takes_it_back,
);

fn now() -> DateTime<Utc> {
    FixedClock::default().now()
}

async fn begin_session(db: &Database, id: &[u8], staff_id: Uuid) {
    let begun = Session {
        staff_id,
        created_at: now(),
        last_seen_at: now(),
        expires_at: now() + TimeDelta::minutes(30),
        absolute_expires_at: now() + TimeDelta::hours(12),
        ended_at: None,
        address: None,
        user_agent: None,
        method: None,
        passkey_at: None,
        fresh_at: None,
    };
    session::begin(db, id, &begun).await.expect("kept");
}

async fn begin_attempt(db: &Database, token: &[u8], staff_id: Uuid) {
    let attempt = SignInAttempt {
        staff_id,
        created_at: now(),
        expires_at: now() + TimeDelta::minutes(10),
        user_agent: None,
    };
    sign_in_attempt::begin(db, token, &attempt).await.expect("kept");
}

async fn is_open(db: &Database, id: &[u8]) -> bool {
    let found = session::load(db, id).await.expect("an answer");
    found.is_some_and(|found| found.ended_at.is_none())
}

async fn waits(db: &Database, token: &[u8]) -> bool {
    let whose = sign_in_attempt::whose(db, token, now(), 5, None).await;
    whose.expect("an answer").is_some()
}

async fn link(db: &Database, token: &[u8], staff_id: Uuid) {
    let until = now() + TimeDelta::hours(24);
    password_link::make(db, token, staff_id, now(), until)
        .await
        .expect("made");
}

async fn what_an_old_password_opened_ends_with_it_and_nothing_of_anybody_else(db: TestDatabase) {
    let db = db.database();
    let (owner, other) = (Uuid::now_v7(), Uuid::now_v7());
    credential::set(db, owner, "old", now()).await.expect("set");
    for (id, whose) in [(b"one", owner), (b"two", owner), (b"ano", other)] {
        begin_session(db, id, whose).await;
    }
    begin_attempt(db, b"half", owner).await;
    begin_attempt(db, b"other half", other).await;
    link(db, b"link", owner).await;
    link(db, b"other link", other).await;
    let keep: &[u8] = b"two";
    credential::replace(db, owner, "new", Some(keep), now())
        .await
        .expect("replaced");
    let hash = credential::load(db, owner).await.expect("an answer");
    assert_eq!(hash.as_deref(), Some("new"));
    let open = [
        is_open(db, b"one").await,
        is_open(db, b"two").await,
        is_open(db, b"ano").await,
    ];
    assert_eq!(open, [false, true, true]);
    assert_eq!(
        (waits(db, b"half").await, waits(db, b"other half").await),
        (false, true)
    );
    assert!(
        !password_link::use_up(db, b"link", now())
            .await
            .expect("an answer")
    );
    assert!(
        password_link::use_up(db, b"other link", now())
            .await
            .expect("an answer")
    );
    credential::replace(db, owner, "newer", None, now())
        .await
        .expect("replaced");
    assert!(!is_open(db, b"two").await && is_open(db, b"ano").await);
}

async fn what_was_open_ends_when_a_second_factor_is_set_up_or_removed(db: TestDatabase) {
    let db = db.database();
    let owner = Uuid::now_v7();
    let proposed = Totp {
        subject_id: Uuid::from_u128(5),
        sealed: b"sealed".to_vec(),
        last_step: 0,
        made_at: now(),
    };
    totp::propose(db, owner, &proposed).await.expect("kept");
    begin_session(db, b"kept", owner).await;
    begin_session(db, b"else", owner).await;
    let confirm = async |sealed: &'static [u8]| {
        let confirmed = totp::confirm(db, owner, sealed, 7, &[[1; 32]], b"kept", now()).await;
        confirmed.expect("an answer")
    };
    assert!(!confirm(b"another").await);
    assert!(is_open(db, b"else").await, "nothing was changed");
    assert!(confirm(b"sealed").await);
    assert!(is_open(db, b"kept").await && !is_open(db, b"else").await);
    begin_attempt(db, b"half", owner).await;
    totp::remove(db, owner, None, now()).await.expect("removed");
    assert!(!is_open(db, b"kept").await && !waits(db, b"half").await);
}

async fn a_link_to_another_password_is_used_once_and_a_newer_one_takes_it_back(db: TestDatabase) {
    let db = db.database();
    let owner = Uuid::now_v7();
    let use_up = async |token: &'static [u8], at| {
        let used = password_link::use_up(db, token, at).await;
        used.expect("an answer")
    };
    link(db, b"one", owner).await;
    let (made, until) = (now() + TimeDelta::seconds(1), now() + TimeDelta::hours(24));
    for token in [b"two", b"tri"] {
        password_link::make(db, token, owner, made, until)
            .await
            .expect("made");
    }
    let revoke_earlier = async |token: &'static [u8]| {
        let revoked = password_link::revoke_earlier(db, owner, token, now()).await;
        revoked.expect("an answer");
    };
    revoke_earlier(b"one").await;
    revoke_earlier(b"two").await;
    assert!(!use_up(b"one", now()).await, "it was taken back");
    assert!(password_link::revoke(db, b"tri", now()).await.expect("an answer"));
    assert!(!use_up(b"tri", now()).await, "this one too");
    assert!(
        !use_up(b"two", now() + TimeDelta::hours(24)).await,
        "it has expired"
    );
    let (first, second) = tokio::join!(use_up(b"two", now()), use_up(b"two", now()));
    assert_ne!(first, second, "one of two");
    let found = password_link::load(db, b"two").await.expect("an answer");
    let found = found.expect("it is there");
    assert_eq!((found.staff_id, found.used_at), (owner, Some(now())));
    assert!(!found.holds_at(now()));
    let back = password_link::give_back(db, b"two", now()).await;
    assert!(back.expect("an answer"));
    assert!(use_up(b"two", now()).await, "given back, it works");
    assert_eq!(password_link::load(db, b"none").await.expect("an answer"), None);
    let clean = async |before| password_link::clean(db, before).await.expect("cleaned");
    assert_eq!(clean(now() + TimeDelta::hours(24)).await, 0);
    assert_eq!(clean(now() + TimeDelta::hours(25)).await, 3);
}
