//! Guards: what they catch, and what a loser is told.

use event_store::{Found, Guard, Position, Query, QueryItem};
use test_support::{TestDatabase, on_both_engines};
use uuid::Uuid;

use crate::common::{
    add, append, assert_clean, command, conflict, event, everything, guard, tag, typed, unchanged,
};

on_both_engines!(
    a_guard_holds_until_something_that_matches_comes_after_it,
    a_loser_is_told_the_newest_event_of_each_guard_that_failed,
    a_guard_asks_for_all_tags_and_any_type,
    guards_on_types_and_on_everything,
    in_a_batch_the_first_command_wins_and_the_others_are_told,
    a_batch_takes_the_winners_although_some_lose,
);

async fn a_guard_holds_until_something_that_matches_comes_after_it(db: TestDatabase) {
    let store = db.open_store().await;
    let (a, b) = (tag("thing", "a"), tag("thing", "b"));
    let seen = add(&store, "thing.made", std::slice::from_ref(&a)).await;
    add(&store, "thing.made", std::slice::from_ref(&b)).await;
    let mut first = command(vec![event("thing.moved", std::slice::from_ref(&a))]);
    first.guards = vec![unchanged(&a, seen)];
    let moved = append(&store, first).await.first;
    let mut second = command(vec![event("thing.moved", std::slice::from_ref(&a))]);
    second.guards = vec![unchanged(&a, seen)];
    let lost_to = conflict(store.append(second.clone()).await);
    assert_eq!(lost_to.found[0].position, moved);
    // The same command may be tried again once the caller has seen the change.
    second.guards = vec![unchanged(&a, moved)];
    assert_eq!(append(&store, second).await.first.get(), 4);
    assert_clean(&store).await;
}

async fn a_loser_is_told_the_newest_event_of_each_guard_that_failed(db: TestDatabase) {
    let store = db.open_store().await;
    let (a, b, c) = (tag("thing", "a"), tag("thing", "b"), tag("thing", "c"));
    add(&store, "thing.made", &[a.clone(), b.clone()]).await;
    add(&store, "thing.moved", std::slice::from_ref(&a)).await;
    let mut late = command(vec![event("thing.moved", &[])]);
    let either = guard(
        vec![QueryItem::tagged(b.clone()), QueryItem::tagged(a.clone())],
        Position::START,
    );
    late.guards = vec![
        unchanged(&c, Position::START),
        unchanged(&b, Position::START),
        unchanged(&a, Position::new(2)),
        either,
    ];
    let found = conflict(store.append(late).await).found;
    let events = everything(&store).await;
    let told = |guard: usize, index: usize| Found {
        guard,
        position: events[index].position,
        event_type: events[index].event_type.clone(),
        event_id: events[index].id,
    };
    assert_eq!(found, [told(1, 0), told(3, 1)]);
}

async fn a_guard_asks_for_all_tags_and_any_type(db: TestDatabase) {
    let store = db.open_store().await;
    let (a, b, c) = (tag("thing", "a"), tag("place", "b"), tag("place", "c"));
    add(&store, "thing.made", &[a.clone(), b.clone()]).await;
    add(&store, "thing.moved", &[a.clone(), c.clone()]).await;
    let verdict = async |item: QueryItem| {
        let mut asking = command(vec![event("probe", &[])]);
        asking.guards = vec![guard(vec![item], Position::START)];
        match store.append(asking).await {
            Ok(_) => None,
            lost => Some(conflict(lost).found[0].position.get()),
        }
    };
    assert_eq!(verdict(typed(&[], &[a.clone(), b.clone()])).await, Some(1));
    assert_eq!(
        verdict(typed(&[], &[b.clone(), c.clone()])).await,
        None,
        "no event has both"
    );
    assert_eq!(
        verdict(typed(&[], &[a.clone(), b.clone(), a.clone(), b.clone()])).await,
        Some(1)
    );
    assert_eq!(
        verdict(typed(&["thing.made"], std::slice::from_ref(&a))).await,
        Some(1)
    );
    assert_eq!(
        verdict(typed(&["thing.moved", "thing.made"], std::slice::from_ref(&a))).await,
        Some(2)
    );
    assert_eq!(
        verdict(typed(&["thing", "made", "thing.mad"], std::slice::from_ref(&a))).await,
        None
    );
    assert_eq!(
        verdict(typed(&["thing.moved"], &[a.clone(), b.clone()])).await,
        None
    );
}

