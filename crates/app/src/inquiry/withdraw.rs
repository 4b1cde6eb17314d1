//! An answer is called off before it goes: undo, or a time that was set for it.

use domain::inquiry::{InquiryRefusal, decide};
use domain::mailing::event::{Decided, MailEvent, Verdict};
use domain::staff::Permission;
use event_store::Position;
use uuid::Uuid;

use super::thread::{NotWritten, Wanted};
use crate::case_log::CaseChange;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Why an answer was not called off. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawReplyError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such inquiry.
    #[error("there is no such inquiry")]
    NotFound,
    /// It has gone, or is about to.
    #[error("the answer has gone, or is about to")]
    Gone,
    /// The inquiry has moved so that nothing can be called off: look at it again.
    #[error("the thread has moved since it was read")]
    Moved(Vec<Position>),
    /// It is none of this inquiry.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<NotWritten<InquiryRefusal>> for WithdrawReplyError {
    fn from(error: NotWritten<InquiryRefusal>) -> Self {
        match error {
            NotWritten::NotFound => Self::NotFound,
            NotWritten::Moved(since) => Self::Moved(since),
            NotWritten::MailGone => Self::Gone,
            NotWritten::CommandReused => Self::Invalid(InputProblem::command_reused()),
            NotWritten::Refused(refused) => Self::Invalid(refused.into()),
            NotWritten::Internal(error) => error.into(),
        }
    }
}

impl App {
    /// Calls an answer off. The ledger decides in the same transaction whether it still waits.
    pub async fn withdraw_reply(
        &self,
        op: &OpContext,
        change: CaseChange,
        mail_id: Uuid,
    ) -> Result<Position, WithdrawReplyError> {
        op.require(Permission::ManageInquiries)?;
        let written = self
            .change_thread(op, change, |thread| {
                let withdrawn = decide::withdraw_reply(&thread.inquiry, mail_id);
                let withdrawn = withdrawn.map_err(NotWritten::Refused)?;
                let cancelled = MailEvent::Decided(Decided {
                    mail_id,
                    verdict: Verdict::Cancel,
                });
                Ok(Wanted {
                    happenings: vec![withdrawn.into()],
                    along: vec![self.new_mail_event(&cancelled, Vec::new())?],
                    guards: Vec::new(),
                })
            })
            .await;
        Ok(written?)
    }
}
