//! One change of many inquiries. Each is a command of its own: what cannot be done with one holds up none of the others.

use std::collections::BTreeSet;

use domain::inquiry::{InquiryTag, Resolution, bare_subject};
use domain::reply_template::MergeField;
use domain::staff::{Permission, StaffId};
use domain::{InquiryId, Language, Personal, ReplyTemplateId};
use event_store::Position;
use uuid::Uuid;

use super::change::{ChangeInquiryError, InquiryChange};
use super::reply::{ReplyToInquiry, ReplyToInquiryError};
use crate::case_log::CaseChange;
use crate::random::derived_id;
use crate::reply_template::FillTemplateError;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// The most inquiries that are changed at once.
const MOST: usize = 100;

/// What becomes of each.
#[derive(Debug, Clone)]
pub enum InquiriesChange {
    /// Somebody takes care of it; none: nobody any more.
    Assign {
        /// Who.
        assignee: Option<StaffId>,
    },
    /// What it is about.
    Tag {
        /// Too, from here on.
        add: Vec<InquiryTag>,
        /// No longer.
        remove: Vec<InquiryTag>,
    },
    /// It is over.
    Close {
        /// How it ended.
        resolution: Resolution,
    },
    /// It is spam, or none.
    Spam(bool),
    /// It is answered with a template.
    Reply(TemplateReply),
}

/// An answer to each.
#[derive(Debug, Clone)]
pub struct TemplateReply {
    /// Which template.
    pub template: ReplyTemplateId,
    /// In which language.
    pub language: Language,
    /// The key of the sender.
    pub sender: String,
    /// Close it with the answer.
    pub closes: bool,
}

/// What became of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeOutcome {
    /// It is done.
    Done,
    /// The thread has moved since its author looked.
    Moved,
    /// It stays as it is.
    Refused(Vec<InputProblem>),
    /// There is no such inquiry.
    NotFound,
    /// A field of the template has no value: it got no answer.
    Missing(Vec<MergeField>),
}

/// Why none was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeInquiriesError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// What was asked has problems.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// A fault of ours. What was done before it stays done, and the same command again goes on.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Makes one change of each; answers what became of each, in order.
    pub async fn change_inquiries(
        &self,
        op: &OpContext,
        command_id: Uuid,
        items: &[(InquiryId, Position)],
        change: &InquiriesChange,
    ) -> Result<Vec<(InquiryId, ChangeOutcome)>, ChangeInquiriesError> {
        op.require(Permission::ManageInquiries)?;
        let named: BTreeSet<InquiryId> = items.iter().map(|it| it.0).collect();
        if items.is_empty() || items.len() > MOST || named.len() < items.len() {
            let text = format!("問い合わせを1件から{MOST}件まで、重ならないように選んでください。");
            return Err(ChangeInquiriesError::Invalid(InputProblem::new(
                "items", "count", text,
            )));
        }
        let mut outcomes = Vec::with_capacity(items.len());
        for (id, version) in items {
            let command_id = derived_id(command_id, &format!("inquiry {id}"));
            let one = CaseChange::new(command_id, id.uuid(), *version);
            outcomes.push((*id, self.change_one(op, one, change).await?));
        }
        Ok(outcomes)
    }

    async fn change_one(
        &self,
        op: &OpContext,
        one: CaseChange,
        change: &InquiriesChange,
    ) -> Result<ChangeOutcome, ChangeInquiriesError> {
        let what = match change {
            InquiriesChange::Assign { assignee } => InquiryChange::Assign { assignee: *assignee },
            InquiriesChange::Tag { add, remove } => InquiryChange::Tag {
                add: add.clone(),
                remove: remove.clone(),
            },
            InquiriesChange::Close { resolution } => InquiryChange::Close {
                resolution: *resolution,
            },
            InquiriesChange::Spam(true) => InquiryChange::MarkSpam,
            InquiriesChange::Spam(false) => InquiryChange::ClearSpam,
            InquiriesChange::Reply(reply) => return self.answer_one(op, one, reply).await,
        };
        match self.change_inquiry(op, one, &what).await {
            Ok(_) => Ok(ChangeOutcome::Done),
            Err(ChangeInquiryError::Moved(_)) => Ok(ChangeOutcome::Moved),
            Err(ChangeInquiryError::NotFound) => Ok(ChangeOutcome::NotFound),
            Err(ChangeInquiryError::Invalid(problems)) => Ok(ChangeOutcome::Refused(problems)),
            Err(ChangeInquiryError::Forbidden(refused)) => Err(refused.into()),
            Err(ChangeInquiryError::Internal(error)) => Err(error.into()),
        }
    }

    async fn answer_one(
        &self,
        op: &OpContext,
        one: CaseChange,
        answer: &TemplateReply,
    ) -> Result<ChangeOutcome, ChangeInquiriesError> {
        let id = InquiryId::new(one.id);
        let filled = self
            .fill_reply_template(op, answer.template, answer.language, (id, None))
            .await;
        let filled = match filled {
            Ok(filled) => filled,
            Err(FillTemplateError::NotFound) => return Ok(ChangeOutcome::NotFound),
            Err(FillTemplateError::Invalid(problem)) => return Ok(ChangeOutcome::Refused(vec![problem])),
            Err(FillTemplateError::Forbidden(refused)) => return Err(refused.into()),
            Err(FillTemplateError::Internal(error)) => return Err(error.into()),
        };
        if !filled.missing.is_empty() {
            return Ok(ChangeOutcome::Missing(filled.missing));
        }
        let thread = self.thread(id).await?;
        let subject = thread
            .and_then(|thread| thread.newest_subject())
            .unwrap_or_default();
        let reply = ReplyToInquiry {
            change: one,
            sender: answer.sender.clone(),
            to: None,
            subject: Personal::new(format!("Re: {}", bare_subject(&subject))),
            text: filled.text,
            answers: None,
            closes: answer.closes,
            send_at: None,
            declarations: Vec::new(),
        };
        match self.reply_to_inquiry(op, &reply).await {
            Ok(_) => Ok(ChangeOutcome::Done),
            Err(ReplyToInquiryError::Held(_)) => Ok(ChangeOutcome::Moved),
            Err(ReplyToInquiryError::NotFound) => Ok(ChangeOutcome::NotFound),
            Err(ReplyToInquiryError::Invalid(problems)) => Ok(ChangeOutcome::Refused(problems)),
            Err(ReplyToInquiryError::Forbidden(refused)) => Err(refused.into()),
            Err(ReplyToInquiryError::Internal(error)) => Err(error.into()),
        }
    }
}
