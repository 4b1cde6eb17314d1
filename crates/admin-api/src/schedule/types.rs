//! A schedule as the console reads it.

use app::schedule::{PastEntry, ReadSchedulesError, ScheduleDeed};
use async_graphql::{ComplexObject, Context, Enum, Error, ID, Result, SimpleObject, Union};
use chrono::Utc;
use domain::schedule::{Misfire as DomainMisfire, Schedule as DomainSchedule, ScheduleEvent, shown_end};

use crate::context::request;
use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::fault;
use crate::job::types::Job;
use crate::scalars::{Date, DateTime, Position};

/// Firings that are shown ahead.
const NEXT: usize = 5;
/// The most entries of a history, and of what people did.
pub const ENTRIES_MAX: u32 = 200;

/// What becomes of firings that were due while nothing ran.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Misfire {
    /// They do not fire.
    Skip,
    /// One firing makes up for all of them.
    Once,
    /// They fire, the newest `misfireAtMost`.
    All,
}

/// Whether a schedule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ScheduleState {
    /// When it is due.
    Active,
    /// Not until it is resumed.
    Paused,
    /// Its definition says that it does not.
    Disabled,
    /// Its end has passed.
    Over,
    /// Never again.
    Removed,
}

mirrored! {
    /// Why a firing that was due does not fire.
    MissedWhy = domain::schedule::MissedWhy {
        /// It is late, and the policy for missed firings leaves it out.
        Policy,
        /// The schedule is over.
        NotAfter,
    }
}

/// A schedule.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Schedule {
    /// Which.
    pub id: ID,
    /// What people call it.
    pub name: String,
    /// Five fields: minute, hour, day of month, month, weekday (0 and 7 are Sunday).
    pub expression: String,
    /// Whose wall clock, such as `Asia/Tokyo`.
    pub zone: String,
    /// What is done.
    pub command: String,
    /// What becomes of missed firings.
    pub misfire: Misfire,
    /// How many missed firings fire at most, 1 to 10,000; only with `ALL`.
    pub misfire_at_most: Option<u32>,
    /// Nothing fires later.
    pub not_after: Option<DateTime>,
    /// The day of `notAfter` by the wall clock of the zone.
    pub not_after_date: Option<Date>,
    /// The time of `notAfter` by the wall clock of the zone, `18:00`; `24:00` is the end of the day.
    pub not_after_time: Option<String>,
    /// Each firing runs up to so many seconds after it is due: 0 to 3,600.
    pub jitter: u32,
    /// Whether it fires at all.
    pub enabled: bool,
    /// Whether it fires now.
    pub state: ScheduleState,
    /// The next five firings; empty while it does not fire.
    pub next: Vec<DateTime>,
    /// What a change must name as its `expectedVersion`.
    pub version: Position,
    #[graphql(skip)]
    inner: DomainSchedule,
}

/// What became of firings, the newest first.
#[derive(SimpleObject)]
pub struct ScheduleHistory {
    /// They.
    pub entries: Vec<ScheduleHistoryEntry>,
    /// What the next page names as `before`; null when there is nothing older.
    pub next_before: Option<DateTime>,
}

/// What became of a firing.
#[derive(Union)]
pub enum ScheduleHistoryEntry {
    /// It fired.
    Fired(Box<ScheduleFiring>),
    /// It never came.
    Missed(ScheduleMiss),
}

/// A firing.
#[derive(SimpleObject)]
pub struct ScheduleFiring {
    /// When it was due.
    pub due_at: DateTime,
    /// When it fired.
    pub fired_at: DateTime,
    /// Whether it was missed and fired all the same.
    pub late: bool,
    /// How many missed ones beside itself it stood for.
    pub makes_up_for: u32,
    /// What did the work.
    pub job: Option<Job>,
}

/// Firings that never came.
#[derive(SimpleObject)]
pub struct ScheduleMiss {
    /// How many.
    pub count: u32,
    /// When the first of them was due.
    pub first_due_at: DateTime,
    /// When the last of them was due.
    pub last_due_at: DateTime,
    /// Why.
    pub why: MissedWhy,
}

/// What somebody did to a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ScheduleChangeKind {
    /// Made it.
    Defined,
    /// Gave it another definition.
    Changed,
    /// Paused it.
    Paused,
    /// Resumed it.
    Resumed,
    /// Removed it.
    Removed,
    /// Ran it out of turn.
    RunRequested,
}

/// Something that somebody did to a schedule.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ScheduleChange {
    /// What.
    pub kind: ScheduleChangeKind,
    /// When.
    pub at: DateTime,
    /// The job of a run out of turn.
    pub job_id: Option<ID>,
    /// What it said from then on.
    pub expression: Option<String>,
    /// Whose wall clock from then on.
    pub zone: Option<String>,
    #[graphql(skip)]
    by: String,
}

#[ComplexObject]
impl ScheduleChange {
    /// Who.
    async fn by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }
}

#[ComplexObject]
impl Schedule {
    /// The newest firing or miss.
    #[graphql(complexity = "10 + child_complexity")]
    async fn last(&self, ctx: &Context<'_>) -> Result<Option<ScheduleHistoryEntry>> {
        Ok(history(ctx, &self.inner, 1, None)
            .await?
            .entries
            .into_iter()
            .next())
    }

    /// What became of its firings that were due before an instant, the newest first; `first` is 1 to 200.
    #[graphql(complexity = "(first.max(0) as usize).min(200) * child_complexity / 4 + 20")]
    async fn history(
        &self,
        ctx: &Context<'_>,
        first: i32,
        before: Option<DateTime>,
    ) -> Result<ScheduleHistory> {
        let first = u32::try_from(first).unwrap_or(1).clamp(1, ENTRIES_MAX);
        history(ctx, &self.inner, first, before).await
    }

