//! `sengen sample`.

use std::sync::Arc;

use app::sample::{MovingClock, SampleError, SampleOptions};
use app::{Clock as _, SystemClock, day_in_japan};

use crate::cli::SampleArgs;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::output;

/// Fills an empty register with a made-up office of nine years.
pub async fn run(config: &Config, args: &SampleArgs) -> Result<(), Failure> {
    let now = SystemClock.now();
    let clock = Arc::new(MovingClock::until(now));
    let office = Office::open_with(config, Arc::clone(&clock) as Arc<dyn app::Clock>).await?;
    let options = SampleOptions {
        declarations: args.declarations,
        seed: args.seed,
        today: day_in_japan(now),
        folder: config.data_dir.clone(),
    };
    let bar = output::progress(u64::from(args.declarations), "declarations");
    let filled = office
        .app
        .fill_with_sample(&clock, &options, |done| bar.set(done))
        .await;
    bar.finish();
    office.close().await;
    let sampled = filled.map_err(|error| match error {
        SampleError::NotEmpty => Failure::new(Exit::Usage, error.to_string()),
        _ => Failure::from_error(Exit::Other, &error),
    })?;
    output::line(&format!(
        "a made-up office: {} declarations, {} events; not one of its names is real",
        sampled.declarations, sampled.events
    ));
    Ok(())
}
