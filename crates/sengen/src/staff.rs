//! `sengen staff`.

use domain::staff::Role;

use crate::cli::InviteArgs;
use crate::config::Config;
use crate::exit::{Exit, Failure};
use crate::office::Office;
use crate::output;

/// Prints a one-time link that makes an account.
pub async fn invite(config: &Config, args: &InviteArgs) -> Result<(), Failure> {
    let roles = args.roles.iter().map(|role| role.parse());
    let roles: Vec<Role> = roles
        .collect::<Result<_, _>>()
        .map_err(|error| Failure::from_error(Exit::Usage, &error))?;
    let office = Office::open(config).await?;
    let op = office
        .app
        .command_line()
        .map_err(|error| Failure::from_error(Exit::Other, &error))?;
    let invited = office.app.invite(&op, &roles).await;
    let invited = invited.map_err(|error| Failure::from_error(Exit::Other, &error))?;
    let url = config.public_url(config.listen.port());
    output::line(&link(url.origin(), &invited.token));
    office.close().await;
    Ok(())
}

/// The token stands behind `#`, so that it reaches no server log on the way.
pub fn link(origin: &str, token: &str) -> String {
    format!("{origin}/invitation#{token}")
}
