//! A deadline, and lists of them.

use async_graphql::{ComplexObject, Context, Enum, ID, Result, SimpleObject, Union};
use domain::calendar::Deadline as DomainDeadline;
use storage::calendar::{DeadlineRow, DeadlineScope as StoredScope};

use crate::declaration::history::{Actor, actor_of};
use crate::declaration::list::PageInfo;
use crate::input::InvalidInput;
use crate::scalars::{Date, DateTime, Position};

/// What a deadline says.
#[derive(Debug, Clone, SimpleObject)]
pub struct DeadlineText {
    /// The day in Japan.
    pub date: Date,
    /// The time of that day, `17:00`; `24:00` is its end.
    pub time: String,
    /// Of what.
    pub name: String,
    /// Where it is announced: an `https://` address, or words.
    pub source: String,
    /// What else to know; may be empty.
    pub note: String,
}

impl From<&DomainDeadline> for DeadlineText {
    fn from(deadline: &DomainDeadline) -> Self {
        Self {
            date: Date(deadline.day),
            time: deadline.time.to_string(),
            name: deadline.name.clone(),
            source: deadline.source.clone(),
            note: deadline.note.clone(),
        }
    }
}

/// A deadline of the calendar.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct Deadline {
    /// Which.
    pub id: ID,
    /// The instant by which.
    pub at: DateTime,
    /// The day in Japan.
    pub date: Date,
    /// The time of that day, `17:00`; `24:00` is its end.
    pub time: String,
    /// Of what.
    pub name: String,
    /// Where it is announced: an `https://` address, or words.
    pub source: String,
    /// What else to know; may be empty.
    pub note: String,
    /// What a change must name as its `expectedVersion`.
    pub version: Position,
    /// When it was changed last.
    pub changed_at: DateTime,
    #[graphql(skip)]
    changed_by: String,
}

#[ComplexObject]
impl Deadline {
    /// Who changed it last.
    async fn changed_by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.changed_by).await
    }
}

impl From<DeadlineRow> for Deadline {
    fn from(row: DeadlineRow) -> Self {
        let DeadlineText {
            date,
            time,
            name,
            source,
            note,
        } = DeadlineText::from(&row.deadline);
        Self {
            id: ID(row.deadline.id.to_string()),
            at: DateTime(row.deadline.at()),
            date,
            time,
            name,
            source,
            note,
            version: Position(row.version),
            changed_at: DateTime(row.changed_at),
            changed_by: row.changed_by,
        }
    }
}

/// Which deadlines a list has, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum DeadlineScope {
    /// Still to come, the nearest first.
    Upcoming,
    /// Over, the latest first.
    Past,
}

impl From<DeadlineScope> for StoredScope {
    fn from(scope: DeadlineScope) -> Self {
        match scope {
            DeadlineScope::Upcoming => Self::Upcoming,
            DeadlineScope::Past => Self::Past,
        }
    }
}

/// The outcome of asking for deadlines.
#[derive(Union)]
pub enum DeadlinesResult {
    /// A page.
    Page(DeadlineConnection),
    /// What was asked cannot be answered.
    Invalid(InvalidInput),
}

/// One page of deadlines.
#[derive(SimpleObject)]
pub struct DeadlineConnection {
    /// In the order of the list.
    pub nodes: Vec<Deadline>,
    /// Whether there is more.
    pub page_info: PageInfo,
    /// How many the whole list has.
    pub total: i64,
}
