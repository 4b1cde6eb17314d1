//! Writing rows as they are, thousands in one statement.

use serde_json::json;

use super::rows::{StoredEvent, StoredKey, StoredReceipt, StoredSecret};
use crate::database::{Connection, EngineMut};

/// As an append writes them: rows as JSON, and beside them one byte string ($2) with what is long or binary.
const EVENTS_SQLITE: &str = "
    INSERT INTO event (position, event_type, schema_version, recorded_at, effective_at, actor,
                       event_id, command_id, correlation_id, leaf_hash, tags, data, personal)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
           substr($2, at, 16), substr($2, at + 16, 16), substr($2, at + 32, 16), substr($2, at + 48, 32),
           CAST(substr($2, at + 80, tags) AS TEXT), CAST(substr($2, at + 80 + tags, data) AS TEXT),
           substr($2, at + 80 + tags + data, personal)
    FROM (SELECT value, value ->> 6 AS at, value ->> 7 AS tags, value ->> 8 AS data, value ->> 9 AS personal
          FROM json_each($1))";
const EVENTS_POSTGRES: &str = "
    INSERT INTO event (position, event_id, event_type, schema_version, tags, recorded_at, effective_at, actor,
                       command_id, correlation_id, data, personal, leaf_hash)
    SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::text[],
        $8::text[], $9::uuid[], $10::uuid[], $11::text[], $12::bytea[], $13::bytea[])";

const RECEIPTS_SQLITE: &str = "
    INSERT INTO command_receipt (command_id, request_hash, first_position, last_position)
    SELECT unhex(value ->> 0), unhex(value ->> 1), value ->> 2, value ->> 3 FROM json_each($1)";
const RECEIPTS_POSTGRES: &str = "
    INSERT INTO command_receipt (command_id, request_hash, first_position, last_position)
    SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::bigint[], $4::bigint[])";

const KEYS_SQLITE: &str = "
    INSERT INTO subject_key (subject_id, key_id, wrapped, wrapped_by, created_at, destroyed_at)
    SELECT unhex(value ->> 0), unhex(value ->> 1), unhex(value ->> 2), value ->> 3, value ->> 4, value ->> 5
    FROM json_each($1)";
const KEYS_POSTGRES: &str = "
    INSERT INTO sengen_keys.subject_key (subject_id, key_id, wrapped, wrapped_by, created_at, destroyed_at)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[], $5::bigint[], $6::bigint[])";

const SECRET_SQLITE: &str = "INSERT INTO keyring_secret (name, wrapped, wrapped_by) VALUES ($1, $2, $3)";
const SECRET_POSTGRES: &str =
    "INSERT INTO sengen_keys.keyring_secret (name, wrapped, wrapped_by) VALUES ($1, $2, $3)";

pub(super) async fn events(connection: &mut Connection, events: &[StoredEvent]) -> Result<(), sqlx::Error> {
    match connection.engine_mut() {
        EngineMut::Sqlite(c) => events_sqlite(c, events).await,
        EngineMut::Postgres(c) => events_postgres(c, events).await,
    }
}

async fn events_sqlite(
    connection: &mut sqlx::SqliteConnection,
    events: &[StoredEvent],
) -> Result<(), sqlx::Error> {
    let mut bytes = Vec::new();
    let rows: Vec<_> = events
        .iter()
        .map(|StoredEvent(row)| {
            // SQL counts from 1.
            let at = bytes.len() + 1;
            for id in [row.event_id, row.command_id, row.correlation_id] {
                bytes.extend_from_slice(id.as_bytes());
            }
            for text in [
                &row.leaf_hash,
                row.tags.as_bytes(),
                row.data.as_bytes(),
                &row.personal,
            ] {
                bytes.extend_from_slice(text);
            }
            json!([
                row.position,
                row.event_type,
                row.schema_version,
                row.recorded_at,
                row.effective_at,
                row.actor,
                at,
                row.tags.len(),
                row.data.len(),
                row.personal.len()
            ])
        })
        .collect();
    let query = sqlx::query(EVENTS_SQLITE)
        .bind(json!(rows).to_string())
        .bind(bytes);
    query.execute(connection).await.map(|_| ())
}

