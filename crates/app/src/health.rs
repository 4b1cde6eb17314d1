//! Whether this process can do its work now, for whoever watches it.

use std::time::Duration;

use crate::{App, WrongClock};

/// A database that needs longer for its time does not answer.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why a process cannot do its work now: a sentence for operators, without anything of the inside.
#[derive(Debug, thiserror::Error)]
pub enum Unready {
    /// Nothing can be read or written.
    #[error("the database does not answer")]
    Database,
    /// What it writes has the wrong time.
    #[error(transparent)]
    Clock(#[from] WrongClock),
}

impl App {
    /// Asks the database for its time: what does not answer, or has another time, is not ready.
    pub async fn readiness(&self) -> Result<(), Unready> {
        match tokio::time::timeout(PATIENCE, self.due_time_and_skew()).await {
            Ok(Ok((_, None))) => Ok(()),
            Ok(Ok((_, Some(wrong)))) => Err(wrong.into()),
            Ok(Err(_)) | Err(_) => Err(Unready::Database),
        }
    }
}
