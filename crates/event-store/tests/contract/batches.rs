//! Batches of many sizes, and batches that are drafted on top of one another.

use event_store::{AppendError, Appended, InvalidAppend, Position};
use futures::future::join_all;
use test_support::{TestDatabase, on_both_engines};

use crate::common::{
    add, append, assert_clean, assert_no_deadlocks, command, conflict, event, everything, tag, unchanged,
};

on_both_engines!(
    a_command_of_any_size_is_written_whole,
    commands_that_wait_together_are_written_whole,
    what_was_drafted_on_top_of_a_command_that_lost_is_decided_anew,
    a_command_and_its_retries_at_once_among_others_are_taken_once,
);

/// Around the sizes at which SQLite takes another text.
const SIZES: [usize; 14] = [1, 2, 15, 16, 17, 32, 33, 64, 65, 255, 256, 257, 600, 3];

fn made(n: usize, tags: usize) -> event_store::NewEvent {
    let tags: Vec<_> = (0..tags).map(|k| tag("thing", format!("{n}-{k}"))).collect();
    event("thing.made", &tags)
}

async fn a_command_of_any_size_is_written_whole(db: TestDatabase) {
    let store = db.open_store().await;
    let mut head = 0;
    for size in SIZES {
        // No tags, a few, and as many as there may be.
        for most in [1, 5, 65] {
            let events: Vec<_> = (0..size).map(|n| made(n, n % most)).collect();
            let ids: Vec<_> = events.iter().map(|event| event.id).collect();
            let receipt = append(&store, command(events)).await;
            let count = i64::try_from(size).expect("few");
            assert_eq!(
                (receipt.first.get(), receipt.last.get()),
                (head + 1, head + count),
                "{size}, {most}"
            );
            head += count;
            let written = store
                .read(
                    &event_store::Query::all(),
                    Position::new(receipt.first.get() - 1),
                    1_000,
                )
                .await
                .expect("read");
            assert_eq!(written.iter().map(|event| event.id).collect::<Vec<_>>(), ids);
        }
    }
    assert_clean(&store).await;
}

async fn commands_that_wait_together_are_written_whole(db: TestDatabase) {
    let store = db.open_store().await;
    for size in SIZES {
        let commands = (0..size).map(|n| store.append(command(vec![made(n, n % 3)])));
        for taken in join_all(commands).await {
            assert!(matches!(taken, Ok(Appended::New(_))), "{size}: {taken:?}");
        }
    }
    let head = store.head().await.expect("read").get();
    assert_eq!(
        usize::try_from(head).expect("positive"),
        SIZES.iter().sum::<usize>()
    );
    assert_clean(&store).await;
}

/// Each second command is stale, so that every batch loses some of its commands, also one that others were drafted on.
async fn what_was_drafted_on_top_of_a_command_that_lost_is_decided_anew(db: TestDatabase) {
    let store = db.open_store().await;
    let contested = tag("thing", "contested");
    let newest = add(&store, "thing.made", std::slice::from_ref(&contested)).await;
    for round in 0..20 {
        let commands = (0..200).map(|n| {
            let mut one = command(vec![made(round * 200 + n, 2)]);
            if n % 2 == 0 {
                one.guards = vec![unchanged(&contested, Position::START)];
            }
            store.append(one)
        });
        for (n, taken) in join_all(commands).await.into_iter().enumerate() {
            if n % 2 == 0 {
                assert_eq!(conflict(taken).found[0].position, newest);
            } else {
                assert!(matches!(taken, Ok(Appended::New(_))), "{taken:?}");
            }
        }
    }
    assert_eq!(store.head().await.expect("read").get(), 1 + 20 * 100);
    assert_clean(&store).await;
}

async fn a_command_and_its_retries_at_once_among_others_are_taken_once(db: TestDatabase) {
    let store = db.open_store().await;
    for _ in 0..20 {
        let one = command(vec![event("thing.made", &[])]);
        let commands = (0..120).map(|n| {
            store.append(if n % 12 == 0 {
                one.clone()
            } else {
                command(vec![event("thing.moved", &[])])
            })
        });
        let taken: Vec<Result<Appended, AppendError>> = join_all(commands).await;
        let mut new = 0;
        let mut receipts = Vec::new();
        for answer in taken.into_iter().step_by(12) {
            let answer = answer.expect("taken");
            new += usize::from(matches!(answer, Appended::New(_)));
            receipts.push(*answer.receipt());
        }
        receipts.dedup();
        assert_eq!((new, receipts.len()), (1, 1));
    }
    assert_eq!(everything(&store).await.len(), 20 * 111);
    assert_clean(&store).await;
    assert_no_deadlocks(&db, &[store]).await;
}

/// A batch has the lock of the log before it inserts, if there is none before it.
const HAS_BEGUN: &str = "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
                                        WHERE locktype = 'advisory' AND granted AND datname = current_database())";

/// Two batches are inserted at the same time and committed in turn. Here the first comes to a row that the second has inserted
/// already, and the second waits for its turn behind the first: that has to end by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_postgres_a_row_that_the_batch_behind_has_inserted_already_ends_in_no_deadlock() {
    let db = TestDatabase::postgres().await;
    let store = db.open_store().await;
    // Two batches are under way at once only when nobody else seems to write.
    for _ in 0..20 {
        append(&store, command(vec![event("thing.made", &[])])).await;
    }
    let taken = event("thing.made", &[]);
    // Long enough under way that what comes next is sent, and inserted, meanwhile.
    let mut long: Vec<_> = (0..9_999).map(|n| made(n, 0)).collect();
    long.push(taken.clone());
    let first = tokio::spawn({
        let store = store.clone();
        async move { store.append(command(long)).await }
    });
    let mut looking = db.database().acquire_read().await.expect("a connection");
    while
        !event_store::each_engine!(looking, c => sqlx::query_scalar::<_, bool>(HAS_BEGUN).fetch_one(c).await)
            .expect("asked")
    {
        tokio::task::yield_now().await;
    }
    drop(looking);
    let behind = (0..15).map(|n| command(vec![made(n, 0)]));
    let behind = std::iter::once(command(vec![taken])).chain(behind);
    let mut answers = join_all(behind.map(|one| store.append(one))).await;
    answers.push(first.await.expect("no panic"));

    let refused: Vec<_> = answers
        .iter()
        .filter_map(|answer| answer.as_ref().err())
        .collect();
    assert!(
        matches!(
            refused.as_slice(),
            [AppendError::Invalid(InvalidAppend::EventIdTaken)]
        ),
        "{refused:?}"
    );
    assert_clean(&store).await;
    assert_no_deadlocks(&db, &[store]).await;
}
