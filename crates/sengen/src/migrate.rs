//! `sengen migrate`.

use crate::config::Config;
use crate::exit::Failure;
use crate::{office, output};

/// Brings the database to this version's schema.
pub async fn run(config: &Config) -> Result<(), Failure> {
    office::migrate(config).await?;
    output::line("the database has this version's schema");
    Ok(())
}
