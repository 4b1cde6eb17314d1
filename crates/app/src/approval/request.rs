//! Asking for what needs a second person.

use chrono::TimeDelta;
use domain::ApprovalId;
use domain::approval::{ApprovalEvent, PART_CONTENT, Requested, SCHEMA_VERSION, TAG_APPROVAL};
use domain::mailing::Address;
use domain::staff::{Permission, Role, allows};
use event_store::{Append, AppendError, NewEvent, PersonalPart, SubjectId, Tag};
use storage::staff;
use uuid::Uuid;

use super::Act;
use super::carry_out::Trial;
use crate::random::derived_id;
use crate::staff::{Notice, Notices};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// How long somebody can agree.
const LIFETIME: TimeDelta = TimeDelta::hours(24);
/// Characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 1..=1_000;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct RequestApproval {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// The act with its exact content.
    pub act: Act,
    /// Why.
    pub reason: String,
}

impl RequestApproval {
    /// The id that the request has or will have.
    pub(crate) fn id(&self) -> ApprovalId {
        ApprovalId::new(derived_id(self.command_id, "approval"))
    }
}

/// What asking writes.
pub(crate) struct Prepared {
    /// The request, and the mails that tell of it.
    pub(crate) events: Vec<NewEvent>,
    /// Why.
    pub(crate) reason: PersonalPart,
}

