//! Letting the provider vouch for somebody no more.

use domain::staff::CredentialChange;
use storage::identity;
use uuid::Uuid;

use crate::staff::SignedIn;
use crate::{App, Internal};

/// Why it still can.
#[derive(Debug, thiserror::Error)]
pub enum UnlinkError {
    /// They have to prove once more who they are.
    #[error("the session is not fresh")]
    NotFresh,
    /// It cannot as it is, or another change of the same moment was faster.
    #[error("the account is not linked")]
    NotLinked,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// The provider can vouch for whoever is signed in no more.
    pub async fn unlink_provider(&self, owner: &SignedIn, request_id: Uuid) -> Result<(), UnlinkError> {
        if !owner.is_fresh_at(self.now()) {
            return Err(UnlinkError::NotFresh);
        }
        let id = owner.staff.id;
        let seen = self.store.head().await.map_err(Internal::new)?;
        if self.own_identity(id).await?.is_none() {
            return Err(UnlinkError::NotLinked);
        }
        let what = CredentialChange::IdentityUnlinked;
        if !self.append_credential_change(id, what, seen, request_id).await? {
            return Err(UnlinkError::NotLinked);
        }
        let unlinked = identity::unlink(self.store.database(), id.0).await;
        unlinked.map(drop).map_err(|error| Internal::new(error).into())
    }
}
