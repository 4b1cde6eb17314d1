//! What is appended is read back: order, times, tags, limits.

use chrono::TimeDelta;
use event_store::{AppendError, InvalidAppend, PartBody, Position, Query, QueryItem};
use serde_json::json;
use test_support::{TestDatabase, on_both_engines};

use crate::common::{add, append, assert_clean, command, event, everything, morning, part, tag, typed};

on_both_engines!(
    what_is_appended_is_read_back,
    positions_are_contiguous_and_recorded_at_never_goes_back,
    a_query_is_an_or_of_items_with_all_tags_and_any_type,
    a_filtered_read_pages_through_rare_and_frequent_types,
    a_command_that_cannot_be_taken_says_why_and_leaves_nothing,
    a_command_may_have_thousands_of_events,
    a_poison_command_does_not_fail_its_neighbours,
    a_store_that_is_opened_again_goes_on_where_it_was,
);

async fn what_is_appended_is_read_back(db: TestDatabase) {
    let store = db.open_store().await;
    let mut made = event(
        "thing.made",
        &[tag("thing", "b"), tag("thing", "a"), tag("thing", "b")],
    );
    made.data = json!({"名前": "髙橋㈱", "n": 1.0, "list": [null, true, "\u{1}"]});
    made.personal = vec![
        part("contact", 2, json!({"name": "山田"})),
        part("about", 3, json!("x")),
    ];
    let mut whole = command(vec![made.clone(), event("thing.moved", &[])]);
    whole.reason = Some(part("ignored", 4, json!("電話で確認")));
    let receipt = append(&store, whole.clone()).await;
    assert_eq!((receipt.first.get(), receipt.last.get()), (1, 2));

    let events = everything(&store).await;
    let read = &events[0];
    assert_eq!(
        (read.position.get(), read.id, read.schema_version),
        (1, made.id, 1)
    );
    assert_eq!(
        read.tags,
        [tag("thing", "a"), tag("thing", "b")],
        "sorted, none twice"
    );
    assert_eq!(
        (read.recorded_at, read.effective_at),
        (morning(), made.effective_at)
    );
    assert_eq!(
        (read.actor.as_str(), read.command_id),
        ("staff-1", whole.command_id)
    );
    assert_eq!(read.correlation_id, whole.correlation_id);
    assert_eq!(
        read.data,
        json!({"名前": "髙橋㈱", "n": 1, "list": [null, true, "\u{1}"]})
    );
    let names: Vec<_> = read.personal.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["about", "contact", "reason"]);
    assert_eq!(
        read.part("contact").map(|part| &part.body),
        Some(&PartBody::Open(json!({"name": "山田"})))
    );
    for event in &events {
        assert_eq!(
            event.part("reason").map(|part| &part.body),
            Some(&PartBody::Open(json!("電話で確認")))
        );
    }
    assert_ne!(events[0].leaf_hash, events[1].leaf_hash);
    assert_eq!(
        store.receipt(whole.command_id).await.expect("read"),
        Some(receipt)
    );
    assert_clean(&store).await;
}

async fn positions_are_contiguous_and_recorded_at_never_goes_back(db: TestDatabase) {
    let store = db.open_store().await;
    for minutes in [0, 5, 3, -10, 6] {
        let mut late = command(vec![event("thing.made", &[]), event("thing.made", &[])]);
        late.recorded_at = morning() + TimeDelta::minutes(minutes);
        append(&store, late).await;
    }
    let events = everything(&store).await;
    let positions: Vec<_> = events.iter().map(|event| event.position.get()).collect();
    assert_eq!(positions, (1..=10).collect::<Vec<_>>());
    let minutes: Vec<_> = events
        .iter()
        .map(|event| (event.recorded_at - morning()).num_minutes())
        .collect();
    assert_eq!(minutes, [0, 0, 5, 5, 5, 5, 5, 5, 6, 6]);
    assert_clean(&store).await;
}

async fn a_query_is_an_or_of_items_with_all_tags_and_any_type(db: TestDatabase) {
    let store = db.open_store().await;
    let (a, b) = (tag("thing", "a"), tag("place", "b"));
    add(&store, "thing.made", std::slice::from_ref(&a)).await;
    add(&store, "thing.moved", &[a.clone(), b.clone()]).await;
    add(&store, "thing.moved", std::slice::from_ref(&b)).await;
    add(&store, "other.made", &[]).await;
    let found = async |items: Vec<QueryItem>, after: i64, limit: u32| {
        let events = store
            .read(&Query { items }, Position::new(after), limit)
            .await
            .expect("read");
        events
            .iter()
            .map(|event| event.position.get())
            .collect::<Vec<_>>()
    };
    assert_eq!(found(vec![QueryItem::tagged(a.clone())], 0, 10).await, [1, 2]);
    assert_eq!(found(vec![typed(&[], &[a.clone(), b.clone()])], 0, 10).await, [2]);
    assert_eq!(
        found(vec![typed(&[], &[a.clone(), b.clone(), b.clone()])], 0, 10).await,
        [2]
    );
    assert_eq!(
        found(vec![typed(&["thing.made", "x"], std::slice::from_ref(&a))], 0, 10).await,
        [1]
    );
    assert_eq!(
        found(vec![typed(&["thing.moved", "other.made"], &[])], 0, 10).await,
        [2, 3, 4]
    );
    assert_eq!(
        found(vec![typed(&["thing"], std::slice::from_ref(&a))], 0, 10).await,
        [0_i64; 0],
        "whole names"
    );
    assert_eq!(
        found(
            vec![typed(&["thing.made thing.moved"], std::slice::from_ref(&a))],
            0,
            10
        )
        .await,
        [0_i64; 0]
    );
    let either = vec![
        QueryItem::tagged(b.clone()),
        typed(&["thing.made"], &[]),
        QueryItem::tagged(a.clone()),
    ];
    assert_eq!(found(either.clone(), 0, 10).await, [1, 2, 3]);
    assert_eq!(found(either.clone(), 1, 1).await, [2]);
    assert_eq!(found(either, 3, 10).await, [0_i64; 0]);
    assert_eq!(found(vec![], 0, 10).await, [0_i64; 0], "no items match nothing");
    assert_eq!(found(Query::all().items, 2, 10).await, [3, 4]);
}

