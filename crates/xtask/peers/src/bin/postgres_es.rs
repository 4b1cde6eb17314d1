//! cqrs-es with postgres-es: streams with versions, no global order.

use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::{PersistedEventRepository, SerializedEvent};
use cqrs_es::{Aggregate, DomainEvent};
use peers::{Arguments, Outcome, drive, meta, payload};
use postgres_es::PostgresEventRepository;
use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
enum Event {
    Made(Value),
}

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        "Made".to_owned()
    }
    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}

#[derive(Default, Deserialize, Serialize)]
struct Declaration;

#[derive(Debug, thiserror::Error)]
#[error("never")]
struct Never;

impl Aggregate for Declaration {
    const TYPE: &'static str = "declaration";
    type Command = ();
    type Event = Event;
    type Error = Never;
    type Services = ();

    async fn handle(&mut self, (): (), _: &(), _: &EventSink<Self>) -> Result<(), Never> {
        Ok(())
    }

    fn apply(&mut self, _: Event) {}
}

// As the crate's own documentation has it.
const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS events (aggregate_type text NOT NULL, aggregate_id text NOT NULL,
         sequence bigint CHECK (sequence >= 0) NOT NULL, event_type text NOT NULL, event_version text NOT NULL,
         payload json NOT NULL, metadata json NOT NULL, PRIMARY KEY (aggregate_type, aggregate_id, sequence))",
    "CREATE TABLE IF NOT EXISTS snapshots (aggregate_type text NOT NULL, aggregate_id text NOT NULL,
         last_sequence bigint CHECK (last_sequence >= 0) NOT NULL, current_snapshot bigint NOT NULL,
         payload json NOT NULL, PRIMARY KEY (aggregate_type, aggregate_id, last_sequence))",
];

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments = Arguments::read()?;
    let pool = arguments.pool().await?;
    for table in TABLES {
        sqlx::query(table).execute(&pool).await?;
    }
    let payload = serde_json::to_value(Event::Made(payload()?))?;
    let meta = meta();
    let store = move || {
        (
            PostgresEventRepository::new(pool.clone()),
            payload.clone(),
            meta.clone(),
        )
    };
    drive(&arguments, store, |store, stream, number| async move {
        let (repository, payload, meta) = &store;
        let event = SerializedEvent::new(
            stream.to_string(),
            number as usize,
            Declaration::TYPE.to_owned(),
            "Made".to_owned(),
            "1.0".to_owned(),
            payload.clone(),
            meta.clone(),
        );
        let taken = repository.persist::<Declaration>(&[event], None).await.is_ok();
        (store, taken)
    })
    .await
}