/// Why nothing was asked for.
#[derive(Debug, thiserror::Error)]
pub enum RequestApprovalError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was typed has problems, or it could not be done.
    #[error("what was asked for has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// What it is about was changed since it was seen.
    #[error("it was changed since it was seen")]
    Stale,
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Asks for an act. Everybody who may agree is told by mail.
    pub async fn request_approval(
        &self,
        op: &OpContext,
        command: &RequestApproval,
    ) -> Result<ApprovalId, RequestApprovalError> {
        op.require(command.act.permission())?;
        let id = command.id();
        let receipt = self.store.receipt(command.command_id).await;
        if receipt.map_err(Internal::new)?.is_some() {
            return self.requested_before(id, &command.act).await;
        }
        let Prepared { events, reason } = self.prepare_approval(op, command).await?;
        let append = Append {
            command_id: command.command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: Some(reason),
            events,
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(id),
            // The same command was as fast.
            Err(AppendError::CommandReused { .. }) => self.requested_before(id, &command.act).await,
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    /// What asking for an act writes, when it could be done: for whoever writes it with something else.
    pub(crate) async fn prepare_approval(
        &self,
        op: &OpContext,
        command: &RequestApproval,
    ) -> Result<Prepared, RequestApprovalError> {
        op.require(command.act.permission())?;
        let id = command.id();
        let reason = read_reason(&command.reason).map_err(RequestApprovalError::Invalid)?;
        match self.try_out(op, &command.act).await? {
            Trial::Possible => {}
            Trial::Stale => return Err(RequestApprovalError::Stale),
            Trial::Impossible(problems) => return Err(RequestApprovalError::Invalid(problems)),
        }
        let content = serde_json::to_value(&command.act).map_err(Internal::new)?;
        let subject = self.approval_subject(id).await?;
        let said = ApprovalEvent::Requested(Requested {
            approval_id: id,
            kind: command.act.kind().to_owned(),
            content_hash: self.content_hash(&command.act)?,
            expires_at: op.now() + LIFETIME,
            beneficiary: command.act.beneficiary(),
            about: Some(command.act.about()),
        });
        let part = PersonalPart {
            subject: self.content_subject(&command.act, subject).await?,
            name: PART_CONTENT.to_owned(),
            body: content,
        };
        let mut events = vec![self.approval_event(&said, vec![part])?];
        events.extend(self.tell_approvers(op, command.command_id).await?);
        Ok(Prepared {
            events,
            reason: PersonalPart {
                subject,
                name: "reason".to_owned(),
                body: reason.into(),
            },
        })
    }

    /// Under whose key an act is sealed: its own, unless it is what somebody said of themselves, which is forgotten with them.
    async fn content_subject(&self, act: &Act, own: SubjectId) -> Result<SubjectId, Internal> {
        match act {
            Act::SendNumber { declaration_id, .. } => {
                let contact = self.contact_subject(*declaration_id).await?;
                Ok(contact.unwrap_or(own))
            }
            _ => Ok(own),
        }
    }

    /// An earlier try of the same command, or another one under its id.
    pub(crate) async fn requested_before(
        &self,
        id: ApprovalId,
        act: &Act,
    ) -> Result<ApprovalId, RequestApprovalError> {
        let hash = self.content_hash(act)?;
        let known = self.approval_detail(id).await?;
        if known.is_some_and(|known| known.approval.requested.content_hash == hash) {
            Ok(id)
        } else {
            Err(RequestApprovalError::CommandReused)
        }
    }

    /// Of the exact content; keyed, because it may be about a person.
    pub(super) fn content_hash(&self, act: &Act) -> Result<String, Internal> {
        let content = serde_json::to_vec(act).map_err(Internal::new)?;
        Ok(hex::encode(
            self.store.keyring().keyed_hash("approval-content", &content),
        ))
    }

    /// Whose key seals what belongs to a request.
    pub(super) async fn approval_subject(&self, id: ApprovalId) -> Result<SubjectId, Internal> {
        let subject = SubjectId(derived_id(id.uuid(), "approval subject"));
        let keyring = self.store.keyring();
        keyring.ensure(&[subject]).await.map_err(Internal::new)?;
        Ok(subject)
    }

    pub(super) fn approval_event(
        &self,
        said: &ApprovalEvent,
        personal: Vec<PersonalPart>,
    ) -> Result<NewEvent, Internal> {
        Ok(NewEvent {
            id: self.new_id().map_err(Internal::new)?,
            event_type: said.event_type().to_owned(),
            schema_version: SCHEMA_VERSION,
            tags: vec![Tag::new(TAG_APPROVAL, said.approval_id()).map_err(Internal::new)?],
            effective_at: crate::day_in_japan(self.now()),
            data: said.data(),
            personal,
        })
    }

    async fn tell_approvers(&self, op: &OpContext, command_id: Uuid) -> Result<Vec<NewEvent>, Internal> {
        let Some(notices) = &self.notices else {
            return Ok(Vec::new());
        };
        let until = crate::time_in_japan(op.now() + LIFETIME);
        let text = format!(
            "承認を待つ申請があります。\n\n次の画面で内容を確かめ、{until}までに承認または却下してください。\n\
             期限を過ぎると、申請は失効します。\n\n{}/approvals\n",
            notices.origin
        );
        self.mail_approvers(
            op,
            notices,
            command_id,
            "承認を待つ申請があります（Sengen）",
            &text,
        )
        .await
    }

    /// To everybody who may agree, but whoever acts. What is asked for is not in the mail.
    pub(super) async fn mail_approvers(
        &self,
        op: &OpContext,
        notices: &Notices,
        command_id: Uuid,
        subject: &str,
        text: &str,
    ) -> Result<Vec<NewEvent>, Internal> {
        let rows = staff::all(self.store.database()).await.map_err(Internal::new)?;
        let may_approve = |roles: &[String]| {
            let roles = roles.iter().filter_map(|role| role.parse::<Role>().ok());
            roles.into_iter().any(|role| allows(role, Permission::Approve))
        };
        let mut events = Vec::new();
        for row in rows {
            let is_me = op.staff_id().is_some_and(|id| id.0 == row.id);
            if is_me || row.disabled_at.is_some() || !may_approve(&row.roles) {
                continue;
            }
            let Some(to) = row.mail.as_deref().and_then(|mail| Address::parse(mail).ok()) else {
                continue;
            };
            let name = format!("approver {}", row.id);
            let notice = Notice {
                name: &name,
                to: &to,
                subject,
                text,
                not_after: None,
            };
            events.push(self.notice_event(notices, command_id, &notice).await?);
        }
        Ok(events)
    }
}

/// A reason as it is kept.
pub(super) fn read_reason(typed: &str) -> Result<String, Vec<InputProblem>> {
    let reason = typed.trim();
    if REASON.contains(&reason.chars().count()) {
        return Ok(reason.to_owned());
    }
    let text = "理由を1,000文字以内で入力してください。";
    Err(vec![InputProblem::new("reason", "length", text)])
}
