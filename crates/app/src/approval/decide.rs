//! What becomes of a request: agreed to, rejected, withdrawn, or done without a second person.

use domain::ApprovalId;
use domain::approval::{self, ApprovalEvent, ApprovalRefusal, PART_REASON, Person, TAG_APPROVAL, VoidReason};
use domain::mailing::Address;
use domain::staff::{Permission, StaffId};
use event_store::{Append, AppendError, Guard, NewEvent, PersonalPart, Query, Tag};
use storage::staff;
use uuid::Uuid;

use super::carry_out::Trial;
use super::request::read_reason;
use super::{ApprovalDetail, ReadApprovalsError};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Which request, and what about it.
#[derive(Debug, Clone, Copy)]
pub struct Decide {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which request.
    pub id: ApprovalId,
}

/// Why a request is as it was.
#[derive(Debug, thiserror::Error)]
pub enum DecideApprovalError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such request.
    #[error("there is no request {0}")]
    NotFound(ApprovalId),
    /// It cannot be decided so, or not by them.
    #[error(transparent)]
    Refused(#[from] ApprovalRefusal),
    /// What was typed has problems.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<ReadApprovalsError> for DecideApprovalError {
    fn from(error: ReadApprovalsError) -> Self {
        match error {
            ReadApprovalsError::Forbidden(refused) => Self::Forbidden(refused),
            ReadApprovalsError::Internal(error) => Self::Internal(error),
        }
    }
}

impl App {
    /// A second person agrees to the content whose hash they saw, and it is done at once. When what it is about was changed since,
    /// the request is void.
    pub async fn approve(
        &self,
        op: &OpContext,
        command: Decide,
        seen_hash: &str,
    ) -> Result<(), DecideApprovalError> {
        let (detail, me) = self.to_decide(op, command).await?;
        if self.is_repeated(command, &detail).await? {
            return Ok(self.carry_out_approval(&detail).await?);
        }
        let requester = self.requester(&detail).await?;
        let event = approval::approve(&detail.approval, &requester, &me, seen_hash, op.now())?;
        let trial = match &detail.act {
            Some(act) => self.try_out(op, act).await?,
            None => Trial::Stale,
        };
        if trial != Trial::Possible {
            let why = match trial {
                Trial::Impossible { .. } => VoidReason::Impossible,
                _ => VoidReason::Changed,
            };
            let id = command.id;
            let void = ApprovalEvent::Voided { approval_id: id, why };
            return self
                .write(op, command, &detail, &void, Vec::new(), Vec::new())
                .await;
        }
        self.write(op, command, &detail, &event, Vec::new(), Vec::new())
            .await?;
        Ok(self.carry_out_approval(&detail).await?)
    }

    /// A second person does not agree, and says why.
    pub async fn reject(
        &self,
        op: &OpContext,
        command: Decide,
        reason: &str,
    ) -> Result<(), DecideApprovalError> {
        let (detail, me) = self.to_decide(op, command).await?;
        if self.is_repeated(command, &detail).await? {
            return Ok(());
        }
        let reason = read_reason(reason).map_err(DecideApprovalError::Invalid)?;
        let requester = self.requester(&detail).await?;
        let event = approval::reject(&detail.approval, &requester, &me, op.now())?;
        let part = self.why(command.id, reason).await?;
        self.write(op, command, &detail, &event, vec![part], Vec::new())
            .await
    }

    /// Whoever asked does not want it any more.
    pub async fn withdraw_request(&self, op: &OpContext, command: Decide) -> Result<(), DecideApprovalError> {
        let detail = self.approval_detail(command.id).await?;
        let detail = detail.ok_or(DecideApprovalError::NotFound(command.id))?;
        if self.is_repeated(command, &detail).await? {
            return Ok(());
        }
        let me = op.staff_id().ok_or(ApprovalRefusal::NotYours)?;
        let event = approval::withdraw(&detail.approval, me, op.now())?;
        self.write(op, command, &detail, &event, Vec::new(), Vec::new())
            .await
    }

