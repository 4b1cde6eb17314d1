//! A change of two declarations at once: both are written or neither is, each as it was judged.

use chrono::NaiveDate;
use domain::DeclarationId;
use domain::declaration::Timeline;
use domain::declaration::decide::Decision;
use domain::staff::Permission;
use event_store::{AppendError, Guard, Position, Query};

use super::change::{Change, ChangeError, Changed, changed, stale, unchanged_since};
use super::detail::History;
use crate::clock::day_in_japan;
use crate::{Allowed, App, Internal, OpContext};

/// How often a change is judged anew when what it was judged on changes meanwhile.
const TRIES: u32 = 5;

/// Index of the guard on the declaration that the author looked at.
const OWN: usize = 0;
/// Index of the guard on the other one.
const OTHER: usize = 1;

/// The other one of two declarations.
#[derive(Debug, Clone, Copy)]
pub(super) struct Other {
    /// Which.
    pub(super) id: DeclarationId,
    /// The position of the newest fact-changing event that the author saw; none: it is judged as it is now.
    pub(super) expected_version: Option<Position>,
}

impl App {
    /// Makes one change of two declarations. `look` answers what else the decision rests on, and which events would alter that;
    /// `decide` sees both histories, that of `change` first.
    pub(super) async fn change_pair<E, Found, Look>(
        &self,
        op: &OpContext,
        permission: Permission,
        (change, other): (&Change, Other),
        look: impl Fn() -> Look + Send,
        decide: impl Fn((&Timeline, &Timeline), NaiveDate, Found) -> Result<Decision, E> + Send,
    ) -> Result<Changed, ChangeError<E>>
    where
        E: std::error::Error + 'static,
        Look: Future<Output = Result<(Query, Found), Internal>> + Send,
    {
        let allowed = op.require(permission).map_err(ChangeError::Forbidden)?;
        let mut tries = 1;
        loop {
            // Before the look-up: whatever comes after it breaks the guard.
            let after = self.store.head().await.map_err(internal)?;
            let (query, found) = look().await.map_err(ChangeError::Internal)?;
            let beside = (!query.items.is_empty()).then_some(Guard { query, after });
            let attempt = self.try_pair(op, allowed, (change, other), beside, |both, today| {
                decide(both, today, found)
            });
            match attempt.await {
                Err(ChangeError::Overtaken) if tries < TRIES => tries += 1,
                outcome => return outcome,
            }
        }
    }

    async fn try_pair<E: std::error::Error + 'static>(
        &self,
        op: &OpContext,
        allowed: Allowed,
        (change, other): (&Change, Other),
        beside: Option<Guard>,
        decide: impl FnOnce((&Timeline, &Timeline), NaiveDate) -> Result<Decision, E>,
    ) -> Result<Changed, ChangeError<E>> {
        let own = self.existing(change.id).await?;
        let theirs = self.existing(other.id).await?;
        let earlier = self.store.receipt(change.command_id).await.map_err(internal)?;
        // A retry is judged on what its first try saw, so that it leads to the same command and the same receipt.
        let (judged, beside_it) = if let Some(receipt) = earlier {
            let before = |of: &History| of.before(receipt.first).unwrap_or_else(|| of.timeline.clone());
            (before(&own), before(&theirs))
        } else {
            expect(&own, change.expected_version)?;
            if let Some(expected) = other.expected_version {
                expect(&theirs, expected)?;
            }
            (own.timeline.clone(), theirs.timeline.clone())
        };
        let first_try = own
            .entries
            .iter()
            .find(|entry| entry.command_id == change.command_id);
        let today = first_try.map_or_else(|| op.today(), |entry| day_in_japan(entry.recorded_at));
        let mut decision = decide((&judged, &beside_it), today).map_err(ChangeError::Refused)?;
        let cited = self
            .rest_on_inquiry(op, change, (&judged, today, earlier.as_ref()), &mut decision)
            .await?;
        let version_at = decision
            .statements
            .iter()
            .rposition(|statement| statement.declaration_id == change.id && statement.event.changes_facts());
        let other_version = Position::new(beside_it.current().version);
        let mut guards = vec![
            unchanged_since(change.id, change.expected_version).map_err(internal)?,
            unchanged_since(other.id, other_version).map_err(internal)?,
        ];
        guards.extend(beside);
        let append = self.append_of(op, change.command_id, &decision, guards).await;
        let mut append = append.map_err(ChangeError::Internal)?;
        append.events.extend(cited);
        match self.append(allowed, append).await {
            Ok(appended) => Ok(changed(change, *appended.receipt(), version_at)),
            Err(AppendError::Conflict(conflict)) => {
                let broken = |guard| conflict.found.iter().any(|found| found.guard == guard);
                match other.expected_version {
                    _ if broken(OWN) => Err(stale(&self.existing(change.id).await?, change.expected_version)),
                    Some(expected) if broken(OTHER) => Err(stale(&self.existing(other.id).await?, expected)),
                    _ => Err(ChangeError::Overtaken),
                }
            }
            Err(AppendError::CommandReused { .. }) => Err(ChangeError::CommandReused),
            Err(error) => Err(internal(error)),
        }
    }

    async fn existing<E: std::error::Error + 'static>(
        &self,
        id: DeclarationId,
    ) -> Result<History, ChangeError<E>> {
        let history = self.history(id).await.map_err(ChangeError::Internal)?;
        history.ok_or(ChangeError::NotFound(id))
    }
}

fn expect<E: std::error::Error + 'static>(of: &History, version: Position) -> Result<(), ChangeError<E>> {
    if of.timeline.current().version == version.get() {
        Ok(())
    } else {
        Err(stale(of, version))
    }
}

fn internal<E: std::error::Error + 'static>(
    error: impl std::error::Error + Send + Sync + 'static,
) -> ChangeError<E> {
    ChangeError::Internal(Internal::new(error))
}
