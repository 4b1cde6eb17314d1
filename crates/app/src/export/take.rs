//! Taking a file: whoever asked for it, with the rights of this moment. Of whom it tells, and that it was taken, is on record before its first
//! byte.

use domain::ExportId;
use domain::export::{ExportEvent, ExportPart, Format, Kept, Made};
use domain::staff::Permission;
use event_store::{Append, AppendError};
use storage::export::{self as table, Ended, Export, OutOfTurn};
use storage::export_piece;
use storage::read_record::ReadRecord;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::keep::{OpenError, Place, open};
use crate::{App, Forbidden, Internal, OpContext, PersonalPart};

/// Records that one line of the record of reads names.
const IDS_OF_A_LINE: usize = 2_000;
/// The parts that persons of an export can stand in.
const PARTS: [PersonalPart; 5] = [
    PersonalPart::SoleTraderName,
    PersonalPart::Premises,
    PersonalPart::Representative,
    PersonalPart::Contact,
    PersonalPart::FreeText,
];

/// Under which name the records are kept of which a part was read.
pub(super) fn part_of_reads(part: &str) -> String {
    format!("read:{part}")
}

/// A file that leaves, piece by piece.
#[derive(Debug)]
pub struct ExportFile {
    /// What kind of file it is.
    pub format: Format,
    place: Place,
    part: ExportPart,
    pieces: u32,
    next: u32,
}

/// Why nothing is taken.
#[derive(Debug, thiserror::Error)]
pub enum TakeExportError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is none that the caller asked for, or no such part of it.
    #[error("there is no such file of the caller")]
    NotFound,
    /// It is not made yet.
    #[error("the file is not made yet")]
    NotReady,
    /// It was destroyed, or its time is over.
    #[error("the file was destroyed")]
    Gone(Ended),
    /// Its pieces are not where the register is: it was restored or moved.
    #[error("the file did not come along when the register was moved")]
    LeftBehind,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl From<OpenError> for TakeExportError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::KeyGone => Self::Gone(Ended::Discarded),
            OpenError::Internal(error) => Self::Internal(error),
        }
    }
}

impl App {
    /// Takes a part of an export.
    pub async fn take_export(
        &self,
        op: &OpContext,
        id: ExportId,
        part: ExportPart,
    ) -> Result<ExportFile, TakeExportError> {
        op.require(Permission::ExportDeclarations)?;
        let found = table::load(self.store.database(), id).await;
        let mine = found
            .map_err(Internal::new)?
            .filter(|export| export.requested_by == op.actor().to_string());
        let export = mine.ok_or(TakeExportError::NotFound)?;
        let made = self.still_there(op, &export).await?;
        if made.is_personal || export.asks_for_persons() {
            op.require(Permission::ReadPersonal)?;
        }
        let kept = match part {
            ExportPart::File => Some(&made.file),
            ExportPart::Report => made.report.as_ref(),
        };
        let kept = kept.ok_or(TakeExportError::NotFound)?;
        let place = Place {
            id,
            subject: export.file_subject,
            term: made.term,
        };
        self.all_there(place, part, kept).await?;
        if part == ExportPart::File {
            self.record_whom_it_tells_of(op, place).await?;
        }
        self.write_taken(op, &export, part).await?;
        Ok(ExportFile {
            format: export.format,
            place,
            part,
            pieces: kept.pieces,
            next: 0,
        })
    }

    async fn still_there<'e>(&self, op: &OpContext, export: &'e Export) -> Result<&'e Made, TakeExportError> {
        if let Some((how, _)) = export.ended {
            return Err(TakeExportError::Gone(how));
        }
        let made = export.made.as_ref().ok_or(TakeExportError::NotReady)?;
        if export.expires_at <= op.now() {
            return Err(TakeExportError::Gone(Ended::Expired));
        }
        if self.tells_of_forgotten(export).await? {
            return Err(TakeExportError::Gone(Ended::Forgotten));
        }
        Ok(made)
    }

    async fn all_there(&self, place: Place, part: ExportPart, kept: &Kept) -> Result<(), TakeExportError> {
        let count = export_piece::count(self.store.database(), place.of(part.code())).await;
        if count.map_err(Internal::new)? == kept.pieces {
            Ok(())
        } else {
            Err(TakeExportError::LeftBehind)
        }
    }

    /// Names every record of which the file shows something personal.
    async fn record_whom_it_tells_of(&self, op: &OpContext, place: Place) -> Result<(), TakeExportError> {
        for part in PARTS {
            let name = part_of_reads(part.as_str());
            let mut seq = 0;
            while let Some(ids) = open(self, place, &name, seq).await? {
                seq += 1;
                let ids: Vec<Uuid> = ids
                    .chunks_exact(16)
                    .filter_map(|id| Uuid::from_slice(id).ok())
                    .collect();
                let records = ids.chunks(IDS_OF_A_LINE).map(|ids| ReadRecord {
                    at: op.now(),
                    actor: op.actor().to_string(),
                    ids: ids.to_vec(),
                    field_class: part.as_str().to_owned(),
                    purpose: op.purpose().to_owned(),
                    request_id: op.request_id().to_string(),
                });
                let recorded = self.storage.read_recorder().record(records.collect()).await;
                recorded.map_err(Internal::new)?;
            }
        }
        Ok(())
    }

    async fn write_taken(
        &self,
        op: &OpContext,
        export: &Export,
        part: ExportPart,
    ) -> Result<(), TakeExportError> {
        let said = ExportEvent::Taken {
            export_id: export.id,
            part,
        };
        let append = Append {
            command_id: self.new_id().map_err(Internal::new)?,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: vec![self.export_event(&said, Vec::new())?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            Ok(_) => Ok(()),
            Err(AppendError::Inline { source, .. }) if source.is::<OutOfTurn>() => {
                Err(TakeExportError::Gone(Ended::Discarded))
            }
            Err(error) => Err(Internal::new(error).into()),
        }
    }
}

impl ExportFile {
    /// What is taken of it.
    pub const fn part(&self) -> ExportPart {
        self.part
    }

    /// The next bytes of it; none at its end.
    pub async fn next(&mut self, app: &App) -> Result<Option<Zeroizing<Vec<u8>>>, TakeExportError> {
        if self.next >= self.pieces {
            return Ok(None);
        }
        let piece = open(app, self.place, self.part.code(), self.next).await?;
        self.next += 1;
        // One that is missing in the middle ends the file with a fault: half a file is none.
        piece.map(Some).ok_or(TakeExportError::LeftBehind)
    }
}
