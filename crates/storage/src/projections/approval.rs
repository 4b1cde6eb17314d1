//! Requests that a second person decides about, as an inbox shows them; written in the transaction of the event.

use chrono::{DateTime, Utc};
use domain::approval::{About, ApprovalEvent, Requested, has_lapsed};
use domain::staff::StaffId;
use domain::{ApprovalId, BulkChangeId, DeclarationId, ExportId, ImportId};
use event_store::{Connection, Database, InlineError, Position, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use super::in_the_clear::{ClearEvent, ClearTable};
use crate::sql::{Columns, CorruptRow, StorageError, fetch_with, id_list, micros};

/// What a request is about, in its row.
const STAFF: &str = "staff";
const DECLARATION: &str = "declaration";
const BULK_CHANGE: &str = "bulk_change";
const IMPORT: &str = "import";
const EXPORT: &str = "export";

/// A request as the inbox has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovalRow {
    /// Which.
    pub id: ApprovalId,
    /// What kind of act, such as `staff.roles`.
    pub kind: String,
    /// Who asked, as in the actor of events.
    pub requested_by: String,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Until when somebody can agree.
    pub expires_at: DateTime<Utc>,
    /// `open`, `approved`, `bypassed`, `carried_out`, `rejected`, `withdrawn` or `voided`. One that lapsed is still `open`.
    pub status: String,
    /// Who agreed, did not, or did without.
    pub decided_by: Option<String>,
    /// Whether nobody else agreed.
    pub is_bypass: bool,
    /// Of the newest event.
    pub position: Position,
    /// What it is about; older requests do not say.
    pub about: Option<About>,
}

impl ApprovalRow {
    /// Where it stands at a moment: as its row says, or `lapsed`, which no event says.
    pub fn status_at(&self, now: DateTime<Utc>) -> &str {
        if self.status == "open" && has_lapsed(self.expires_at, now) {
            "lapsed"
        } else {
            &self.status
        }
    }
}

const INSERT: Sql = Sql::same(
    "INSERT INTO approval (id, kind, requested_by, requested_at, expires_at, status, decided_by, is_bypass, position, \
     about_kind, about_id) VALUES ($1, $2, $3, $4, $5, 'open', NULL, 0, $6, $7, $8)",
);
// Whoever carries it out is not who decided.
const SET: Sql = Sql::same(
    "UPDATE approval SET status = $2, position = $3, decided_by = coalesce($4, decided_by), \
     is_bypass = CASE WHEN $2 = 'bypassed' THEN 1 ELSE is_bypass END WHERE id = $1",
);
const OPEN: Sql = Sql::same(
    "SELECT id, kind, requested_by, requested_at, expires_at, status, decided_by, is_bypass, position, about_kind, \
     about_id FROM approval \
     WHERE status = 'open' AND expires_at > $1 ORDER BY requested_at, id LIMIT 500",
);
const NEWEST: Sql = Sql::same(
    "SELECT id, kind, requested_by, requested_at, expires_at, status, decided_by, is_bypass, position, about_kind, \
     about_id FROM approval \
     WHERE requested_at < $1 ORDER BY requested_at DESC, id DESC LIMIT $2",
);
const DUE: Sql = Sql::same(
    "SELECT id, kind, requested_by, requested_at, expires_at, status, decided_by, is_bypass, position, about_kind, \
     about_id FROM approval \
     WHERE status IN ('approved', 'bypassed') ORDER BY requested_at, id LIMIT 500",
);

const BY_IDS: Sql = Sql {
    sqlite: "SELECT id, kind, requested_by, requested_at, expires_at, status, decided_by, is_bypass, position, about_kind, \
             about_id FROM approval WHERE id IN (SELECT unhex(value) FROM json_each($1))",
    postgres: "SELECT id, kind, requested_by, requested_at, expires_at, status, decided_by, is_bypass, position, \
               about_kind, about_id FROM approval \
               WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))",
};

const ABOUT: Sql = Sql {
    sqlite: "SELECT id, kind, requested_by, requested_at, expires_at, status, decided_by, is_bypass, position, about_kind, \
             about_id FROM approval WHERE about_id IN (SELECT unhex(value) FROM json_each($1)) \
             ORDER BY requested_at DESC, id DESC LIMIT 500",
    postgres: "SELECT id, kind, requested_by, requested_at, expires_at, status, decided_by, is_bypass, position, \
               about_kind, about_id FROM approval \
               WHERE about_id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json))) \
               ORDER BY requested_at DESC, id DESC LIMIT 500",
};

#[derive(FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    requested_by: String,
    requested_at: i64,
    expires_at: i64,
    status: String,
    decided_by: Option<String>,
    is_bypass: i64,
    position: i64,
    about_kind: Option<String>,
    about_id: Option<Uuid>,
}

