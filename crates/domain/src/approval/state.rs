//! A request as its events make it.

use chrono::{DateTime, Utc};

use super::{ApprovalEvent, Requested, VoidReason};
use crate::staff::{Actor, StaffId};

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// As it was asked for.
    pub requested: Requested,
    /// Who asked.
    pub by: Actor,
    /// When.
    pub at: DateTime<Utc>,
    /// What became of it so far.
    pub status: Status,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Nobody decided. It lapses when its time is over.
    Open,
    /// A second person agreed; it is being carried out.
    Approved {
        /// Who.
        by: Actor,
    },
    /// An administrator did without a second person; it is being carried out.
    Bypassed {
        /// Who.
        by: Actor,
    },
    /// It is done.
    CarriedOut {
        /// Who agreed, or did without.
        by: Actor,
        /// Whether nobody else agreed.
        is_bypass: bool,
    },
    /// A second person did not agree.
    Rejected {
        /// Who.
        by: Actor,
    },
    /// Whoever asked does not want it any more.
    Withdrawn,
    /// It could not be agreed to, or not be done, any more.
    Voided(VoidReason),
}

impl Approval {
    /// From its events in order, each with who did it and when; none without the request itself.
    pub fn of<'a>(
        events: impl IntoIterator<Item = (&'a ApprovalEvent, &'a Actor, DateTime<Utc>)>,
    ) -> Option<Self> {
        let mut approval: Option<Self> = None;
        for (event, by, at) in events {
            match (&mut approval, event) {
                (None, ApprovalEvent::Requested(requested)) => {
                    approval = Some(Self {
                        requested: requested.clone(),
                        by: by.clone(),
                        at,
                        status: Status::Open,
                    });
                }
                (Some(approval), event) => approval.apply(event, by),
                (None, _) => {}
            }
        }
        approval
    }

    fn apply(&mut self, event: &ApprovalEvent, by: &Actor) {
        let by = by.clone();
        self.status = match event {
            ApprovalEvent::Requested(_) => return,
            ApprovalEvent::Approved { .. } => Status::Approved { by },
            ApprovalEvent::Bypassed { .. } => Status::Bypassed { by },
            ApprovalEvent::Rejected { .. } => Status::Rejected { by },
            ApprovalEvent::Withdrawn { .. } => Status::Withdrawn,
            ApprovalEvent::Voided { why, .. } => Status::Voided(*why),
            ApprovalEvent::CarriedOut { .. } => match &self.status {
                Status::Bypassed { by } => Status::CarriedOut {
                    by: by.clone(),
                    is_bypass: true,
                },
                Status::Approved { by } => Status::CarriedOut {
                    by: by.clone(),
                    is_bypass: false,
                },
                _ => return,
            },
        };
    }

    /// Whether somebody can still decide about it.
    pub fn is_open_at(&self, now: DateTime<Utc>) -> bool {
        self.status == Status::Open && !has_lapsed(self.requested.expires_at, now)
    }

    /// Whether it is to be carried out and is not yet.
    pub const fn is_due(&self) -> bool {
        matches!(self.status, Status::Approved { .. } | Status::Bypassed { .. })
    }

    /// Who asked, when it was a member of staff.
    pub const fn requester(&self) -> Option<StaffId> {
        match self.by {
            Actor::Staff(id) => Some(id),
            _ => None,
        }
    }
}

/// Whether nobody can decide any more about a request that nobody has decided about.
pub fn has_lapsed(expires_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    expires_at <= now
}
