//! Copying a register into another database.

use event_store::Database;
use event_store::transfer::read;
use tokio::sync::mpsc::channel;

use super::fill::{Expected, Target, TargetOptions, WAITING};
use super::source::{self, Keys};
use super::{Step, Summary, Tell, TransferError};

/// Copies the register as it is at this moment; what is written to the source meanwhile stays behind. Gives the summary
/// of what stands in the target, read back from it.
pub async fn copy(from: &Database, target: &TargetOptions, tell: Tell<'_>) -> Result<Summary, TransferError> {
    let mut log = from.begin_snapshot().await?;
    let head = read::head(&mut log).await?.ok_or(TransferError::SourceEmpty)?;
    // After the log's: a key is durable before what it seals.
    let keys = read::keys_beside(from).await?;
    let mut key_snapshot = keys.begin_snapshot().await?;
    let target = Target::open(target).await?;
    let (to, items) = channel(WAITING);
    let sent = source::send(
        &mut log,
        Keys::Beside(&mut key_snapshot),
        &head,
        to,
        Step::Moving,
        tell,
    );
    let expected = Expected {
        head: &head,
        summary: None,
        backup: None,
    };
    let (sent, filled) = tokio::join!(sent, target.fill(&expected, items, tell));
    drop(key_snapshot);
    if matches!(keys, Database::Sqlite(_)) {
        keys.close().await;
    }
    // When the source fails, the target sees rows missing: the source's reason is the one to tell.
    sent.and(filled)
}