    /// What people did to it, the newest first, at most 200.
    #[graphql(complexity = "20 + 50 * child_complexity")]
    async fn changes(&self, ctx: &Context<'_>) -> Result<Vec<ScheduleChange>> {
        let request = request(ctx)?;
        let deeds = request
            .app()
            .schedule_deeds(request.operation()?, self.inner.id, ENTRIES_MAX as usize)
            .await
            .map_err(|error| refusal(ctx, error))?;
        Ok(deeds.into_iter().filter_map(change).collect())
    }
}

async fn history(
    ctx: &Context<'_>,
    schedule: &DomainSchedule,
    first: u32,
    before: Option<DateTime>,
) -> Result<ScheduleHistory> {
    let request = request(ctx)?;
    let before = before.map_or(chrono::DateTime::<Utc>::MAX_UTC, |before| before.0);
    let page = request
        .app()
        .schedule_history(request.operation()?, schedule.id, before, first)
        .await
        .map_err(|error| refusal(ctx, error))?;
    let oldest = page.entries.last().map(PastEntry::due_at);
    Ok(ScheduleHistory {
        next_before: oldest.filter(|_| page.has_more).map(DateTime),
        entries: page.entries.into_iter().map(ScheduleHistoryEntry::from).collect(),
    })
}

fn change(deed: ScheduleDeed) -> Option<ScheduleChange> {
    let (kind, definition, job_id) = match deed.event {
        ScheduleEvent::Defined { definition, .. } => (ScheduleChangeKind::Defined, Some(definition), None),
        ScheduleEvent::Changed { definition, .. } => (ScheduleChangeKind::Changed, Some(definition), None),
        ScheduleEvent::Paused { .. } => (ScheduleChangeKind::Paused, None, None),
        ScheduleEvent::Resumed { .. } => (ScheduleChangeKind::Resumed, None, None),
        ScheduleEvent::Removed { .. } => (ScheduleChangeKind::Removed, None, None),
        ScheduleEvent::RunRequested { job_id, .. } => (ScheduleChangeKind::RunRequested, None, Some(job_id)),
        ScheduleEvent::Fired { .. } | ScheduleEvent::Missed { .. } => return None,
    };
    Some(ScheduleChange {
        kind,
        at: DateTime(deed.at),
        job_id: job_id.map(|id| ID(id.to_string())),
        expression: definition.as_ref().map(|it| it.expression.to_string()),
        zone: definition.as_ref().map(|it| it.zone.to_string()),
        by: deed.by,
    })
}

impl From<PastEntry> for ScheduleHistoryEntry {
    fn from(entry: PastEntry) -> Self {
        match entry {
            PastEntry::Fired(firing, job) => Self::Fired(Box::new(ScheduleFiring {
                due_at: DateTime(firing.due_at),
                fired_at: DateTime(firing.fired_at),
                late: firing.late,
                makes_up_for: firing.makes_up_for,
                job: job.map(|job| Job::from(*job)),
            })),
            PastEntry::Missed(miss) => Self::Missed(ScheduleMiss {
                count: miss.count,
                first_due_at: DateTime(miss.first_due_at),
                last_due_at: DateTime(miss.last_due_at),
                why: miss.why.into(),
            }),
        }
    }
}

impl Schedule {
    /// As it is at an instant, which decides whether it is over and what comes next.
    pub fn new(schedule: DomainSchedule, now: chrono::DateTime<Utc>) -> Self {
        let definition = &schedule.definition;
        let (misfire, misfire_at_most) = match definition.misfire {
            DomainMisfire::Skip => (Misfire::Skip, None),
            DomainMisfire::Once => (Misfire::Once, None),
            DomainMisfire::All { at_most } => (Misfire::All, Some(at_most)),
        };
        let end = definition.not_after.map(|end| shown_end(end, definition.zone));
        Self {
            id: ID(schedule.id.to_string()),
            name: definition.name.clone(),
            expression: definition.expression.to_string(),
            zone: definition.zone.to_string(),
            command: definition.command.clone(),
            misfire,
            misfire_at_most,
            not_after: definition.not_after.map(DateTime),
            not_after_date: end.as_ref().map(|(day, _)| Date(*day)),
            not_after_time: end.map(|(_, time)| time),
            jitter: definition.jitter,
            enabled: definition.enabled,
            state: state(&schedule, now),
            next: next(&schedule, now),
            version: Position(event_store::Position::new(schedule.version)),
            inner: schedule,
        }
    }
}

fn state(schedule: &DomainSchedule, now: chrono::DateTime<Utc>) -> ScheduleState {
    if schedule.removed {
        ScheduleState::Removed
    } else if schedule.definition.over_since(now).is_some() {
        ScheduleState::Over
    } else if schedule.paused {
        ScheduleState::Paused
    } else if schedule.definition.enabled {
        ScheduleState::Active
    } else {
        ScheduleState::Disabled
    }
}

fn next(schedule: &DomainSchedule, now: chrono::DateTime<Utc>) -> Vec<DateTime> {
    if !schedule.is_active() {
        return Vec::new();
    }
    let first = schedule.definition.next_due(now.max(schedule.cursor));
    std::iter::successors(first, |due| schedule.definition.next_due(*due))
        .take(NEXT)
        .map(DateTime)
        .collect()
}

/// Why there is no answer, as a fault.
pub fn refusal(ctx: &Context<'_>, error: ReadSchedulesError) -> Error {
    match (error, request(ctx)) {
        (ReadSchedulesError::Forbidden(refused), _) => fault::forbidden(refused),
        (ReadSchedulesError::Internal(error), Ok(request)) => fault::internal(request.request_id(), &error),
        (_, Err(fault)) => fault,
    }
}
