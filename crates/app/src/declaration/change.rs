//! What every change of one declaration shares: load, refuse what is stale, decide, append.

use chrono::NaiveDate;
use domain::declaration::decide::Decision;
use domain::declaration::{DeclarationEvent, Timeline};
use domain::staff::Permission;
use domain::{DeclarationId, InquiryId};
use event_store::{Append, AppendError, Appended, Guard, NewEvent, Position, Query, QueryItem, Receipt, Tag};
use uuid::Uuid;

use super::detail::{Entry, History};
use crate::clock::day_in_japan;
use crate::inquiry::CiteInquiryError;
use crate::{Allowed, App, Forbidden, InputProblem, Internal, OpContext};

/// How often a change is judged anew when another declaration that it was judged on changes meanwhile.
const TRIES: u32 = 5;

/// Index of the guard on the declaration itself.
const UNCHANGED: usize = 0;

/// Which change of which declaration, made on what its author saw.
#[derive(Debug, Clone)]
pub struct Change {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which declaration.
    pub id: DeclarationId,
    /// The position of the newest fact-changing event that the author saw.
    pub expected_version: Position,
    /// The inquiry that asks for it: its evidence.
    pub inquiry: Option<InquiryId>,
}

/// Why a change was not made. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError<E: std::error::Error + 'static> {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(Forbidden),
    /// There is no such declaration.
    #[error("there is no declaration {0}")]
    NotFound(DeclarationId),
    /// Somebody was faster.
    #[error("the declaration was changed since it was read")]
    Stale(Box<Stale>),
    /// What the change was judged on beside the declaration itself has changed: judge it again.
    #[error("another declaration was changed at the same moment; try again")]
    Overtaken,
    /// The command id was used before for something else.
    #[error("the command id was used before for another change")]
    CommandReused,
    /// The inquiry that it is to rest on is not there, or nothing can be written about it any more.
    #[error("nothing can rest on the inquiry")]
    Inquiry(InputProblem),
    /// The decision refused it.
    #[error(transparent)]
    Refused(E),
    /// A fault of ours.
    #[error(transparent)]
    Internal(Internal),
}

impl<E: std::error::Error + 'static> From<CiteInquiryError> for ChangeError<E> {
    fn from(error: CiteInquiryError) -> Self {
        match error {
            CiteInquiryError::Forbidden(refused) => Self::Forbidden(refused),
            CiteInquiryError::Invalid(problem) => Self::Inquiry(problem),
            CiteInquiryError::Internal(error) => Self::Internal(error),
        }
    }
}

/// What a stale change was made on, and what is there now.
#[derive(Debug, Clone)]
pub struct Stale {
    /// As the author saw it; what is there now when the version was never one of this declaration.
    pub base: Timeline,
    /// As it is now.
    pub theirs: Timeline,
    /// The newest fact-changing entry.
    pub newest: Entry,
}

/// The change is in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// The last event's position: what a reader of lists has to wait for.
    pub position: Position,
    /// What the next change must name.
    pub version: Position,
}

