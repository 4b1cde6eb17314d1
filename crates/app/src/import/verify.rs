//! Whether files of imports are what was sent.

use storage::{import as table, import_file};

use super::content::FileError;
use crate::stored_files::{FileFault, FileReport, PassingKind};
use crate::{App, Internal};

/// Files that are looked at by one run; they are kept for a week.
const AT_MOST: u32 = 10_000;

impl App {
    /// Opens each file that is kept, and compares it with the hash of what was sent: the event has none of the sealed pieces.
    pub(crate) async fn verify_imports(&self, report: &mut FileReport) -> Result<(), Internal> {
        let database = self.store.database();
        let kept = import_file::older(database, self.now(), AT_MOST).await;
        for id in kept.map_err(Internal::new)? {
            // Without an import it is on its way in.
            let Some(import) = table::load(database, id).await.map_err(Internal::new)? else {
                continue;
            };
            let fault = match self.import_bytes(&import).await {
                Ok(_) => None,
                Err(FileError::Gone) => {
                    // It was destroyed in between: then it is to be gone.
                    let label = import_file::label(database, id).await;
                    if label.map_err(Internal::new)?.is_none() {
                        continue;
                    }
                    let first = import_file::chunk(database, id, 0).await;
                    let first = first.map_err(Internal::new)?;
                    Some(first.map_or(FileFault::Missing, |_| FileFault::Changed))
                }
                Err(FileError::Internal(error)) => return Err(error),
            };
            report.add(PassingKind::Import, id.uuid(), fault);
        }
        Ok(())
    }
}
