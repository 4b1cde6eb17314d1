//! How files with the same headings were read the last time. Operational: it saves work and decides nothing.

use chrono::{DateTime, Utc};
use domain::import::Mapping;
use event_store::{Database, Sql, each_engine};

use crate::sql::{StorageError, micros};

const FIND: Sql = Sql::same("SELECT places FROM import_mapping WHERE headings = $1");
const KEEP: Sql = Sql::same(
    "INSERT INTO import_mapping (headings, places, set_by, set_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (headings) DO UPDATE SET places = excluded.places, set_by = excluded.set_by, set_at = excluded.set_at",
);

/// How a file with headings of this hash was read; none: never, or by another version.
pub async fn find(database: &Database, headings: &str) -> Result<Option<Mapping>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = FIND.on(&connection);
    let places: Option<String> =
        each_engine!(connection, c => sqlx::query_scalar(text).bind(headings).fetch_optional(c).await)?;
    let places = places.and_then(|places| serde_json::from_str::<Vec<Option<u16>>>(&places).ok());
    Ok(places.and_then(|places| Mapping::of(&places)))
}

/// Remembers it.
pub async fn keep(
    database: &Database,
    headings: &str,
    mapping: &Mapping,
    by: &str,
    at: DateTime<Utc>,
) -> Result<(), StorageError> {
    let places = serde_json::to_string(&mapping.places()).expect("numbers are JSON");
    let mut tx = database.begin_write().await?;
    let text = KEEP.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text).bind(headings).bind(places).bind(by).bind(micros(at)).execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}
