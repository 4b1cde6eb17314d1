//! `sengen backup`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use app::transfer::{BackupOptions, TransferError, backup, drop_expired};
use app::{Clock as _, SystemClock, SystemRandom, day_in_japan};
use chrono::TimeDelta;
use serde_json::json;

use crate::cli::BackupArgs;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::transfer::{self, Bars, failure};
use crate::{office, output};

/// Makes a backup, or lists those that were made.
pub async fn run(config: &Config, args: &BackupArgs) -> Result<(), Failure> {
    let database = office::existing_database(&office::database_url(config)).await?;
    let outcome = match &args.to {
        Some(path) => make(config, args, path, &database).await,
        None => list(args, &database).await,
    };
    database.close().await;
    outcome
}

async fn make(
    config: &Config,
    args: &BackupArgs,
    path: &Path,
    database: &event_store::Database,
) -> Result<(), Failure> {
    let refused = |error: TransferError| failure(&error, Exit::Other);
    let began = Instant::now();
    let options = BackupOptions {
        path: PathBuf::from(path),
        keys_url: config.keys_url.clone(),
        with_keys: !args.without_keys,
        keep_for: TimeDelta::days(config.backup_days.into()),
        program: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let now = SystemClock.now();
    drop_expired(database, now, |backup| Path::new(&backup.path).exists())
        .await
        .map_err(refused)?;
    let bars = Bars::new();
    let tell = |step, done, of| bars.tell(step, done, of);
    let made = backup(database, &options, now, &SystemRandom, &tell).await;
    bars.finish();
    let (entry, manifest) = made.map_err(refused)?;
    if args.json {
        let mut summary = transfer::json(&manifest.summary, began);
        summary["id"] = entry.id.to_string().into();
        summary["file"] = entry.path.into();
        summary["bytes"] = entry.bytes.into();
        summary["sha256"] = entry.sha256.into();
        summary["with_keys"] = entry.with_keys.into();
        summary["expires_at"] = entry.expires_at.to_rfc3339().into();
        output::line(&summary.to_string());
        return Ok(());
    }
    transfer::tell(&manifest.summary, began);
    output::line(&format!(
        "{}: {} bytes, SHA-256 {}",
        entry.path, entry.bytes, entry.sha256
    ));
    let keys = if entry.with_keys {
        "the wrapped keys are in it, the key file is not"
    } else {
        "without keys: back the keyring up by itself"
    };
    output::line(&format!(
        "{keys}; destroy its copies by {}",
        day_in_japan(entry.expires_at)
    ));
    Ok(())
}

async fn list(args: &BackupArgs, database: &event_store::Database) -> Result<(), Failure> {
    let now = SystemClock.now();
    let exists = |backup: &storage::backup::Backup| Path::new(&backup.path).exists();
    let backups = drop_expired(database, now, exists)
        .await
        .map_err(|error| failure(&error, Exit::Other))?;
    if args.json {
        let rows: Vec<_> = backups
            .iter()
            .map(|backup| {
                json!({
                    "id": backup.id,
                    "made_at": backup.made_at.to_rfc3339(),
                    "position": backup.position.get(),
                    "file": backup.path,
                    "is_there": exists(backup),
                    "bytes": backup.bytes,
                    "sha256": backup.sha256,
                    "with_keys": backup.with_keys,
                    "expires_at": backup.expires_at.to_rfc3339(),
                    "expired": backup.expires_at <= now,
                })
            })
            .collect();
        output::line(&json!(rows).to_string());
        return Ok(());
    }
    if backups.is_empty() {
        output::line("no backups");
    }
    for backup in &backups {
        let keys = if backup.with_keys {
            "with keys"
        } else {
            "without keys"
        };
        let expires = day_in_japan(backup.expires_at);
        let expires = if backup.expires_at <= now {
            format!("expired on {expires}: destroy it")
        } else {
            format!("until {expires}")
        };
        let moved = if exists(backup) {
            ""
        } else {
            " (not there any more)"
        };
        output::line(&format!(
            "{}  position {}  {keys}  {expires}  {}{moved}",
            backup.made_at.to_rfc3339(),
            backup.position,
            backup.path
        ));
    }
    Ok(())
}
