//! `sengen copy`.

use std::time::Instant;

use app::transfer::{TargetOptions, copy};

use crate::cli::CopyArgs;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::transfer::{Bars, catch_up, failure, json, tell};
use crate::{office, output};

/// Copies a register into an empty database, reads it back, and brings its projections up.
pub async fn run(config: &Config, args: &CopyArgs) -> Result<(), Failure> {
    for url in [&args.from, &args.to] {
        if !["sqlite:", "postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
        {
            let message = "--from and --to must be sqlite:PATH or postgres://USER@HOST/DATABASE";
            return Err(Failure::new(Exit::Usage, message));
        }
    }
    let began = Instant::now();
    let from = office::existing_database(&args.from).await?;
    let target = TargetOptions {
        url: args.to.clone(),
        kept_keys: None,
        encryption_keys: office::existing_keys(config)?,
    };
    let bars = Bars::new();
    let copied = copy(&from, config.keys_url.as_deref(), &target, &|step, done, of| {
        bars.tell(step, done, of);
    })
    .await;
    bars.finish();
    from.close().await;
    let summary = copied.map_err(|error| failure(&error, Exit::Other))?;
    // The keys of the copy are beside it.
    let config = Config {
        keys_url: None,
        ..config.clone()
    };
    catch_up(&config, &args.to).await?;
    if args.json {
        output::line(&json(&summary, began).to_string());
    } else {
        tell(&summary, began);
        output::line(
            "the copy is the same: head, events, receipts, tables, keys and Merkle root were read back",
        );
        output::line("it opens with the same key file; stop the old register before this one takes over");
    }
    Ok(())
}
