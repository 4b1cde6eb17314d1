//! Backing a register up into one file, while it is in use.

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use event_store::transfer::{LogHead, read};
use event_store::{Database, Position};
use storage::backup::{self, Backup};
use tokio::sync::mpsc::channel;
use uuid::Uuid;

use super::archive::{Manifest, Writer};
use super::fill::WAITING;
use super::source::{self, Beside, Keys, Snapshots};
use super::summary::{Summary, Summing};
use super::{Step, Tell, TransferError};
use crate::random::{Random, new_id};

/// How a backup is made.
#[derive(Debug, Clone)]
pub struct BackupOptions {
    /// The file to make; it must not exist.
    pub path: PathBuf,
    /// Where the keys are, unless they are beside the database.
    pub keys_url: Option<String>,
    /// Whether the wrapped keys go into it. The key that wraps them never does.
    pub with_keys: bool,
    /// After which time its copies are to be destroyed.
    pub keep_for: TimeDelta,
    /// The version of the program, for the manifest.
    pub program: String,
}

/// Writes all of the register as it is at this moment into a file, puts it on the list of backups, and gives the file its
/// name. Interrupted, it leaves at most a hidden draft.
pub async fn backup(
    database: &Database,
    options: &BackupOptions,
    now: DateTime<Utc>,
    random: &dyn Random,
    tell: Tell<'_>,
) -> Result<(Backup, Manifest), TransferError> {
    let mut writer = Writer::create(&options.path)?;
    let (head, summary) = write(database, options, &mut writer, tell).await?;
    let id = new_id(random, now)?;
    let expires_at = now + options.keep_for;
    let written = writer.finish(id, now, expires_at, &options.program, summary)?;
    let entry = Backup {
        id,
        made_at: now,
        position: Position::new(head.position),
        path: written.path().display().to_string(),
        bytes: i64::try_from(written.bytes()).unwrap_or(i64::MAX),
        sha256: written.sha256().to_owned(),
        with_keys: options.with_keys,
        expires_at,
    };
    // On the list first: a file without its entry would keep somebody's key unseen.
    backup::add(database, &entry).await?;
    match written.publish() {
        Ok(manifest) => Ok((entry, manifest)),
        Err(error) => {
            backup::remove(database, &[id]).await?;
            Err(error.into())
        }
    }
}

async fn write(
    database: &Database,
    options: &BackupOptions,
    writer: &mut Writer,
    tell: Tell<'_>,
) -> Result<(LogHead, Summary), TransferError> {
    let mut log = database.begin_snapshot().await?;
    let head = read::head(&mut log).await?.ok_or(TransferError::SourceEmpty)?;
    // After the log's: a key is durable before what it seals.
    let beside = Beside::open(database, options.keys_url.as_deref()).await?;
    let (mut reads, mut keys) = beside.begin().await?;
    let with_keys = options.with_keys;
    let from = Snapshots {
        log: &mut log,
        reads: reads.as_mut(),
        keys: if with_keys {
            Keys::Beside(&mut keys)
        } else {
            Keys::Left
        },
    };
    let (to, mut items) = channel(WAITING);
    let mut summing = Summing::new(&head, with_keys);
    let sent = source::send(from, &head, to, Step::Moving, tell);
    let taken = async {
        while let Some(Some(item)) = items.recv().await {
            let lines = summing.item(&item)?;
            writer.add(item.member(), &lines, item.rows())?;
        }
        drop(items);
        Ok::<_, TransferError>(())
    };
    let (sent, taken) = tokio::join!(sent, taken);
    drop((reads, keys));
    beside.close().await;
    taken.and(sent)?;
    let summary = summing.finish()?;
    if with_keys && summary.has_no_keyring() {
        return Err(TransferError::NoKeyring);
    }
    Ok((head, summary))
}

/// The backups that still hold keys at this moment, for whoever forgets a person: until they are destroyed, the person can
/// be read from them by somebody who has the key file.
pub async fn holding_keys(database: &Database) -> Result<Vec<Backup>, TransferError> {
    let mut backups = backup::list(database).await?;
    backups.retain(|backup| backup.with_keys);
    Ok(backups)
}

/// Takes from the list what has expired and does not exist any more where it was written; gives the rest.
pub async fn drop_expired(
    database: &Database,
    now: DateTime<Utc>,
    exists: impl Fn(&Backup) -> bool,
) -> Result<Vec<Backup>, TransferError> {
    let backups = backup::list(database).await?;
    let (gone, kept): (Vec<_>, Vec<_>) = backups
        .into_iter()
        .partition(|backup| backup.expires_at <= now && !exists(backup));
    let ids: Vec<Uuid> = gone.iter().map(|backup| backup.id).collect();
    if !ids.is_empty() {
        backup::remove(database, &ids).await?;
    }
    Ok(kept)
}
