//! Writers and readers at the same time, with pauses where they hurt: nothing lost, nothing twice, nothing out of order.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use event_store::{
    Append, DatabaseOptions, Engine, EventStore, NewEvent, OpenOptions, Position, Query, Tag, each_engine,
};
use futures::StreamExt as _;
use test_support::{Dice, TEST_ORIGIN, TestDatabase, on_both_engines, size, tell};
use uuid::Uuid;

use crate::check::Checker;
use crate::writer::{Options, Writer};

on_both_engines!(
    t12_readers_see_every_event_once_and_in_order_while_16_writers_pause_between_statements,
    t12_two_processes_that_append_and_follow_see_one_order,
);

const WRITERS: usize = 16;

/// A pause of up to 10 ms before each row of the log, and before the head moves.
const SLEEPY: [&str; 3] = [
    "CREATE FUNCTION torture_pause() RETURNS trigger LANGUAGE plpgsql AS
     'BEGIN PERFORM pg_sleep(random() * 0.01); RETURN NEW; END'",
    "CREATE TRIGGER torture_pause BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION torture_pause()",
    "CREATE TRIGGER torture_pause BEFORE UPDATE ON log_head FOR EACH ROW EXECUTE FUNCTION torture_pause()",
];

async fn t12_readers_see_every_event_once_and_in_order_while_16_writers_pause_between_statements(
    db: TestDatabase,
) {
    let engine = db.database().engine();
    let test = format!("16 writers and polling readers, {engine:?}");
    let seconds = size(2, 60);
    let first = db.open_store().await;
    if engine == Engine::Postgres {
        for statement in SLEEPY {
            let mut tx = db.database().begin_write().await.expect("a transaction");
            each_engine!(tx, c => sqlx::query(statement).execute(c).await.map(|_| ())).expect("done");
            tx.commit().await.expect("committed");
        }
    }
    // Each with connections and a sequencer of its own, as processes have; on SQLite they would only be busy.
    let stores = match engine {
        Engine::Sqlite => vec![first.clone(), beside(&db).await],
        Engine::Postgres => futures::future::join_all((0..WRITERS).map(|_| beside(&db))).await,
    };
    event_store::fault::pause_up_to(Duration::from_millis(if engine == Engine::Sqlite {
        1
    } else {
        5
    }));
    let ending = Arc::new(AtomicBool::new(false));
    let readers = [
        tokio::spawn(poll(beside(&db).await, Arc::clone(&ending))),
        tokio::spawn(follow(beside(&db).await, Arc::clone(&ending))),
    ];
    let deadline = Instant::now() + Duration::from_secs(seconds);
    let writers = (0..WRITERS).map(|n| tokio::spawn(write(stores[n % stores.len()].clone(), n, deadline)));
    let mut acknowledged = BTreeMap::new();
    for writer in futures::future::join_all(writers).await {
        for (position, id) in writer.expect("no panic") {
            assert_eq!(
                acknowledged.insert(position, id),
                None,
                "two receipts for {position}"
            );
        }
    }
    event_store::fault::pause_up_to(Duration::ZERO);
    ending.store(true, Ordering::SeqCst);
    let count = i64::try_from(acknowledged.len()).expect("few");
    assert_eq!(
        acknowledged.keys().copied().collect::<Vec<_>>(),
        (1..=count).collect::<Vec<_>>(),
        "no gap, and nothing that nobody was told of"
    );
    let written: Vec<_> = acknowledged.into_iter().collect();
    for (reader, name) in readers.into_iter().zip(["polling", "following"]) {
        let seen = reader.await.expect("no panic");
        assert_eq!(seen.len(), written.len(), "{name}: lost or twice");
        assert!(seen == written, "{name}: out of order");
    }
    let mut checker = Checker::default();
    checker.read_on(&first).await;
    tell(
        &test,
        &format!("{seconds} s, {count} events, 2 readers: 0 lost, 0 twice, 0 out of order"),
    );
}

