//! Races on one guard: exactly one winner per position, every loser told what it lost to, no gap, no loss.

use std::collections::{BTreeMap, BTreeSet};

use event_store::{AppendError, EventStore, Position, Query, RecordedEvent};
use test_support::{TestDatabase, on_both_engines};
use uuid::Uuid;

use crate::common::{assert_clean, command, event, tag, unchanged};

on_both_engines!(
    t11_64_tasks_500_attempts_on_one_guard_without_retry_have_exactly_one_winner_per_position_and_tell_every_loser,
);

const TASKS: usize = 64;
const ATTEMPTS: usize = 500;

/// What one attempt came to.
struct Attempt {
    saw: Position,
    event_id: Uuid,
    came_to: Result<Position, (Position, Uuid)>,
}

async fn t11_64_tasks_500_attempts_on_one_guard_without_retry_have_exactly_one_winner_per_position_and_tell_every_loser(
    db: TestDatabase,
) {
    let store = db.open_store().await;
    let tasks = (0..TASKS).map(|_| tokio::spawn(attempts(store.clone())));
    let mut all = Vec::with_capacity(TASKS * ATTEMPTS);
    for task in futures::future::join_all(tasks).await {
        all.extend(task.expect("no panic"));
    }
    assert_eq!(all.len(), TASKS * ATTEMPTS, "every attempt has its answer");

    let events: Vec<RecordedEvent> = store
        .read(
            &Query::tagged(tag("thing", "contested")),
            Position::START,
            1_000_000,
        )
        .await
        .expect("read");
    let by_position: BTreeMap<_, _> = events.iter().map(|event| (event.position, event.id)).collect();
    let positions: Vec<_> = events.iter().map(|event| event.position.get()).collect();
    let count = i64::try_from(events.len()).expect("few");
    assert_eq!(positions, (1..=count).collect::<Vec<_>>(), "no gap");

    let mut won = BTreeMap::new();
    let mut seen_by_winners = BTreeSet::new();
    for attempt in &all {
        match attempt.came_to {
            Ok(position) => {
                assert_eq!(
                    won.insert(position, attempt.event_id),
                    None,
                    "two winners at {position}"
                );
                assert_eq!(
                    attempt.saw.next(),
                    position,
                    "a winner saw all that was before it"
                );
                assert!(
                    seen_by_winners.insert(attempt.saw),
                    "two winners over {}",
                    attempt.saw
                );
            }
            Err((position, event_id)) => {
                assert!(
                    position > attempt.saw,
                    "it lost to something that it had not seen"
                );
                assert_eq!(
                    by_position.get(&position),
                    Some(&event_id),
                    "and that is in the log"
                );
            }
        }
    }
    assert_eq!(
        won, by_position,
        "what was won is what is in the log: nothing lost, nothing twice"
    );
    assert!(
        won.len() > 1 && won.len() < all.len(),
        "there were winners and losers"
    );
    assert_clean(&store).await;
}

async fn attempts(store: EventStore) -> Vec<Attempt> {
    let contested = tag("thing", "contested");
    let mut made = Vec::with_capacity(ATTEMPTS);
    let mut saw = Position::START;
    for _ in 0..ATTEMPTS {
        let one = event("thing.changed", std::slice::from_ref(&contested));
        let event_id = one.id;
        let mut attempt = command(vec![one]);
        attempt.guards = vec![unchanged(&contested, saw)];
        let came_to = match store.append(attempt).await {
            Ok(answer) => Ok(answer.receipt().first),
            Err(AppendError::Conflict(conflict)) => {
                Err((conflict.found[0].position, conflict.found[0].event_id))
            }
            Err(other) => panic!("{other:?}"),
        };
        made.push(Attempt {
            saw,
            event_id,
            came_to,
        });
        // The next attempt is another command, which has seen what this one won or lost to.
        saw = match came_to {
            Ok(position) | Err((position, _)) => position,
        };
    }
    made
}
