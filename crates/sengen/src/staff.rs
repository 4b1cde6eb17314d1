//! `sengen staff`.

use domain::staff::{Role, StaffId};

use crate::cli::{AccountArgs, InviteArgs, PasswordLinkArgs};
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
    let same_as = match &args.same_person_as {
        Some(login) => Some(account(&office, login).await?),
        None => None,
    };
    let invited = office.app.invite(&op, &roles, same_as).await;
    let invited = invited.map_err(|error| Failure::from_error(Exit::Other, &error))?;
    let url = config.public_url(config.listen.port());
    output::line(&link(url.origin(), &invited.token));
    office.close().await;
    Ok(())
}

/// Prints a one-time link by which somebody chooses another password.
pub async fn password_link(config: &Config, args: &PasswordLinkArgs) -> Result<(), Failure> {
    let office = Office::open(config).await?;
    let id = account(&office, &args.login).await?;
    let failure = |error: &(dyn std::error::Error + 'static)| Failure::from_error(Exit::Other, error);
    let op = office.app.command_line().map_err(|error| failure(&error))?;
    let made = office.app.make_password_link(&op, id).await;
    let made = made.map_err(|error| failure(&error))?;
    let url = config.public_url(config.listen.port());
    output::line(&format!("{}/password#{}", url.origin(), made.token));
    office.close().await;
    Ok(())
}

/// Takes away authenticator, recovery codes and passkeys of somebody who lost them.
pub async fn reset_second_factor(config: &Config, args: &AccountArgs) -> Result<(), Failure> {
    let office = Office::open(config).await?;
    let id = account(&office, &args.login).await?;
    let failure = |error: &(dyn std::error::Error + 'static)| Failure::from_error(Exit::Other, error);
    let op = office.app.command_line().map_err(|error| failure(&error))?;
    let command_id = office.app.new_id().map_err(|error| failure(&error))?;
    let done = office.app.reset_second_factor(&op, None, command_id, id).await;
    done.map_err(|error| failure(&error))?;
    output::line(
        "The authenticator, the recovery codes and the passkeys are gone and the account's sessions have ended; the password alone opens it until one is set up again.",
    );
    office.close().await;
    Ok(())
}

async fn account(office: &Office, login: &str) -> Result<StaffId, Failure> {
    let found = office.app.account_of_login(login).await;
    let found = found.map_err(|error| Failure::from_error(Exit::Other, &error))?;
    found.ok_or_else(|| {
        let message = "nobody has this login; the console lists all under Settings, Staff";
        Failure::new(Exit::Usage, message.to_owned())
    })
}

/// The token stands behind `#`, so that it reaches no server log on the way.
pub fn link(origin: &str, token: &str) -> String {
    format!("{origin}/invitation#{token}")
}
