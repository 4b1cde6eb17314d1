//! Inline projectors: in the same transaction, one call per batch, and their failure refuses the command.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use event_store::{
    AppendError, BoxFuture, Connection, InlineError, InlineEvent, InlineProjector, each_engine,
};
use serde_json::json;
use test_support::{TestDatabase, on_both_engines};

use crate::common::{append, assert_clean, by_hand, command, event, part};

on_both_engines!(
    what_a_projector_writes_is_committed_with_the_events,
    a_projector_that_fails_or_panics_refuses_only_its_command,
);

/// Copies position and the name in the personal part; refuses events that say so.
#[derive(Default)]
struct Copier {
    calls: AtomicUsize,
}

impl InlineProjector for Copier {
    fn name(&self) -> &'static str {
        "copier"
    }

    fn project<'f>(
        &'f self,
        connection: &'f mut Connection,
        events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            for event in events {
                let body = event
                    .personal
                    .first()
                    .map(|part| part.body.to_string())
                    .unwrap_or_default();
                let position = event.position.get();
                each_engine!(connection, c => {
                    sqlx::query("INSERT INTO copied (position, body) VALUES ($1, $2)")
                        .bind(position)
                        .bind(body)
                        .execute(c)
                        .await
                        .map(|_| ())
                })?;
                match event.data["what"].as_str() {
                    Some("refuse") => return Err("it was told to".into()),
                    Some("panic") => panic!("it was told to"),
                    _ => {}
                }
            }
            Ok(())
        })
    }
}

async fn open(db: &TestDatabase) -> (event_store::EventStore, Arc<Copier>) {
    let copier = Arc::new(Copier::default());
    let store = db.open_store_with(vec![Arc::clone(&copier) as _]).await;
    by_hand(
        &store,
        &["CREATE TABLE copied (position BIGINT PRIMARY KEY, body TEXT)"],
    )
    .await
    .expect("made");
    (store, copier)
}

async fn copied(store: &event_store::EventStore) -> Vec<(i64, String)> {
    let mut reader = store.database().acquire_read().await.expect("a connection");
    each_engine!(reader, c => {
        sqlx::query_as("SELECT position, body FROM copied ORDER BY position").fetch_all(c).await
    })
    .expect("read")
}

async fn what_a_projector_writes_is_committed_with_the_events(db: TestDatabase) {
    let (store, copier) = open(&db).await;
    let mut one = event("thing.made", &[]);
    one.personal = vec![part("contact", 1, json!("山田"))];
    append(&store, command(vec![one, event("thing.moved", &[])])).await;
    assert_eq!(
        copied(&store).await,
        [(1, "\"山田\"".to_owned()), (2, String::new())]
    );
    assert_eq!(copier.calls.load(Ordering::SeqCst), 1, "one call for the batch");
}

async fn a_projector_that_fails_or_panics_refuses_only_its_command(db: TestDatabase) {
    let (store, _) = open(&db).await;
    let commands = (0..12).map(|n| {
        let mut one = event("thing.made", &[]);
        let what = ["fine", "refuse", "fine", "panic"][n % 4];
        one.data = json!({ "what": what });
        let store = store.clone();
        async move { (n, store.append(command(vec![one])).await) }
    });
    for (n, answer) in futures::future::join_all(commands).await {
        match answer {
            Ok(_) => assert_eq!(n % 2, 0),
            Err(AppendError::Inline {
                projector: "copier", ..
            }) => assert_eq!(n % 2, 1),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(
        copied(&store)
            .await
            .into_iter()
            .map(|row| row.0)
            .collect::<Vec<_>>(),
        [1, 2, 3, 4, 5, 6]
    );
    assert_clean(&store).await;
}
