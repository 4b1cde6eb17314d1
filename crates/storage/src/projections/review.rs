//! What events do to suspicions, in their own transaction: one is decided about, a search is wanted, a policy changes, a person is
//! forgotten. The rows themselves are found by searches (`state/review_search.rs`) and move as they stand where a log is loaded as a whole.

use domain::declaration::{Change, DeclarationEvent, Field};
use domain::review::{Decided, ReviewEvent};
use domain::{DeclarationId, ReviewId};
use event_store::{BoxFuture, Connection, InlineError, InlineEvent, InlineProjector, Sql, each_engine};

use super::job_maker::at_once;
use crate::codec;
use crate::sql::{StorageError, id_list, micros};
use crate::state::job;

/// The command of the job that looks for suspicions.
pub const SEARCH: &str = "find-reviews";
/// The command of the job that asks for the pages of policies.
pub const PAGES: &str = "ask-pages";

/// The events after which the policy may be another one. Those that make a declaration are not among them: nothing is known of its page yet.
const ABOUT_POLICIES: [&str; 8] = [
    "declaration.corrected",
    "declaration.policy_recorded",
    "declaration.policy_withdrawn",
    "declaration.stepped_up",
    "declaration.absorbed",
    "declaration.handed_over",
    "declaration.undone",
    PERSON_FORGOTTEN,
];
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
const FORGET_PAGES: Sql = Sql {
    sqlite: "DELETE FROM policy_page WHERE declaration_id IN (SELECT unhex(value) FROM json_each($1))",
    postgres: "DELETE FROM policy_page WHERE declaration_id = ANY \
               (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))",
};
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
    let mut other_pages = Vec::new();
    for event in events {
        if ABOUT_POLICIES.contains(&event.event_type.as_str()) {
            let statement = codec::inline_statement(event)?;
            if matches!(statement.event, DeclarationEvent::PersonForgotten { .. }) {
                forget_contact(connection, statement.declaration_id).await?;
            }
            if is_about_policy(&statement.event) {
                other_pages.push(statement.declaration_id.uuid());
            }
        } else if event.event_type.starts_with(EVENT_PREFIX) {
            match ReviewEvent::decode(&event.event_type, event.schema_version, &event.data)? {
                ReviewEvent::Decided(said) => decide(connection, &said, event).await?,
                ReviewEvent::SearchRequested(said) => jobs.push(at_once(said.job_id, SEARCH, event)),
                ReviewEvent::PagesRequested(said) => jobs.push(at_once(said.job_id, PAGES, event)),
            }
        }
    }
    if !other_pages.is_empty() {
        let text = FORGET_PAGES.on(connection);
        each_engine!(connection, c => sqlx::query(text).bind(id_list(&other_pages)).execute(c).await.map(drop))?;
    }
    Ok(job::insert(connection, &jobs).await?)
}

/// Whether the policy may be another one from now on: what is known of its page is then of another page.
fn is_about_policy(event: &DeclarationEvent) -> bool {
    let is_url = |change: &Change| change.field == Field::PolicyUrl;
    match event {
        DeclarationEvent::Corrected(it) => is_url(&it.change),
        DeclarationEvent::SteppedUp { changes }
        | DeclarationEvent::Absorbed { changes, .. }
        | DeclarationEvent::HandedOver { changes, .. } => changes.iter().any(is_url),
        // What was taken back may have been the policy. And nothing that was found out about whoever is forgotten stays.
        DeclarationEvent::PolicyRecorded { .. }
        | DeclarationEvent::PolicyWithdrawn { .. }
        | DeclarationEvent::Undone(_)
        | DeclarationEvent::PersonForgotten { .. } => true,
        _ => false,
    }
}

/// Whether events of this type may say another policy: for a test that knows them all.
pub fn is_about_policies(event_type: &str) -> bool {
    ABOUT_POLICIES.contains(&event_type)
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
