//! The identity provider of the configuration.

use std::sync::Arc;

use admin_api::PROVIDER_PATH;
use app::staff::SingleSignOn;
use identity::{OpenIdConnect, ProviderSettings};

use crate::config::Config;
use crate::exit::{Exit, Failure, chain};

/// Made ready; it is asked nothing before somebody wants to sign in. `origin`: where the console is.
pub fn open(config: &Config, origin: &str) -> Result<Option<SingleSignOn>, Failure> {
    let Some(provider) = &config.provider else {
        return Ok(None);
    };
    let opened = OpenIdConnect::new(ProviderSettings {
        issuer: provider.issuer.clone(),
        client_id: provider.client_id.clone(),
        client_secret: provider.client_secret.clone(),
        redirect_url: format!("{origin}{PROVIDER_PATH}"),
        scopes: provider.scopes.clone(),
        groups_claim: provider.groups_claim.clone(),
    });
    let opened = opened.map_err(|error| {
        Failure::new(
            Exit::Usage,
            format!("sign_in.oidc cannot be used: {}", chain(&error)),
        )
    })?;
    Ok(Some(SingleSignOn {
        provider: Arc::new(opened),
        label: provider.label.clone(),
        group_roles: provider.group_roles.clone(),
    }))
}
