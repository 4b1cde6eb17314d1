//! Following: everything in order, nothing twice, nothing skipped, also while others write.

use std::time::Duration;

use event_store::{DatabaseOptions, EventStore, FollowError, Position, Query, QueryItem, ReadError};
use futures::{Stream, StreamExt};
use test_support::{TestDatabase, on_both_engines};

use crate::common::{add, append, by_hand, command, event, everything, tag, typed};

on_both_engines!(
    a_follower_sees_what_was_there_and_what_comes,
    followers_see_everything_in_order_while_many_write,
    a_filtered_follower_sees_only_what_matches_and_goes_on,
    a_follower_sees_what_another_process_appends,
    a_gap_ends_the_stream_with_an_alarm,
);

/// Far more than anything here takes: a hang should fail, not wait.
const PATIENCE: Duration = Duration::from_mins(1);

async fn positions(
    stream: impl Stream<Item = Result<event_store::RecordedEvent, FollowError>>,
    count: usize,
) -> Vec<i64> {
    let taken = stream
        .take(count)
        .map(|event| event.expect("an event").position.get())
        .collect();
    tokio::time::timeout(PATIENCE, taken)
        .await
        .expect("the events come")
}

async fn a_follower_sees_what_was_there_and_what_comes(db: TestDatabase) {
    let store = db.open_store().await;
    for _ in 0..3 {
        add(&store, "thing.made", &[]).await;
    }
    let follower = tokio::spawn(positions(store.follow(Query::all(), Position::new(1)), 4));
    add(&store, "thing.made", &[]).await;
    add(&store, "thing.made", &[]).await;
    assert_eq!(follower.await.expect("no panic"), [2, 3, 4, 5]);
}

async fn followers_see_everything_in_order_while_many_write(db: TestDatabase) {
    let store = db.open_store().await;
    let mine = tag("thing", "mine");
    let all = tokio::spawn(positions(store.follow(Query::all(), Position::START), 1_200));
    let some = Query {
        items: vec![
            typed(&["thing.made"], std::slice::from_ref(&mine)),
            typed(&["rare"], &[]),
        ],
    };
    let some = tokio::spawn(positions(store.follow(some, Position::START), 450));
    let writers = (0..12).map(|writer: i32| {
        let (store, mine) = (store.clone(), mine.clone());
        tokio::spawn(async move {
            for n in 0..50 {
                let tags = if writer % 3 == 0 {
                    vec![mine.clone()]
                } else {
                    vec![]
                };
                let name = if writer == 1 || (writer % 3 == 0 && n % 2 == 0) {
                    "rare"
                } else {
                    "thing.made"
                };
                append(&store, command(vec![event(name, &tags), event(name, &tags)])).await;
            }
        })
    });
    for writer in futures::future::join_all(writers).await {
        writer.expect("no panic");
    }
    assert_eq!(all.await.expect("no panic"), (1..=1_200).collect::<Vec<_>>());
    let wanted =
        |event: &event_store::RecordedEvent| event.event_type == "rare" || event.tags.contains(&mine);
    let expected: Vec<_> = everything(&store)
        .await
        .iter()
        .filter(|event| wanted(event))
        .map(|event| event.position.get())
        .collect();
    assert_eq!(some.await.expect("no panic"), expected[..450]);
}

async fn a_filtered_follower_sees_only_what_matches_and_goes_on(db: TestDatabase) {
    let store = db.open_store().await;
    let a = tag("thing", "a");
    append(&store, command((0..1_100).map(|_| event("noise", &[])).collect())).await;
    add(&store, "thing.made", std::slice::from_ref(&a)).await;
    let query = Query {
        items: vec![QueryItem::tagged(a.clone())],
    };
    let follower = tokio::spawn(positions(store.follow(query, Position::START), 2));
    add(&store, "noise", &[]).await;
    add(&store, "thing.moved", std::slice::from_ref(&a)).await;
    assert_eq!(follower.await.expect("no panic"), [1_101, 1_103]);
}

async fn a_follower_sees_what_another_process_appends(db: TestDatabase) {
    let here = db.open_store().await;
    let there = second_process(&db).await;
    let follower = tokio::spawn(positions(here.follow(Query::all(), Position::START), 20));
    for _ in 0..10 {
        add(&there, "thing.made", &[]).await;
        add(&here, "thing.made", &[]).await;
    }
    assert_eq!(follower.await.expect("no panic"), (1..=20).collect::<Vec<_>>());
    let mut hint = here.head_changed();
    let reached = tokio::time::timeout(PATIENCE, hint.wait_for(|head| head.get() == 20)).await;
    assert_eq!(reached.expect("in time").expect("open").get(), 20);
}

async fn second_process(db: &TestDatabase) -> EventStore {
    let database = db.open_again(DatabaseOptions::default()).await;
    db.open_store_over(database, Vec::new()).await
}

async fn a_gap_ends_the_stream_with_an_alarm(db: TestDatabase) {
    let store = db.open_store().await;
    append(
        &store,
        command((0..5).map(|_| event("thing.made", &[])).collect()),
    )
    .await;
    disarm(&store).await;
    by_hand(&store, &["DELETE FROM event WHERE position IN (3, 5)"])
        .await
        .expect("deleted");
    for (after, expected, found) in [(0, 3, Some(4)), (2, 3, Some(4)), (4, 5, None)] {
        let events: Vec<_> = store.follow(Query::all(), Position::new(after)).collect().await;
        match events.as_slice() {
            [
                Err(FollowError(ReadError::Gap {
                    expected: at,
                    found: next,
                })),
            ] => {
                assert_eq!((at.get(), next.map(Position::get)), (expected, found));
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Drops the triggers, as an intruder who owns the database would.
async fn disarm(store: &EventStore) {
    match store.database().engine() {
        event_store::Engine::Sqlite => by_hand(store, &["DROP TRIGGER event_stays"]).await,
        event_store::Engine::Postgres => by_hand(store, &["DROP TRIGGER event_keeps ON event"]).await,
    }
    .expect("dropped");
}
