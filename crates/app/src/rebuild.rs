//! Building projections anew from the log.

use event_store::Position;
use storage::figure::{self, FigureReport, RebuildFiguresError};
use storage::projection::{RebuildError, RebuildReport, drop_old, rebuild_with};

use crate::App;

pub use storage::projection::{Comparison, Difference, RebuildOptions};

impl App {
    /// Builds the list of declarations anew beside the one that is read, compares both, and switches. `progress` hears
    /// how far it is.
    pub async fn rebuild_declarations(
        &self,
        options: RebuildOptions,
        progress: impl Fn(Position) + Send + Sync,
    ) -> Result<RebuildReport, RebuildError> {
        let clock = std::sync::Arc::clone(&self.clock);
        rebuild_with(&self.store, &move || clock.now(), options, |position, _| {
            progress(position);
        })
        .await
    }

    /// Drops the old rows that the last rebuild kept, or what an interrupted one has done so far.
    pub async fn drop_old_declarations(&self) -> Result<(), RebuildError> {
        drop_old(&self.store, &|| self.clock.now()).await
    }

    /// Counts the figures anew from the log, and mends what differs.
    pub async fn rebuild_figures(&self) -> Result<FigureReport, RebuildFiguresError> {
        figure::rebuild(&self.store, &|| self.clock.now()).await
    }
}
