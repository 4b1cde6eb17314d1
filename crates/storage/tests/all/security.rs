//! Records of ways in, and addresses that wait: every query on both engines.

use chrono::{DateTime, TimeDelta, Utc};
use event_store::each_engine;
use storage::mail_link::MailLink;
use storage::security_record::{SecurityFilter, SecurityRecord};
use storage::{mail_link, security_record};
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

test_support::on_both_engines!(
    records_are_read_back_page_by_page_the_newest_first_and_narrowed,
    the_same_of_the_same_is_recent_for_a_while,
    a_record_is_never_changed_and_removed_only_when_it_is_old,
    an_address_waits_for_one_token_of_its_owner_and_is_taken_once,
);

fn now() -> DateTime<Utc> {
    FixedClock::default().now()
}

fn sample(at: DateTime<Utc>, kind: &str, staff_id: Option<Uuid>) -> SecurityRecord {
    SecurityRecord {
        at,
        kind: kind.to_owned(),
        detail: "why".to_owned(),
        staff_id,
        tried: Some(vec![1, 2, 3]),
        actor: Some("staff:x".to_owned()),
        address: Some("192.0.2.1".to_owned()),
        request_id: Some(Uuid::from_u128(9)),
    }
}

async fn records_are_read_back_page_by_page_the_newest_first_and_narrowed(db: TestDatabase) {
    let db = db.database();
    let (one, other) = (Uuid::now_v7(), Uuid::now_v7());
    let mut added = Vec::new();
    for (minute, kind, whose) in [
        (0, "a", Some(one)),
        (1, "b", Some(one)),
        (1, "a", Some(other)),
        (2, "a", None),
        (3, "b", Some(other)),
    ] {
        let record = sample(now() + TimeDelta::minutes(minute), kind, whose);
        security_record::add(db, &record).await.expect("added");
        added.push(record);
    }
    added.reverse();
    let filter = |staff_id, kind: Option<&str>| SecurityFilter {
        time: now()..now() + TimeDelta::minutes(3),
        staff_id,
        kind: kind.map(str::to_owned),
    };
    let found = async |staff_id, kind| {
        let found = security_record::page(db, &filter(staff_id, kind), None, 10).await;
        let found = found.expect("an answer").into_iter();
        found.map(|found| found.record).collect::<Vec<_>>()
    };
    assert_eq!(found(None, None).await, added[1..], "the end is not included");
    assert_eq!(found(Some(one), None).await, added[3..]);
    assert_eq!(found(None, Some("a")).await, [1, 2, 4].map(|i| added[i].clone()));
    assert_eq!(found(Some(other), Some("a")).await, [added[2].clone()]);
    let first = security_record::page(db, &filter(None, None), None, 2).await;
    let first = first.expect("an answer");
    let next = security_record::page(db, &filter(None, None), Some(first[1].place), 2).await;
    let both = first.into_iter().chain(next.expect("an answer"));
    assert_eq!(both.map(|found| found.record).collect::<Vec<_>>(), added[1..]);
}

async fn the_same_of_the_same_is_recent_for_a_while(db: TestDatabase) {
    let db = db.database();
    security_record::add(db, &sample(now(), "a", None))
        .await
        .expect("added");
    let recent = async |what, tried: &[u8], since| {
        security_record::is_recent(db, what, tried, since)
            .await
            .expect("an answer")
    };
    let before = now() - TimeDelta::minutes(1);
    assert!(recent(("a", "why"), &[1, 2, 3], before).await);
    assert!(!recent(("a", "why"), &[1, 2, 3], now()).await);
    assert!(!recent(("b", "why"), &[1, 2, 3], before).await);
    assert!(!recent(("a", "other"), &[1, 2, 3], before).await);
    assert!(!recent(("a", "why"), &[1], before).await);
}

async fn a_record_is_never_changed_and_removed_only_when_it_is_old(db: TestDatabase) {
    let db = db.database();
    let old = now() - TimeDelta::days(3_000);
    for at in [old, now() + TimeDelta::days(3_000)] {
        security_record::add(db, &sample(at, "a", None))
            .await
            .expect("added");
    }
    let run = async |text: &'static str| -> Result<(), event_store::DatabaseError> {
        let mut tx = db.begin_write().await.expect("a transaction");
        let done = each_engine!(tx, c => sqlx::query(text).execute(c).await.map(drop));
        done?;
        tx.commit().await
    };
    assert!(run("UPDATE security_record SET detail = 'x'").await.is_err());
    assert!(run("DELETE FROM security_record").await.is_err());
    assert_eq!(
        security_record::clean(db, old + TimeDelta::seconds(1))
            .await
            .expect("cleaned"),
        1
    );
    let young = security_record::clean(db, now() + TimeDelta::days(4_000)).await;
    assert!(young.is_err(), "the database keeps what is young");
}

async fn an_address_waits_for_one_token_of_its_owner_and_is_taken_once(db: TestDatabase) {
    let db = db.database();
    let owner = Uuid::now_v7();
    let until = now() + TimeDelta::hours(24);
    let waiting = |sealed: &[u8]| MailLink {
        subject_id: Uuid::from_u128(5),
        sealed: sealed.to_vec(),
    };
    for (token, sealed) in [(b"first", b"one"), (b"other", b"two")] {
        mail_link::propose(db, owner, token, &waiting(sealed), until)
            .await
            .expect("kept");
    }
    let take = async |owner, token: &'static [u8], at| {
        mail_link::take(db, owner, token, at).await.expect("an answer")
    };
    assert_eq!(
        take(owner, b"first", now()).await,
        None,
        "another one waits since"
    );
    assert_eq!(take(Uuid::now_v7(), b"other", now()).await, None);
    assert_eq!(take(owner, b"other", until).await, None, "too late");
    let both = tokio::join!(take(owner, b"other", now()), take(owner, b"other", now()));
    let taken: Vec<_> = [both.0, both.1].into_iter().flatten().collect();
    assert_eq!(taken, [waiting(b"two")]);
    mail_link::propose(db, owner, b"old", &waiting(b"three"), until)
        .await
        .expect("kept");
    let clean = async |at| mail_link::clean(db, at).await.expect("cleaned");
    assert_eq!(
        (clean(until).await, clean(until + TimeDelta::seconds(1)).await),
        (0, 1)
    );
}