async fn guards_on_types_and_on_everything(db: TestDatabase) {
    let store = db.open_store().await;
    add(&store, "thing.made", &[]).await;
    add(&store, "thing.moved", &[]).await;
    let verdict = async |guard: Guard| {
        let mut asking = command(vec![event("probe", &[])]);
        asking.guards = vec![guard];
        match store.append(asking).await {
            Ok(_) => None,
            lost => Some(conflict(lost).found[0].position.get()),
        }
    };
    let types = |types: &[&str], after: i64| guard(vec![typed(types, &[])], Position::new(after));
    assert_eq!(verdict(types(&["thing.made"], 0)).await, Some(1));
    assert_eq!(verdict(types(&["thing.made"], 1)).await, None);
    assert_eq!(verdict(types(&["thing.made", "thing.moved"], 0)).await, Some(2));
    let whole = |after: Position| Guard {
        query: Query::all(),
        after,
    };
    let head = store.head().await.expect("read");
    assert_eq!(
        verdict(whole(Position::new(head.get() - 1))).await,
        Some(head.get())
    );
    assert_eq!(verdict(whole(head)).await, None);
    assert_eq!(
        verdict(guard(vec![], Position::START)).await,
        None,
        "nothing matches nothing"
    );
}

async fn in_a_batch_the_first_command_wins_and_the_others_are_told(db: TestDatabase) {
    let store = db.open_store().await;
    let a = tag("thing", "a");
    let commands: Vec<_> = (0..50)
        .map(|n| {
            let mut one = command(vec![event("thing.made", &[a.clone(), tag("number", n)])]);
            // Different shapes of the same condition: by tag, by type, by both, by everything.
            let items = [
                vec![QueryItem::tagged(a.clone())],
                vec![typed(&["thing.made"], &[])],
                vec![typed(&["x", "thing.made"], std::slice::from_ref(&a))],
                Query::all().items,
            ];
            one.guards = vec![guard(items[n % items.len()].clone(), Position::START)];
            one
        })
        .collect();
    let answers = futures::future::join_all(commands.into_iter().map(|one| store.append(one))).await;
    let winner = everything(&store).await;
    assert_eq!(winner.len(), 1);
    let losers: Vec<_> = answers.into_iter().filter(Result::is_err).map(conflict).collect();
    assert_eq!(losers.len(), 49);
    for lost in losers {
        assert_eq!((lost.found.len(), lost.found[0].event_id), (1, winner[0].id));
    }
    assert_clean(&store).await;
}

async fn a_batch_takes_the_winners_although_some_lose(db: TestDatabase) {
    let store = db.open_store().await;
    let taken = tag("thing", "taken");
    add(&store, "thing.made", std::slice::from_ref(&taken)).await;
    let commands = (0..60).map(|n| {
        let mine = if n % 3 == 0 {
            taken.clone()
        } else {
            tag("thing", Uuid::now_v7())
        };
        let mut one = command(vec![event("thing.made", &[mine.clone(), tag("number", n)])]);
        one.guards = vec![unchanged(&mine, Position::START)];
        let store = store.clone();
        async move { (n, store.append(one).await) }
    });
    for (n, answer) in futures::future::join_all(commands).await {
        assert_eq!(answer.is_ok(), n % 3 != 0, "command {n}: {answer:?}");
    }
    assert_eq!(store.head().await.expect("read").get(), 41);
    assert_clean(&store).await;
}
