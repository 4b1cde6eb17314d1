//! What of an import is sealed: its file in pieces, what it is called and begins with, what was found in its rows, why it was begun.

use std::sync::Arc;

use domain::import::{ImportEvent, ImportFormat, PART_REASON, SCHEMA_VERSION, STARTED, TAG_IMPORT};
use domain::{ImportId, JobId};
use event_store::{NewEvent, PersonalPart, Query, QueryItem, SubjectId, Tag, UnsealError};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use storage::import::Import;
use storage::import_file;
use zeroize::Zeroizing;

use super::examine::csv_of_sheet;
use super::source::{Source, SourceEncoding};
use crate::noun_event::Said;
use crate::random::derived_id;
use crate::{App, Internal};

/// Bytes of one piece before it is sealed.
const PIECE: usize = 256 * 1024;

/// What a file is called, and how each of its sheets begins. Persons stand in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportLabel {
    /// As it was sent.
    pub name: String,
    /// One of a CSV; of a workbook those that are visible and not empty.
    pub sheets: Vec<SheetHead>,
}

/// How a sheet begins.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetHead {
    /// Its place among the visible sheets of a workbook, from 0.
    pub place: u16,
    /// Its name; empty of a CSV.
    pub name: String,
    /// Rows after the headings.
    pub rows: u64,
    /// The first row.
    pub headings: Vec<String>,
    /// The first rows after it, each cell cut to what fits into a preview.
    pub sample: Vec<Vec<String>>,
}

