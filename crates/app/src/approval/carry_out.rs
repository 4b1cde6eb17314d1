//! Doing what was agreed to, in the name of whoever asked, once.

use domain::ApprovalId;
use domain::approval::{ApprovalEvent, VoidReason};
use domain::staff::{Actor, StaffId, StaffId as Id};
use event_store::{Append, AppendError, Position};
use storage::approval as rows;
use storage::staff;

use super::{Act, ApprovalDetail};
use crate::random::derived_id;
use crate::staff::{ChangeAccount, ChangeAccountError, Consent};
use crate::{App, Internal, OpContext};

/// Whether an act could be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trial {
    /// Yes.
    Possible,
    /// What it is about was changed since its author saw it.
    Stale,
    /// No, whoever does it.
    Impossible { code: &'static str, message: String },
}

/// What became of an act.
enum Outcome {
    Done,
    Void(VoidReason),
}

impl App {
    /// Whether an act could be done now by whoever asks for it. Nothing is written.
    pub(super) async fn try_out(&self, op: &OpContext, act: &Act) -> Result<Trial, Internal> {
        match act {
            Act::ChangeRoles { staff_id, .. } => {
                let (change, roles) = roles_of(act, ApprovalId::new(staff_id.0))?;
                let tried = self.try_roles(op, change, &roles).await;
                Ok(match tried {
                    Ok(()) => Trial::Possible,
                    Err(ChangeAccountError::Stale(_) | ChangeAccountError::NotFound(_)) => Trial::Stale,
                    Err(ChangeAccountError::Refused(why)) => Trial::Impossible {
                        code: why.code(),
                        message: why.japanese().to_owned(),
                    },
                    Err(error) => return Err(Internal::new(error)),
                })
            }
        }
    }

    /// Carries out what was agreed to when a process ended before it was done.
    pub async fn finish_approved(&self) -> Result<usize, Internal> {
        let due = rows::due(self.store.database()).await.map_err(Internal::new)?;
        let count = due.len();
        for row in due {
            if let Some(detail) = self.approval_detail(row.id).await? {
                self.carry_out_approval(&detail).await?;
            }
        }
        Ok(count)
    }

    /// Does what a request asks for. A second call finds it done.
    pub(super) async fn carry_out_approval(&self, detail: &ApprovalDetail) -> Result<(), Internal> {
        let id = detail.approval.requested.approval_id;
        let outcome = match (&detail.act, detail.approval.requester()) {
            (Some(act), Some(requester)) => self.act(id, act, requester).await?,
            // The key of its content was destroyed, or nobody asked.
            _ => Outcome::Void(VoidReason::Impossible),
        };
        let said = match outcome {
            Outcome::Done => ApprovalEvent::CarriedOut { approval_id: id },
            Outcome::Void(why) => ApprovalEvent::Voided { approval_id: id, why },
        };
        let append = Append {
            command_id: derived_id(id.uuid(), "approval end"),
            actor: Actor::System("approval".to_owned()).to_string(),
            correlation_id: id.uuid(),
            reason: None,
            events: vec![self.approval_event(&said, Vec::new())?],
            guards: Vec::new(),
            recorded_at: self.now(),
        };
        match self.store.append(append).await {
            // Another process was as fast, and its event has another id.
            Ok(_) | Err(AppendError::CommandReused { .. }) => Ok(()),
            Err(error) => Err(Internal::new(error)),
        }
    }

    async fn act(&self, id: ApprovalId, act: &Act, requester: StaffId) -> Result<Outcome, Internal> {
        let Some(op) = self.in_the_name_of(id, requester).await? else {
            return Ok(Outcome::Void(VoidReason::NotAllowed));
        };
        if op.require(act.permission()).is_err() {
            return Ok(Outcome::Void(VoidReason::NotAllowed));
        }
        match act {
            Act::ChangeRoles { .. } => {
                let (change, roles) = roles_of(act, id)?;
                match self.change_roles_with(&op, change, &roles, Consent::Given).await {
                    Ok(_) => Ok(Outcome::Done),
                    Err(ChangeAccountError::Stale(_)) => Ok(Outcome::Void(VoidReason::Changed)),
                    Err(ChangeAccountError::Forbidden(_)) => Ok(Outcome::Void(VoidReason::NotAllowed)),
                    Err(ChangeAccountError::Internal(error)) => Err(error),
                    Err(_) => Ok(Outcome::Void(VoidReason::Impossible)),
                }
            }
        }
    }

    /// Whoever asked, with the roles they have now; none when they cannot sign in any more.
    async fn in_the_name_of(
        &self,
        id: ApprovalId,
        requester: StaffId,
    ) -> Result<Option<OpContext>, Internal> {
        let rows = staff::by_ids(self.store.database(), &[requester.0]).await;
        let row = rows.map_err(Internal::new)?.remove(&requester.0);
        let Some(row) = row.filter(|row| row.disabled_at.is_none()) else {
            return Ok(None);
        };
        let roles = row.roles.iter().filter_map(|role| role.parse().ok()).collect();
        Ok(Some(self.context(
            Actor::Staff(requester),
            roles,
            id.uuid(),
            "approval",
        )))
    }
}

fn roles_of(act: &Act, id: ApprovalId) -> Result<(ChangeAccount, Vec<domain::staff::Role>), Internal> {
    let Act::ChangeRoles {
        staff_id,
        expected_version,
        roles,
    } = act;
    let roles = roles.iter().map(|role| role.parse());
    let change = ChangeAccount {
        command_id: derived_id(id.uuid(), "approval act"),
        id: Id(staff_id.0),
        expected_version: Position::new(*expected_version),
    };
    Ok((change, roles.collect::<Result<_, _>>().map_err(Internal::new)?))
}