async fn beside(db: &TestDatabase) -> EventStore {
    let options = DatabaseOptions {
        connections: 1,
        ..DatabaseOptions::default()
    };
    let options = OpenOptions {
        database: db.open_again(options).await,
        keyring: db.keyring().await,
        origin: TEST_ORIGIN.to_owned(),
        inline: Vec::new(),
    };
    EventStore::open(options).await.expect("the store opens")
}

async fn write(store: EventStore, number: usize, deadline: Instant) -> Vec<(i64, Uuid)> {
    let own = Tag::new("writer", number).expect("a tag");
    let mut acknowledged = Vec::new();
    while Instant::now() < deadline {
        let ids = [Uuid::now_v7(), Uuid::now_v7()];
        let events = ids.map(|id| NewEvent {
            id,
            event_type: "thing.changed".to_owned(),
            schema_version: 1,
            tags: vec![own.clone()],
            effective_at: chrono::NaiveDate::default(),
            data: serde_json::json!({}),
            personal: Vec::new(),
        });
        let command = Append {
            command_id: Uuid::now_v7(),
            actor: "torture".to_owned(),
            correlation_id: Uuid::now_v7(),
            reason: None,
            events: events.to_vec(),
            guards: Vec::new(),
            recorded_at: chrono::DateTime::UNIX_EPOCH,
        };
        let answer = store.append(command).await.expect("taken");
        acknowledged.extend((answer.receipt().first.get()..).zip(ids));
    }
    acknowledged
}

/// Asks again and again for what came after the last event that it saw.
async fn poll(store: EventStore, ending: Arc<AtomicBool>) -> Vec<(i64, Uuid)> {
    let mut seen = Vec::new();
    let mut after = Position::START;
    loop {
        // Looked at before reading: what is there then is all there will be.
        let last = ending.load(Ordering::SeqCst);
        let page = store.read(&Query::all(), after, 100).await.expect("no gap");
        if page.is_empty() && last {
            return seen;
        }
        after = page.last().map_or(after, |event| event.position);
        seen.extend(page.iter().map(|event| (event.position.get(), event.id)));
    }
}

async fn follow(store: EventStore, ending: Arc<AtomicBool>) -> Vec<(i64, Uuid)> {
    let mut seen: Vec<(i64, Uuid)> = Vec::new();
    let mut events = Box::pin(store.follow(Query::all(), Position::START));
    loop {
        match tokio::time::timeout(Duration::from_millis(100), events.next()).await {
            Ok(event) => {
                let event = event.expect("it goes on for ever").expect("no gap");
                seen.push((event.position.get(), event.id));
            }
            Err(_) if ending.load(Ordering::SeqCst) => {
                let head = store.head().await.expect("read").get();
                if seen.last().is_some_and(|(position, _)| *position == head) {
                    return seen;
                }
            }
            Err(_) => {}
        }
    }
}

async fn t12_two_processes_that_append_and_follow_see_one_order(db: TestDatabase) {
    let test = format!("two processes append and follow, {:?}", db.database().engine());
    db.database().close().await;
    let mut dice = Dice::new(&test);
    let mut start = || {
        let options = Options {
            tasks: 8,
            seed: dice.seed(),
            pause: Duration::from_millis(1),
            ..Options::default()
        };
        Writer::start(db.url(), &options)
    };
    let (mut one, mut other) = (start(), start());
    let seconds = size(1, 60);
    let deadline = Instant::now() + Duration::from_secs(seconds);
    let mut total = 0;
    while Instant::now() < deadline {
        total += 1;
        futures::future::join(one.acked(total), other.acked(total)).await;
    }
    let ((status, left), (other_status, other_left)) =
        futures::future::join(one.ended(), other.ended()).await;
    assert!(
        status.success() && other_status.success(),
        "{status}, {other_status}"
    );
    let mut checker = Checker::default();
    checker.check(db.url(), &left).await;
    checker.check(db.url(), &other_left).await;
    tell(
        &test,
        &format!(
            "{seconds} s, {} receipts, {} events, each process saw {} and {} of them in order",
            checker.receipts,
            checker.events(),
            left.seen.lines().count(),
            other_left.seen.lines().count()
        ),
    );
}
