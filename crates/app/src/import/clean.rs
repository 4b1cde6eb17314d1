//! Files of imports that are over.

use chrono::TimeDelta;
use domain::ImportId;
use domain::job::JobState;
use storage::{import as table, import_file, job};

use super::content::subject;
use crate::{App, Internal};

/// How long a file is kept after something happened to its import.
const KEPT: TimeDelta = TimeDelta::days(7);

/// Files that are destroyed by one run; the next takes the others.
const AT_ONCE: u32 = 200;

impl App {
    /// Destroys files of imports to which nothing happened for a week and that do not run; says how many.
    pub async fn clean_imports(&self) -> Result<u64, Internal> {
        let (database, before) = (self.store.database(), self.now() - KEPT);
        let mut removed = 0;
        let older = import_file::older(database, before, AT_ONCE).await;
        for id in older.map_err(Internal::new)? {
            let import = table::load(database, id).await.map_err(Internal::new)?;
            if let Some(import) = import {
                let run = match &import.started {
                    Some(started) => job::load(database, started.run_job).await,
                    None => Ok(None),
                };
                let run = run.map_err(Internal::new)?;
                let runs = run.is_some_and(|run| matches!(run.state, JobState::Ready | JobState::Running));
                if runs || import.changed_at >= before {
                    continue;
                }
            }
            self.destroy_import_file(id).await?;
            removed += 1;
        }
        Ok(removed)
    }

    /// Rows first, then the key: what is left in files of the database and in copies opens nothing.
    pub(super) async fn destroy_import_file(&self, id: ImportId) -> Result<(), Internal> {
        let removed = import_file::remove(self.store.database(), id).await;
        removed.map_err(Internal::new)?;
        let destroyed = self.store.keyring().destroy(subject(id)).await;
        destroyed.map_err(Internal::new)
    }
}
