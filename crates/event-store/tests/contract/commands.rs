//! Command ids: the same request again gets the same answer, another request under the same id is an error.

use event_store::{Append, AppendError, Appended, Position};
use serde_json::json;
use test_support::{TestDatabase, on_both_engines};
use uuid::Uuid;

use crate::common::{append, assert_clean, command, conflict, event, everything, part, tag, unchanged};

on_both_engines!(
    the_same_command_again_gets_the_first_receipt,
    a_retry_may_have_new_event_ids_times_and_guards,
    the_same_id_for_another_request_is_an_error,
    the_same_command_many_times_at_once_is_taken_once,
    in_one_batch_duplicates_get_the_receipt_and_strangers_an_error,
    a_command_that_lost_leaves_no_receipt,
    receipts_survive_a_restart,
);

fn sample() -> Append {
    let mut one = event("thing.made", &[tag("thing", "a"), tag("place", "b")]);
    one.personal = vec![part("contact", 1, json!({"name": "山田"}))];
    let mut whole = command(vec![one]);
    whole.reason = Some(part("reason", 1, json!("電話")));
    whole
}

async fn the_same_command_again_gets_the_first_receipt(db: TestDatabase) {
    let store = db.open_store().await;
    let one = sample();
    let receipt = append(&store, one.clone()).await;
    for _ in 0..3 {
        assert_eq!(
            store.append(one.clone()).await.expect("taken"),
            Appended::Earlier(receipt)
        );
    }
    assert_eq!(everything(&store).await.len(), 1);
    assert_eq!(store.receipt(one.command_id).await.expect("read"), Some(receipt));
    assert_eq!(store.receipt(Uuid::now_v7()).await.expect("read"), None);
}

async fn a_retry_may_have_new_event_ids_times_and_guards(db: TestDatabase) {
    let store = db.open_store().await;
    let one = sample();
    let receipt = append(&store, one.clone()).await;
    let mut retry = one.clone();
    retry.events[0].id = Uuid::now_v7();
    retry.events[0].tags.reverse();
    retry.correlation_id = Uuid::now_v7();
    retry.recorded_at += chrono::TimeDelta::hours(1);
    retry.guards = vec![unchanged(&tag("thing", "a"), Position::START)];
    assert_eq!(
        store.append(retry).await.expect("taken"),
        Appended::Earlier(receipt)
    );
}

async fn the_same_id_for_another_request_is_an_error(db: TestDatabase) {
    let store = db.open_store().await;
    let one = sample();
    append(&store, one.clone()).await;
    let mut others = vec![one.clone(); 9];
    others[0].actor = String::from("staff-2");
    others[1].reason = None;
    others[2].reason = Some(part("reason", 1, json!("メール")));
    others[3].events[0].data = json!({"what": "else"});
    others[4].events[0].event_type = String::from("thing.moved");
    others[5].events[0].tags.pop();
    others[6].events[0].effective_at = others[6].events[0].effective_at.succ_opt().expect("a day");
    others[7].events[0].personal[0].subject = part("", 2, json!(1)).subject;
    others[8].events.push(event("thing.moved", &[]));
    for other in others {
        match store.append(other.clone()).await {
            Err(AppendError::CommandReused { command_id }) => assert_eq!(command_id, one.command_id),
            answer => panic!("{other:?}: {answer:?}"),
        }
    }
    assert_eq!(everything(&store).await.len(), 1);
}

async fn the_same_command_many_times_at_once_is_taken_once(db: TestDatabase) {
    let store = db.open_store().await;
    let one = sample();
    let tries = (0..100).map(|_| {
        let (store, one) = (store.clone(), one.clone());
        tokio::spawn(async move { store.append(one).await.expect("taken") })
    });
    let answers: Vec<_> = futures::future::join_all(tries)
        .await
        .into_iter()
        .map(|answer| answer.expect("no panic"))
        .collect();
    assert_eq!(
        answers
            .iter()
            .filter(|answer| matches!(answer, Appended::New(_)))
            .count(),
        1
    );
    assert!(answers.iter().all(|answer| answer.receipt().first.get() == 1));
    assert_eq!(everything(&store).await.len(), 1);
    assert_clean(&store).await;
}

async fn in_one_batch_duplicates_get_the_receipt_and_strangers_an_error(db: TestDatabase) {
    let store = db.open_store().await;
    let one = sample();
    let mut stranger = one.clone();
    stranger.actor = String::from("staff-2");
    // Polled in this order, and with the key at hand none waits before the queue: so they are queued in this order.
    store
        .keyring()
        .ensure(&[part("contact", 1, json!(0)).subject])
        .await
        .expect("made");
    let (first, other, again) = futures::join!(
        store.append(one.clone()),
        store.append(stranger),
        store.append(one.clone())
    );
    assert!(matches!(first, Ok(Appended::New(_))), "{first:?}");
    assert!(
        matches!(other, Err(AppendError::CommandReused { .. })),
        "{other:?}"
    );
    assert!(matches!(again, Ok(Appended::Earlier(_))), "{again:?}");
}

async fn a_command_that_lost_leaves_no_receipt(db: TestDatabase) {
    let store = db.open_store().await;
    let a = tag("thing", "a");
    let seen = append(&store, sample()).await.last;
    let mut late = sample();
    late.guards = vec![unchanged(&a, Position::START)];
    conflict(store.append(late.clone()).await);
    assert_eq!(store.receipt(late.command_id).await.expect("read"), None);
    late.guards = vec![unchanged(&a, seen)];
    assert!(matches!(store.append(late).await, Ok(Appended::New(_))));
}

async fn receipts_survive_a_restart(db: TestDatabase) {
    let one = sample();
    let receipt = append(&db.open_store().await, one.clone()).await;
    // The keyed hash of the request must come out the same under the same keys.
    let again = db.open_store().await;
    assert_eq!(
        again.append(one).await.expect("taken"),
        Appended::Earlier(receipt)
    );
}
