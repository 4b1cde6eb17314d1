//! What is done with an inquiry beside answering it: somebody takes it, notes something, puts it off, closes it, says what it is about.

use chrono::{DateTime, Utc};
use domain::inquiry::{Inquiry, InquiryEvent, InquiryRefusal, InquiryTag, PART_TEXT, Resolution, decide};
use domain::staff::{Permission, Role, StaffId, allows};
use domain::{DeclarationId, Personal};
use event_store::Position;
use serde_json::json;
use storage::{register_index, staff};

use super::thread::{Happening, NotWritten, Wanted};
use crate::case_log::{CaseChange, read_text};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Characters of a note.
const TEXT_MAX: usize = 10_000;
/// Colleagues who are mentioned in one note.
const MENTIONED_MAX: usize = 20;

/// What becomes of an inquiry.
#[derive(Debug, Clone)]
pub enum InquiryChange {
    /// Somebody takes care of it; none: nobody any more.
    Assign {
        /// Who.
        assignee: Option<StaffId>,
    },
    /// Something for colleagues.
    Note {
        /// What.
        text: Personal<String>,
        /// Who is to look at it.
        mentioned: Vec<StaffId>,
    },
    /// Whoever a note asks to look at it has.
    SeeMention,
    /// It is put off.
    Snooze {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// It comes back now.
    Wake,
    /// It is over.
    Close {
        /// How it ended.
        resolution: Resolution,
    },
    /// It goes on.
    Reopen,
    /// What it is about.
    Tag {
        /// Too, from here on.
        add: Vec<InquiryTag>,
        /// No longer.
        remove: Vec<InquiryTag>,
    },
    /// It is spam.
    MarkSpam,
    /// It is no spam.
    ClearSpam,
    /// It is about a declaration.
    Link {
        /// Which.
        declaration_id: DeclarationId,
    },
    /// It is not about that declaration.
    Unlink {
        /// Which.
        declaration_id: DeclarationId,
    },
}

/// Why an inquiry was not changed, split or read again, or an answer not called off. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ChangeInquiryError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such inquiry.
    #[error("there is no such inquiry")]
    NotFound,
    /// The thread has moved since its author looked.
    #[error("the thread has moved since it was read")]
    Moved(Vec<Position>),
    /// What was typed has problems, or the inquiry does not stand where that could be done.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<InputProblem> for ChangeInquiryError {
    fn from(problem: InputProblem) -> Self {
        Self::Invalid(vec![problem])
    }
}

impl From<NotWritten<InquiryRefusal>> for ChangeInquiryError {
    fn from(error: NotWritten<InquiryRefusal>) -> Self {
        match error {
            NotWritten::NotFound => Self::NotFound,
            NotWritten::Moved(since) => Self::Moved(since),
            NotWritten::MailGone => {
                let text = "このメールはすでに送信されたか、送信中のため、取り消せません。";
                InputProblem::new("mailId", "reply_has_gone", text).into()
            }
            NotWritten::CommandReused => InputProblem::command_reused().into(),
            NotWritten::Refused(refused) => InputProblem::from(refused).into(),
            NotWritten::Internal(error) => error.into(),
        }
    }
}

impl From<InquiryRefusal> for InputProblem {
    fn from(refused: InquiryRefusal) -> Self {
        Self::new(refused.field(), refused.code(), refused.japanese())
    }
}

impl App {
    /// Makes one change of an inquiry; answers with its version from then on.
    pub async fn change_inquiry(
        &self,
        op: &OpContext,
        change: CaseChange,
        what: &InquiryChange,
    ) -> Result<Position, ChangeInquiryError> {
        op.require(Permission::ManageInquiries)?;
        let text = match what {
            InquiryChange::Note { text, mentioned } => {
                self.may_work_on_inquiries("mentioned", mentioned).await?;
                read_text("text", text.reveal(), (true, TEXT_MAX))?
            }
            InquiryChange::Assign {
                assignee: Some(assignee),
            } => {
                self.may_work_on_inquiries("assignee", &[*assignee]).await?;
                None
            }
            InquiryChange::Link { declaration_id } => {
                self.is_declaration(*declaration_id).await?;
                None
            }
            _ => None,
        };
        let written = self
            .change_thread(op, change, |thread| {
                let event =
                    judge(&thread.inquiry, what, op.staff_id(), op.now()).map_err(NotWritten::Refused)?;
                Ok(Wanted::only(Happening {
                    event,
                    sealed: text.iter().map(|text| (PART_TEXT, json!(text))).collect(),
                }))
            })
            .await;
        Ok(written?)
    }

    /// Only whoever may work on inquiries is given one, or asked to look at one.
    async fn may_work_on_inquiries(&self, field: &str, who: &[StaffId]) -> Result<(), ChangeInquiryError> {
        if who.len() > MENTIONED_MAX {
            let text = format!("一度に指定できる職員は{MENTIONED_MAX}人までです。");
            return Err(InputProblem::new(field, "too_many", text).into());
        }
        let ids: Vec<_> = who.iter().map(|id| id.0).collect();
        let rows = staff::by_ids(self.store.database(), &ids).await;
        let rows = rows.map_err(Internal::new)?;
        let may = ids.iter().all(|id| {
            let row = rows.get(id).filter(|row| row.disabled_at.is_none());
            row.is_some_and(|row| {
                let mut roles = row.roles.iter().filter_map(|role| role.parse::<Role>().ok());
                roles.any(|role| allows(role, Permission::ManageInquiries))
            })
        });
        if may {
            return Ok(());
        }
        let text = "この職員は、問い合わせを担当できません。権限のある職員を選んでください。";
        Err(InputProblem::new(field, "no_right", text).into())
    }

    async fn is_declaration(&self, id: DeclarationId) -> Result<(), ChangeInquiryError> {
        let found = register_index::by_ids(self.store.database(), &[id]).await;
        if found.map_err(Internal::new)?.is_empty() {
            let text = "宣言が見つかりません。一覧から選び直してください。";
            return Err(InputProblem::new("declarationId", "not_found", text).into());
        }
        Ok(())
    }
}

fn judge(
    inquiry: &Inquiry,
    what: &InquiryChange,
    by: Option<StaffId>,
    now: DateTime<Utc>,
) -> Result<InquiryEvent, InquiryRefusal> {
    match what {
        InquiryChange::Assign { assignee } => decide::assign(inquiry, *assignee),
        InquiryChange::Note { mentioned, .. } => decide::note(inquiry, mentioned.clone()),
        InquiryChange::SeeMention => decide::see_mention(inquiry, by),
        InquiryChange::Snooze { until } => decide::snooze(inquiry, *until, now),
        InquiryChange::Wake => decide::wake(inquiry),
        InquiryChange::Close { resolution } => decide::close(inquiry, *resolution),
        InquiryChange::Reopen => decide::reopen(inquiry, now),
        InquiryChange::Tag { add, remove } => decide::tag(inquiry, add, remove),
        InquiryChange::MarkSpam => decide::mark_spam(inquiry),
        InquiryChange::ClearSpam => decide::clear_spam(inquiry),
        InquiryChange::Link { declaration_id } => decide::link(inquiry, *declaration_id),
        InquiryChange::Unlink { declaration_id } => decide::unlink(inquiry, *declaration_id),
    }
}
