//! Moving a log as it is: every engine to every other, and nothing else than a whole log into an empty place.

use event_store::transfer::{LoadError, Loader, LogHead, StoredEvent, StoredReceipt, read};
use event_store::{Database, EventStore, KeyEncryptionKey, KeyEncryptionKeys, PartBody, Position};
use serde_json::json;
use test_support::{TestDatabase, on_both_engines};
use uuid::Uuid;

use crate::common::{append, assert_clean, by_hand, command, event, everything, part, tag};

on_both_engines!(
    a_log_moves_to_either_engine_with_everything_that_it_has,
    what_is_no_log_is_refused_and_leaves_nothing,
    a_database_that_is_not_empty_is_refused,
    a_snapshot_does_not_see_what_is_appended_after_it,
);

struct Rows {
    head: LogHead,
    events: Vec<StoredEvent>,
    receipts: Vec<StoredReceipt>,
}

async fn filled(db: &TestDatabase) -> EventStore {
    let store = db.open_store().await;
    for n in 0..8_u128 {
        let mut one = event("thing.made", &[tag("thing", n), tag("place", "a")]);
        one.data = json!({"text": "a \"quoted\" \\ and \u{1}", "n": 1.5});
        // The first and the last id that there can be are ids, too.
        let subject = if n == 7 { u128::MAX } else { n };
        one.personal = vec![part("contact", subject, json!({"name": "山田"}))];
        append(
            &store,
            command(vec![one, event("thing.moved", &[tag("thing", n)])]),
        )
        .await;
    }
    store
}

async fn rows(database: &Database) -> Rows {
    let mut snapshot = database.begin_snapshot().await.expect("a snapshot");
    Rows {
        head: read::head(&mut snapshot).await.expect("read").expect("a head"),
        events: read::events(&mut snapshot, Position::START, 100)
            .await
            .expect("events"),
        receipts: read::receipts(&mut snapshot, Position::START, 100)
            .await
            .expect("receipts"),
    }
}

/// Fills a database with these rows and the keys of another.
async fn load(rows: &Rows, from: &Database, to: &Database) -> Result<(), LoadError> {
    let keys = keys_of(to).await;
    let mut loader = Loader::begin(to, keys.as_ref(), false, rows.head.clone()).await?;
    loader.events(&rows.events).await?;
    loader.receipts(&rows.receipts).await?;
    let beside = read::keys_of(from, None).await.expect("keys");
    let mut snapshot = beside.begin_snapshot().await.expect("a snapshot");
    let secrets = read::secrets(&mut snapshot).await.expect("secrets");
    loader.secrets(&secrets).await?;
    let mut from = Some(Uuid::nil());
    while let Some(begin) = from {
        let (keys, next) = read::keys(&mut snapshot, begin, 3).await.expect("keys");
        loader.keys(&keys).await?;
        from = next;
    }
    loader.finish().await?;
    loader.commit().await
}

async fn keys_of(database: &Database) -> Option<Database> {
    let keys = read::keys_of(database, None).await.expect("key tables");
    matches!(database, Database::Sqlite(_)).then_some(keys)
}

async fn a_log_moves_to_either_engine_with_everything_that_it_has(db: TestDatabase) {
    let store = filled(&db).await;
    store
        .keyring()
        .destroy(event_store::SubjectId(Uuid::from_u128(3)))
        .await
        .expect("forgotten");
    let before = everything(&store).await;
    let given = rows(db.database()).await;
    for target in [TestDatabase::sqlite().await, TestDatabase::postgres().await] {
        load(&given, db.database(), target.database())
            .await
            .expect("loaded");
        let moved = target.open_store().await;
        assert_eq!(everything(&moved).await, before);
        assert_clean(&moved).await;
        let taken = rows(target.database()).await;
        assert_eq!((&taken.head, &taken.events), (&given.head, &given.events));
        assert_eq!(taken.receipts, given.receipts);
        assert_eq!(
            before[6].part("contact").expect("a part").body,
            PartBody::Redacted
        );
        // It goes on where the other stopped, for the same persons too.
        let mut next = event("thing.made", &[tag("thing", 1)]);
        next.personal = vec![part("contact", 1, json!("next"))];
        assert_eq!(append(&moved, command(vec![next])).await.first, Position::new(17));
        assert_clean(&moved).await;
    }
}

