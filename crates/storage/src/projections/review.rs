//! What events do to suspicions, in their own transaction: one is decided about, a search is wanted, a person is forgotten. The rows
//! themselves are found by searches (`state/review_search.rs`) and move as they stand where a log is loaded as a whole.

use domain::review::{Decided, ReviewEvent};
use domain::{DeclarationId, ReviewId};
use event_store::{BoxFuture, Connection, InlineError, InlineEvent, InlineProjector, Sql, each_engine};

use super::job_maker::at_once;
use crate::codec;
use crate::sql::{StorageError, micros};
use crate::state::job;

/// The command of the job that looks for suspicions.
pub const SEARCH: &str = "find-reviews";

const EVENT_PREFIX: &str = "review.";
const PERSON_FORGOTTEN: &str = "declaration.person_forgotten";

/// It is not open any more, or somebody else works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the suspicion {0} cannot be decided about")]
pub struct NotDecided(pub ReviewId);

const DECIDE: Sql = Sql::same(
    "UPDATE review SET state = 'decided', verdict = $2, decided_by = $3, decided_at = $4, position = $5, \
     claimed_by = NULL, claimed_until = NULL WHERE id = $1 AND state = 'open' \
     AND (claimed_by IS NULL OR claimed_by = $3 OR claimed_until <= $4)",
);
const FORGET_CONTACT: Sql = Sql::same("DELETE FROM review_contact WHERE declaration_id = $1");

/// Keeps suspicions in step with the log; register it with the log.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ReviewProjector;

impl InlineProjector for ReviewProjector {
    fn name(&self) -> &'static str {
        "review"
    }

    fn project<'f>(
        &'f self,
        connection: &'f mut Connection,
        events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>> {
        Box::pin(project(connection, events))
    }
}

async fn project(connection: &mut Connection, events: &[InlineEvent]) -> Result<(), InlineError> {
    let mut jobs = Vec::new();
    for event in events {
        if event.event_type == PERSON_FORGOTTEN {
            let statement = codec::inline_statement(event)?;
            forget_contact(connection, statement.declaration_id).await?;
        } else if event.event_type.starts_with(EVENT_PREFIX) {
            match ReviewEvent::decode(&event.event_type, event.schema_version, &event.data)? {
                ReviewEvent::Decided(said) => decide(connection, &said, event).await?,
                ReviewEvent::SearchRequested(said) => jobs.push(at_once(said.job_id, SEARCH, event)),
            }
        }
    }
    Ok(job::insert(connection, &jobs).await?)
}

async fn decide(connection: &mut Connection, said: &Decided, event: &InlineEvent) -> Result<(), InlineError> {
    let text = DECIDE.on(connection);
    let rows = each_engine!(connection, c => {
        sqlx::query(text)
            .bind(said.review_id.uuid())
            .bind(said.verdict.code())
            .bind(&event.actor)
            .bind(micros(event.recorded_at))
            .bind(event.position.get())
            .execute(c)
            .await
            .map(|done| done.rows_affected())
    })?;
    if rows == 1 {
        Ok(())
    } else {
        Err(NotDecided(said.review_id).into())
    }
}

/// Until a search looks again, nothing says any more whose contact was the same.
async fn forget_contact(connection: &mut Connection, id: DeclarationId) -> Result<(), StorageError> {
    let text = FORGET_CONTACT.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(id.uuid()).execute(c).await.map(drop))?;
    Ok(())
}
