//! The operational tables: every query on both engines.

use chrono::{DateTime, TimeDelta, Utc};
use event_store::each_engine;
use storage::invitation::Invitation;
use storage::session::Session;
use storage::sign_in_attempt::SignInAttempt;
use storage::totp::{Totp, Which};
use storage::{credential, invitation, recovery_code, session, sign_in_attempt, sign_in_delay, totp};
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

test_support::on_both_engines!(
    a_session_is_kept_touched_and_ended,
    a_password_hash_is_replaced,
    a_session_that_is_made_fresh_has_another_token,
    an_authenticator_is_used_once_it_is_confirmed_and_its_steps_only_go_on,
    recovery_codes_are_used_once_each_by_their_owner,
    an_attempt_at_signing_in_holds_in_its_browser_for_some_tries,
    an_invitation_is_used_once_by_the_faster_of_two,
    failures_are_all_counted_and_forgotten_after_a_success,
    a_failure_that_was_none_is_taken_back_with_its_block_and_old_ones_are_forgotten,
    a_row_that_cannot_be_read_names_table_and_column,
);

fn now() -> DateTime<Utc> {
    FixedClock::default().now()
}

fn sample_session() -> Session {
    Session {
        staff_id: Uuid::now_v7(),
        created_at: now(),
        last_seen_at: now(),
        expires_at: now() + TimeDelta::minutes(30),
        absolute_expires_at: now() + TimeDelta::hours(12),
        ended_at: None,
        address: Some("192.0.2.1".to_owned()),
        user_agent: None,
        fresh_at: Some(now()),
        method: Some("password".to_owned()),
        passkey_at: None,
    }
}

async fn a_session_is_kept_touched_and_ended(db: TestDatabase) {
    let db = db.database();
    let first = sample_session();
    session::begin(db, b"one", &first).await.expect("kept");
    assert_eq!(
        session::load(db, b"one").await.expect("an answer"),
        Some(first.clone())
    );
    assert_eq!(session::load(db, b"other").await.expect("an answer"), None);

    let later = now() + TimeDelta::minutes(20);
    let until = later + TimeDelta::minutes(30);
    session::touch(db, b"one", later, until).await.expect("touched");
    // A late request does not take the session back.
    session::touch(db, b"one", now(), first.expires_at)
        .await
        .expect("ignored");
    let touched = session::load(db, b"one")
        .await
        .expect("an answer")
        .expect("it is there");
    assert_eq!((touched.last_seen_at, touched.expires_at), (later, until));
    assert!(touched.holds_at(later) && !touched.holds_at(until));

    session::end(db, b"one", later).await.expect("ended");
    let ended = session::load(db, b"one")
        .await
        .expect("an answer")
        .expect("it is there");
    assert!(ended.ended_at == Some(later) && !ended.holds_at(later));

    session::begin(db, b"two", &first).await.expect("kept");
    assert!(session::is_known(db, &first).await.expect("an answer"));
    let elsewhere = Session {
        user_agent: Some("another".to_owned()),
        ..first.clone()
    };
    assert!(!session::is_known(db, &elsewhere).await.expect("an answer"));
    let open = session::open_of(db, first.staff_id, first.created_at).await;
    assert_eq!(open.expect("an answer").len(), 1, "the ended one is not there");
    let nobody = session::standing(db, &[b"one", b"two"], first.created_at).await;
    assert!(nobody.expect("an answer").is_empty(), "its owner has no account");
    let ends = async |hash, owner, others| {
        let ended = session::end_of(db, hash, owner, others, later).await;
        ended.expect("an answer")
    };
    assert_eq!(ends(b"two", Uuid::now_v7(), false).await, 0, "somebody else's");
    assert_eq!(ends(b"two", first.staff_id, true).await, 0, "the only one");
    assert_eq!(ends(b"two", first.staff_id, false).await, 1);
    assert!(
        session::load(db, b"two")
            .await
            .expect("an answer")
            .is_some_and(|it| it.ended_at.is_some())
    );
    assert_eq!(
        session::clean(db, first.absolute_expires_at)
            .await
            .expect("cleaned"),
        0
    );
    assert_eq!(
        session::clean(db, first.absolute_expires_at + TimeDelta::seconds(1))
            .await
            .expect("cleaned"),
        2
    );
}

