//! A request as its events make it.

use chrono::{DateTime, NaiveDate, Utc};

use super::event::{Channel, Closing, IdentityMethod, Measure, Opened, Outcome, PrivacyRequestEvent};
use crate::ids::DeclarationId;
use crate::staff::{Actor, StaffId};
use crate::wire::wire_enum;

wire_enum! {
    /// Where a case stands.
    PrivacyRequestStatus {
        /// Nobody has decided about it.
        Open = "open",
        /// Something is missing; the term stands still.
        Paused = "paused",
        /// Decided; the answer has not gone out.
        Decided = "decided",
        /// The answer has gone out.
        Answered = "answered",
        /// It is over.
        Closed = "closed",
    }
}

/// How it was proved who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// How.
    pub method: IdentityMethod,
    /// Whether the person is who they say.
    pub is_confirmed: bool,
    /// Who looked.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub outcome: Outcome,
    /// By whom.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
}

/// The answer that went out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// On which day.
    pub on: NaiveDate,
    /// Which way.
    pub channel: Channel,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrivacyRequest {
    /// As it came in.
    pub opened: Opened,
    /// Who wrote it down.
    pub by: Actor,
    /// When they did.
    pub at: DateTime<Utc>,
    /// The records that it is about.
    pub declarations: Vec<DeclarationId>,
    /// Who handles it.
    pub handler: Option<StaffId>,
    /// The newest look at who asked.
    pub identity: Option<Identity>,
    /// The last day for a decision.
    pub due_on: NaiveDate,
    /// Since when the term stands still.
    pub paused_on: Option<NaiveDate>,
    /// How often it was extended.
    pub extensions: u32,
    /// The newest decision.
    pub decision: Option<Decision>,
    /// What was done.
    pub measures: Vec<Measure>,
    /// The answer that went out.
    pub answer: Option<Answer>,
    /// How it ended.
    pub closing: Option<Closing>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// Whether its key is destroyed.
    pub is_forgotten: bool,
}

impl PrivacyRequest {
    /// From its events in order, each with who did it and when; none without the opening.
    pub fn of<'a>(
        events: impl IntoIterator<Item = (&'a PrivacyRequestEvent, &'a Actor, DateTime<Utc>)>,
    ) -> Option<Self> {
        let mut request: Option<Self> = None;
        for (event, by, at) in events {
            match (&mut request, event) {
                (None, PrivacyRequestEvent::Opened(opened)) => {
                    request = Some(Self::begun(opened, by, at));
                }
                (Some(request), event) => request.apply(event, by, at),
                (None, _) => {}
            }
        }
        request
    }

    fn begun(opened: &Opened, by: &Actor, at: DateTime<Utc>) -> Self {
        Self {
            by: by.clone(),
            at,
            declarations: opened.declarations.clone(),
            handler: None,
            identity: None,
            due_on: opened.due_on,
            paused_on: None,
            extensions: 0,
            decision: None,
            measures: Vec::new(),
            answer: None,
            closing: None,
            closed_at: None,
            is_forgotten: false,
            opened: opened.clone(),
        }
    }

    pub(super) fn apply(&mut self, event: &PrivacyRequestEvent, by: &Actor, at: DateTime<Utc>) {
        match event {
            PrivacyRequestEvent::Opened(_) | PrivacyRequestEvent::Noted { .. } => {}
            PrivacyRequestEvent::Concerned { declarations, .. } => self.declarations.clone_from(declarations),
            PrivacyRequestEvent::Assigned { handler, .. } => self.handler = *handler,
            PrivacyRequestEvent::IdentityChecked {
                method, is_confirmed, ..
            } => {
                self.identity = Some(Identity {
                    method: *method,
                    is_confirmed: *is_confirmed,
                    by: by.clone(),
                    at,
                });
            }
            PrivacyRequestEvent::Paused { on, .. } => self.paused_on = Some(*on),
            PrivacyRequestEvent::Resumed { due_on, .. } => {
                self.paused_on = None;
                self.due_on = *due_on;
            }
            PrivacyRequestEvent::Extended { due_on, .. } => {
                self.due_on = *due_on;
                self.extensions += 1;
            }
            PrivacyRequestEvent::Decided { outcome, .. } => {
                self.decision = Some(Decision {
                    outcome: *outcome,
                    by: by.clone(),
                    at,
                });
            }
            PrivacyRequestEvent::MeasureRecorded { measure, .. } => self.measures.push(measure.clone()),
            PrivacyRequestEvent::Answered { on, channel, .. } => {
                self.answer = Some(Answer {
                    on: *on,
                    channel: *channel,
                });
            }
            PrivacyRequestEvent::Closed { how, .. } => {
                self.closing = Some(*how);
                self.closed_at = Some(at);
            }
            PrivacyRequestEvent::Forgotten { .. } => self.is_forgotten = true,
        }
    }

    /// Where it stands.
    pub const fn status(&self) -> PrivacyRequestStatus {
        if self.closing.is_some() {
            PrivacyRequestStatus::Closed
        } else if self.answer.is_some() {
            PrivacyRequestStatus::Answered
        } else if self.decision.is_some() {
            PrivacyRequestStatus::Decided
        } else if self.paused_on.is_some() {
            PrivacyRequestStatus::Paused
        } else {
            PrivacyRequestStatus::Open
        }
    }

    /// Whether it was proved that the person is who they say.
    pub fn is_identified(&self) -> bool {
        self.identity
            .as_ref()
            .is_some_and(|identity| identity.is_confirmed)
    }
}
