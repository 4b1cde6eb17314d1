//! An answer is called off before it goes: undo, or a time that was set for it.

use domain::inquiry::decide;
use domain::mailing::event::{Decided, MailEvent, Verdict};
use domain::staff::Permission;
use event_store::Position;
use uuid::Uuid;

use super::change::ChangeInquiryError;
use super::thread::{NotWritten, Wanted};
use crate::case_log::CaseChange;
use crate::{App, OpContext};

impl App {
    /// Calls an answer off. The ledger decides in the same transaction whether it still waits.
    pub async fn withdraw_reply(
        &self,
        op: &OpContext,
        change: CaseChange,
        mail_id: Uuid,
    ) -> Result<Position, ChangeInquiryError> {
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
