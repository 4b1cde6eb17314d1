//! What every change of the calendar shares: load the events that it is about, refuse what is stale, decide, append.

use chrono::{DateTime, Utc};
use domain::Refused;
use domain::calendar::CalendarEvent;
use domain::staff::Permission;
use event_store::{Append, AppendError, Guard, NewEvent, Position, Query, Tag};
use uuid::Uuid;

use crate::{Allowed, App, Forbidden, InputProblem, Internal, OpContext};

/// Events that are read at a time.
const PAGE: u32 = 500;

/// Which change, made on what its author saw.
#[derive(Debug, Clone, Copy)]
pub struct CalendarChange {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// The version that its author saw; [`Position::START`] where nothing had happened yet.
    pub expected_version: Position,
}

/// The change is in the log, and the next question is answered by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarChanged {
    /// Where it stands, which is also what the next change must name.
    pub version: Position,
}

/// What a day, the hours or a deadline are now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The newest event about it.
    pub event: CalendarEvent,
    /// Its position: what the next change must name.
    pub version: Position,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Whose it is, as `domain::staff::Actor` reads it.
    pub by: String,
}

/// Why a change was not made. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ChangeCalendarError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such deadline, or it was removed.
    #[error("there is no such deadline")]
    NotFound,
    /// What was typed has problems.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// Somebody was faster; how it stands now, `None` when nothing ever happened to it.
    #[error("this was changed since it was read")]
    Stale(Option<Box<Standing>>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<Refused> for ChangeCalendarError {
    fn from(Refused(problems): Refused) -> Self {
        Self::Invalid(problems.into_iter().map(InputProblem::from).collect())
    }
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> ChangeCalendarError {
    ChangeCalendarError::Internal(Internal::new(error))
}

impl App {
    /// Makes one change of what the tag names: `decide` sees how it stands and answers with what happens.
    pub(super) async fn change_calendar(
        &self,
        op: &OpContext,
        change: CalendarChange,
        (kind, value): (&'static str, String),
        decide: impl FnOnce(Option<&CalendarEvent>) -> Result<CalendarEvent, ChangeCalendarError>,
    ) -> Result<CalendarChanged, ChangeCalendarError> {
        let allowed = op.require(Permission::ManageCalendar)?;
        let tag = Tag::new(kind, value).map_err(internal)?;
        let history = self.calendar_history(&tag).await?;
        let newest = history.last();
        let version = newest.map_or(Position::START, |standing| standing.version);
        let earlier = self.store.receipt(change.command_id).await.map_err(internal)?;
        // A retry is judged on what its first try saw, so that it leads to the same command and the same receipt.
        let judged_on = match earlier {
            Some(receipt) => history.iter().rfind(|standing| standing.version < receipt.first),
            None if version == change.expected_version => newest,
            None => return Err(stale(newest)),
        };
        let event = decide(judged_on.map(|standing| &standing.event))?;
        let guard = Guard {
            query: Query::tagged(tag.clone()),
            after: change.expected_version,
        };
        match self
            .append_calendar(allowed, op, change.command_id, vec![event], guard)
            .await?
        {
            Ok(version) => Ok(CalendarChanged { version }),
            Err(AppendError::Conflict(_)) => Err(stale(self.calendar_history(&tag).await?.last())),
            Err(AppendError::CommandReused { .. }) => {
                Err(ChangeCalendarError::Invalid(vec![InputProblem::command_reused()]))
            }
            Err(error) => Err(internal(error)),
        }
    }

    /// Appends events of one command under a guard; answers where the last one stands.
    pub(super) async fn append_calendar(
        &self,
        _: Allowed,
        op: &OpContext,
        command_id: Uuid,
        events: Vec<CalendarEvent>,
        guard: Guard,
    ) -> Result<Result<Position, AppendError>, Internal> {
        let mut encoded = Vec::with_capacity(events.len());
        for event in &events {
            encoded.push(self.encode_calendar(op, event)?);
        }
        let append = Append {
            command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: encoded,
            guards: vec![guard],
            recorded_at: op.now(),
        };
        Ok(self
            .store
            .append(append)
            .await
            .map(|appended| appended.receipt().last))
    }

    fn encode_calendar(&self, op: &OpContext, event: &CalendarEvent) -> Result<NewEvent, Internal> {
        let encoded = event.encode();
        let (kind, value) = encoded.tag;
        Ok(NewEvent {
            id: self.new_id().map_err(Internal::new)?,
            event_type: encoded.event_type.to_owned(),
            schema_version: encoded.schema_version,
            tags: vec![Tag::new(kind, value).map_err(Internal::new)?],
            effective_at: op.today(),
            data: encoded.data,
            personal: Vec::new(),
        })
    }

    /// Everything that happened to what the tag names, in order.
    async fn calendar_history(&self, tag: &Tag) -> Result<Vec<Standing>, ChangeCalendarError> {
        let query = Query::tagged(tag.clone());
        let mut history = Vec::new();
        let mut after = Position::START;
        loop {
            let page = self.store.read(&query, after, PAGE).await.map_err(internal)?;
            let is_last = page.len() < PAGE as usize;
            for event in page {
                after = event.position;
                let what = CalendarEvent::decode(&event.event_type, event.schema_version, &event.data);
                history.push(Standing {
                    event: what.map_err(internal)?,
                    version: event.position,
                    at: event.recorded_at,
                    by: event.actor,
                });
            }
            if is_last {
                return Ok(history);
            }
        }
    }
}

fn stale(newest: Option<&Standing>) -> ChangeCalendarError {
    ChangeCalendarError::Stale(newest.cloned().map(Box::new))
}
