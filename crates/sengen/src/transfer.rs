//! What `copy`, `backup` and `restore` have in common: progress, sentences, exit codes.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use app::transfer::{ArchiveError, PlaceError, Step, Summary, TransferError};
use event_store::transfer::LoadError;
use serde_json::{Value, json};

use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::{self, Office};
use crate::output::{self, Progress};

/// One bar after the other, as the steps come.
pub struct Bars(RefCell<Option<(Step, Progress)>>);

impl Bars {
    /// No bar yet.
    pub const fn new() -> Self {
        Self(RefCell::new(None))
    }

    /// So much of a step is done.
    pub fn tell(&self, step: Step, done: u64, of: u64) {
        let mut bar = self.0.borrow_mut();
        if bar.as_ref().is_none_or(|(shown, _)| *shown != step) {
            if let Some((_, ended)) = bar.take() {
                ended.finish();
            }
            *bar = Some((step, output::progress(of, name(step))));
        }
        if let Some((_, bar)) = &*bar {
            bar.set(done);
        }
    }

    /// The work has ended, well or not.
    pub fn finish(&self) {
        if let Some((_, bar)) = self.0.borrow_mut().take() {
            bar.finish();
        }
    }
}

const fn name(step: Step) -> &'static str {
    match step {
        Step::Checking => "KiB looked through",
        Step::Moving => "events moved",
        Step::Comparing => "events compared",
        Step::Projecting => "events indexed",
    }
}

/// The sentence and exit code; `broken` is the code for rows that make no log.
pub fn failure(error: &TransferError, broken: Exit) -> Failure {
    let exit = match error {
        TransferError::Migrate(error) => return office::migrate_failure(error),
        TransferError::Database(error) | TransferError::Load(LoadError::Database(error)) => {
            return office::database_failure(error);
        }
        TransferError::Archive(ArchiveError::Exists { .. }) => Exit::Usage,
        TransferError::Archive(ArchiveError::File { .. }) if broken == Exit::Other => Exit::Storage,
        TransferError::Archive(_) => Exit::Input,
        TransferError::SourceEmpty
        | TransferError::TargetNotEmpty { .. }
        | TransferError::WrongKey
        | TransferError::NoKeys
        | TransferError::NoKeyring
        | TransferError::Place(
            PlaceError::Exists { .. }
            | PlaceError::NoKeys { .. }
            | PlaceError::Busy { .. }
            | PlaceError::File { .. },
        )
        | TransferError::Load(_)
        | TransferError::Storage(_) => Exit::Storage,
        TransferError::Differs { .. }
        | TransferError::CutShort
        | TransferError::Broken(_)
        | TransferError::Receipts { .. }
        | TransferError::Read(_)
        | TransferError::Put(_)
        | TransferError::Project(_) => broken,
        TransferError::Random(_) => Exit::Other,
    };
    Failure::from_error(exit, error)
}

/// Brings the projections of a new register up, so that it can be served at once.
pub async fn catch_up(config: &Config, url: &str) -> Result<(), Failure> {
    let office = Office::open_other(config, url).await?;
    let head = office.app.store().head().await;
    let head = head.map_err(|error| office::database_failure(&error))?;
    let bar = output::progress(head.get().unsigned_abs(), "events projected");
    let caught = office
        .app
        .catch_up(|position| bar.set(position.get().unsigned_abs()))
        .await;
    bar.finish();
    office.close().await;
    caught.map_err(|error| Failure::from_error(Exit::Other, &error))
}

/// What a register is, for people.
pub fn tell(summary: &Summary, began: Instant) {
    let took = began.elapsed();
    output::line(&format!(
        "{} events (positions 1 to {}), {} receipts, {} keys; {:.1} s, {} events/s",
        summary.rows("events"),
        summary.head.position,
        summary.rows("receipts"),
        summary.rows("keys/subject_key"),
        took.as_secs_f64(),
        rate(summary, took),
    ));
    let tables = summary.content.iter().filter_map(|(name, content)| {
        let table = name.strip_prefix("tables/")?;
        Some(format!("{table} {}", content.rows))
    });
    let tables: Vec<_> = tables.collect();
    output::line(&format!("rows beside the log: {}", tables.join(", ")));
    output::line(&format!(
        "log {}, Merkle root {}",
        summary.head.origin, summary.root
    ));
}

/// The same for scripts.
pub fn json(summary: &Summary, began: Instant) -> Value {
    let took = began.elapsed();
    json!({
        "log": summary.head.origin,
        "position": summary.head.position,
        "recorded_at": summary.head.recorded_at,
        "root": summary.root,
        "content": summary.content,
        "seconds": took.as_secs_f64(),
        "events_per_second": rate(summary, took),
    })
}

fn rate(summary: &Summary, took: Duration) -> u64 {
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    summary.rows("events").saturating_mul(1_000) / millis
}
