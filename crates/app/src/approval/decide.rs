//! What becomes of a request: agreed to, rejected, withdrawn, or done without a second person.

use domain::ApprovalId;
use domain::approval::{self, ApprovalEvent, ApprovalRefusal, PART_REASON, Person, TAG_APPROVAL, VoidReason};
use domain::staff::{Permission, StaffEvent, StaffId, TAG_STAFF};
use event_store::{Append, AppendError, Guard, NewEvent, PersonalPart, Position, Query, QueryItem, Tag};
use uuid::Uuid;

use super::carry_out::Trial;
use super::list::may_see;
use super::request::read_reason;
use super::{ApprovalDetail, ReadApprovalsError};
use crate::staff::{SignedIn, whose_is_whose};
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
    /// They have to prove who they are first.
    #[error("the session is not fresh")]
    NotFresh,
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

/// How often it is decided anew when something about whoever decides changes in the same moment.
const TRIES: usize = 3;

/// What a decision is written with beside its event.
#[derive(Default)]
struct Along {
    personal: Vec<PersonalPart>,
    more: Vec<NewEvent>,
    /// Besides the request itself, what may not have happened since it was judged.
    guard: Option<Guard>,
}

/// Why a decision was not written.
enum Unwritten {
    /// Something about whoever decides has changed since it was judged.
    OtherDecider,
    Refused(DecideApprovalError),
}

impl<E: Into<DecideApprovalError>> From<E> for Unwritten {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

/// Somebody who decides, as they stood at a position.
struct Decider {
    /// With the roles that they had then.
    op: OpContext,
    guard: Guard,
}

/// What is agreed to cannot be taken back, so a screen that somebody left open agrees to nothing.
fn fresh(op: &OpContext, owner: &SignedIn) -> Result<(), DecideApprovalError> {
    let is_fresh = owner.is_fresh_at(op.now());
    is_fresh.then_some(()).ok_or(DecideApprovalError::NotFresh)
}

impl App {
    /// A second person agrees to the content whose hash they saw, and it is done at once. When what it is about was changed since,
    /// the request is void.
    pub async fn approve(
        &self,
        op: &OpContext,
        owner: &SignedIn,
        command: Decide,
        seen_hash: &str,
    ) -> Result<(), DecideApprovalError> {
        op.require(Permission::Approve)?;
        fresh(op, owner)?;
        let mut tries = 1;
        let decided = loop {
            match self.agree(op, command, seen_hash).await {
                Err(Unwritten::OtherDecider) if tries < TRIES => tries += 1,
                decided => break written(decided),
            }
        };
        self.settle(command, decided).await?;
        // Whoever decided, and when: what is due is done.
        let detail = self.request(command.id).await?;
        if detail.approval.is_due() {
            self.carry_out_approval(&detail).await?;
        }
        Ok(())
    }

    async fn agree(&self, op: &OpContext, command: Decide, seen_hash: &str) -> Result<(), Unwritten> {
        let decider = self.decider(op).await?;
        let detail = self.request(command.id).await?;
        let (requester, me) = self.two_persons(op, &detail).await?;
        let event = approval::approve(&detail.approval, &requester, &me, seen_hash, op.now())?;
        let trial = match &detail.act {
            Some(act) => self.try_out(&decider.op, act).await?,
            None => Trial::Stale,
        };
        let why = match trial {
            Trial::Possible => {
                let along = Along {
                    guard: Some(decider.guard),
                    ..Along::default()
                };
                return self.write(op, command, &detail, &event, along).await;
            }
            Trial::Impossible(_) => VoidReason::Impossible,
            Trial::Stale => VoidReason::Changed,
        };
        let void = ApprovalEvent::Voided {
            approval_id: command.id,
            why,
        };
        self.write(op, command, &detail, &void, Along::default()).await
    }

    /// Whoever decides, with the roles of this moment, and the guard that they keep them and stay who they are until it is written: the
    /// request may have waited on its way here.
    async fn decider(&self, op: &OpContext) -> Result<Decider, DecideApprovalError> {
        let seen = self.store.head().await.map_err(Internal::new)?;
        let me = op.staff_id().ok_or(ApprovalRefusal::OwnRequest)?;
        let now = self.in_the_name_of(me, op.request_id(), "approval").await?;
        let permission = Permission::Approve;
        let now = now.ok_or(Forbidden { permission })?;
        now.require(permission)?;
        Ok(Decider {
            op: now,
            guard: same_decider(me, seen)?,
        })
    }

    /// A second person does not agree, and says why.
    pub async fn reject(
        &self,
        op: &OpContext,
        command: Decide,
        reason: &str,
    ) -> Result<(), DecideApprovalError> {
        op.require(Permission::Approve)?;
        let reason = read_reason(reason).map_err(DecideApprovalError::Invalid)?;
        let decided = async {
            let decider = self.decider(op).await?;
            let detail = self.request(command.id).await?;
            let (requester, me) = self.two_persons(op, &detail).await?;
            let event = approval::reject(&detail.approval, &requester, &me, op.now())?;
            let along = Along {
                personal: vec![self.why(command.id, reason).await?],
                guard: Some(decider.guard),
                ..Along::default()
            };
            self.write(op, command, &detail, &event, along).await
        };
        self.settle(command, written(decided.await)).await
    }

