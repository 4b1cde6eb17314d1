//! The record of reads: written before anybody goes on, never changed, and asked by account, by record and by time.

use chrono::{DateTime, TimeDelta, Utc};
use event_store::{DatabaseOptions, each_engine};
use storage::read_audit::{LOOKS_AT, ReadFilter, ReadPage};
use storage::read_record::{ReadRecord, ReadRecorder};
use storage::{Storage, read_record};
use test_support::{FixedClock, TestDatabase};
use uuid::Uuid;

test_support::on_both_engines!(
    concurrent_reads_are_recorded_before_anybody_goes_on,
    a_read_record_can_be_neither_changed_nor_deleted,
    a_look_back_names_the_reads_of_one_record_in_a_time_and_no_others,
    pages_of_reads_hold_each_once_also_those_of_one_moment,
    a_page_about_one_record_looks_so_far_and_says_how_far,
    what_one_account_saw_comes_in_order_and_in_chunks,
);

fn now() -> DateTime<Utc> {
    FixedClock::default().now()
}

fn record(id: Uuid, request: &str) -> ReadRecord {
    ReadRecord {
        at: now(),
        actor: "staff:a".to_owned(),
        ids: vec![Uuid::now_v7(), id],
        field_class: "contact".to_owned(),
        purpose: "console:DeclarationDetail".to_owned(),
        request_id: request.to_owned(),
    }
}

async fn recorder(db: &TestDatabase) -> ReadRecorder {
    let storage = Storage::open(db.database().clone()).await;
    storage.expect("read records open").read_recorder().clone()
}

fn about(id: Uuid) -> ReadFilter {
    ReadFilter {
        time: now()..now() + TimeDelta::seconds(1),
        actor: None,
        id: Some(id),
    }
}

fn requests(page: &ReadPage) -> Vec<&str> {
    let found = page.reads.iter();
    found.map(|found| found.record.request_id.as_str()).collect()
}

async fn concurrent_reads_are_recorded_before_anybody_goes_on(db: TestDatabase) {
    let recorder = recorder(&db).await;
    let id = Uuid::now_v7();
    let reads = (0..50).map(async |n: usize| {
        let records = vec![record(id, &n.to_string()), record(Uuid::now_v7(), "other")];
        recorder.record(records).await.expect("recorded");
        let there = recorder.page(&about(id), None, 100).await.expect("an answer");
        assert!(requests(&there).contains(&n.to_string().as_str()));
    });
    futures::future::join_all(reads).await;
    let all = recorder.page(&about(id), None, 100).await.expect("an answer");
    assert_eq!(all.reads.len(), 50);
    recorder.record(Vec::new()).await.expect("nothing to do");
}

async fn a_look_back_names_the_reads_of_one_record_in_a_time_and_no_others(db: TestDatabase) {
    let recorder = recorder(&db).await;
    let (first, second) = (Uuid::now_v7(), Uuid::now_v7());
    let mut between = [0; 16];
    between[..8].copy_from_slice(&first.as_bytes()[8..]);
    between[8..].copy_from_slice(&second.as_bytes()[..8]);
    let between = Uuid::from_bytes(between);
    let look = ReadRecord {
        ids: vec![first, second],
        ..record(first, "1")
    };
    recorder.record(vec![look.clone()]).await.expect("recorded");
    let step = TimeDelta::seconds(1);
    for (id, time, actor, expected) in [
        (first, now()..now() + step, None, 1),
        (second, now()..now() + step, Some("staff:a"), 1),
        (second, now()..now() + step, Some("staff:b"), 0),
        // Its bytes stand there, across two others.
        (between, now()..now() + step, None, 0),
        (first, now() - step..now(), None, 0),
        (first, now() + step..now() + step * 2, None, 0),
    ] {
        let filter = ReadFilter {
            time,
            actor: actor.map(str::to_owned),
            id: Some(id),
        };
        let found = recorder.page(&filter, None, 10).await.expect("an answer");
        assert_eq!(found.reads.len(), expected, "{filter:?}");
        assert!(found.reads.iter().all(|found| found.record == look));
        assert_eq!(found.next, None);
    }
}

async fn pages_of_reads_hold_each_once_also_those_of_one_moment(db: TestDatabase) {
    let recorder = recorder(&db).await;
    let of = |n: usize| ReadRecord {
        // Three of each moment.
        at: now() + TimeDelta::milliseconds(i64::try_from(n / 3).expect("small")),
        actor: format!("staff:{}", if n.is_multiple_of(2) { "a" } else { "b" }),
        ..record(Uuid::now_v7(), &n.to_string())
    };
    recorder
        .record((0..20).map(of).collect())
        .await
        .expect("recorded");
    for (actor, expected) in [
        (None, (0..20).rev().collect::<Vec<usize>>()),
        (Some("staff:a"), (0..20).rev().filter(|n| n % 2 == 0).collect()),
        (Some("staff:c"), Vec::new()),
    ] {
        let filter = ReadFilter {
            time: now()..now() + TimeDelta::seconds(1),
            actor: actor.map(str::to_owned),
            id: None,
        };
        let (mut place, mut found) = (None, Vec::new());
        loop {
            let page = recorder.page(&filter, place, 4).await.expect("an answer");
            assert!(page.reads.len() <= 4);
            found.extend(
                requests(&page)
                    .iter()
                    .map(|n| n.parse::<usize>().expect("a number")),
            );
            place = page.next;
            if place.is_none() {
                break;
            }
        }
        assert_eq!(found, expected, "{actor:?}");
    }
}

