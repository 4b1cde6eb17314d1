//! Whether files that are kept to be taken are what was made.

use domain::export::{ExportPart, Kept, Made};
use sha2::{Digest as _, Sha256};
use storage::export as table;
use storage::export_piece;

use super::keep::Place;
use crate::stored_files::{FileFault, FileReport, PassingKind};
use crate::{App, Internal};

/// Files that are looked at by one run; they are kept for a week.
const AT_MOST: u32 = 10_000;

impl App {
    /// Compares the sealed pieces of each file with the hash in its event; no key is needed. A register that was moved or restored has no
    /// pieces at all: that is no damage.
    pub(crate) async fn verify_exports(&self, report: &mut FileReport) -> Result<(), Internal> {
        let database = self.store.database();
        let there = table::there(database, self.now(), AT_MOST).await;
        for export in there.map_err(Internal::new)? {
            let Some(made) = &export.made else { continue };
            let place = Place {
                id: export.id,
                subject: export.file_subject,
                term: made.term,
            };
            let pieces = export_piece::count(database, place.of(ExportPart::File.code())).await;
            if pieces.map_err(Internal::new)? == 0 {
                continue;
            }
            let fault = self.fault_of_export(place, made).await?;
            if fault.is_some() {
                let now = table::load(database, export.id).await.map_err(Internal::new)?;
                // Its end came in between: then its pieces are to be gone.
                if now.is_none_or(|now| now.ended.is_some()) {
                    continue;
                }
            }
            report.add(PassingKind::Export, export.id.uuid(), fault);
        }
        Ok(())
    }

    async fn fault_of_export(&self, place: Place, made: &Made) -> Result<Option<FileFault>, Internal> {
        let fault = self.fault_of_part(place, ExportPart::File, &made.file).await?;
        match (fault, &made.report) {
            (None, Some(kept)) => self.fault_of_part(place, ExportPart::Report, kept).await,
            (fault, _) => Ok(fault),
        }
    }

    async fn fault_of_part(
        &self,
        place: Place,
        part: ExportPart,
        kept: &Kept,
    ) -> Result<Option<FileFault>, Internal> {
        let mut hash = Sha256::new();
        for seq in 0..kept.pieces {
            let piece = export_piece::find(self.store.database(), place.of(part.code()), seq).await;
            match piece.map_err(Internal::new)? {
                Some(piece) => hash.update(&piece),
                None => return Ok(Some(FileFault::Missing)),
            }
        }
        let is_same = hex::encode(hash.finalize()) == kept.sealed_sha256;
        Ok((!is_same).then_some(FileFault::Changed))
    }
}