async fn a_password_hash_is_replaced(db: TestDatabase) {
    let db = db.database();
    let staff = Uuid::now_v7();
    assert_eq!(credential::load(db, staff).await.expect("an answer"), None);
    for hash in ["$argon2id$1", "$argon2id$2"] {
        credential::set(db, staff, hash, now()).await.expect("set");
        assert_eq!(
            credential::load(db, staff).await.expect("an answer").as_deref(),
            Some(hash)
        );
    }
}

async fn a_session_that_is_made_fresh_has_another_token(db: TestDatabase) {
    let db = db.database();
    session::begin(db, b"old", &sample_session()).await.expect("kept");
    let later = now() + TimeDelta::minutes(9);
    let rotate = async |old| {
        session::rotate(db, old, b"new", false, later)
            .await
            .expect("an answer")
    };
    assert!(!rotate(b"other").await);
    assert!(rotate(b"old").await);
    assert!(!rotate(b"old").await, "the old token is gone");
    assert_eq!(session::load(db, b"old").await.expect("an answer"), None);
    let fresh = session::load(db, b"new").await.expect("an answer");
    let fresh = fresh.expect("it is there");
    assert_eq!((fresh.fresh_at, fresh.passkey_at), (Some(later), None));
    let by_passkey = session::rotate(db, b"new", b"newest", true, later).await;
    assert!(by_passkey.expect("an answer"));
    assert!(
        session::rotate(db, b"newest", b"new", false, later)
            .await
            .expect("an answer")
    );
    let kept = session::load(db, b"new")
        .await
        .expect("an answer")
        .expect("it is there");
    assert_eq!(kept.passkey_at, Some(later), "what a passkey proved stays proved");
    assert_eq!(kept.method.as_deref(), Some("password"));
    session::begin(db, b"other", &sample_session())
        .await
        .expect("kept");
    session::proved_by_passkey(db, b"other", later)
        .await
        .expect("said");
    let other = session::load(db, b"other")
        .await
        .expect("an answer")
        .expect("it is there");
    assert_eq!(other.passkey_at, Some(later));
    session::end(db, b"new", later).await.expect("ended");
    let ended = session::rotate(db, b"new", b"newer", false, later).await;
    assert!(!ended.expect("an answer"), "it is over");
}

async fn an_authenticator_is_used_once_it_is_confirmed_and_its_steps_only_go_on(db: TestDatabase) {
    let db = db.database();
    let owner = Uuid::now_v7();
    let sample = |sealed: &[u8]| Totp {
        subject_id: Uuid::from_u128(5),
        sealed: sealed.to_vec(),
        last_step: 0,
        made_at: now(),
    };
    let load = async |which| totp::load(db, owner, which).await.expect("an answer");
    let confirm = async |sealed: &'static [u8], codes: &[[u8; 32]]| {
        let confirmed = totp::confirm(db, owner, sealed, 7, codes, b"kept", now()).await;
        confirmed.expect("an answer")
    };
    for sealed in [b"one", b"two"] {
        totp::propose(db, owner, &sample(sealed)).await.expect("kept");
    }
    assert_eq!(load(Which::Pending).await, Some(sample(b"two")));
    assert_eq!(load(Which::Used).await, None);
    assert!(!confirm(b"one", &[]).await, "another one was made since");
    assert!(confirm(b"two", &[[1; 32], [2; 32]]).await);
    assert!(!confirm(b"two", &[]).await, "it is confirmed");
    assert_eq!(load(Which::Pending).await, None);
    assert_eq!(load(Which::Used).await.map(|it| it.last_step), Some(7));
    let take = async |step| totp::take_step(db, owner, step).await.expect("an answer");
    assert_eq!(
        (take(7).await, take(6).await, take(9).await, take(8).await),
        (false, false, true, false)
    );
    let (one, two) = tokio::join!(take(10), take(10));
    assert_ne!(one, two, "one of two");

    totp::propose(db, owner, &sample(b"three")).await.expect("kept");
    assert!(take(11).await, "the one that is used goes on");
    assert!(confirm(b"three", &[[3; 32]]).await);
    assert_eq!(recovery_code::left(db, owner).await.expect("an answer"), 1);
    totp::propose(db, owner, &sample(b"four")).await.expect("kept");
    assert_eq!(totp::clean(db, now()).await.expect("cleaned"), 0);
    assert_eq!(
        totp::clean(db, now() + TimeDelta::seconds(1))
            .await
            .expect("cleaned"),
        1
    );
    assert_eq!(totp::owners(db).await.expect("an answer"), [owner]);
    totp::remove(db, owner, None, now()).await.expect("removed");
    assert!(totp::owners(db).await.expect("an answer").is_empty());
    assert_eq!(load(Which::Used).await, None);
    assert_eq!(recovery_code::left(db, owner).await.expect("an answer"), 0);
    assert!(!take(12).await);
}

