//! Giving a file out, to whoever may see what is personal, on record.

use domain::attachment::{Attachment, AttachmentKind, download_name};
use domain::declaration::{DeclarationEvent, TAG_ATTACHMENT};
use domain::staff::Permission;
use domain::{AttachmentId, DeclarationId, Readable};
use event_store::{Position, Query, Tag, UnsealError};
use sha2::{Digest as _, Sha256};
use storage::attachment;
use zeroize::Zeroizing;

use super::content_label;
use crate::{App, Forbidden, Guarded, Internal, OpContext, PersonalPart};

/// A file that may leave once it is on record who takes it.
pub struct Download {
    /// Under which name, with an ending of its kind.
    pub name: String,
    /// What it is.
    pub kind: AttachmentKind,
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// Why there is no file.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// No change has a file of that id.
    #[error("there is no attachment {0}")]
    NotFound(AttachmentId),
    /// The free text of its record was forgotten, and the file with it.
    #[error("attachment {0} was forgotten")]
    Forgotten(AttachmentId),
    /// What is stored is not what the log says.
    #[error("attachment {0} is damaged: its bytes are not those that the log names")]
    Damaged(AttachmentId),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// A file of a change. The read is noted: it must be on record before the first byte leaves.
    pub async fn download(&self, op: &OpContext, id: AttachmentId) -> Result<Download, DownloadError> {
        op.require(Permission::ReadDeclarations)?;
        op.require(Permission::ReadPersonal)?;
        let (declaration_id, attached) = self.attached(id).await?.ok_or(DownloadError::NotFound(id))?;
        let Readable::Open(label) = &attached.label else {
            return Err(DownloadError::Forgotten(id));
        };
        let stored = attachment::find(self.store.database(), &[id]).await;
        let stored = stored
            .map_err(Internal::new)?
            .pop()
            .ok_or(DownloadError::Damaged(id))?;
        let sealed = attachment::sealed(self.store.database(), id).await;
        let sealed = sealed.map_err(Internal::new)?;
        if hex::encode(Sha256::digest(&sealed)) != attached.sealed_sha256 {
            return Err(DownloadError::Damaged(id));
        }
        let key = event_store::SubjectId(stored.subject_id.uuid());
        let bytes = self
            .store
            .keyring()
            .unseal(key, &content_label(id), &sealed)
            .await;
        let bytes = bytes.map_err(|error| match error {
            UnsealError::KeyGone(_) => DownloadError::Forgotten(id),
            UnsealError::Damaged(_) => DownloadError::Damaged(id),
            error @ UnsealError::Keyring(_) => Internal::new(error).into(),
        })?;
        let name = download_name(&label.reveal().name, attached.kind);
        let revealed = op.reveal(declaration_id, PersonalPart::FreeText, || {
            Guarded::Open(Download {
                name,
                kind: attached.kind,
                bytes,
            })
        });
        match revealed {
            Guarded::Open(download) => Ok(download),
            Guarded::Withheld(permission) => Err(Forbidden { permission }.into()),
            Guarded::Forgotten(_) => Err(DownloadError::Forgotten(id)),
        }
    }

    /// What the log says of a file, and in which declaration; whoever was forgotten reads as forgotten.
    async fn attached(&self, id: AttachmentId) -> Result<Option<(DeclarationId, Attachment)>, Internal> {
        let tag = Tag::new(TAG_ATTACHMENT, id).map_err(Internal::new)?;
        let events = self.store.read(&Query::tagged(tag), Position::START, 1).await;
        let events = events.map_err(Internal::new)?;
        let Some(event) = events.first() else {
            return Ok(None);
        };
        let statement = storage::codec::statement(event).map_err(Internal::new)?;
        let Some(history) = self.history(statement.declaration_id).await? else {
            return Ok(None);
        };
        let named = history
            .entries
            .iter()
            .find_map(|entry| match &entry.statement.event {
                DeclarationEvent::EvidenceGiven(evidence) => {
                    evidence.attachments.iter().find(|file| file.id == id).cloned()
                }
                _ => None,
            });
        Ok(named.map(|file| (statement.declaration_id, file)))
    }
}
