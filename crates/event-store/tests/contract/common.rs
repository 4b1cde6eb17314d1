//! What the tests share: events about things, and appends that must succeed.

use chrono::{DateTime, NaiveDate, Utc};
use event_store::{
    Append, AppendError, Appended, Conflict, DatabaseOptions, EngineMut, EventStore, Guard, NewEvent,
    PersonalPart, Position, Query, QueryItem, Receipt, RecordedEvent, SubjectId, Tag,
};
use serde_json::{Value, json};
use test_support::TestDatabase;
use uuid::Uuid;

pub fn time(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("a time").to_utc()
}

pub fn morning() -> DateTime<Utc> {
    time("2026-04-01T09:00:00.123456+09:00")
}

pub fn tag(kind: &str, value: impl std::fmt::Display) -> Tag {
    Tag::new(kind, value).expect("a tag")
}

pub fn event(event_type: &str, tags: &[Tag]) -> NewEvent {
    NewEvent {
        id: Uuid::now_v7(),
        event_type: event_type.to_owned(),
        schema_version: 1,
        tags: tags.to_vec(),
        effective_at: NaiveDate::from_ymd_opt(2026, 4, 1).expect("a day"),
        data: json!({"what": event_type}),
        personal: Vec::new(),
    }
}

pub fn part(name: &str, subject: u128, body: Value) -> PersonalPart {
    PersonalPart {
        subject: SubjectId(Uuid::from_u128(subject)),
        name: name.to_owned(),
        body,
    }
}

pub fn command(events: Vec<NewEvent>) -> Append {
    Append {
        command_id: Uuid::now_v7(),
        actor: "staff-1".to_owned(),
        correlation_id: Uuid::now_v7(),
        reason: None,
        events,
        guards: Vec::new(),
        recorded_at: morning(),
    }
}

pub fn guard(items: Vec<QueryItem>, after: Position) -> Guard {
    Guard {
        query: Query { items },
        after,
    }
}

/// Nothing about the tag after the position.
pub fn unchanged(tag: &Tag, after: Position) -> Guard {
    guard(vec![QueryItem::tagged(tag.clone())], after)
}

pub fn typed(types: &[&str], tags: &[Tag]) -> QueryItem {
    QueryItem {
        types: types.iter().map(|&name| name.to_owned()).collect(),
        tags: tags.to_vec(),
    }
}

pub async fn append(store: &EventStore, append: Append) -> Receipt {
    match store.append(append).await.expect("the append is taken") {
        Appended::New(receipt) => receipt,
        Appended::Earlier(receipt) => panic!("taken before: {receipt:?}"),
    }
}

/// Appends one event with this tag.
pub async fn add(store: &EventStore, event_type: &str, tags: &[Tag]) -> Position {
    append(store, command(vec![event(event_type, tags)])).await.first
}

pub fn conflict(answer: Result<Appended, AppendError>) -> Conflict {
    match answer {
        Err(AppendError::Conflict(conflict)) => conflict,
        other => panic!("expected a conflict, got {other:?}"),
    }
}

pub async fn everything(store: &EventStore) -> Vec<RecordedEvent> {
    store
        .read(&Query::all(), Position::START, 1_000_000)
        .await
        .expect("the log is read")
}

pub async fn assert_clean(store: &EventStore) {
    let report = store
        .verify(Position::START, Position::new(i64::MAX))
        .await
        .expect("the log is walked");
    assert!(report.is_clean(), "{:?}", report.breaches);
    let head = store.head().await.expect("the head is read");
    assert_eq!(report.checked, u64::try_from(head.get()).expect("positive"));
}

/// Connections of others to this database.
const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity
                      WHERE datname = current_database() AND pid <> pg_backend_pid()";
/// What PostgreSQL has counted so far.
const DEADLOCKS: &str = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()";

/// PostgreSQL ends a deadlock after a second, which nobody would notice but those who wait. Closes the stores: what a
/// connection has counted is told when it ends, at the latest.
pub async fn assert_no_deadlocks(db: &TestDatabase, stores: &[EventStore]) {
    for store in stores {
        store.database().close().await;
    }
    let beside = db.open_again(DatabaseOptions::default()).await;
    let mut reader = beside.acquire_read().await.expect("a connection");
    let EngineMut::Postgres(connection) = reader.engine_mut() else {
        return;
    };
    while sqlx::query_scalar::<_, i64>(OTHERS)
        .fetch_one(&mut *connection)
        .await
        .expect("asked")
        > 0
    {
        tokio::task::yield_now().await;
    }
    let deadlocks: i64 = sqlx::query_scalar(DEADLOCKS)
        .fetch_one(connection)
        .await
        .expect("asked");
    assert_eq!(deadlocks, 0);
}

/// Runs statements as someone who has the database's password would.
pub async fn by_hand(store: &EventStore, statements: &'static [&'static str]) -> Result<(), sqlx::Error> {
    let mut tx = store.database().begin_write().await.expect("a transaction");
    for &statement in statements {
        event_store::each_engine!(tx, c => sqlx::query(statement).execute(c).await.map(|_| ()))?;
    }
    tx.commit().await.expect("it commits");
    Ok(())
}
