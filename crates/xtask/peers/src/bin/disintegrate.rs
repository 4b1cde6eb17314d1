//! disintegrate: tags and queries as ours, checked by serializable transactions.

use std::collections::BTreeMap;

use disintegrate::serde::json::Json;
use disintegrate::{Event, EventStore, PersistedEvent, StreamQuery, query};
use disintegrate_postgres::PgEventStore;
use peers::{Arguments, Outcome, drive, meta, payload};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use uuid::Uuid;

#[derive(Clone, Debug, Deserialize, Event, PartialEq, Eq, Serialize)]
#[stream(DeclarationEvent, [Made, Changed])]
enum Declared {
    Made {
        #[id]
        declaration_id: Uuid,
        data: String,
        meta: BTreeMap<String, String>,
    },
    Changed {
        #[id]
        declaration_id: Uuid,
        data: String,
    },
}

/// The crate's own statements, as it installed them; its migration writes a hexadecimal number, which PostgreSQL takes
/// only from version 16 on.
const STATEMENTS: [(&str, &str); 5] = include!(concat!(env!("OUT_DIR"), "/statements.rs"));

async fn make_tables(pool: &PgPool) -> Outcome<()> {
    let exists: Option<String> = sqlx::query_scalar("SELECT to_regclass('event')::text")
        .fetch_one(pool)
        .await?;
    if exists.is_some() {
        return Ok(());
    }
    for (_, statement) in STATEMENTS {
        let statement = statement.replace("0xFFFFFFFF", "4294967295");
        sqlx::query(&statement).execute(pool).await?;
    }
    sqlx::query("ALTER TABLE event ADD COLUMN declaration_id UUID")
        .execute(pool)
        .await?;
    sqlx::query(
        "CREATE INDEX idx_event_declaration_id ON event (declaration_id) WHERE declaration_id IS NOT NULL",
    )
    .execute(pool)
    .await?;
    Ok(())
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments = Arguments::read()?;
    let pool = arguments.pool().await?;
    make_tables(&pool).await?;
    let data = payload()?.to_string();
    let meta: BTreeMap<String, String> = serde_json::from_value(meta())?;
    let store = PgEventStore::new_uninitialized(pool, Json::<Declared>::default());
    drive(
        &arguments,
        move || (store.clone(), data.clone(), meta.clone(), 0_i64),
        |(store, data, meta, saw), declaration_id, number| async move {
            let saw = if number == 1 { 0 } else { saw };
            let same: StreamQuery<i64, Declared> = query!(Declared; declaration_id == declaration_id);
            let made = Declared::Made {
                declaration_id,
                data: data.clone(),
                meta: meta.clone(),
            };
            match store.append(vec![made], same, saw).await {
                Ok(events) => {
                    let saw = events.last().map_or(saw, PersistedEvent::id);
                    ((store, data, meta, saw), true)
                }
                Err(_) => ((store, data, meta, saw), false),
            }
        },
    )
    .await
}