async fn what_is_no_log_is_refused_and_leaves_nothing(db: TestDatabase) {
    let store = filled(&db).await;
    let target = match store.database() {
        Database::Sqlite(_) => TestDatabase::sqlite().await,
        Database::Postgres(_) => TestDatabase::postgres().await,
    };
    let refused = async |change: &dyn Fn(&mut Rows)| {
        let mut given = rows(db.database()).await;
        change(&mut given);
        match load(&given, db.database(), target.database()).await {
            Err(LoadError::Broken(broken)) => broken.position.get(),
            other => panic!("{other:?}"),
        }
    };
    let altered = |event: &StoredEvent, field: &str, value: serde_json::Value| -> StoredEvent {
        let mut json = serde_json::to_value(event).expect("JSON");
        json[field] = value;
        serde_json::from_value(json).expect("an event")
    };
    assert_eq!(refused(&|rows| drop(rows.events.remove(4))).await, 5);
    assert_eq!(refused(&|rows| rows.events.swap(2, 3)).await, 3);
    assert_eq!(refused(&|rows| drop(rows.events.pop())).await, 15);
    assert_eq!(refused(&|rows| drop(rows.receipts.remove(2))).await, 5);
    assert_eq!(refused(&|rows| drop(rows.receipts.pop())).await, 15);
    assert_eq!(refused(&|rows| rows.head.position = 99).await, 17);
    assert_eq!(refused(&|rows| rows.head.recorded_at += 1).await, 16);
    assert_eq!(
        refused(&|rows| rows.events[8] = altered(&rows.events[8], "actor", "someone".into())).await,
        9
    );
    assert_eq!(
        refused(&|rows| rows.events[8] = altered(&rows.events[8], "data", "{}".into())).await,
        9
    );
    assert_eq!(
        refused(&|rows| "another.example.jp".clone_into(&mut rows.head.origin)).await,
        1,
        "a log of another name has other hashes"
    );
    let given = rows(db.database()).await;
    load(&given, db.database(), target.database())
        .await
        .expect("the place was left empty");
}

async fn a_database_that_is_not_empty_is_refused(db: TestDatabase) {
    let store = filled(&db).await;
    let given = rows(db.database()).await;
    let again = load(&given, db.database(), store.database()).await;
    assert!(matches!(again, Err(LoadError::NotEmpty)), "{again:?}");
    let opened = match store.database() {
        Database::Sqlite(_) => TestDatabase::sqlite().await,
        Database::Postgres(_) => TestDatabase::postgres().await,
    };
    // Keys without a log are somebody's keys.
    drop(opened.keyring().await);
    let keys = load(&given, db.database(), opened.database()).await;
    assert!(matches!(keys, Err(LoadError::KeysNotEmpty)), "{keys:?}");
    let beside = keys_of(opened.database()).await;
    let kept = Loader::begin(opened.database(), beside.as_ref(), true, given.head.clone()).await;
    let mut kept = kept.expect("keys may stay");
    let right = KeyEncryptionKeys::from(KeyEncryptionKey::from_bytes([7; 32]));
    let wrong = KeyEncryptionKeys::from(KeyEncryptionKey::from_bytes([8; 32]));
    assert_eq!(kept.opens(&right).await.expect("asked"), Some(true));
    assert_eq!(kept.opens(&wrong).await.expect("asked"), Some(false));
}

async fn a_snapshot_does_not_see_what_is_appended_after_it(db: TestDatabase) {
    let store = filled(&db).await;
    let mut snapshot = store.database().begin_snapshot().await.expect("a snapshot");
    let head = read::head(&mut snapshot).await.expect("read").expect("a head");
    append(&store, command(vec![event("thing.made", &[])])).await;
    let events = read::events(&mut snapshot, Position::START, 100)
        .await
        .expect("events");
    assert_eq!((head.position, events.len()), (16, 16));
    assert_eq!(read::receipt_count(&mut snapshot).await.expect("counted"), 8);
    drop(snapshot);
    by_hand(&store, &["UPDATE log_head SET recorded_at = recorded_at"])
        .await
        .expect("nobody is in the way");
}

#[test]
fn the_json_of_an_event_in_a_backup_never_changes() {
    let golden = include_str!("golden/stored-event.json").trim_end();
    let event: StoredEvent = serde_json::from_str(golden).expect("an event");
    assert_eq!(serde_json::to_string(&event).expect("JSON"), golden);
}