    /// An administrator does without a second person, in an emergency. Every approver is told, and it stays marked.
    pub async fn bypass(
        &self,
        op: &OpContext,
        command: Decide,
        reason: &str,
    ) -> Result<(), DecideApprovalError> {
        op.require(Permission::BypassApproval)?;
        let detail = self.approval_detail(command.id).await?;
        let detail = detail.ok_or(DecideApprovalError::NotFound(command.id))?;
        if self.is_repeated(command, &detail).await? {
            return Ok(self.carry_out_approval(&detail).await?);
        }
        let reason = read_reason(reason).map_err(DecideApprovalError::Invalid)?;
        let me = op.staff_id().ok_or(ApprovalRefusal::NotYours)?;
        let event = approval::bypass(&detail.approval, me, op.now())?;
        let part = self.why(command.id, reason).await?;
        let notices = match &self.notices {
            Some(notices) => {
                let text = format!(
                    "管理者が、緊急の手段として、承認を得ずに申請を実行しました。\n\n\
                     次の画面で内容を確かめてください。この記録は消えません。\n\n{}/approvals\n",
                    notices.origin
                );
                let subject = "【重要】承認を得ない実行がありました（Sengen）";
                self.mail_approvers(op, notices, command.command_id, subject, &text)
                    .await?
            }
            None => Vec::new(),
        };
        self.write(op, command, &detail, &event, vec![part], notices)
            .await?;
        Ok(self.carry_out_approval(&detail).await?)
    }

    async fn to_decide(
        &self,
        op: &OpContext,
        command: Decide,
    ) -> Result<(ApprovalDetail, Person), DecideApprovalError> {
        op.require(Permission::Approve)?;
        let detail = self.approval_detail(command.id).await?;
        let detail = detail.ok_or(DecideApprovalError::NotFound(command.id))?;
        let me = op.staff_id().ok_or(ApprovalRefusal::OwnRequest)?;
        Ok((detail, self.person(me).await?))
    }

    async fn requester(&self, detail: &ApprovalDetail) -> Result<Person, DecideApprovalError> {
        let requester = detail.approval.requester().ok_or(ApprovalRefusal::NotOpen)?;
        Ok(self.person(requester).await?)
    }

    async fn person(&self, id: StaffId) -> Result<Person, Internal> {
        let rows = staff::by_ids(self.store.database(), &[id.0]).await;
        let row = rows.map_err(Internal::new)?.remove(&id.0);
        let mail = row.and_then(|row| row.mail);
        let mail = mail.and_then(|mail| Address::parse(&mail).ok());
        Ok(Person {
            staff_id: id,
            mail: mail.map(|mail| mail.key()),
        })
    }

    /// Whether this command is in the log already, for this request.
    async fn is_repeated(
        &self,
        command: Decide,
        detail: &ApprovalDetail,
    ) -> Result<bool, DecideApprovalError> {
        let receipt = self.store.receipt(command.command_id).await;
        let Some(receipt) = receipt.map_err(Internal::new)? else {
            return Ok(false);
        };
        let is_its = detail.history.iter().any(|entry| entry.position == receipt.first);
        if is_its {
            Ok(true)
        } else {
            Err(DecideApprovalError::CommandReused)
        }
    }

    async fn why(&self, id: ApprovalId, reason: String) -> Result<PersonalPart, Internal> {
        Ok(PersonalPart {
            subject: self.approval_subject(id).await?,
            name: PART_REASON.to_owned(),
            body: reason.into(),
        })
    }

    async fn write(
        &self,
        op: &OpContext,
        command: Decide,
        detail: &ApprovalDetail,
        event: &ApprovalEvent,
        personal: Vec<PersonalPart>,
        more: Vec<NewEvent>,
    ) -> Result<(), DecideApprovalError> {
        let mut events = vec![self.approval_event(event, personal)?];
        events.extend(more);
        let tag = Tag::new(TAG_APPROVAL, command.id).map_err(Internal::new)?;
        let append = Append {
            command_id: command.command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events,
            guards: vec![Guard {
                query: Query::tagged(tag),
                after: detail.version,
            }],
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(()),
            // Somebody else decided meanwhile.
            Err(AppendError::Conflict(_)) => Err(ApprovalRefusal::NotOpen.into()),
            Err(AppendError::CommandReused { .. }) => Err(DecideApprovalError::CommandReused),
            Err(error) => Err(Internal::new(error).into()),
        }
    }
}
