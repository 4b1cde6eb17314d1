//! `sengen rebuild`.

use app::rebuild::{Comparison, Difference, RebuildOptions};

use crate::cli::{ProjectionName, RebuildArgs};
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::output::{self, Progress};
use crate::tree;

/// Builds a projection anew from the log, beside the one that is read, and switches.
pub async fn run(config: &Config, args: &RebuildArgs) -> Result<(), Failure> {
    match args.projection {
        ProjectionName::Declarations => declarations(config, args).await,
        ProjectionName::Figures => figures(config).await,
        ProjectionName::Tree => tiles(config).await,
    }
}

/// The tree is the same hash by hash or its tiles were damaged: nothing is switched.
async fn tiles(config: &Config) -> Result<(), Failure> {
    let office = Office::open_unchecked(config).await?;
    let bar = progress(&office).await?;
    let built = office.tree.rebuild(|size| bar.set(size)).await;
    bar.finish();
    office.close().await;
    let size = built.map_err(|error| tree::failure(&error))?;
    output::line(&format!(
        "the tree over {size} events was built, and continues what was signed"
    ));
    Ok(())
}

/// Rows are mended where they are: there are no old ones to drop.
async fn figures(config: &Config) -> Result<(), Failure> {
    let office = Office::open(config).await?;
    let rebuilt = office.app.rebuild_figures().await;
    office.close().await;
    let report = rebuilt.map_err(|error| Failure::from_error(Exit::Other, &error))?;
    output::line(&match report.mended {
        0 => format!("the figures are right, up to position {}", report.position),
        rows => format!(
            "{rows} rows of the figures were wrong and are mended, up to position {}",
            report.position
        ),
    });
    Ok(())
}

async fn declarations(config: &Config, args: &RebuildArgs) -> Result<(), Failure> {
    let office = Office::open(config).await?;
    if args.drop_old {
        let dropped = office.app.drop_old_declarations().await;
        office.close().await;
        dropped.map_err(|error| Failure::from_error(Exit::Other, &error))?;
        output::line("the old rows are dropped");
        return Ok(());
    }
    let bar = progress(&office).await?;
    let options = RebuildOptions {
        memory: args.memory.saturating_mul(1 << 20),
    };
    let rebuilt = office
        .app
        .rebuild_declarations(options, |position| bar.set(position.get().unsigned_abs()))
        .await;
    bar.finish();
    office.close().await;
    let report = rebuilt.map_err(|error| Failure::from_error(Exit::Other, &error))?;
    if report.resumed {
        output::line("a rebuild that was interrupted was finished");
    }
    output::line(&format!(
        "{} declarations, up to position {}",
        report.rows, report.position
    ));
    match &report.comparison {
        None => output::line("not compared: the rows that were read were far behind the log"),
        Some(comparison) if comparison.is_same() => output::line("the same rows as before"),
        Some(comparison) => differences(comparison),
    }
    output::line("the old rows are kept: sengen rebuild declarations --drop-old drops them");
    Ok(())
}

fn differences(comparison: &Comparison) {
    output::line(&format!(
        "not the same rows as before: of {} rows {} are gone, {} are new and {} have changed; {} counts differ",
        comparison.before,
        comparison.only_before,
        comparison.only_after,
        comparison.changed,
        comparison.counts,
    ));
    for differing in &comparison.first {
        let how = match differing.how {
            Difference::OnlyBefore => "is gone",
            Difference::OnlyAfter => "is new",
            Difference::Changed => "has changed",
        };
        output::line(&format!("  {} (id {}) {how}", differing.number, differing.id));
    }
    let named = comparison.first.len() as u64;
    let all = comparison.only_before + comparison.only_after + comparison.changed;
    if all > named {
        output::line(&format!("  and {} more", all - named));
    }
}

/// A bar as long as the log.
async fn progress(office: &Office) -> Result<Progress, Failure> {
    let head = office.app.store().head().await;
    let head = head.map_err(|error| Failure::from_error(Exit::Storage, &error))?;
    Ok(output::progress(head.get().unsigned_abs(), "events"))
}
