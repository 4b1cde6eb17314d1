//! Taking the second factor of somebody else away, because they lost the authenticator and the codes, or the device with the passkey.

use chrono::{DateTime, Utc};
use domain::staff::{CredentialChange, Permission, SecurityKind, StaffEvent, StaffId};
use event_store::AppendError;
use storage::{passkey, totp};
use uuid::Uuid;

use super::Deed;
use crate::security::Note;
use crate::staff::SignedIn;
use crate::{App, Forbidden, Internal, OpContext};

/// Why it was not taken away.
#[derive(Debug, thiserror::Error)]
pub enum ResetSecondFactorError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// They have to prove once more who they are.
    #[error("the session is not fresh")]
    NotFresh,
    /// There is no such account.
    #[error("there is no account {0}")]
    NotFound(StaffId),
    /// One's own is removed with the password and a code.
    #[error("nobody resets their own second factor")]
    Oneself,
    /// There is nothing to take away.
    #[error("the account has no second factor")]
    NoSecondFactor,
    /// Its owner, or another administrator, changed something in the same moment.
    #[error("a credential of the account was changed in the same moment")]
    Stale,
    /// The command id was used before for something else.
    #[error("the command id was used before for something else")]
    CommandReused,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Takes authenticator, recovery codes and passkeys of a member of staff away and ends all their sessions: the password alone is
    /// enough until they set one up again. All of them, because what is lost is mostly one device that had them all.
    /// `asks` is the session of whoever does it; whoever has the machine has none.
    pub async fn reset_second_factor(
        &self,
        op: &OpContext,
        asks: Option<&SignedIn>,
        command_id: Uuid,
        id: StaffId,
    ) -> Result<(), ResetSecondFactorError> {
        op.require(Permission::ManageStaff)?;
        if op.staff_id().is_some() && !asks.is_some_and(|asks| asks.is_fresh_at(self.now())) {
            return Err(ResetSecondFactorError::NotFresh);
        }
        if op.staff_id() == Some(id) {
            return Err(ResetSecondFactorError::Oneself);
        }
        let seen = self.store.head().await.map_err(Internal::new)?;
        let known = self.account_detail(id).await?;
        known.ok_or(ResetSecondFactorError::NotFound(id))?;
        let said = StaffEvent::CredentialChanged {
            staff_id: id,
            what: CredentialChange::SecondFactorReset,
        };
        if let Some(before) = self.deed_before(command_id, id, &said).await? {
            let before = before.ok_or(ResetSecondFactorError::CommandReused)?;
            // The process may have ended between the event and the row. What was set up since then stays.
            return Ok(self.take_away(id, before.at).await?);
        }
        let passkeys = passkey::of(self.store.database(), id.0).await;
        if passkeys.map_err(Internal::new)?.is_empty() && !self.has_totp(id).await? {
            return Err(ResetSecondFactorError::NoSecondFactor);
        }
        let deed = Deed {
            actor: op.actor().clone(),
            command_id,
            request_id: op.request_id(),
        };
        let what = CredentialChange::SecondFactorReset;
        let events = self.credential_events(id, what, command_id).await?;
        match self.append_deed(id, deed, events, seen).await {
            Ok(()) => {
                self.take_away(id, self.now()).await?;
                self.note_credential(id, what, op.actor()).await;
                let note = Note::of(SecurityKind::SessionEnded, "second_factor_reset", id);
                self.note_by(note, op.actor()).await;
                Ok(())
            }
            // What stood in the way may be this very command, which was as fast and does the rest.
            Err(AppendError::Conflict(_) | AppendError::CommandReused { .. }) => {
                match self.deed_before(command_id, id, &said).await? {
                    Some(Some(_)) => Ok(()),
                    Some(None) => Err(ResetSecondFactorError::CommandReused),
                    None => Err(ResetSecondFactorError::Stale),
                }
            }
            Err(error) => Err(Internal::new(error).into()),
        }
    }

    /// What was there at a moment.
    async fn take_away(&self, id: StaffId, at: DateTime<Utc>) -> Result<(), Internal> {
        let removed = totp::reset(self.store.database(), id.0, at, self.now()).await;
        removed.map(drop).map_err(Internal::new)
    }
}
