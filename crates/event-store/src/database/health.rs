//! Whether the disk under a SQLite file can still be trusted with writing.

use std::sync::Arc;

use tokio::sync::watch;

use super::{DatabaseError, ends_writing};

/// Shared by everybody who writes to one SQLite file in this process. Once stopped it stays so.
#[derive(Clone, Debug)]
pub(super) struct Health(Arc<watch::Sender<Option<String>>>);

impl Health {
    pub(super) fn good() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }

    /// Stops all writing when the error says that the disk could not write or sync.
    pub(super) fn heed(&self, error: &DatabaseError) {
        let DatabaseError::Disk(cause) = error else { return };
        if !ends_writing(cause) {
            return;
        }
        let first = self.0.send_if_modified(|stopped| {
            let first = stopped.is_none();
            stopped.get_or_insert_with(|| cause.to_string());
            first
        });
        if first {
            tracing::error!(%error, "the disk failed while writing: nothing is written any more until the next start");
        }
    }

    pub(super) fn check(&self) -> Result<(), DatabaseError> {
        match self.0.borrow().as_ref() {
            Some(reason) => Err(DatabaseError::Stopped {
                reason: reason.clone(),
            }),
            None => Ok(()),
        }
    }

    /// Waits until writing has stopped, and says why.
    pub(super) async fn stopped(&self) -> DatabaseError {
        let mut stopped = self.0.subscribe();
        let reason = match stopped.wait_for(Option::is_some).await {
            Ok(reason) => reason.clone(),
            // The sender is ours.
            Err(_) => None,
        };
        DatabaseError::Stopped {
            reason: reason.unwrap_or_default(),
        }
    }
}
