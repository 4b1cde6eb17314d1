//! Forgetting outside the log: what a projection still holds of somebody who was forgotten, and the bytes that it leaves in
//! files.
//!
//! The events say who is forgotten; a checkpoint says up to which of them everything is done. So whatever crashes, the next
//! run of any process finds what is left, and doing it again changes nothing.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::declaration::DeclarationEvent;
use domain::export::ExportEvent;
use domain::inquiry::InquiryEvent;
use domain::privacy_request::PrivacyRequestEvent;
use domain::{DeclarationId, InquiryId, SubjectId};
use event_store::{
    Connection, Database, DatabaseError, Engine, EventStore, Position, Query, QueryItem, ReadError,
    RecordedEvent, Sql, each_engine,
};
use serde_json::json;

use crate::codec;
use crate::projections::{checkpoint, declaration as projection, hold_rebuild, inquiry};
use crate::sql::{StorageError, micros};

/// The name of the checkpoint.
const NAME: &str = "erasures";
/// Nothing is rebuilt here, so the version never changes.
const VERSION: i64 = 1;
/// Events that are read at a time.
const PAGE: u32 = 500;

/// Somebody who was forgotten, or a file that was destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// Of the event.
    pub position: Position,
    /// In which declaration; none: in a case of its own or in a file, of which no row holds anything in the clear.
    pub declaration_id: Option<DeclarationId>,
    /// In which inquiry.
    pub inquiry_id: Option<InquiryId>,
    /// Whose key is to be destroyed.
    pub subject: SubjectId,
}

/// What finds the events.
pub fn query() -> Query {
    Query {
        items: vec![QueryItem {
            types: [
                EVENT_TYPE,
                PrivacyRequestEvent::FORGOTTEN,
                InquiryEvent::FORGOTTEN,
                ExportEvent::DISCARDED,
                ExportEvent::EXPIRED,
            ]
            .map(str::to_owned)
            .to_vec(),
            tags: Vec::new(),
        }],
    }
}

const EVENT_TYPE: &str = "declaration.person_forgotten";

/// Everybody who was forgotten after a position, in order.
pub async fn after(store: &EventStore, after: Position) -> Result<Vec<Erasure>, ReadError> {
    let query = query();
    let mut found = Vec::new();
    let mut from = after;
    loop {
        let events = store.read(&query, from, PAGE).await?;
        let is_last = events.len() < PAGE as usize;
        for event in &events {
            from = event.position;
            found.extend(erasures_of(event)?);
        }
        if is_last {
            return Ok(found);
        }
    }
}

fn erasures_of(event: &RecordedEvent) -> Result<Vec<Erasure>, ReadError> {
    let damaged = |reason: String| ReadError::Damaged {
        position: event.position,
        reason,
    };
    let of = |declaration_id, subject| Erasure {
        position: event.position,
        declaration_id,
        inquiry_id: None,
        subject,
    };
    if event.event_type == PrivacyRequestEvent::FORGOTTEN {
        let said = PrivacyRequestEvent::decode(&event.event_type, event.schema_version, &event.data);
        return Ok(match said.map_err(|error| damaged(error.to_string()))? {
            PrivacyRequestEvent::Forgotten { subject, .. } => vec![of(None, subject)],
            _ => Vec::new(),
        });
    }
    if event.event_type == InquiryEvent::FORGOTTEN {
        let said = InquiryEvent::decode(&event.event_type, event.schema_version, &event.data);
        let InquiryEvent::Forgotten { inquiry_id, subjects } =
            said.map_err(|error| damaged(error.to_string()))?
        else {
            return Ok(Vec::new());
        };
        let of_inquiry = subjects.into_iter().map(|subject| Erasure {
            inquiry_id: Some(inquiry_id),
            ..of(None, subject)
        });
        return Ok(of_inquiry.collect());
    }
    if matches!(
        event.event_type.as_str(),
        ExportEvent::DISCARDED | ExportEvent::EXPIRED
    ) {
        let said = ExportEvent::decode(&event.event_type, event.schema_version, &event.data);
        let said = said.map_err(|error| damaged(error.to_string()))?;
        return Ok(said
            .destroys()
            .map(|subject| of(None, subject))
            .into_iter()
            .collect());
    }
    let statement = codec::statement(event).map_err(|error| damaged(error.to_string()))?;
    Ok(match statement.event {
        DeclarationEvent::PersonForgotten { subject, .. } => {
            vec![of(Some(statement.declaration_id), subject.id)]
        }
        _ => Vec::new(),
    })
}

const FINISH: Sql = Sql::same(
    "UPDATE projection_checkpoint SET position = $2, updated_at = $3 WHERE name = $1 AND position < $2",
);

/// Up to which position everything is done.
pub async fn finished(database: &Database) -> Result<Position, StorageError> {
    let mut connection = database.acquire_read().await?;
    Ok(checkpoint::load(&mut connection, NAME).await?.position)
}

