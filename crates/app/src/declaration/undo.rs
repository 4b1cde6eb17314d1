//! Taking a change of a declaration back.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use domain::declaration::DeclarationEvent;
use domain::declaration::decide::{LiveElsewhere, Undo, UndoError, undo};
use domain::staff::Permission;
use event_store::{Position, Query};

use super::change::{Change, ChangeError, Changed};
use super::detail::Entry;
use crate::{App, Internal, OpContext};

/// Takes a change back.
#[derive(Debug, Clone)]
pub struct UndoChange {
    /// The position of any event of the change.
    pub position: Position,
    /// Why; may be left out.
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

impl App {
    /// Takes a change back, with all that was recorded by the same command.
    pub async fn undo_change(
        &self,
        op: &OpContext,
        change: Change,
        command: UndoChange,
    ) -> Result<Changed, ChangeError<UndoError>> {
        op.require(Permission::ManageDeclaration)
            .map_err(ChangeError::Forbidden)?;
        self.change_beside(
            op,
            Permission::ManageDeclaration,
            &change,
            || self.change_at(&change, command.position, op.today()),
            |timeline, today, found| {
                let wanted = Undo {
                    positions: found.positions,
                    recorded_at: found.recorded_at,
                    reason: command.reason.clone(),
                    live: found.live,
                };
                undo(
                    timeline,
                    &wanted,
                    found.tried_at.unwrap_or_else(|| op.now()),
                    today,
                )
            },
        )
        .await
    }

    /// The change that an event belongs to. One that brings the declaration back rests on the declarer's others.
    async fn change_at(
        &self,
        change: &Change,
        position: Position,
        today: NaiveDate,
    ) -> Result<(Query, Found), Internal> {
        let nothing = Query { items: Vec::new() };
        let entries = self
            .history(change.id)
            .await?
            .map(|history| history.entries)
            .unwrap_or_default();
        let of_event = entries.iter().find(|entry| entry.position == position);
        let of_change = |entry: &&Entry| of_event.is_some_and(|event| event.command_id == entry.command_id);
        let own: Vec<&Entry> = entries.iter().filter(of_change).collect();
        let about_liveness = own.iter().any(|entry| {
            matches!(
                entry.statement.event,
                DeclarationEvent::Stopped { .. } | DeclarationEvent::Reinstated { .. }
            )
        });
        let (query, live) = if about_liveness {
            self.live_beside(change.id, today).await?
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
