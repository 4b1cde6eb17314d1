//! One-time links: whoever has one makes the account it stands for.

use chrono::{DateTime, TimeDelta, Utc};
use domain::staff::{Actor, Permission, Role};
use storage::invitation;

use super::token;
use crate::random::NoRandomness;
use crate::{App, Forbidden, Internal, OpContext};

/// How long a link can be used.
const LIFETIME: TimeDelta = TimeDelta::hours(24);

/// A link that was just made; the token is shown once and kept nowhere.
#[derive(Debug, Clone)]
pub struct Invited {
    /// Behind the link.
    pub token: String,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// What a link is good for.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The role that it gives.
    pub role: Role,
    /// Until when it can be used.
    pub expires_at: DateTime<Utc>,
}

/// Why no link was made.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// The context of somebody at the command line of this machine: whoever has the data folder has everything.
    pub fn command_line(&self) -> Result<OpContext, NoRandomness> {
        let request_id = self.new_id()?;
        let actor = Actor::System("command-line".to_owned());
        Ok(self.context(actor, vec![Role::Administrator], request_id, "command-line"))
    }

    /// Makes a one-time link for a role.
    pub async fn invite(&self, op: &OpContext, role: Role) -> Result<Invited, InviteError> {
        op.require(Permission::InviteStaff)?;
        let token = token::new(&*self.random).map_err(Internal::new)?;
        let expires_at = op.now() + LIFETIME;
        let made = invitation::Invitation {
            role: role.as_str().to_owned(),
            created_at: op.now(),
            expires_at,
            used_at: None,
        };
        invitation::make(self.store.database(), &token::hash(&token), &made)
            .await
            .map_err(Internal::new)?;
        Ok(Invited { token, expires_at })
    }

    /// What a link is good for; none when it is unknown, used or expired.
    pub async fn invitation(&self, token: &str) -> Result<Option<Invitation>, Internal> {
        let found = invitation::load(self.store.database(), &token::hash(token))
            .await
            .map_err(Internal::new)?;
        let Some(found) = found.filter(|found| found.used_at.is_none() && self.now() < found.expires_at)
        else {
            return Ok(None);
        };
        let role = found.role.parse().map_err(Internal::new)?;
        Ok(Some(Invitation {
            role,
            expires_at: found.expires_at,
        }))
    }
}