async fn recovery_codes_are_used_once_each_by_their_owner(db: TestDatabase) {
    let db = db.database();
    let (owner, other) = (Uuid::now_v7(), Uuid::now_v7());
    let first = [[1; 32], [2; 32]];
    recovery_code::replace(db, owner, &first, now())
        .await
        .expect("made");
    let use_up = async |whose, code: [u8; 32]| {
        let used = recovery_code::use_up(db, whose, &code, now()).await;
        used.expect("an answer")
    };
    assert!(!use_up(other, [1; 32]).await);
    let (one, two) = tokio::join!(use_up(owner, [1; 32]), use_up(owner, [1; 32]));
    assert_ne!(one, two, "one of two");
    assert_eq!(recovery_code::left(db, owner).await.expect("an answer"), 1);
    recovery_code::replace(db, owner, &[[3; 32]], now())
        .await
        .expect("made");
    assert!(!use_up(owner, [2; 32]).await, "replaced");
    assert!(use_up(owner, [3; 32]).await);
}

async fn an_attempt_at_signing_in_holds_in_its_browser_for_some_tries(db: TestDatabase) {
    let db = db.database();
    let sample = SignInAttempt {
        staff_id: Uuid::now_v7(),
        created_at: now(),
        expires_at: now() + TimeDelta::minutes(10),
        user_agent: Some("mihon".to_owned()),
    };
    sign_in_attempt::begin(db, b"half", &sample).await.expect("kept");
    let whose = async |token: &'static [u8], at, agent| {
        let found = sign_in_attempt::whose(db, token, at, 2, agent).await;
        found.expect("an answer")
    };
    assert_eq!(whose(b"half", now(), Some("mihon")).await, Some(sample.staff_id));
    assert_eq!(whose(b"half", now(), None).await, None);
    assert_eq!(whose(b"hal", now(), Some("mihon")).await, None);
    assert_eq!(whose(b"half", sample.expires_at, Some("mihon")).await, None);
    let count = async |at| {
        sign_in_attempt::count(db, b"half", at, 2)
            .await
            .expect("an answer")
    };
    assert_eq!(count(sample.expires_at).await, None);
    assert_eq!(
        (count(now()).await, count(now()).await, count(now()).await),
        (Some(1), Some(2), None)
    );
    assert_eq!(whose(b"half", now(), Some("mihon")).await, None);
    let end = async |token: &'static [u8]| sign_in_attempt::end(db, token, now()).await.expect("an answer");
    assert!(end(b"half").await);
    assert!(!end(b"half").await);
    let clean = async |before| sign_in_attempt::clean(db, before).await.expect("cleaned");
    assert_eq!(clean(sample.expires_at).await, 0);
    assert_eq!(clean(sample.expires_at + TimeDelta::seconds(1)).await, 1);
}

async fn an_invitation_is_used_once_by_the_faster_of_two(db: TestDatabase) {
    let db = db.database();
    let sample = Invitation {
        roles: "registrar viewer".to_owned(),
        staff_id: Some(Uuid::now_v7()),
        invited_by: Some("system:test".to_owned()),
        created_at: now(),
        expires_at: now() + TimeDelta::hours(24),
        used_at: None,
        revoked_at: None,
        same_as: Some(Uuid::from_u128(6)),
    };
    invitation::make(db, b"token", &sample).await.expect("made");
    assert_eq!(
        invitation::load(db, b"token").await.expect("an answer"),
        Some(sample.clone())
    );
    let (one, two) = tokio::join!(
        invitation::use_up(db, b"token", now()),
        invitation::use_up(db, b"token", now())
    );
    let used = [one.expect("an answer"), two.expect("an answer")];
    assert_eq!(used.iter().filter(|it| **it).count(), 1);
    assert!(
        invitation::give_back(db, b"token", now())
            .await
            .expect("an answer")
    );
    assert!(
        !invitation::use_up(db, b"token", sample.expires_at)
            .await
            .expect("an answer")
    );
    assert!(invitation::use_up(db, b"token", now()).await.expect("an answer"));
    assert!(!invitation::use_up(db, b"other", now()).await.expect("an answer"));
    assert_eq!(invitation::open(db, now()).await.expect("an answer"), []);
    assert!(
        invitation::give_back(db, b"token", now())
            .await
            .expect("an answer")
    );
    assert_eq!(
        invitation::open(db, now()).await.expect("an answer"),
        std::slice::from_ref(&sample)
    );
    let whom = sample.staff_id.expect("an id");
    assert!(invitation::revoke(db, whom, now()).await.expect("an answer"));
    assert!(!invitation::revoke(db, whom, now()).await.expect("an answer"));
    assert!(
        !invitation::use_up(db, b"token", now()).await.expect("an answer"),
        "it was taken back"
    );
    assert_eq!(invitation::open(db, now()).await.expect("an answer"), []);
    let after = sample.expires_at + TimeDelta::seconds(1);
    assert_eq!(
        invitation::clean(db, sample.expires_at).await.expect("cleaned"),
        0
    );
    assert_eq!(invitation::clean(db, after).await.expect("cleaned"), 1);
}