/// Why a file cannot be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    /// It was destroyed, or is not what was sent.
    #[error("the file is not there any more")]
    Gone,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Keeps a file, sealed piece by piece.
    pub(super) async fn keep_import_file(
        &self,
        id: ImportId,
        label: &ImportLabel,
        bytes: &[u8],
    ) -> Result<(), Internal> {
        let (keyring, subject, database) = (self.store.keyring(), subject(id), self.store.database());
        let label = Zeroizing::new(serde_json::to_vec(label).map_err(Internal::new)?);
        let label = keyring.seal(subject, &label_label(id), &label).await;
        let label = label.map_err(Internal::new)?;
        let begun = import_file::begin(database, id, self.now(), &label).await;
        begun.map_err(Internal::new)?;
        for (seq, piece) in (0_u32..).zip(bytes.chunks(PIECE)) {
            let sealed = keyring.seal(subject, &piece_label(id, seq), piece).await;
            let sealed = sealed.map_err(Internal::new)?;
            let added = import_file::add(database, id, seq, &sealed).await;
            added.map_err(Internal::new)?;
        }
        Ok(())
    }

    /// What a file is called and begins with; none: it was destroyed.
    pub(super) async fn import_label(&self, id: ImportId) -> Result<Option<ImportLabel>, Internal> {
        let sealed = import_file::label(self.store.database(), id).await;
        let Some(sealed) = sealed.map_err(Internal::new)? else {
            return Ok(None);
        };
        let keyring = self.store.keyring();
        match keyring.unseal(subject(id), &label_label(id), &sealed).await {
            Ok(label) => serde_json::from_slice(&label).map(Some).map_err(Internal::new),
            Err(UnsealError::KeyGone(_)) => Ok(None),
            Err(error) => Err(Internal::new(error)),
        }
    }

    /// The rows of an import as somebody said how they are read.
    pub(super) async fn import_source(&self, import: &Import) -> Result<Source, FileError> {
        let reading = import.reading.clone().ok_or(FileError::Gone)?;
        let bytes = self.import_bytes(import).await?;
        let format = import.format;
        let read = tokio::task::spawn_blocking(move || {
            let (bytes, encoding) = match format {
                ImportFormat::CsvUtf8 => (bytes, SourceEncoding::Utf8),
                ImportFormat::CsvCp932 => (bytes, SourceEncoding::Cp932),
                ImportFormat::Xlsx => {
                    let csv = csv_of_sheet(&bytes, reading.sheet.into()).map_err(Internal::new)?;
                    (Zeroizing::new(csv), SourceEncoding::Utf8)
                }
            };
            let source = Source::of_bytes(Arc::new(bytes), Some(encoding)).map_err(Internal::new)?;
            Ok::<_, Internal>(source.mapped(&reading.mapping))
        });
        Ok(read.await.map_err(Internal::new)??)
    }

    /// The file as it was sent.
    pub(super) async fn import_bytes(&self, import: &Import) -> Result<Zeroizing<Vec<u8>>, FileError> {
        let (keyring, id) = (self.store.keyring(), import.id);
        let size = usize::try_from(import.size).unwrap_or_default();
        let mut bytes = Zeroizing::new(Vec::with_capacity(size));
        for seq in 0.. {
            let sealed = import_file::chunk(self.store.database(), id, seq).await;
            let Some(sealed) = sealed.map_err(Internal::new)? else {
                break;
            };
            match keyring.unseal(subject(id), &piece_label(id, seq), &sealed).await {
                Ok(piece) => bytes.extend_from_slice(&piece),
                Err(UnsealError::Keyring(error)) => return Err(Internal::new(error).into()),
                Err(UnsealError::KeyGone(_) | UnsealError::Damaged(_)) => return Err(FileError::Gone),
            }
        }
        // What was looked at is what is taken over, byte for byte.
        if hex::encode(Sha256::digest(&*bytes)) == import.sha256 {
            Ok(bytes)
        } else {
            Err(FileError::Gone)
        }
    }

    /// Seals what was found in a row.
    pub(super) async fn seal_found(
        &self,
        id: ImportId,
        trial: JobId,
        ordinal: u32,
        found: &str,
    ) -> Result<Vec<u8>, Internal> {
        let label = found_label(trial, ordinal);
        let sealed = self.store.keyring().seal(subject(id), &label, found.as_bytes());
        sealed.await.map_err(Internal::new)
    }

    /// Opens it; none: its key was destroyed.
    pub(super) async fn open_found(
        &self,
        id: ImportId,
        trial: JobId,
        ordinal: u32,
        sealed: &[u8],
    ) -> Result<Option<String>, Internal> {
        let label = found_label(trial, ordinal);
        match self.store.keyring().unseal(subject(id), &label, sealed).await {
            Ok(found) => Ok(Some(String::from_utf8_lossy(&found).into_owned())),
            Err(UnsealError::KeyGone(_)) => Ok(None),
            Err(error) => Err(Internal::new(error)),
        }
    }

    /// Why it was begun; none: it was not, or the key was destroyed.
    pub(super) async fn import_reason(&self, id: ImportId) -> Result<Option<String>, Internal> {
        let begun = QueryItem {
            types: vec![STARTED.to_owned()],
            tags: vec![Tag::new(TAG_IMPORT, id).map_err(Internal::new)?],
        };
        let of = Query { items: vec![begun] };
        self.sealed_content(&of, PART_REASON).await
    }

    /// The same as a part of its event, its key made. That key is another one than the file's: it stays when the file is destroyed.
    pub(super) async fn import_reason_part(
        &self,
        id: ImportId,
        reason: &str,
    ) -> Result<PersonalPart, Internal> {
        let subject = SubjectId(derived_id(id.uuid(), "import reason subject"));
        self.part_to_seal(subject, PART_REASON, &reason).await
    }

    pub(super) fn import_event(
        &self,
        said: &ImportEvent,
        personal: Vec<PersonalPart>,
    ) -> Result<NewEvent, Internal> {
        let said = Said {
            tag: TAG_IMPORT,
            id: said.import_id().uuid(),
            event_type: said.event_type(),
            version: SCHEMA_VERSION,
            data: said.data(),
        };
        self.noun_event(said, personal)
    }
}

/// Whose key seals a file and what was found in it.
pub(super) fn subject(id: ImportId) -> SubjectId {
    SubjectId(derived_id(id.uuid(), "import subject"))
}

fn label_label(id: ImportId) -> String {
    format!("import-label/{id}")
}

fn piece_label(id: ImportId, seq: u32) -> String {
    format!("import/{id}/{seq}")
}

fn found_label(trial: JobId, ordinal: u32) -> String {
    format!("import-row/{trial}/{ordinal}")
}
