//! `sengen restore`.

use std::time::Instant;

use app::transfer::{Archive, KeptKeys, TargetOptions, TransferError, restore};

use crate::cli::RestoreArgs;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::transfer::{Bars, catch_up, failure, json, tell};
use crate::{office, output};

/// Looks through the archive, makes its register in an empty place, and brings the projections up.
pub async fn run(config: &Config, args: &RestoreArgs) -> Result<(), Failure> {
    let began = Instant::now();
    let bars = Bars::new();
    let outcome = make(config, args, &bars).await;
    bars.finish();
    let archive = outcome?;
    let manifest = archive.manifest();
    if args.json {
        let mut summary = json(&manifest.summary, began);
        summary["id"] = manifest.id.to_string().into();
        summary["created_at"] = manifest.created_at.to_rfc3339().into();
        summary["sha256"] = archive.sha256().into();
        output::line(&summary.to_string());
        return Ok(());
    }
    tell(&manifest.summary, began);
    let made = format!(
        "backup {} of {}, made by version {}",
        manifest.id,
        manifest.created_at.to_rfc3339(),
        manifest.program
    );
    output::line(&made);
    output::line(if args.check {
        "the file is whole, and every row in it is what was written; nothing was made of it"
    } else {
        "restored: every row was read back, and is what was written"
    });
    Ok(())
}

async fn make(config: &Config, args: &RestoreArgs, bars: &Bars) -> Result<Archive, Failure> {
    let refused = |error: &TransferError| failure(error, Exit::Input);
    let tell = |step, done, of| bars.tell(step, done, of);
    let archive = Archive::check(&args.file, &tell).map_err(|error| refused(&error.into()))?;
    if args.check {
        let checked = archive.check_rows(&tell).await;
        return checked.map(|()| archive).map_err(|error| refused(&error));
    }
    office::prepare_folder(&config.data_dir)?;
    if config.keys_url.is_some() && !args.keep_keys {
        return Err(Failure::new(
            Exit::Usage,
            "the keys have a database of their own (keys_url), which a restore does not fill: restore it by its own means \
             and give --keep-keys, or leave keys_url out",
        ));
    }
    let kept = || KeptKeys {
        url: config.keys_url.clone(),
    };
    let target = TargetOptions {
        url: office::database_url(config),
        kept_keys: args.keep_keys.then(kept),
        encryption_keys: office::existing_keys(config)?,
    };
    restore(&archive, &target, &tell)
        .await
        .map_err(|error| refused(&error))?;
    bars.finish();
    catch_up(config, &target.url).await?;
    Ok(archive)
}
