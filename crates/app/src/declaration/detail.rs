//! Reads one declaration with its whole history, as of any day and as far as anything was known.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use domain::declaration::decide::{UNDO_WITHIN, merge_can_be_undone, undo_until};
use domain::declaration::{
    Declaration, DeclarationEvent, DeclarationState, Diagnosis, Recorded, Role, Statement, Stop, Timeline,
};
use domain::staff::{Actor, Permission};
use domain::{DeclarationId, OrganizationId};
use domain::{Personal, Readable};
use event_store::Position;
use storage::log::LoggedEvent;
use uuid::Uuid;

use super::undo::right_to;
use crate::{App, Forbidden, Internal, OpContext};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct ReadDetail {
    /// Which declaration.
    pub id: DeclarationId,
    /// The effective axis; none is today.
    pub as_of: Option<NaiveDate>,
    /// The recorded axis; none is everything.
    pub recorded_up_to: Option<Position>,
    /// The answer must hold the change at this position.
    pub at_least: Option<Position>,
}

/// A declaration on the day and position asked for.
#[derive(Debug, Clone)]
pub struct Detail {
    /// Which.
    pub id: DeclarationId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// The day that is shown.
    pub as_of: NaiveDate,
    /// The end of the log that is shown; none for all of it.
    pub recorded_up_to: Option<Position>,
    /// Neither axis looks back.
    pub now: bool,
    /// Whether it existed on that day.
    pub existed: bool,
    /// Where it stood on that day.
    pub state: DeclarationState,
    /// What it said on that day.
    pub shown: Declaration,
    /// What it says today.
    pub today: Declaration,
    /// When it was declared, by what is shown.
    pub declared_on: NaiveDate,
    /// A stop that was still to come on that day.
    pub planned_stop: Option<Stop>,
    /// The newest self-diagnosis on that day.
    pub diagnosis: Option<Diagnosis>,
    /// What of the entries was taken back, or can be, by their positions.
    pub taken: BTreeMap<Position, Taken>,
    /// Those of the entries that are merges which the reader can take back.
    pub merges: BTreeSet<Position>,
    /// Everything that happened as far as it is shown, in the order in which it was recorded.
    pub entries: Vec<Entry>,
}

/// Whether an entry was taken back, or can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It was, by the entry at this position.
    By(Position),
    /// It can be, until then.
    Until(DateTime<Utc>),
}

/// One entry of a history.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where it stands in the log.
    pub position: Position,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The command that caused it, maybe with others.
    pub command_id: Uuid,
    /// The request that it came with, or the bulk change that it is part of.
    pub correlation_id: Uuid,
    /// Who.
    pub actor: Actor,
    /// Why, when somebody said so.
    pub reason: Option<Readable<Personal<String>>>,
    /// What.
    pub statement: Statement,
}

/// Why a declaration could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadDetailError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The log that is read here ends before the position that the answer must hold.
    #[error("the log ends at position {0}")]
    NotYet(Position),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// The declaration; none when there is none, or when nothing of it had been recorded by then.
    pub async fn declaration(
        &self,
        op: &OpContext,
        query: ReadDetail,
    ) -> Result<Option<Detail>, ReadDetailError> {
        op.require(Permission::ReadDeclarations)?;
        if let Some(at_least) = query.at_least {
            let head = self.store.head().await.map_err(Internal::new)?;
            if head < at_least {
                return Err(ReadDetailError::NotYet(head));
            }
        }
        let Some(history) = self.history(query.id).await? else {
            return Ok(None);
        };
        let as_of = query.as_of.unwrap_or_else(|| op.today());
        let last = query.recorded_up_to.map(Position::get);
        let Some(view) = history.timeline.at(as_of, last) else {
            return Ok(None);
        };
        let today = history.timeline.current().clone();
        let now = query.as_of.is_none() && query.recorded_up_to.is_none();
        let mut taken = history.taken(last, now.then(|| op.now()));
        history.keep_what_may_be_undone(op, &mut taken);
        let merges = if now && op.may(Permission::MergeDeclarations) {
            history.merges()
        } else {
            BTreeSet::new()
        };
        let diagnosis = history.timeline.diagnosis(as_of, last);
        let entries = history
            .entries
            .into_iter()
            .filter(|entry| query.recorded_up_to.is_none_or(|last| entry.position <= last))
            .collect();
        Ok(Some(Detail {
            id: query.id,
            organization_id: today.organization_id,
            as_of,
            recorded_up_to: query.recorded_up_to,
            now,
            planned_stop: view.declaration.planned_stop(as_of),
            diagnosis,
            taken,
            merges,
            existed: view.existed,
            state: view.state,
            declared_on: view
                .declaration
                .facts
                .declared_on()
                .unwrap_or_else(|| history.timeline.begun_on()),
            shown: view.declaration,
            today,
            entries,
        }))
    }

    /// A declaration's events, ordered and folded; none when there are none.
    pub(crate) async fn history(&self, id: DeclarationId) -> Result<Option<History>, Internal> {
        let logged = storage::log::declaration(&self.store, id)
            .await
            .map_err(Internal::new)?;
        if logged.is_empty() {
            return Ok(None);
        }
        History::of(logged).map(Some)
    }

    /// The same of some declarations at once: those that there are.
    pub(crate) async fn histories(
        &self,
        ids: &[DeclarationId],
    ) -> Result<HashMap<DeclarationId, History>, Internal> {
        let logged = storage::log::declarations(&self.store, ids).await;
        let logged = logged.map_err(Internal::new)?;
        logged
            .into_iter()
            .map(|(id, events)| Ok((id, History::of(events)?)))
            .collect()
    }
}

