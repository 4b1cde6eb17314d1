//! `sengen sample`.

use crate::cli::SampleArgs;
use crate::config::Config;
use crate::exit::Failure;

/// Fills an empty register with a made-up office of nine years.
pub async fn run(_config: &Config, _args: &SampleArgs) -> Result<(), Failure> {
    Ok(())
}