    /// Whoever asked does not want it any more.
    pub async fn withdraw_request(&self, op: &OpContext, command: Decide) -> Result<(), DecideApprovalError> {
        let detail = self.approval_detail(command.id).await?;
        may_see(op, detail.as_ref())?;
        let detail = detail.ok_or(DecideApprovalError::NotFound(command.id))?;
        let decided = async {
            let me = op.staff_id().ok_or(ApprovalRefusal::NotYours)?;
            let event = approval::withdraw(&detail.approval, me, op.now())?;
            self.write(op, command, &detail, &event, Along::default()).await
        };
        self.settle(command, written(decided.await)).await
    }

    /// An administrator does without a second person, in an emergency. Every approver is told, and it stays marked.
    pub async fn bypass(
        &self,
        op: &OpContext,
        owner: &SignedIn,
        command: Decide,
        reason: &str,
    ) -> Result<(), DecideApprovalError> {
        op.require(Permission::BypassApproval)?;
        fresh(op, owner)?;
        let reason = read_reason(reason).map_err(DecideApprovalError::Invalid)?;
        let decided = async {
            let detail = self.request(command.id).await?;
            let me = op.staff_id().ok_or(ApprovalRefusal::NotYours)?;
            let event = approval::bypass(&detail.approval, me, op.now())?;
            let along = Along {
                personal: vec![self.why(command.id, reason).await?],
                more: self.tell_of_bypass(op, command.command_id).await?,
                ..Along::default()
            };
            self.write(op, command, &detail, &event, along).await
        };
        self.settle(command, written(decided.await)).await?;
        let detail = self.request(command.id).await?;
        if detail.approval.is_due() {
            self.carry_out_approval(&detail).await?;
        }
        Ok(())
    }

    async fn tell_of_bypass(&self, op: &OpContext, command_id: Uuid) -> Result<Vec<NewEvent>, Internal> {
        let Some(notices) = &self.notices else {
            return Ok(Vec::new());
        };
        let text = format!(
            "管理者が、緊急の手段として、承認を得ずに申請を実行しました。\n\n\
             次の画面で内容を確かめてください。この記録は消えません。\n\n{}/approvals\n",
            notices.origin
        );
        let subject = "【重要】承認を得ない実行がありました（Sengen）";
        self.mail_approvers(op, notices, command_id, subject, &text).await
    }

    async fn request(&self, id: ApprovalId) -> Result<ApprovalDetail, DecideApprovalError> {
        let detail = self.approval_detail(id).await?;
        detail.ok_or(DecideApprovalError::NotFound(id))
    }

    /// Who asked, and who decides.
    async fn two_persons(
        &self,
        op: &OpContext,
        detail: &ApprovalDetail,
    ) -> Result<(Person, Person), DecideApprovalError> {
        let requester = detail.approval.requester().ok_or(ApprovalRefusal::NotOpen)?;
        let me = op.staff_id().ok_or(ApprovalRefusal::OwnRequest)?;
        Ok((self.person(requester).await?, self.person(me).await?))
    }

    /// What is refused now may be what this very command has made of it, a moment ago or by another process.
    async fn settle(
        &self,
        command: Decide,
        decided: Result<(), DecideApprovalError>,
    ) -> Result<(), DecideApprovalError> {
        let Err(error @ (DecideApprovalError::Refused(_) | DecideApprovalError::CommandReused)) = decided
        else {
            return decided;
        };
        let receipt = self.store.receipt(command.command_id).await;
        let Some(receipt) = receipt.map_err(Internal::new)? else {
            return Err(error);
        };
        let detail = self.request(command.id).await?;
        let is_its = detail.history.iter().any(|entry| entry.position == receipt.first);
        if is_its {
            Ok(())
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
        along: Along,
    ) -> Result<(), Unwritten> {
        let mut events = vec![self.approval_event(event, along.personal)?];
        events.extend(along.more);
        let tag = Tag::new(TAG_APPROVAL, command.id).map_err(Internal::new)?;
        let undecided = Guard {
            query: Query::tagged(tag),
            after: detail.version,
        };
        let append = Append {
            command_id: command.command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events,
            guards: [undecided].into_iter().chain(along.guard).collect(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(()),
            Err(AppendError::Conflict(conflict))
                if conflict.found.iter().all(|found| found.guard != UNDECIDED) =>
            {
                Err(Unwritten::OtherDecider)
            }
            // Somebody else decided meanwhile.
            Err(AppendError::Conflict(_)) => Err(ApprovalRefusal::NotOpen.into()),
            Err(AppendError::CommandReused { .. }) => Err(DecideApprovalError::CommandReused.into()),
            Err(error) => Err(Internal::new(error).into()),
        }
    }
}

/// The first guard of a decision.
const UNDECIDED: usize = 0;

/// Since a position nobody was given or lost a role by this account, and nothing is known anew about whose accounts are whose.
fn same_decider(me: StaffId, seen: Position) -> Result<Guard, Internal> {
    let mut items = whose_is_whose();
    items.push(QueryItem {
        types: StaffEvent::FACT_TYPES.map(str::to_owned).to_vec(),
        tags: vec![Tag::new(TAG_STAFF, me).map_err(Internal::new)?],
    });
    Ok(Guard {
        query: Query { items },
        after: seen,
    })
}

/// Whoever changes all the time decides nothing.
fn written(decided: Result<(), Unwritten>) -> Result<(), DecideApprovalError> {
    decided.map_err(|why| match why {
        Unwritten::OtherDecider => ApprovalRefusal::NotOpen.into(),
        Unwritten::Refused(error) => error,
    })
}
