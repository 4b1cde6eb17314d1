//! From the ids that a change names to what its event says of the files.

use domain::attachment::{Attachment, Label};
use domain::declaration::Role;
use domain::declaration::decide::EvidenceInput;
use domain::{AttachmentId, DeclarationId, InquiryId, Personal, Readable};
use event_store::UnsealError;
use storage::attachment::{self, StoredAttachment};
use uuid::Uuid;

use super::{TAKEN, label_label};
use crate::{App, InputProblem, Internal, OpContext};

/// What a change rests on, as it is handed in.
#[derive(Debug, Clone, Default)]
pub struct GivenEvidence {
    /// Files that were uploaded for it.
    pub attachments: Vec<AttachmentId>,
    /// Why there is no document.
    pub no_document: Option<Personal<String>>,
}

/// For which change.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EvidenceFor {
    /// Of which declaration, also one that is yet to be made.
    pub(crate) declaration_id: DeclarationId,
    /// By which command.
    pub(crate) command_id: Uuid,
    /// The inquiry that asks for it.
    pub(crate) inquiry: Option<InquiryId>,
}

/// Why the evidence cannot be read.
pub(crate) enum EvidenceError {
    /// A file is not there for this change.
    Invalid(InputProblem),
    Internal(Internal),
}

impl App {
    /// The evidence as `domain` takes it. A file must have come from the same person, for the same record, and not long ago.
    pub(crate) async fn evidence(
        &self,
        op: &OpContext,
        given: &GivenEvidence,
        of: EvidenceFor,
    ) -> Result<EvidenceInput, EvidenceError> {
        let mut attachments = Vec::with_capacity(given.attachments.len());
        if !given.attachments.is_empty() {
            let ids = given.attachments.get(..=domain::attachment::MOST);
            let ids = ids.unwrap_or(&given.attachments);
            let found = attachment::find(self.store.database(), ids).await;
            let found = found.map_err(internal)?;
            // Whoever tries again may do so later, and finds what is already attached.
            let receipt = self.store.receipt(of.command_id).await;
            let is_retry = receipt.map_err(internal)?.is_some();
            // A process may still hold the key of a text that was forgotten a moment ago: the log says whose it is now.
            let history = self.history(of.declaration_id).await;
            let history = history.map_err(EvidenceError::Internal)?;
            let subject = history.map(|history| history.timeline.subjects().of(Role::Remarks).id);
            let by = op.actor().to_string();
            for id in ids {
                let is_good = |file: &&StoredAttachment| {
                    file.id == *id
                        && file.declaration_id == of.declaration_id
                        && file.uploaded_by == by
                        && subject.is_none_or(|subject| file.subject_id == subject)
                        && (is_retry || op.now() - file.uploaded_at < TAKEN)
                };
                let file = found.iter().find(is_good).ok_or_else(gone)?;
                attachments.push(self.named(file).await?);
            }
        }
        Ok(EvidenceInput {
            attachments,
            no_document: given.no_document.clone(),
            inquiry: of.inquiry,
        })
    }

    async fn named(&self, file: &StoredAttachment) -> Result<Attachment, EvidenceError> {
        let key = event_store::SubjectId(file.subject_id.uuid());
        let label = self
            .store
            .keyring()
            .unseal(key, &label_label(file.id), &file.label)
            .await;
        let label = label.map_err(|error| match error {
            UnsealError::KeyGone(_) => gone(),
            error => internal(error),
        })?;
        let label: Label = serde_json::from_slice(&label).map_err(internal)?;
        Ok(Attachment {
            id: file.id,
            kind: file.kind,
            size: file.size,
            sealed_sha256: hex::encode(&file.sealed_sha256),
            label: Readable::Open(Personal::new(label)),
        })
    }
}

fn internal(error: impl std::error::Error + Send + Sync + 'static) -> EvidenceError {
    EvidenceError::Internal(Internal::new(error))
}

fn gone() -> EvidenceError {
    EvidenceError::Invalid(InputProblem::new(
        "attachments",
        "attachment_gone",
        "添付したファイルが見つかりません。もう一度添付してください。",
    ))
}
