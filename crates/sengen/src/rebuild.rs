//! `sengen rebuild`.

use crate::cli::{ProjectionName, RebuildArgs};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::{output, tree};

/// Builds a projection anew from the log, beside the one that is read, and switches.
pub async fn run(config: &Config, args: &RebuildArgs) -> Result<(), Failure> {
    match args.projection {
        ProjectionName::Declarations => declarations(config).await,
        ProjectionName::Tree => tiles(config).await,
    }
}

/// The tree is the same hash by hash or its tiles were damaged: nothing is switched.
async fn tiles(config: &Config) -> Result<(), Failure> {
    let office = Office::open_unchecked(config).await?;
    let head = office
        .app
        .store()
        .head()
        .await
        .map_err(|error| Failure::from_error(Exit::Storage, &error))?;
    let bar = output::progress(head.get().unsigned_abs(), "events");
    let built = office.tree.rebuild(|size| bar.set(size)).await;
    bar.finish();
    office.close().await;
    let size = built.map_err(|error| tree::failure(&error))?;
    output::line(&format!(
        "the tree over {size} events was built, and continues what was signed"
    ));
    Ok(())
}

async fn declarations(config: &Config) -> Result<(), Failure> {
    let office = Office::open(config).await?;
    let head = office
        .app
        .store()
        .head()
        .await
        .map_err(|error| Failure::from_error(Exit::Storage, &error))?;
    let bar = output::progress(head.get().unsigned_abs(), "events");
    let rebuilt = office
        .app
        .rebuild_declarations(|position| bar.set(position.get().unsigned_abs()))
        .await;
    bar.finish();
    office.close().await;
    let report = rebuilt.map_err(|error| Failure::from_error(Exit::Other, &error))?;
    output::line(&format!(
        "{} declarations, up to position {}",
        report.after.rows, report.compared_at
    ));
    if report.is_same() {
        output::line("the same rows as before");
    } else {
        output::line(&format!(
            "not the same rows as before: there were {}",
            report.before.rows
        ));
    }
    Ok(())
}
