//! Passkeys: keys on a device that asks its owner who they are, and that sign for our address alone.
//!
//! One is two factors in one, so it begins a whole session, and makes one fresh. Adding and removing ask for a session that is fresh;
//! both are events of the account, and its owner hears of them by mail. The library makes the challenges, with dice of its own.

mod add;
mod ceremony;
mod refresh;
mod relying_party;
mod sign_in;

use chrono::{DateTime, Utc};
use domain::staff::StaffId;
use storage::passkey;
use uuid::Uuid;

use crate::{App, Internal};

pub use add::PasskeyError;
pub use ceremony::{Asked, PasskeyRefreshError};
pub use relying_party::{NoPasskeys, RelyingParty};

/// A passkey as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPasskey {
    /// By which it is renamed and removed; it opens nothing.
    pub id: Uuid,
    /// What its owner calls it.
    pub name: String,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Whether a copy of it was noticed: it opens nothing any more.
    pub is_suspected: bool,
}

impl App {
    /// The same office with passkeys for pages at that address, `scheme://host[:port]`.
    #[must_use]
    pub fn with_passkeys(mut self, origin: &str) -> Self {
        self.passkeys = RelyingParty::at(origin);
        self
    }

    /// Why there are no passkeys here; none: there are.
    pub fn no_passkeys(&self) -> Option<NoPasskeys> {
        self.passkeys.as_ref().err().copied()
    }

    /// One's own passkeys, the oldest first.
    pub async fn own_passkeys(&self, owner: StaffId) -> Result<Vec<OwnPasskey>, Internal> {
        let found = passkey::of(self.store.database(), owner.0).await;
        let found = found.map_err(Internal::new)?.into_iter();
        Ok(found
            .map(|found| OwnPasskey {
                id: found.id,
                name: found.name,
                created_at: found.created_at,
                last_used_at: found.last_used_at,
                is_suspected: found.suspected_at.is_some(),
            })
            .collect())
    }

    /// Whether an account can be opened by a passkey.
    pub async fn has_passkey(&self, id: StaffId) -> Result<bool, Internal> {
        let found = passkey::count(self.store.database(), id.0).await;
        Ok(found.map_err(Internal::new)? > 0)
    }
}
