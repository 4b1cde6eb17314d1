//! Taking a token back: it is good for nothing from the next request on, on every node.

use domain::ApiTokenId;
use domain::api_token::ApiTokenEvent;
use domain::staff::{Permission, SecurityKind};
use event_store::{Append, AppendError};
use storage::api_token;
use uuid::Uuid;

use crate::security::Note;
use crate::{App, Forbidden, Internal, OpContext};

/// Which token.
#[derive(Debug, Clone, Copy)]
pub struct RevokeApiToken {
    /// Made by the caller, once for each intent; a retry with the same id has the same result.
    pub command_id: Uuid,
    /// Which.
    pub id: ApiTokenId,
}

/// Why a token is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RevokeApiTokenError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// There is no such token.
    #[error("there is no token {0}")]
    NotFound(ApiTokenId),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Takes a token back. One that was taken back before stays so.
    pub async fn revoke_api_token(
        &self,
        op: &OpContext,
        command: RevokeApiToken,
    ) -> Result<(), RevokeApiTokenError> {
        op.require(Permission::ManageApiTokens)?;
        let known = api_token::by_id(self.store.database(), command.id).await;
        let known = known.map_err(Internal::new)?;
        let known = known.ok_or(RevokeApiTokenError::NotFound(command.id))?;
        if known.revoked_at.is_some() {
            return Ok(());
        }
        let said = ApiTokenEvent::Revoked { token_id: command.id };
        let append = Append {
            command_id: command.command_id,
            actor: op.actor().to_string(),
            correlation_id: op.request_id(),
            reason: None,
            events: vec![self.api_token_event(&said)?],
            guards: Vec::new(),
            recorded_at: op.now(),
        };
        match self.store.append(append).await {
            // The same command was as fast, under another event id.
            Ok(_) | Err(AppendError::CommandReused { .. }) => {}
            Err(error) => return Err(Internal::new(error).into()),
        }
        // An id that stands for something else took nothing back.
        let known = api_token::by_id(self.store.database(), command.id).await;
        let is_over = known
            .map_err(Internal::new)?
            .is_some_and(|it| it.revoked_at.is_some());
        if !is_over {
            return Err(RevokeApiTokenError::NotFound(command.id));
        }
        if let Some(by) = op.staff_id() {
            let note = Note::of(SecurityKind::CredentialChanged, "token_revoked", by);
            self.note(note).await;
        }
        Ok(())
    }
}