/// Says that everything is done up to a position.
pub async fn finish(database: &Database, position: Position, now: DateTime<Utc>) -> Result<(), StorageError> {
    let mut tx = database.begin_write().await?;
    checkpoint::ensure(&mut tx, NAME, VERSION, now).await?;
    let text = FINISH.on(&tx);
    each_engine!(tx, c => {
        sqlx::query(text).bind(NAME).bind(position.get()).bind(micros(now)).execute(c).await.map(drop)
    })?;
    Ok(tx.commit().await?)
}

/// Empties what rows hold of these persons, in the live tables and in their twins, at once and whatever the projection does.
/// Says how many rows held something.
pub async fn drop_rows(database: &Database, erasures: &[Erasure]) -> Result<u64, StorageError> {
    let declarations = erasures
        .iter()
        .filter_map(|it| it.declaration_id)
        .map(|id| id.uuid().simple().to_string());
    let subjects = erasures.iter().map(|it| it.subject.uuid().simple().to_string());
    let declarations = json!(declarations.collect::<Vec<_>>()).to_string();
    let subjects = json!(subjects.collect::<Vec<_>>()).to_string();
    let mut tx = database.begin_write().await?;
    hold_rebuild(&mut tx).await?;
    let mut rows = 0;
    let only_sqlite = if tx.engine() == Engine::Sqlite {
        projection::forget::SEARCH.as_slice()
    } else {
        &[]
    };
    for text in only_sqlite {
        each_engine!(tx, c => sqlx::query(*text).bind(&declarations).bind(&subjects).execute(c).await.map(drop))?;
    }
    for sql in projection::forget::ROWS {
        let text = sql.on(&tx);
        rows += each_engine!(tx, c => {
            sqlx::query(text).bind(&declarations).bind(&subjects).execute(c).await.map(|done| done.rows_affected())
        })?;
    }
    rows += drop_inquiries(&mut tx, erasures).await?;
    tx.commit().await?;
    Ok(rows)
}

async fn drop_inquiries(tx: &mut Connection, erasures: &[Erasure]) -> Result<u64, StorageError> {
    let inquiries = erasures.iter().filter_map(|it| it.inquiry_id);
    let inquiries: BTreeSet<String> = inquiries.map(|id| id.uuid().simple().to_string()).collect();
    if inquiries.is_empty() {
        return Ok(0);
    }
    let inquiries = json!(inquiries).to_string();
    if tx.engine() == Engine::Sqlite {
        each_engine!(tx, c => sqlx::query(inquiry::forget::SEARCH).bind(&inquiries).execute(c).await.map(drop))?;
    }
    let text = inquiry::forget::ROWS.on(tx);
    let rows = each_engine!(tx, c => {
        sqlx::query(text).bind(&inquiries).execute(c).await.map(|done| done.rows_affected())
    })?;
    Ok(rows)
}

/// How thoroughly files are cleared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Nobody waits. On PostgreSQL the space of old rows can be used again, but holds their bytes until it is.
    Online,
    /// Nothing is left. On PostgreSQL the tables are written anew, and lists wait meanwhile.
    Thorough,
}

/// Clears what rows and index entries that were written over have left in the files of the projection. `false`: a reader was
/// in the way; try again.
///
/// On SQLite deleted bytes are zeros already, but an index entry stays until its part of the index is merged: that is done in
/// small transactions.
pub async fn scrub(database: &Database, depth: Depth) -> Result<bool, DatabaseError> {
    match database.engine() {
        Engine::Sqlite => {
            let merges = projection::forget::MERGES
                .iter()
                .map(|[begin, go_on]| [begin.0, go_on.0]);
            for [begin, go_on] in merges.chain([inquiry::forget::MERGES]) {
                merge_some(database, begin).await?;
                while merge_some(database, go_on).await? {}
            }
        }
        Engine::Postgres => {
            let tables = [projection::forget::TO_SCRUB, &[inquiry::forget::TO_SCRUB]].concat();
            match depth {
                Depth::Online => database.vacuum(&tables).await?,
                Depth::Thorough if database.write_anew(&tables).await? => {}
                Depth::Thorough => return Ok(false),
            }
        }
    }
    database.fold_wal().await
}

/// Merges some pages of an index; `false` when nothing is left to merge.
async fn merge_some(database: &Database, merge: &'static str) -> Result<bool, DatabaseError> {
    let mut tx = database.begin_write().await?;
    let changes = "SELECT total_changes()";
    let before: i64 = each_engine!(tx, c => sqlx::query_scalar(changes).fetch_one(c).await)?;
    each_engine!(tx, c => sqlx::query(merge).execute(c).await.map(drop))?;
    let after: i64 = each_engine!(tx, c => sqlx::query_scalar(changes).fetch_one(c).await)?;
    tx.commit().await?;
    // SQLite's own sign: one change is the command itself.
    Ok(after - before >= 2)
}
