//! 文字化けを直す: the raw message is read again with a charset that a person chose.

use domain::inquiry::{InquiryRefusal, PART_MESSAGE, decide};
use domain::staff::Permission;
use domain::{IncomingMailId, Personal};
use event_store::Position;

use super::thread::{Happening, NoMailHere, NotWritten, Wanted};
use super::words::StoredMessage;
use crate::case_log::CaseChange;
use crate::incoming_mail::{MailContent, RawBytes};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

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

/// Why it was not read again. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ChooseCharsetError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such inquiry.
    #[error("there is no such inquiry")]
    NotFound,
    /// The thread has moved since its author looked.
    #[error("the thread has moved since it was read")]
    Moved(Vec<Position>),
    /// There is no such charset, or the message cannot be read again.
    #[error("{}", .0.message)]
    Invalid(InputProblem),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<NotWritten<InquiryRefusal>> for ChooseCharsetError {
    fn from(error: NotWritten<InquiryRefusal>) -> Self {
        match error {
            NotWritten::NotFound => Self::NotFound,
            NotWritten::Moved(since) => Self::Moved(since),
            NotWritten::MailGone => Internal::new(NoMailHere).into(),
            NotWritten::CommandReused => Self::Invalid(InputProblem::command_reused()),
            NotWritten::Refused(refused) => Self::Invalid(refused.into()),
            NotWritten::Internal(error) => error.into(),
        }
    }
}

fn problem(code: &'static str, text: &str) -> ChooseCharsetError {
    ChooseCharsetError::Invalid(InputProblem::new("charset", code, text))
}

impl App {
    /// How a message would read with a charset: to be looked at before it is chosen.
    pub async fn preview_charset(
        &self,
        op: &OpContext,
        choice: &ChooseCharset,
    ) -> Result<(Personal<String>, Personal<String>), ChooseCharsetError> {
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
    ) -> Result<Position, ChooseCharsetError> {
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

    async fn read_again(&self, choice: &ChooseCharset) -> Result<MailContent, ChooseCharsetError> {
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
            .ok_or(ChooseCharsetError::NotFound)?;
        if thread.inquiry.messages.iter().all(|it| it.id != choice.message) {
            return Err(ChooseCharsetError::Invalid(InquiryRefusal::OtherMessage.into()));
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
        read.await.ok().flatten().ok_or_else(unreadable)
    }
}
