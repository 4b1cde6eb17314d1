//! Building projections anew from the log.

use event_store::Position;
use storage::projection::{RebuildError, RebuildReport, rebuild};

use crate::App;

impl App {
    /// Builds the list of declarations anew beside the one that is read, compares both, and switches. `progress` hears
    /// how far it is.
    pub async fn rebuild_declarations(
        &self,
        progress: impl Fn(Position) + Send + Sync,
    ) -> Result<RebuildReport, RebuildError> {
        let clock = std::sync::Arc::clone(&self.clock);
        rebuild(&self.store, &move || clock.now(), |position, _| {
            progress(position);
        })
        .await
    }
}
