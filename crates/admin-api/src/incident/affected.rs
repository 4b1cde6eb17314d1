//! Whose data may have been seen, as pages.

use app::incident::{AffectedError, AffectedRow};
use async_graphql::{ComplexObject, Context, Error, ID, Result, SimpleObject};
use domain::IncidentId;
use uuid::Uuid;

use crate::audit::types::{SeenCase, SeenRecordKind};
use crate::context::request;
use crate::fault;
use crate::scalars::DateTime;

/// Rows of a page at most.
const PAGE: u32 = 200;

/// The records that an account may have seen, by id. They hold no personal data.
#[derive(SimpleObject)]
pub struct AffectedRecords {
    /// They.
    pub nodes: Vec<AffectedRecord>,
    /// How many records there are in all.
    pub records: u64,
    /// How many persons there are in all: each role in a record is one.
    pub persons: u32,
    /// What the next page names as `after`; null: this is the last.
    pub next_after: Option<ID>,
}

/// A record whose personal data was read.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct AffectedRecord {
    /// Which.
    pub id: ID,
    /// What kind.
    pub kind: SeenRecordKind,
    /// The number of the declaration; null: it is no declaration.
    pub number: Option<String>,
    /// Codes of what was read of it.
    pub parts: Vec<String>,
    /// How often.
    pub reads: u32,
    /// When first.
    pub first_at: DateTime,
    /// When last.
    pub last_at: DateTime,
    #[graphql(skip)]
    uuid: Uuid,
}

#[ComplexObject]
impl AffectedRecord {
    /// Which case it is; null for anything else.
    async fn case(&self, ctx: &Context<'_>) -> Result<Option<SeenCase>> {
        SeenCase::of(ctx, self.kind, self.uuid).await
    }
}

impl From<AffectedRow> for AffectedRecord {
    fn from(row: AffectedRow) -> Self {
        Self {
            id: ID(row.id.to_string()),
            uuid: row.id,
            kind: row.kind.into(),
            number: row.number,
            parts: row.parts.into_iter().collect(),
            reads: row.reads,
            first_at: DateTime(row.first_at),
            last_at: DateTime(row.last_at),
        }
    }
}

/// A page for a resolver; none: there is no such incident, or nobody has said which account and which time.
pub async fn page(
    ctx: &Context<'_>,
    id: &ID,
    after: Option<&ID>,
    first: u32,
) -> Result<Option<AffectedRecords>> {
    let request = request(ctx)?;
    let op = request.operation()?;
    let first = first.clamp(1, PAGE) as usize;
    let found = request
        .app()
        .affected(op, incident(id), place(after), first)
        .await;
    let page = found_or_none(ctx, found)?;
    Ok(page.map(|page| AffectedRecords {
        nodes: page.rows.into_iter().map(Into::into).collect(),
        records: page.records as u64,
        persons: page.persons,
        next_after: page.next_after.map(|id| ID(id.to_string())),
    }))
}

fn incident(id: &ID) -> IncidentId {
    id.parse().unwrap_or(IncidentId::new(Uuid::nil()))
}

fn place(after: Option<&ID>) -> Option<Uuid> {
    after.and_then(|after| after.parse().ok())
}

fn found_or_none<T>(ctx: &Context<'_>, found: Result<T, AffectedError>) -> Result<Option<T>, Error> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(AffectedError::NotFound | AffectedError::NoScope) => Ok(None),
        Err(AffectedError::Forbidden(refused)) => Err(fault::forbidden(refused)),
        Err(AffectedError::Internal(error)) => Err(fault::internal(request(ctx)?.request_id(), &error)),
    }
}
