//! Copying a register into another database.

use event_store::Database;
use event_store::transfer::read;
use tokio::sync::mpsc::channel;

use super::fill::{Expected, Target, TargetOptions, WAITING};
use super::source::{self, Beside, Keys, Snapshots};
use super::{Step, Summary, Tell, TransferError};

/// Copies the register as it is at this moment; what is written to the source meanwhile stays behind. Gives the summary
/// of what stands in the target, read back from it. `keys_url` says where the keys are, unless they are beside the source.
pub async fn copy(
    from: &Database,
    keys_url: Option<&str>,
    target: &TargetOptions,
    tell: Tell<'_>,
) -> Result<Summary, TransferError> {
    let mut log = from.begin_snapshot().await?;
    let head = read::head(&mut log).await?.ok_or(TransferError::SourceEmpty)?;
    // After the log's: a key is durable before what it seals.
    let beside = Beside::open(from, keys_url).await?;
    let (mut reads, mut keys) = beside.begin().await?;
    let target = Target::open(target).await?;
    let (to, items) = channel(WAITING);
    let sent = source::send(
        Snapshots {
            log: &mut log,
            reads: reads.as_mut(),
            keys: Keys::Beside(&mut keys),
        },
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
    drop((reads, keys));
    beside.close().await;
    // When the source fails, the target sees rows missing: the source's reason is the one to tell.
    sent.and(filled)
}
