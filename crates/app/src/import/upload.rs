//! Taking the file of an import: looked through as a whole before anything is kept.

use std::sync::Arc;

use domain::ImportId;
use domain::import::{ImportEvent, Uploaded};
use domain::staff::Permission;
use event_store::{Append, AppendError};
use sha2::{Digest as _, Sha256};
use storage::import as table;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::content::ImportLabel;
use super::examine::{examine, read_name};
use super::source::SourceEncoding;
use crate::random::derived_id;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// A file as it came.
#[derive(Clone)]
pub struct UploadImport {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// What it is called.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How its text is encoded, if somebody says so; else it is found out.
    pub encoding: Option<SourceEncoding>,
}

/// Why a file was not taken. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum UploadImportError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// The file or its name is not taken.
    #[error("the file is not taken: {}", .0.code)]
    Invalid(InputProblem),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Takes a file, sealed. Nothing of it is in the register yet.
    pub async fn upload_import(
        &self,
        op: &OpContext,
        upload: UploadImport,
    ) -> Result<ImportId, UploadImportError> {
        op.require(Permission::ImportDeclarations)?;
        let name = read_name(&upload.name).map_err(UploadImportError::Invalid)?;
        let id = ImportId::new(derived_id(upload.command_id, "import"));
        let bytes = Arc::new(Zeroizing::new(upload.bytes));
        let sha256 = hex::encode(Sha256::digest(&**bytes));
        let known = table::load(self.store.database(), id).await;
        if let Some(known) = known.map_err(Internal::new)? {
            return same(&known.sha256, &sha256, id);
        }
        let (looked, encoding) = (Arc::clone(&bytes), upload.encoding);
        let examined = tokio::task::spawn_blocking(move || examine(&looked, encoding)).await;
        // A file that makes a library panic is a file that cannot be read.
        let unreadable = || {
            let text = "ファイルを読み取れません。書き出し直してから選び直してください。";
            InputProblem::new("file", "sheet_broken", text)
        };
        let examined = examined.unwrap_or_else(|_| Err(unreadable()));
        let examined = examined.map_err(UploadImportError::Invalid)?;
        let label = ImportLabel {
            name,
            sheets: examined.sheets,
        };
        self.keep_import_file(id, &label, &bytes).await?;
        let said = ImportEvent::Uploaded(Uploaded {
            import_id: id,
            format: examined.format,
            size: bytes.len() as u64,
            sha256: sha256.clone(),
        });
        let append = Append {
            command_id: upload.command_id,
            actor: op.actor().to_string(),
            correlation_id: id.uuid(),
            reason: None,
            events: vec![self.import_event(&said, Vec::new())?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(id),
            // The same command was as fast, or the id stands for something else.
            Err(AppendError::CommandReused { .. }) => {
                let known = table::load(self.store.database(), id).await;
                let known = known.map_err(Internal::new)?;
                known.map_or_else(
                    || Err(UploadImportError::Invalid(InputProblem::command_reused())),
                    |known| same(&known.sha256, &sha256, id),
                )
            }
            Err(error) => Err(Internal::new(error).into()),
        }
    }
}

fn same(known: &str, now: &str, id: ImportId) -> Result<ImportId, UploadImportError> {
    if known == now {
        Ok(id)
    } else {
        Err(UploadImportError::Invalid(InputProblem::command_reused()))
    }
}
