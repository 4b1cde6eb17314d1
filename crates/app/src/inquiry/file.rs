//! What came with a message: its files, which leave by themselves and never open in a page of ours, and its HTML, which is shown in a
//! frame without rights.

use std::sync::Arc;

use domain::inquiry::{Hazard, hazard};
use domain::staff::Permission;
use domain::{IncomingMailId, Personal};
use event_store::BoxFuture;
use uuid::Uuid;

use crate::incoming_mail::{MailContents, NamedFile, RawBytes, WaitingMail};
use crate::{App, Forbidden, Guarded, Internal, OpContext};

/// The largest file that is handed out, in bytes.
pub const FILE_MAX: u64 = 30_000_000;

/// Looks into files for what is known to do harm.
pub trait FileScanner: Send + Sync {
    /// What it is called that was found; none: nothing was.
    fn scan<'f>(&'f self, bytes: &'f [u8]) -> BoxFuture<'f, Result<Option<String>, ScanFault>>;
}

/// The scanner says nothing: nobody gets the file until it does.
#[derive(Debug, thiserror::Error)]
#[error("the scanner of files does not answer: {0}")]
pub struct ScanFault(pub String);

/// Why there is no file, or no HTML.
#[derive(Debug, thiserror::Error)]
pub enum InquiryFileError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No message of the desk has it.
    #[error("there is no such file")]
    NotFound,
    /// The message was forgotten.
    #[error("the message was forgotten")]
    Forgotten,
    /// It is kept in quarantine.
    #[error("the file is kept in quarantine: {}", .0.code())]
    Quarantined(Hazard),
    /// It is larger than what is handed out.
    #[error("the file has more than {FILE_MAX} bytes")]
    TooLarge,
    /// The scanner found something in it.
    #[error("the scanner found {0} in the file")]
    Infected(String),
    /// The scanner does not answer.
    #[error(transparent)]
    Scanner(#[from] ScanFault),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// The same office, with somebody who looks into files before they are handed out.
    #[must_use]
    pub fn with_file_scanner(mut self, scanner: Arc<dyn FileScanner>) -> Self {
        self.file_scanner = Some(scanner);
        self
    }

    /// A file of a message, by its place there. The read is noted: it must be on record before the first byte leaves.
    pub async fn inquiry_file(
        &self,
        op: &OpContext,
        message: IncomingMailId,
        index: usize,
    ) -> Result<NamedFile, InquiryFileError> {
        let inquiry = self.may_open(op, message).await?;
        let read = move |reader: &dyn MailContents, raw: &RawBytes<'_>| reader.file(raw, index);
        let file = self.of_raw(message, read).await?;
        // By what it is now: an older version may have judged otherwise when it came in.
        if let Some(hazard) = hazard(&file.name, &file.bytes) {
            return Err(InquiryFileError::Quarantined(hazard));
        }
        if file.bytes.len() as u64 > FILE_MAX {
            return Err(InquiryFileError::TooLarge);
        }
        if let Some(scanner) = &self.file_scanner
            && let Some(found) = scanner.scan(&file.bytes).await?
        {
            tracing::warn!(%message, index, found, "a file that came in is kept back: the scanner found something");
            return Err(InquiryFileError::Infected(found));
        }
        revealed(op, inquiry, file)
    }

    /// The HTML of a message, cleaned of all that runs or loads, in the charset that it is read with.
    pub async fn inquiry_html(
        &self,
        op: &OpContext,
        message: IncomingMailId,
    ) -> Result<Personal<String>, InquiryFileError> {
        let inquiry = self.may_open(op, message).await?;
        let thread = self.thread(domain::InquiryId::new(inquiry)).await?;
        let charset = thread.and_then(|thread| thread.inquiry.charsets.get(&message).cloned());
        let read = move |reader: &dyn MailContents, raw: &RawBytes<'_>| reader.html(raw, charset.as_deref());
        let html = self.of_raw(message, read).await?;
        revealed(op, inquiry, html)
    }

    /// The inquiry that a message belongs to.
    async fn may_open(&self, op: &OpContext, message: IncomingMailId) -> Result<Uuid, InquiryFileError> {
        op.require(Permission::ReadInquiries)?;
        op.require(Permission::ReadPersonal)?;
        let named = storage::inquiry::named(self.store.database(), &[], &[message.uuid()]).await;
        let named = named.map_err(Internal::new)?;
        let named = named.first().ok_or(InquiryFileError::NotFound)?;
        Ok(named.inquiry_id.uuid())
    }

    /// Something of a raw message, read on a thread of its own: a large one takes a while.
    async fn of_raw<T: Send + 'static>(
        &self,
        message: IncomingMailId,
        read: impl FnOnce(&dyn MailContents, &RawBytes<'_>) -> Option<T> + Send + 'static,
    ) -> Result<T, InquiryFileError> {
        let reader = self.mail_contents.clone().ok_or(InquiryFileError::NotFound)?;
        let mail = self.incoming_mail(message).await?;
        let WaitingMail {
            bytes,
            size,
            is_whole,
            ..
        } = mail.ok_or(InquiryFileError::NotFound)?;
        let bytes = bytes.ok_or(InquiryFileError::Forgotten)?;
        let found = tokio::task::spawn_blocking(move || {
            let raw = RawBytes {
                bytes: &bytes,
                size,
                is_whole,
            };
            read(&*reader, &raw)
        });
        let found = found.await.map_err(Internal::new)?;
        found.ok_or(InquiryFileError::NotFound)
    }
}

/// What may leave once it is on record who takes it.
fn revealed<T>(op: &OpContext, inquiry: Uuid, value: T) -> Result<T, InquiryFileError> {
    match op.reveal_inquiry(inquiry, || Guarded::Open(value)) {
        Guarded::Open(value) => Ok(value),
        Guarded::Withheld(permission) => Err(Forbidden { permission }.into()),
        Guarded::Forgotten(_) => Err(InquiryFileError::Forgotten),
    }
}