async fn a_page_about_one_record_looks_so_far_and_says_how_far(db: TestDatabase) {
    let recorder = recorder(&db).await;
    let id = Uuid::now_v7();
    recorder.record(vec![record(id, "old")]).await.expect("recorded");
    let others = (0..LOOKS_AT).map(|_| ReadRecord {
        ids: Vec::new(),
        ..record(id, "other")
    });
    recorder.record(others.collect()).await.expect("recorded");
    recorder.record(vec![record(id, "new")]).await.expect("recorded");
    let first = recorder.page(&about(id), None, 10).await.expect("an answer");
    assert_eq!(requests(&first), ["new"]);
    assert!(first.next.is_some(), "the rest was not looked at");
    let rest = recorder
        .page(&about(id), first.next, 10)
        .await
        .expect("an answer");
    assert_eq!((requests(&rest), rest.next), (vec!["old"], None));
}

async fn what_one_account_saw_comes_in_order_and_in_chunks(db: TestDatabase) {
    let recorder = recorder(&db).await;
    let of = |n: usize| ReadRecord {
        at: now() + TimeDelta::milliseconds(i64::try_from(n / 3).expect("small")),
        actor: format!("staff:{}", if n.is_multiple_of(5) { "b" } else { "a" }),
        ..record(Uuid::now_v7(), &n.to_string())
    };
    recorder
        .record((0..20).map(of).collect())
        .await
        .expect("recorded");
    // Neither the first moment nor the last.
    let time = now() + TimeDelta::milliseconds(1)..now() + TimeDelta::milliseconds(5);
    let (mut after, mut found) = (None, Vec::new());
    loop {
        let chunk = recorder.seen_by("staff:a", time.clone(), after, 3).await;
        let chunk = chunk.expect("an answer");
        let Some(last) = chunk.last() else { break };
        after = Some(last.place);
        found.extend(chunk.iter().map(|found| found.record.request_id.clone()));
    }
    let expected = (3..15).filter(|n| n % 5 != 0).map(|n: usize| n.to_string());
    assert_eq!(found, expected.collect::<Vec<_>>());
}

async fn a_read_record_can_be_neither_changed_nor_deleted(db: TestDatabase) {
    let recorder = recorder(&db).await;
    let id = Uuid::now_v7();
    recorder.record(vec![record(id, "1")]).await.expect("recorded");
    let reads = read_record::open_beside(db.database()).await.expect("it opens");
    for text in [
        "UPDATE read_record SET actor = 'nobody'",
        "DELETE FROM read_record",
    ] {
        let mut tx = reads.begin_write().await.expect("a transaction");
        let refused = each_engine!(tx, c => sqlx::query(text).execute(c).await.map(drop));
        assert!(refused.is_err(), "{text}");
    }
    let there = recorder.page(&about(id), None, 10).await.expect("an answer");
    assert_eq!(there.reads.len(), 1);
}

/// The trigger sees the setting under which the statement will be committed.
const LOOK: [&str; 4] = [
    "CREATE TABLE committed_with (setting TEXT NOT NULL)",
    "CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$ \
     BEGIN INSERT INTO committed_with VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$",
    "CREATE TRIGGER look AFTER INSERT ON read_record FOR EACH STATEMENT EXECUTE FUNCTION look()",
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$",
];

#[tokio::test]
async fn a_read_is_on_disk_also_where_the_server_is_set_not_to_wait_for_that() {
    let db = TestDatabase::postgres().await;
    recorder(&db).await.close().await;
    let database = db.open_again(DatabaseOptions::default()).await;
    let mut connection = database.acquire_read().await.expect("a connection");
    for text in LOOK {
        let done = each_engine!(connection, c => sqlx::query(text).execute(c).await.map(drop));
        done.expect("it can be looked at");
    }
    drop(connection);
    // Connections that were opened before do not know of it.
    database.close().await;
    let database = db.open_again(DatabaseOptions::default()).await;
    let storage = Storage::open(database.clone()).await.expect("it opens");
    let records = vec![record(Uuid::now_v7(), "1")];
    storage.read_recorder().record(records).await.expect("recorded");
    let mut connection = database.acquire_read().await.expect("a connection");
    let asked = "SELECT current_setting('synchronous_commit'), (SELECT setting FROM committed_with)";
    let found =
        each_engine!(connection, c => sqlx::query_as::<_, (String, String)>(asked).fetch_one(c).await);
    assert_eq!(found.expect("an answer"), ("off".to_owned(), "on".to_owned()));
}