/// A declaration's events in both orders.
pub(crate) struct History {
    /// In the order in which they hold.
    pub(crate) timeline: Timeline,
    /// In the order in which they were recorded.
    pub(crate) entries: Vec<Entry>,
}

impl History {
    fn of(logged: Vec<LoggedEvent>) -> Result<Self, Internal> {
        let recorded = logged.iter().map(LoggedEvent::recorded);
        let timeline = Timeline::new(recorded).map_err(Internal::new)?;
        let entries = logged
            .into_iter()
            .map(|event| {
                Ok(Entry {
                    position: event.position,
                    recorded_at: event.recorded_at,
                    command_id: event.command_id,
                    correlation_id: event.correlation_id,
                    actor: event.actor.parse().map_err(Internal::new)?,
                    reason: event.reason,
                    statement: event.statement,
                })
            })
            .collect::<Result<Vec<_>, Internal>>()?;
        Ok(Self { timeline, entries })
    }

    /// What of the entries was taken back as far as was recorded up to a position, and what can be at an instant.
    fn taken(&self, recorded_up_to: Option<i64>, now: Option<DateTime<Utc>>) -> BTreeMap<Position, Taken> {
        let mut changes: BTreeMap<Uuid, (DateTime<Utc>, BTreeSet<i64>)> = BTreeMap::new();
        let mut taken = BTreeMap::new();
        for entry in &self.entries {
            let by = self.timeline.undone_by(entry.position.get());
            if let Some(by) = by.filter(|by| recorded_up_to.is_none_or(|last| *by <= last)) {
                taken.insert(entry.position, Taken::By(Position::new(by)));
            }
            if now.is_some_and(|now| now < entry.recorded_at + UNDO_WITHIN) {
                let change = changes
                    .entry(entry.command_id)
                    .or_insert((entry.recorded_at, BTreeSet::new()));
                change.1.insert(entry.position.get());
            }
        }
        for (recorded_at, positions) in changes.values() {
            let until = now.and_then(|now| undo_until(&self.timeline, positions, *recorded_at, now));
            if let Some(until) = until {
                taken.extend(
                    positions
                        .iter()
                        .map(|at| (Position::new(*at), Taken::Until(until))),
                );
            }
        }
        taken
    }

    /// Where merges stand that can be taken back, as far as this declaration goes.
    fn merges(&self) -> BTreeSet<Position> {
        let is_merge = |entry: &&Entry| {
            matches!(
                entry.statement.event,
                DeclarationEvent::Absorbed { .. } | DeclarationEvent::MergedInto { .. }
            )
        };
        let can_be = |merge: &&Entry| {
            let own = self
                .entries
                .iter()
                .filter(|entry| entry.command_id == merge.command_id);
            let positions = own.map(|entry| entry.position.get()).collect();
            merge_can_be_undone(&self.timeline, &positions)
        };
        let merges = self.entries.iter().filter(is_merge).filter(can_be);
        merges.map(|entry| entry.position).collect()
    }

    /// Drops what whoever reads it may not take back.
    fn keep_what_may_be_undone(&self, op: &OpContext, taken: &mut BTreeMap<Position, Taken>) {
        let refused: BTreeSet<Uuid> = self
            .entries
            .iter()
            .filter(|entry| {
                let right = right_to(&entry.statement.event);
                !op.may(Permission::UndoChange) || right.is_some_and(|right| !op.may(right))
            })
            .map(|entry| entry.command_id)
            .collect();
        let of = |position: &Position| self.entries.iter().find(|entry| entry.position == *position);
        taken.retain(|position, taken| {
            matches!(taken, Taken::By(_))
                || of(position).is_some_and(|entry| !refused.contains(&entry.command_id))
        });
    }

    /// The roles in which something is kept about somebody.
    pub(crate) fn kept(&self) -> Vec<Role> {
        let subject = |role: Role| self.timeline.subjects().of(role).id;
        let roles = Role::ALL.iter().copied();
        roles.filter(|role| self.timeline.knows(subject(*role))).collect()
    }

    /// What was recorded before a position; none when nothing was.
    pub(crate) fn before(&self, position: Position) -> Option<Timeline> {
        let earlier = self.entries.iter().filter(|entry| entry.position < position);
        Timeline::new(earlier.map(|entry| Recorded {
            position: entry.position.get(),
            statement: entry.statement.clone(),
        }))
        .ok()
    }
}
