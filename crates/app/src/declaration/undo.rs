//! Taking a change of a declaration back, also one that is in another declaration, too.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use domain::DeclarationId;
use domain::declaration::decide::{Decision, LiveElsewhere, Undo, UndoError, undo};
use domain::declaration::{DeclarationEvent, Timeline};
use domain::staff::Permission;
use event_store::{Position, Query};

use super::change::{Change, ChangeError, Changed};
use super::detail::Entry;
use super::pair::Other;
use crate::{App, Internal, OpContext};

/// Takes a change back.
#[derive(Debug, Clone)]
pub struct UndoChange {
    /// The position of any event of the change.
    pub position: Position,
    /// Why; may be left out, but for a merge.
    pub reason: Option<String>,
}

/// What a change was, and what taking it back has to look at.
struct Found {
    positions: BTreeSet<i64>,
    recorded_at: DateTime<Utc>,
    /// When this command was recorded, if it was: a retry is judged as its first try was.
    tried_at: Option<DateTime<Utc>>,
    live: Option<LiveElsewhere>,
}

/// The right that a change needs of which this event is; none where it comes along with others, or cannot be taken back.
pub(super) const fn right_to(event: &DeclarationEvent) -> Option<Permission> {
    Some(match event {
        DeclarationEvent::Registered(_)
        | DeclarationEvent::Made(_)
        | DeclarationEvent::PersonForgotten { .. }
        | DeclarationEvent::Undone(_)
        | DeclarationEvent::EvidenceGiven(_)
        | DeclarationEvent::NumberLookedUp(_) => return None,
        DeclarationEvent::Corrected(_) => Permission::CorrectDeclaration,
        DeclarationEvent::ContactChanged { .. } => Permission::ChangeContact,
        DeclarationEvent::DiagnosisRecorded { .. } => Permission::RecordDiagnosis,
        DeclarationEvent::PolicyRecorded { .. } | DeclarationEvent::PolicyWithdrawn { .. } => {
            Permission::RecordPolicy
        }
        DeclarationEvent::SteppedUp { .. } | DeclarationEvent::SteppedDown { .. } => Permission::ChangeStar,
        DeclarationEvent::LogoSuspended | DeclarationEvent::LogoRestored => Permission::ManageLogo,
        DeclarationEvent::Stopped { .. } | DeclarationEvent::Reinstated { .. } => Permission::StopDeclaration,
        DeclarationEvent::Published | DeclarationEvent::Unpublished => Permission::PublishDeclaration,
        DeclarationEvent::FlagRaised { .. } | DeclarationEvent::FlagCleared { .. } => {
            Permission::FlagDeclaration
        }
        DeclarationEvent::NoteAdded { .. } => Permission::WriteNote,
        DeclarationEvent::Superseded { .. } | DeclarationEvent::LinkedToOld { .. } => Permission::LinkNumbers,
        DeclarationEvent::MergedInto { .. } | DeclarationEvent::Absorbed { .. } => {
            Permission::MergeDeclarations
        }
        DeclarationEvent::HandedOver { .. } => Permission::HandOver,
    })
}

/// The other declaration in which the same command was recorded.
const fn partner(event: &DeclarationEvent) -> Option<DeclarationId> {
    match event {
        DeclarationEvent::Superseded { by: other, .. }
        | DeclarationEvent::LinkedToOld { old: other }
        | DeclarationEvent::MergedInto { survivor: other, .. }
        | DeclarationEvent::Absorbed { merged: other, .. } => Some(*other),
        _ => None,
    }
}

impl App {
    /// Takes a change back, with all that was recorded by the same command. Whoever could not have made it cannot take it back.
    pub async fn undo_change(
        &self,
        op: &OpContext,
        change: Change,
        command: UndoChange,
    ) -> Result<Changed, ChangeError<UndoError>> {
        op.require(Permission::UndoChange)
            .map_err(ChangeError::Forbidden)?;
        let (rights, other) = self.change_of(change.id, command.position).await?;
        for right in rights {
            op.require(right).map_err(ChangeError::Forbidden)?;
        }
        if let Some(other) = other {
            return self
                .undo_both(op, Permission::UndoChange, &change, &command, other, false)
                .await;
        }
        self.change_beside(
            op,
            Permission::UndoChange,
            &change,
            || self.change_at(&change, change.id, command.position, None, op.today()),
            |timeline, today, found| {
                let reason = command.reason.clone();
                undoing(op, timeline, today, found, reason, false)
            },
        )
        .await
    }