impl TryFrom<Row> for ApprovalRow {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "approval",
            id: &row.id,
        };
        Ok(Self {
            requested_at: columns.instant("requested_at", row.requested_at)?,
            expires_at: columns.instant("expires_at", row.expires_at)?,
            id: ApprovalId::new(row.id),
            kind: row.kind,
            requested_by: row.requested_by,
            status: row.status,
            decided_by: row.decided_by,
            is_bypass: row.is_bypass != 0,
            position: Position::new(row.position),
            about: match (row.about_kind.as_deref(), row.about_id) {
                (Some(STAFF), Some(id)) => Some(About::Staff(StaffId(id))),
                (Some(DECLARATION), Some(id)) => Some(About::Declaration(DeclarationId::new(id))),
                (Some(BULK_CHANGE), Some(id)) => Some(About::BulkChange(BulkChangeId::new(id))),
                (Some(IMPORT), Some(id)) => Some(About::Import(ImportId::new(id))),
                (Some(EXPORT), Some(id)) => Some(About::Export(ExportId::new(id))),
                _ => None,
            },
        })
    }
}

/// What somebody can still decide about, the oldest first.
pub async fn open(database: &Database, now: DateTime<Utc>) -> Result<Vec<ApprovalRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = OPEN.on(&connection);
    let rows: Vec<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(micros(now)).fetch_all(c).await)?;
    read(rows)
}

/// Requests that were made before a moment, whatever became of them, the newest first.
pub async fn newest(
    database: &Database,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<ApprovalRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = NEWEST.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(micros(before)).bind(i64::from(limit)).fetch_all(c).await
    })?;
    read(rows)
}

/// These requests, as far as they exist.
pub async fn by_ids(database: &Database, ids: &[ApprovalId]) -> Result<Vec<ApprovalRow>, StorageError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let mut connection = database.acquire_read().await?;
    read(fetch_with(&mut connection, BY_IDS, &id_list(&ids)).await?)
}

/// Requests that are about one of these, whatever became of them, the newest first; 500 at most.
pub async fn about(database: &Database, about: &[About]) -> Result<Vec<ApprovalRow>, StorageError> {
    let id = |about: &About| match about {
        About::Staff(id) => id.0,
        About::Declaration(id) => id.uuid(),
        About::BulkChange(id) => id.uuid(),
        About::Import(id) => id.uuid(),
        About::Export(id) => id.uuid(),
    };
    let ids: Vec<Uuid> = about.iter().map(id).collect();
    let mut connection = database.acquire_read().await?;
    read(fetch_with(&mut connection, ABOUT, &id_list(&ids)).await?)
}

/// What was agreed to, or done without, and is not done yet.
pub async fn due(database: &Database) -> Result<Vec<ApprovalRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = DUE.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => sqlx::query_as(text).fetch_all(c).await)?;
    read(rows)
}

fn read(rows: Vec<Row>) -> Result<Vec<ApprovalRow>, StorageError> {
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, CorruptRow>>()?)
}

/// Keeps the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ApprovalTable;

impl ClearTable for ApprovalTable {
    const NAME: &'static str = "approval";

    async fn apply(connection: &mut Connection, event: ClearEvent<'_>) -> Result<(), InlineError> {
        let said = ApprovalEvent::decode(event.event_type, event.version, event.data)?;
        Ok(apply(connection, &said, event).await?)
    }
}

async fn apply(
    connection: &mut Connection,
    said: &ApprovalEvent,
    event: ClearEvent<'_>,
) -> Result<(), StorageError> {
    let (status, decided_by) = match said {
        ApprovalEvent::Requested(requested) => return insert(connection, requested, event).await,
        ApprovalEvent::Approved { .. } => ("approved", Some(event.by)),
        ApprovalEvent::Rejected { .. } => ("rejected", Some(event.by)),
        ApprovalEvent::Bypassed { .. } => ("bypassed", Some(event.by)),
        ApprovalEvent::Withdrawn { .. } => ("withdrawn", None),
        ApprovalEvent::Voided { .. } => ("voided", None),
        ApprovalEvent::CarriedOut { .. } => ("carried_out", None),
    };
    let text = SET.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(said.approval_id().uuid())
            .bind(status)
            .bind(event.position.get())
            .bind(decided_by)
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

async fn insert(
    connection: &mut Connection,
    requested: &Requested,
    event: ClearEvent<'_>,
) -> Result<(), StorageError> {
    let (about_kind, about_id) = match requested.about {
        Some(About::Staff(id)) => (Some(STAFF), Some(id.0)),
        Some(About::Declaration(id)) => (Some(DECLARATION), Some(id.uuid())),
        Some(About::BulkChange(id)) => (Some(BULK_CHANGE), Some(id.uuid())),
        Some(About::Import(id)) => (Some(IMPORT), Some(id.uuid())),
        Some(About::Export(id)) => (Some(EXPORT), Some(id.uuid())),
        None => (None, None),
    };
    let text = INSERT.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(requested.approval_id.uuid())
            .bind(&requested.kind)
            .bind(event.by)
            .bind(micros(event.at))
            .bind(micros(requested.expires_at))
            .bind(event.position.get())
            .bind(about_kind)
            .bind(about_id)
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}
