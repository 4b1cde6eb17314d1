//! 文字化けを直す: the raw message is read again with a charset that a person chose.

use domain::inquiry::{InquiryRefusal, PART_MESSAGE, decide};
use domain::staff::Permission;
use domain::{IncomingMailId, Personal};
use event_store::Position;

use super::change::ChangeInquiryError;
use super::thread::{Happening, NotWritten, Wanted};
use super::words::StoredMessage;
use crate::case_log::CaseChange;
use crate::incoming_mail::{MailContent, RawBytes};
use crate::{App, InputProblem, OpContext};

/// One of its messages is read with another charset.
#[derive(Debug, Clone)]
pub struct ChooseCharset {
    /// In which inquiry, against which version.
    pub change: CaseChange,
    /// Which message.
    pub message: IncomingMailId,
    /// With which charset, in any of its spellings.
    pub charset: String,
}

fn problem(code: &'static str, text: &str) -> ChangeInquiryError {
    InputProblem::new("charset", code, text).into()
}

impl App {
    /// How a message would read with a charset: to be looked at before it is chosen.
    pub async fn preview_charset(
        &self,
        op: &OpContext,
        choice: &ChooseCharset,
    ) -> Result<(Personal<String>, Personal<String>), ChangeInquiryError> {
        op.require(Permission::ManageInquiries)?;
        op.require(Permission::ReadPersonal)?;
        let content = self.read_again(choice).await?;
        op.reveal_inquiry(choice.change.id, || crate::Guarded::Open(()));
        Ok((content.subject, content.text))
    }

    /// Reads a message again with a charset, for everybody who looks at the thread from then on.
    pub async fn choose_charset(
        &self,
        op: &OpContext,
        choice: &ChooseCharset,
    ) -> Result<Position, ChangeInquiryError> {
        op.require(Permission::ManageInquiries)?;
        let content = self.read_again(choice).await?;
        let words = StoredMessage::of(&content).sealed();
        let written = self
            .change_thread(op, choice.change, |thread| {
                let chosen = decide::choose_charset(&thread.inquiry, choice.message, &content.charset);
                Ok(Wanted::only(Happening {
                    event: chosen.map_err(NotWritten::Refused)?,
                    sealed: vec![(PART_MESSAGE, words.clone())],
                }))
            })
            .await;
        Ok(written?)
    }

    async fn read_again(&self, choice: &ChooseCharset) -> Result<MailContent, ChangeInquiryError> {
        let unreadable = || {
            problem(
                "message_unreadable",
                "元のメールを読み直せません。届いたメールの控えを確かめてください。",
            )
        };
        let reader = self.mail_contents.clone().ok_or_else(unreadable)?;
        if !reader.is_charset(&choice.charset) {
            return Err(problem(
                "unknown_charset",
                "この文字コードは使えません。一覧から選んでください。",
            ));
        }
        // Only what belongs to the inquiry is opened for whoever names it.
        let inquiry_id = domain::InquiryId::new(choice.change.id);
        let thread = self
            .thread(inquiry_id)
            .await?
            .ok_or(ChangeInquiryError::NotFound)?;
        if thread.inquiry.messages.iter().all(|it| it.id != choice.message) {
            return Err(InputProblem::from(InquiryRefusal::OtherMessage).into());
        }
        let mail = self.incoming_mail(choice.message).await?.ok_or_else(unreadable)?;
        let charset = choice.charset.clone();
        // A large message takes a while, and one on which the reader fails must not take us along.
        let read = tokio::task::spawn_blocking(move || {
            let bytes = mail.bytes?;
            let raw = RawBytes {
                bytes: &bytes,
                size: mail.size,
                is_whole: mail.is_whole,
            };
            reader.read(&raw, Some(&charset))
        });
        let read = read.await.unwrap_or_else(|failed| {
            tracing::error!(id = %choice.message, error = %failed, "the reader failed on a message");
            None
        });
        read.ok_or_else(unreadable)
    }
}