async fn a_filtered_read_pages_through_rare_and_frequent_types(db: TestDatabase) {
    let store = db.open_store().await;
    let events = (0..700)
        .map(|n| event(if n == 650 { "rare" } else { "frequent" }, &[]))
        .collect();
    append(&store, command(events)).await;
    let rare = Query {
        items: vec![typed(&["rare"], &[])],
    };
    let found = store.read(&rare, Position::START, 10).await.expect("read");
    assert_eq!(
        found.iter().map(|event| event.position.get()).collect::<Vec<_>>(),
        [651]
    );
    let frequent = Query {
        items: vec![typed(&["frequent"], &[])],
    };
    let found = store.read(&frequent, Position::new(600), 60).await.expect("read");
    let expected: Vec<_> = (601..=650).chain(652..=661).collect();
    assert_eq!(
        found.iter().map(|event| event.position.get()).collect::<Vec<_>>(),
        expected
    );
}

async fn a_command_that_cannot_be_taken_says_why_and_leaves_nothing(db: TestDatabase) {
    let store = db.open_store().await;
    let fine = || event("thing.made", &[]);
    let mut invalid = vec![(command(vec![]), InvalidAppend::NoEvents)];
    let mut no_actor = command(vec![fine()]);
    no_actor.actor = String::from("a\0b");
    invalid.push((no_actor, InvalidAppend::Actor));
    let mut number = fine();
    number.data = json!(u64::MAX);
    invalid.push((command(vec![number]), InvalidAppend::Number));
    let twice = fine();
    invalid.push((command(vec![twice.clone(), twice]), InvalidAppend::EventIdTaken));
    let mut parts = fine();
    parts.personal = vec![part("a", 1, json!(1)), part("a", 2, json!(2))];
    invalid.push((command(vec![parts]), InvalidAppend::PartTwice("a".to_owned())));
    let name = InvalidAppend::Name {
        what: "event type",
        found: "Thing made".to_owned(),
    };
    invalid.push((command(vec![event("Thing made", &[])]), name));
    let many = InvalidAppend::TooMany {
        what: "events",
        found: 10_001,
        limit: 10_000,
    };
    invalid.push((command((0..10_001).map(|_| fine()).collect()), many));
    for (command, expected) in invalid {
        match store.append(command).await {
            Err(AppendError::Invalid(found)) => assert_eq!(found, expected),
            other => panic!("expected {expected:?}, got {other:?}"),
        }
    }
    assert_eq!(store.head().await.expect("read"), Position::START);
}

async fn a_command_may_have_thousands_of_events(db: TestDatabase) {
    let store = db.open_store().await;
    let events = (0..5_000)
        .map(|n| event("thing.made", &[tag("thing", n)]))
        .collect();
    let receipt = append(&store, command(events)).await;
    assert_eq!((receipt.first.get(), receipt.last.get()), (1, 5_000));
    assert_clean(&store).await;
}

async fn a_poison_command_does_not_fail_its_neighbours(db: TestDatabase) {
    let store = db.open_store().await;
    let first = event("thing.made", &[]);
    append(&store, command(vec![first.clone()])).await;
    let commands = (0..20).map(|n| {
        let event = if n % 5 == 3 {
            first.clone()
        } else {
            event("thing.made", &[])
        };
        let store = store.clone();
        async move { (n, store.append(command(vec![event])).await) }
    });
    for (n, answer) in futures::future::join_all(commands).await {
        match answer {
            Ok(_) => assert_ne!(n % 5, 3),
            Err(AppendError::Invalid(InvalidAppend::EventIdTaken)) => assert_eq!(n % 5, 3),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(store.head().await.expect("read").get(), 17);
    assert_clean(&store).await;
}

async fn a_store_that_is_opened_again_goes_on_where_it_was(db: TestDatabase) {
    let before = db.open_store().await;
    add(&before, "thing.made", &[]).await;
    let events = everything(&before).await;
    drop(before);
    let after = db.open_store().await;
    assert_eq!(everything(&after).await, events);
    assert_eq!(add(&after, "thing.made", &[]).await.get(), 2);
    assert_clean(&after).await;
}
