//! Bringing the projections up to the log before a command says that it is done.

use std::time::Duration;

use event_store::{DatabaseError, Position};
use storage::StorageError;
use storage::projection::Caught;

use crate::App;

/// How often whoever waits hears how far it is.
const TELL_EVERY: Duration = Duration::from_millis(200);

/// Why the projections are behind.
#[derive(Debug, thiserror::Error)]
pub enum CatchUpError {
    /// An event cannot be projected.
    #[error("the list of declarations has stopped: {0}")]
    Stopped(String),
    /// The checkpoint cannot be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The database does not answer.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl App {
    /// Follows the log until the projections have everything that is in it now. `tell` hears how far they are.
    pub async fn catch_up(&self, tell: impl Fn(Position)) -> Result<(), CatchUpError> {
        let head = self.store.head().await?;
        self.start_list();
        let projection = self.storage.declarations_projection();
        loop {
            match projection.wait_for(head, TELL_EVERY).await {
                Caught::Up => return Ok(()),
                Caught::Behind(position) => tell(position),
            }
            if let Some(error) = projection.checkpoint().await?.error {
                return Err(CatchUpError::Stopped(error));
            }
        }
    }
}
