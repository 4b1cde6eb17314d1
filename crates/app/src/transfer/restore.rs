//! Making a register from an archive.

use event_store::Position;
use storage::backup::Backup;
use tokio::sync::mpsc::channel;

use super::archive::Archive;
use super::fill::{Expected, Target, TargetOptions, WAITING};
use super::summary::Summary;
use super::{Tell, TransferError};

/// Makes the register of a checked archive in an empty database. What is kept is what the manifest says, to the byte.
pub async fn restore(
    archive: &Archive,
    target: &TargetOptions,
    tell: Tell<'_>,
) -> Result<Summary, TransferError> {
    let manifest = archive.manifest();
    if !manifest.summary.has_keys() && target.kept_keys.is_none() {
        return Err(TransferError::NoKeys);
    }
    let target = Target::open(target).await?;
    let (to, items) = channel(WAITING);
    let entry = Backup {
        id: manifest.id,
        made_at: manifest.created_at,
        position: Position::new(manifest.summary.head.position),
        path: archive.path().display().to_string(),
        bytes: i64::try_from(archive.bytes()).unwrap_or(i64::MAX),
        sha256: archive.sha256().to_owned(),
        with_keys: manifest.summary.has_keys(),
        expires_at: manifest.expires_at,
    };
    let expected = Expected {
        head: &manifest.summary.head,
        summary: Some(&manifest.summary),
        backup: Some(&entry),
    };
    let sent = archive.send(to, tell);
    let (sent, filled) = tokio::join!(sent, target.fill(&expected, items, tell));
    sent?;
    filled
}
