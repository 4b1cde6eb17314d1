//! Taking a file before the change that it belongs to.

use domain::attachment::{AttachmentKind, FileProblem, Label, kind_of, read_name};
use domain::declaration::Role;
use domain::staff::Permission;
use domain::text::TextProblem;
use domain::{AttachmentId, DeclarationId, SubjectId};
use sha2::{Digest as _, Sha256};
use storage::attachment::{self, StoredAttachment};
use uuid::Uuid;

use super::{WAITS, content_label, label_label};
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// Files of one account that may wait for their changes at once.
const WAITING_MOST: i64 = 50;

/// For which record a file is: it is sealed under a key of that record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadFor {
    /// One that exists.
    Declaration(DeclarationId),
    /// One that this command will make.
    NewDeclaration(Uuid),
}

/// A file as it came.
#[derive(Clone)]
pub struct Upload {
    /// For which record.
    pub of: UploadFor,
    /// What it was called.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file that waits for its change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// Its id, for the change.
    pub id: AttachmentId,
    /// What it is.
    pub kind: AttachmentKind,
    /// How many bytes it has.
    pub size: u64,
}

/// Why a file was not taken. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such declaration.
    #[error("there is no declaration {0}")]
    NotFound(DeclarationId),
    /// The file or its name is not taken.
    #[error("the file is not taken: {}", .0.code)]
    Invalid(InputProblem),
    /// Too many files of this account wait for their changes.
    #[error("too many files wait for their changes")]
    TooMany,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<FileProblem> for UploadError {
    fn from(problem: FileProblem) -> Self {
        let problem = InputProblem::new("attachments", problem.code(), problem.japanese());
        Self::Invalid(problem)
    }
}

impl From<TextProblem> for UploadError {
    fn from(problem: TextProblem) -> Self {
        let text = format!("ファイル名を変えてください。{}", problem.japanese());
        Self::Invalid(InputProblem::new("attachments", problem.code(), text))
    }
}

impl App {
    /// Takes a file that a change will name. It is removed when none does within a day.
    pub async fn upload(&self, op: &OpContext, upload: Upload) -> Result<Uploaded, UploadError> {
        match upload.of {
            UploadFor::Declaration(_) => {
                op.require_either(Permission::CorrectDeclaration, Permission::HandOver)?
            }
            UploadFor::NewDeclaration(_) => op.require(Permission::Declare)?,
        };
        let name = read_name(&upload.name)?;
        let kind = kind_of(&upload.bytes)?;
        let by = op.actor().to_string();
        let waiting = attachment::waiting_of(self.store.database(), &by, op.now() - WAITS).await;
        if waiting.map_err(Internal::new)? >= WAITING_MOST {
            return Err(UploadError::TooMany);
        }
        let (declaration_id, subject_id) = self.upload_for(upload.of).await?;
        let id = AttachmentId::new(self.new_id().map_err(Internal::new)?);
        let label = Label {
            name,
            sha256: hex::encode(Sha256::digest(&upload.bytes)),
        };
        let label = serde_json::to_vec(&label).map_err(Internal::new)?;
        let (keyring, key) = (self.store.keyring(), event_store::SubjectId(subject_id.uuid()));
        let sealed = keyring.seal(key, &content_label(id), &upload.bytes).await;
        let sealed = sealed.map_err(Internal::new)?;
        let label = keyring.seal(key, &label_label(id), &label).await;
        let size = u64::try_from(upload.bytes.len()).map_err(Internal::new)?;
        let file = StoredAttachment {
            id,
            declaration_id,
            subject_id,
            uploaded_by: by,
            uploaded_at: op.now(),
            kind,
            size,
            sealed_sha256: Sha256::digest(&sealed).to_vec(),
            label: label.map_err(Internal::new)?,
        };
        let added = attachment::add(self.store.database(), &file, &sealed).await;
        added.map_err(Internal::new)?;
        Ok(Uploaded { id, kind, size })
    }

    async fn upload_for(&self, of: UploadFor) -> Result<(DeclarationId, SubjectId), UploadError> {
        match of {
            UploadFor::NewDeclaration(command_id) => Ok(crate::declaration::new_ids(command_id)),
            UploadFor::Declaration(id) => {
                let history = self.history(id).await?.ok_or(UploadError::NotFound(id))?;
                Ok((id, history.timeline.subjects().of(Role::Remarks).id))
            }
        }
    }
}
