//! Verify: it names the exact event for whatever an intruder with the database's password did.

use event_store::{BreachKind, EventStore, Position};
use serde_json::json;
use test_support::{TestDatabase, on_both_engines};

use crate::common::{append, assert_clean, by_hand, command, event, part, tag};
use crate::tamper::disarm;

on_both_engines!(
    every_change_to_a_row_is_named_with_its_position,
    a_removed_row_a_cut_tail_and_an_added_row_are_named,
    a_walk_over_a_part_of_the_log_looks_at_that_part,
);

/// Ten commands of two events each, with tags and personal parts.
async fn filled(db: &TestDatabase) -> EventStore {
    let store = db.open_store().await;
    for n in 0..10_u128 {
        let mut one = event("thing.made", &[tag("thing", n), tag("place", "a")]);
        one.personal = vec![
            part("contact", n, json!({"name": "山田"})),
            part("owner", n + 100, json!("佐藤")),
        ];
        append(
            &store,
            command(vec![one, event("thing.moved", &[tag("thing", n)])]),
        )
        .await;
    }
    assert_clean(&store).await;
    disarm(&store).await;
    store
}

async fn breaches(store: &EventStore) -> Vec<(i64, BreachKind)> {
    let report = store
        .verify(Position::START, Position::new(i64::MAX))
        .await
        .expect("walked");
    assert_eq!(report.first().is_none(), report.is_clean());
    report
        .breaches
        .into_iter()
        .map(|breach| (breach.position.get(), breach.kind))
        .collect()
}

/// Does something and undoes it.
async fn found(
    store: &EventStore,
    done: &'static [&'static str],
    undone: &'static [&'static str],
) -> Vec<(i64, BreachKind)> {
    by_hand(store, done).await.expect("done");
    let found = breaches(store).await;
    by_hand(store, undone).await.expect("undone");
    assert_clean(store).await;
    found
}

async fn every_change_to_a_row_is_named_with_its_position(db: TestDatabase) {
    let store = filled(&db).await;
    let data = found(
        &store,
        &["UPDATE event SET data = replace(data, 'made', 'mode') WHERE position = 7"],
        &["UPDATE event SET data = replace(data, 'mode', 'made') WHERE position = 7"],
    )
    .await;
    assert_eq!(data, [(7, BreachKind::LeafHash)]);
    let actor = found(
        &store,
        &["UPDATE event SET actor = 'someone' WHERE position IN (3, 4)"],
        &["UPDATE event SET actor = 'staff-1' WHERE position IN (3, 4)"],
    )
    .await;
    assert_eq!(actor, [(3, BreachKind::LeafHash), (4, BreachKind::LeafHash)]);
    let earlier = found(
        &store,
        &["UPDATE event SET recorded_at = recorded_at - 1 WHERE position = 5"],
        &["UPDATE event SET recorded_at = recorded_at + 1 WHERE position = 5"],
    )
    .await;
    assert_eq!(
        earlier,
        [(5, BreachKind::RecordedBefore), (5, BreachKind::LeafHash)]
    );
    let tag_gone = found(
        &store,
        &["UPDATE event_tag SET tag = 'thing:x' WHERE tag = 'thing:4' AND position = 9"],
        &["UPDATE event_tag SET tag = 'thing:4' WHERE tag = 'thing:x'"],
    )
    .await;
    let (missing, foreign) = ("thing:4".to_owned(), "thing:x".to_owned());
    assert_eq!(
        tag_gone,
        [
            (9, BreachKind::TagMissing { tag: missing }),
            (9, BreachKind::TagForeign { tag: foreign })
        ]
    );
    let receipt = found(
        &store,
        &["UPDATE command_receipt SET last_position = 12 WHERE first_position = 13"],
        &["UPDATE command_receipt SET last_position = 14 WHERE first_position = 13"],
    )
    .await;
    assert!(
        !receipt.is_empty()
            && receipt
                .iter()
                .all(|(at, kind)| (13..=14).contains(at) && *kind == BreachKind::Receipt)
    );
    let swapped = found(
        &store,
        &[
            "UPDATE event SET position = 100 WHERE position = 3",
            "UPDATE event SET position = 3 WHERE position = 4",
            "UPDATE event SET position = 4 WHERE position = 100",
        ],
        &[
            "UPDATE event SET position = 100 WHERE position = 3",
            "UPDATE event SET position = 3 WHERE position = 4",
            "UPDATE event SET position = 4 WHERE position = 100",
        ],
    )
    .await;
    let hashes: Vec<_> = swapped
        .iter()
        .filter(|(_, kind)| *kind == BreachKind::LeafHash)
        .map(|(at, _)| *at)
        .collect();
    assert_eq!(hashes, [3, 4]);
}

/// A copy of the last event beyond the head, under another id.
const ADD: &str = "INSERT INTO event SELECT 21, command_id, event_type, schema_version, tags, recorded_at,
        effective_at, actor, command_id, correlation_id, data, personal, leaf_hash FROM event WHERE position = 20";

async fn a_removed_row_a_cut_tail_and_an_added_row_are_named(db: TestDatabase) {
    let store = filled(&db).await;
    let added = found(&store, &[ADD], &["DELETE FROM event WHERE position = 21"]).await;
    assert_eq!(added, [(21, BreachKind::BeyondHead)]);
    by_hand(&store, &["DELETE FROM event WHERE position IN (6, 7, 20)"])
        .await
        .expect("removed");
    let removed = breaches(&store).await;
    let missing: Vec<_> = removed
        .iter()
        .filter_map(|(at, kind)| match kind {
            BreachKind::Missing { through } => Some((*at, through.get())),
            _ => None,
        })
        .collect();
    assert_eq!(missing, [(6, 7), (20, 20)]);
}

async fn a_walk_over_a_part_of_the_log_looks_at_that_part(db: TestDatabase) {
    let store = filled(&db).await;
    by_hand(
        &store,
        &["UPDATE event SET actor = 'someone' WHERE position IN (4, 12)"],
    )
    .await
    .expect("changed");
    let report = store
        .verify(Position::new(5), Position::new(11))
        .await
        .expect("walked");
    assert_eq!((report.checked, report.is_clean()), (7, true));
    let report = store
        .verify(Position::new(4), Position::new(12))
        .await
        .expect("walked");
    let found: Vec<_> = report
        .breaches
        .iter()
        .map(|breach| breach.position.get())
        .collect();
    assert_eq!(found, [4, 12]);
    let nothing = store
        .verify(Position::new(50), Position::new(60))
        .await
        .expect("walked");
    assert_eq!((nothing.checked, nothing.is_clean()), (0, true));
}