async fn events_postgres(
    connection: &mut sqlx::PgConnection,
    events: &[StoredEvent],
) -> Result<(), sqlx::Error> {
    // Each column is bound as a list of its own, borrowed from the rows.
    macro_rules! list {
        ($row:ident => $column:expr) => {
            events
                .iter()
                .map(|StoredEvent($row)| $column)
                .collect::<Vec<_>>()
        };
    }
    sqlx::query(EVENTS_POSTGRES)
        .bind(list!(row => row.position))
        .bind(list!(row => row.event_id))
        .bind(list!(row => row.event_type.as_str()))
        .bind(list!(row => row.schema_version))
        .bind(list!(row => row.tags.as_str()))
        .bind(list!(row => row.recorded_at))
        .bind(list!(row => row.effective_at.as_str()))
        .bind(list!(row => row.actor.as_str()))
        .bind(list!(row => row.command_id))
        .bind(list!(row => row.correlation_id))
        .bind(list!(row => row.data.as_str()))
        .bind(list!(row => row.personal.as_slice()))
        .bind(list!(row => row.leaf_hash.as_slice()))
        .execute(connection)
        .await
        .map(|_| ())
}

pub(super) async fn receipts(
    connection: &mut Connection,
    receipts: &[StoredReceipt],
) -> Result<(), sqlx::Error> {
    match connection.engine_mut() {
        EngineMut::Sqlite(c) => {
            let rows: Vec<_> = receipts
                .iter()
                .map(|row| {
                    let id = row.command_id.simple().to_string();
                    json!([
                        id,
                        hex::encode(&row.request_hash),
                        row.first_position,
                        row.last_position
                    ])
                })
                .collect();
            let query = sqlx::query(RECEIPTS_SQLITE).bind(json!(rows).to_string());
            query.execute(c).await.map(|_| ())
        }
        EngineMut::Postgres(c) => sqlx::query(RECEIPTS_POSTGRES)
            .bind(receipts.iter().map(|row| row.command_id).collect::<Vec<_>>())
            .bind(
                receipts
                    .iter()
                    .map(|row| row.request_hash.as_slice())
                    .collect::<Vec<_>>(),
            )
            .bind(receipts.iter().map(|row| row.first_position).collect::<Vec<_>>())
            .bind(receipts.iter().map(|row| row.last_position).collect::<Vec<_>>())
            .execute(c)
            .await
            .map(|_| ()),
    }
}

pub(super) async fn keys(connection: &mut Connection, keys: &[StoredKey]) -> Result<(), sqlx::Error> {
    match connection.engine_mut() {
        EngineMut::Sqlite(c) => {
            let rows: Vec<_> = keys
                .iter()
                .map(|row| {
                    json!([
                        row.subject_id.simple().to_string(),
                        row.key_id.simple().to_string(),
                        row.wrapped.as_ref().map(hex::encode),
                        row.wrapped_by,
                        row.created_at,
                        row.destroyed_at
                    ])
                })
                .collect();
            let query = sqlx::query(KEYS_SQLITE).bind(json!(rows).to_string());
            query.execute(c).await.map(|_| ())
        }
        EngineMut::Postgres(c) => sqlx::query(KEYS_POSTGRES)
            .bind(keys.iter().map(|row| row.subject_id).collect::<Vec<_>>())
            .bind(keys.iter().map(|row| row.key_id).collect::<Vec<_>>())
            .bind(keys.iter().map(|row| row.wrapped.as_deref()).collect::<Vec<_>>())
            .bind(keys.iter().map(|row| row.wrapped_by.as_str()).collect::<Vec<_>>())
            .bind(keys.iter().map(|row| row.created_at).collect::<Vec<_>>())
            .bind(keys.iter().map(|row| row.destroyed_at).collect::<Vec<_>>())
            .execute(c)
            .await
            .map(|_| ()),
    }
}

pub(super) async fn secrets(
    connection: &mut Connection,
    secrets: &[StoredSecret],
) -> Result<(), sqlx::Error> {
    for secret in secrets {
        let (name, wrapped, by) = (&secret.name, &secret.wrapped, &secret.wrapped_by);
        match connection.engine_mut() {
            EngineMut::Sqlite(c) => {
                let query = sqlx::query(SECRET_SQLITE).bind(name).bind(wrapped).bind(by);
                query.execute(c).await.map(|_| ())?;
            }
            EngineMut::Postgres(c) => {
                let query = sqlx::query(SECRET_POSTGRES).bind(name).bind(wrapped).bind(by);
                query.execute(c).await.map(|_| ())?;
            }
        }
    }
    Ok(())
}