async fn failures_are_all_counted_and_forgotten_after_a_success(db: TestDatabase) {
    let db = db.database();
    let delay = |failures: i64| TimeDelta::seconds(failures * 10);
    assert_eq!(sign_in_delay::load(db, b"key").await.expect("an answer"), None);
    let failures = (0..5).map(|_| sign_in_delay::fail(db, b"key", now(), now(), delay));
    for failure in futures::future::join_all(failures).await {
        failure.expect("counted");
    }
    let known = sign_in_delay::load(db, b"key")
        .await
        .expect("an answer")
        .expect("failures");
    assert_eq!(
        (known.failures, known.blocked_until),
        (5, now() + TimeDelta::seconds(50))
    );
    sign_in_delay::clear(db, b"key").await.expect("cleared");
    assert_eq!(sign_in_delay::load(db, b"key").await.expect("an answer"), None);
    sign_in_delay::fail(db, b"key", now(), now(), delay)
        .await
        .expect("counted");
    assert_eq!(
        sign_in_delay::clean(db, now() + TimeDelta::seconds(1))
            .await
            .expect("cleaned"),
        1
    );
}

async fn a_failure_that_was_none_is_taken_back_with_its_block_and_old_ones_are_forgotten(db: TestDatabase) {
    let db = db.database();
    let delay = |failures: i64| TimeDelta::seconds(failures * 10);
    let fail = async |at: TimeDelta| {
        let forgotten = now() + at - TimeDelta::hours(1);
        sign_in_delay::fail(db, b"key", now() + at, forgotten, delay)
            .await
            .expect("counted")
    };
    fail(TimeDelta::zero()).await;
    let second = fail(TimeDelta::seconds(10)).await;
    sign_in_delay::take_back(db, b"key", second)
        .await
        .expect("taken back");
    let known = sign_in_delay::load(db, b"key")
        .await
        .expect("an answer")
        .expect("one failure");
    assert_eq!(
        (known.failures, known.blocked_until),
        (1, now() + TimeDelta::seconds(10)),
        "nobody is blocked by a success"
    );
    // The block of another failure stays.
    let third = fail(TimeDelta::seconds(20)).await;
    let fourth = fail(TimeDelta::seconds(20)).await;
    sign_in_delay::take_back(db, b"key", third)
        .await
        .expect("taken back");
    let known = sign_in_delay::load(db, b"key")
        .await
        .expect("an answer")
        .expect("two failures");
    assert_eq!((known.failures, known.blocked_until), (2, fourth.blocked_until));
    assert_eq!(fail(TimeDelta::seconds(3_620)).await.failures, 3);
    assert_eq!(fail(TimeDelta::seconds(7_221)).await.failures, 1);
}

async fn a_row_that_cannot_be_read_names_table_and_column(db: TestDatabase) {
    let sample = sample_session();
    session::begin(db.database(), b"one", &sample)
        .await
        .expect("kept");
    let mut tx = db.database().begin_write().await.expect("a transaction");
    each_engine!(tx, c => {
        sqlx::query("UPDATE session SET expires_at = 9223372036854775807").execute(c).await.map(drop)
    })
    .expect("an update");
    tx.commit().await.expect("a commit");
    let error = session::load(db.database(), b"one")
        .await
        .expect_err("it cannot be read")
        .to_string();
    assert!(
        error.contains("session")
            && error.contains("expires_at")
            && error.contains(&sample.staff_id.to_string())
    );
}