impl App {
    /// Makes one change: `decide` sees the history that the change is judged on, and the day in Japan, and answers with what happens.
    pub(crate) async fn change<E: std::error::Error + 'static>(
        &self,
        op: &OpContext,
        permission: Permission,
        change: Change,
        decide: impl FnOnce(&Timeline, NaiveDate) -> Result<Decision, E>,
    ) -> Result<Changed, ChangeError<E>> {
        self.change_guarded(op, permission, &change, None, decide).await
    }

    /// As [`App::change`], for a decision that rests on more than the declaration. `look` answers what it found and which
    /// events would alter that; when one comes in between, it is asked again.
    pub(super) async fn change_beside<E, Found, Look>(
        &self,
        op: &OpContext,
        permission: Permission,
        change: &Change,
        look: impl Fn() -> Look + Send,
        decide: impl Fn(&Timeline, NaiveDate, Found) -> Result<Decision, E> + Send,
    ) -> Result<Changed, ChangeError<E>>
    where
        E: std::error::Error + 'static,
        Look: Future<Output = Result<(Query, Found), Internal>> + Send,
    {
        let mut tries = 1;
        loop {
            // Before the look-up: whatever comes after it breaks the guard.
            let after = self.store.head().await.map_err(internal)?;
            let (query, found) = look().await.map_err(ChangeError::Internal)?;
            let beside = (!query.items.is_empty()).then_some(Guard { query, after });
            let changed = self.change_guarded(op, permission, change, beside, |timeline, today| {
                decide(timeline, today, found)
            });
            match changed.await {
                Err(ChangeError::Overtaken) if tries < TRIES => tries += 1,
                outcome => return outcome,
            }
        }
    }

    async fn change_guarded<E: std::error::Error + 'static>(
        &self,
        op: &OpContext,
        permission: Permission,
        change: &Change,
        beside: Option<Guard>,
        decide: impl FnOnce(&Timeline, NaiveDate) -> Result<Decision, E>,
    ) -> Result<Changed, ChangeError<E>> {
        let allowed = op.require(permission).map_err(ChangeError::Forbidden)?;
        let history = self.history(change.id).await.map_err(ChangeError::Internal)?;
        let history = history.ok_or(ChangeError::NotFound(change.id))?;
        let earlier = self.store.receipt(change.command_id).await.map_err(internal)?;
        // A retry is judged on what its first try saw, so that it leads to the same command and the same receipt.
        let judged_on = match &earlier {
            Some(receipt) => history
                .before(receipt.first)
                .unwrap_or_else(|| history.timeline.clone()),
            None if history.timeline.current().version == change.expected_version.get() => {
                history.timeline.clone()
            }
            None => return Err(stale(&history, change.expected_version)),
        };
        // On the same day, too.
        let first_try = history
            .entries
            .iter()
            .find(|entry| entry.command_id == change.command_id);
        let today = first_try.map_or_else(|| op.today(), |entry| day_in_japan(entry.recorded_at));
        let mut decision = decide(&judged_on, today).map_err(ChangeError::Refused)?;
        let cited = self
            .rest_on_inquiry(op, change, (&judged_on, today, earlier.as_ref()), &mut decision)
            .await?;
        let version_at = decision
            .statements
            .iter()
            .rposition(|statement| statement.event.changes_facts());
        let append = self.build(op, change, &decision, beside).await;
        let mut append = append.map_err(ChangeError::Internal)?;
        append.events.extend(cited);
        match self.append(allowed, append).await {
            Ok(appended) => Ok(changed(change, *appended.receipt(), version_at)),
            Err(AppendError::Conflict(conflict))
                if conflict.found.iter().all(|found| found.guard != UNCHANGED) =>
            {
                Err(ChangeError::Overtaken)
            }
            Err(AppendError::Conflict(_)) => {
                let now = self.history(change.id).await.map_err(ChangeError::Internal)?;
                Err(stale(
                    &now.ok_or(ChangeError::NotFound(change.id))?,
                    change.expected_version,
                ))
            }
            Err(AppendError::CommandReused { .. }) => Err(ChangeError::CommandReused),
            Err(error) => Err(internal(error)),
        }
    }

    /// The inquiry that asks for a change becomes its evidence, in one write with what happens to the inquiry itself.
    pub(super) async fn rest_on_inquiry<E: std::error::Error + 'static>(
        &self,
        op: &OpContext,
        change: &Change,
        (timeline, today, earlier): (&Timeline, NaiveDate, Option<&Receipt>),
        decision: &mut Decision,
    ) -> Result<Option<NewEvent>, ChangeError<E>> {
        let Some(inquiry) = change.inquiry else {
            return Ok(None);
        };
        let Some(first) = decision.statements.first() else {
            return Ok(None);
        };
        let what = (change.id, first.event.event_type());
        let cited = self.cite_inquiry(op, inquiry, what, (today, earlier)).await?;
        decision.rest_on(inquiry, timeline, today);
        Ok(Some(cited))
    }

    /// The one door into the log: no permission was checked, no append.
    pub(crate) async fn append(&self, _: Allowed, append: Append) -> Result<Appended, AppendError> {
        self.store.append(append).await
    }

    async fn build(
        &self,
        op: &OpContext,
        change: &Change,
        decision: &Decision,
        beside: Option<Guard>,
    ) -> Result<Append, Internal> {
        let mut guards = vec![unchanged_since(change.id, change.expected_version).map_err(Internal::new)?];
        guards.extend(beside);
        self.append_of(op, change.command_id, decision, guards).await
    }

    /// A decision as the log takes it, its keys made.
    pub(super) async fn append_of(
        &self,
        op: &OpContext,
        command_id: Uuid,
        decision: &Decision,
        guards: Vec<Guard>,
    ) -> Result<Append, Internal> {
        let append = self.drafted(op, command_id, decision, guards)?;
        let subjects = storage::codec::subjects(&append.events, append.reason.as_ref());
        self.store
            .keyring()
            .ensure(&subjects)
            .await
            .map_err(Internal::new)?;
        Ok(append)
    }

    /// The same whose keys are yet to be made: those of many at once.
    pub(crate) fn drafted(
        &self,
        op: &OpContext,
        command_id: Uuid,
        decision: &Decision,
        guards: Vec<Guard>,
    ) -> Result<Append, Internal> {
        let reason = decision
            .reason
            .as_ref()
            .map(|(subject, text)| storage::codec::reason(*subject, text.reveal()));
        let mut events = Vec::with_capacity(decision.statements.len());
        for statement in &decision.statements {
            let id = self.new_id().map_err(Internal::new)?;
            events.push(storage::codec::new_event(id, statement).map_err(Internal::new)?);
        }
        Ok(Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason,
            events,
            guards,
            recorded_at: op.now(),
        })
    }
}

fn internal<E: std::error::Error + 'static>(
    error: impl std::error::Error + Send + Sync + 'static,
) -> ChangeError<E> {
    ChangeError::Internal(Internal::new(error))
}

/// No event that changes facts of the declaration stands after the version.
pub(crate) fn unchanged_since(id: DeclarationId, version: Position) -> Result<Guard, event_store::TagError> {
    let types = DeclarationEvent::FACT_TYPES
        .iter()
        .map(|name| (*name).to_owned())
        .collect();
    let tags = vec![Tag::new(domain::declaration::TAG_DECLARATION, id)?];
    Ok(Guard {
        query: Query {
            items: vec![QueryItem { types, tags }],
        },
        after: version,
    })
}

pub(super) fn changed(change: &Change, receipt: Receipt, version_at: Option<usize>) -> Changed {
    let version = version_at
        .and_then(|index| i64::try_from(index).ok())
        .map_or(change.expected_version, |index| {
            Position::new(receipt.first.get() + index)
        });
    Changed {
        position: receipt.last,
        version,
    }
}

pub(super) fn stale<E: std::error::Error + 'static>(history: &History, expected: Position) -> ChangeError<E> {
    let theirs = history.timeline.clone();
    let base = history.before(expected.next()).unwrap_or_else(|| theirs.clone());
    let newest = history
        .entries
        .iter()
        .rev()
        .find(|entry| entry.statement.event.changes_facts())
        .or(history.entries.last())
        .cloned();
    match newest {
        Some(newest) => ChangeError::Stale(Box::new(Stale { base, theirs, newest })),
        // A history without entries was not found in the first place.
        None => ChangeError::NotFound(theirs.current().id),
    }
}