    /// Takes a merge back, in both declarations, as long as nothing rests on it in either.
    pub async fn undo_merge(
        &self,
        op: &OpContext,
        change: Change,
        command: UndoChange,
    ) -> Result<Changed, ChangeError<UndoError>> {
        op.require(Permission::MergeDeclarations)
            .map_err(ChangeError::Forbidden)?;
        let (_, other) = self.change_of(change.id, command.position).await?;
        let other = other.ok_or(ChangeError::Refused(UndoError::NotUndoable))?;
        self.undo_both(op, Permission::MergeDeclarations, &change, &command, other, true)
            .await
    }

    async fn undo_both(
        &self,
        op: &OpContext,
        permission: Permission,
        change: &Change,
        command: &UndoChange,
        id: DeclarationId,
        merge: bool,
    ) -> Result<Changed, ChangeError<UndoError>> {
        let other = Other {
            id,
            expected_version: None,
        };
        let today = op.today();
        let look = move || async move {
            let (mut query, own) = self
                .change_at(change, change.id, command.position, Some(id), today)
                .await?;
            // The two were recorded by one command, so that the one leads to the other.
            let (beside, other) = self
                .change_at(change, id, command.position, Some(change.id), today)
                .await?;
            query.items.extend(beside.items);
            Ok((query, (own, other)))
        };
        self.change_pair(
            op,
            permission,
            (change, other),
            look,
            |(own, other): (&Timeline, &Timeline), today, (of_own, of_other)| {
                let reason = || command.reason.clone();
                let mut decision = undoing(op, own, today, of_own, reason(), merge)?;
                let beside = undoing(op, other, today, of_other, reason(), merge)?;
                decision.statements.extend(beside.statements);
                Ok(decision)
            },
        )
        .await
    }

    /// What was needed to make the change that an event belongs to, and the other declaration that it is in.
    async fn change_of(
        &self,
        id: DeclarationId,
        position: Position,
    ) -> Result<(BTreeSet<Permission>, Option<DeclarationId>), ChangeError<UndoError>> {
        let history = self.history(id).await.map_err(ChangeError::Internal)?;
        let entries = history.map(|history| history.entries).unwrap_or_default();
        let command = entries.iter().find(|entry| entry.position == position);
        let command = command.map(|entry| entry.command_id);
        let own = || entries.iter().filter(|entry| Some(entry.command_id) == command);
        let rights = own().filter_map(|entry| right_to(&entry.statement.event));
        let other = own().find_map(|entry| partner(&entry.statement.event));
        Ok((rights.collect(), other))
    }

    /// What the change that an event belongs to did to a declaration. One that brings the declaration back rests on the declarer's others,
    /// but not on the one with which it was linked or merged.
    async fn change_at(
        &self,
        change: &Change,
        id: DeclarationId,
        position: Position,
        but: Option<DeclarationId>,
        today: NaiveDate,
    ) -> Result<(Query, Found), Internal> {
        let nothing = Query { items: Vec::new() };
        let named = self.history(change.id).await?;
        let named = named.map(|history| history.entries).unwrap_or_default();
        let of_event = named.iter().find(|entry| entry.position == position);
        let entries = if id == change.id {
            named.clone()
        } else {
            let history = self.history(id).await?;
            history.map(|history| history.entries).unwrap_or_default()
        };
        let of_change = |entry: &&Entry| of_event.is_some_and(|event| event.command_id == entry.command_id);
        let own: Vec<&Entry> = entries.iter().filter(of_change).collect();
        let about_liveness = own.iter().any(|entry| {
            matches!(
                entry.statement.event,
                DeclarationEvent::Stopped { .. }
                    | DeclarationEvent::Reinstated { .. }
                    | DeclarationEvent::Superseded { .. }
                    | DeclarationEvent::MergedInto { .. }
            )
        });
        let (query, live) = if about_liveness {
            self.live_beside(id, but, today).await?
        } else {
            (nothing, None)
        };
        let found = Found {
            positions: own.iter().map(|entry| entry.position.get()).collect(),
            recorded_at: of_event.map(|event| event.recorded_at).unwrap_or_default(),
            tried_at: entries
                .iter()
                .find(|entry| entry.command_id == change.command_id)
                .map(|entry| entry.recorded_at),
            live,
        };
        Ok((query, found))
    }
}

fn undoing(
    op: &OpContext,
    timeline: &Timeline,
    today: NaiveDate,
    found: Found,
    reason: Option<String>,
    merge: bool,
) -> Result<Decision, UndoError> {
    let at = found.tried_at.unwrap_or_else(|| op.now());
    let wanted = Undo {
        positions: found.positions,
        recorded_at: found.recorded_at,
        reason,
        live: found.live,
        merge,
    };
    undo(timeline, &wanted, at, today)
}
