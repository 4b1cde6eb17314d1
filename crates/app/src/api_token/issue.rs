//! Giving out a token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use domain::ApiTokenId;
use domain::api_token::{Issue, Scope, issue};
use domain::staff::{Permission, SecurityKind};
use event_store::{Append, AppendError};
use uuid::Uuid;

use super::{PREFIX, hash};
use crate::random::derived_id;
use crate::security::Note;
use crate::staff::SignedIn;
use crate::{App, Forbidden, InputProblem, Internal, OpContext};

/// What is wanted.
#[derive(Debug, Clone)]
pub struct IssueApiToken {
    /// Made by the caller, once for each intent. A retry does not show the token again.
    pub command_id: Uuid,
    /// What it is for.
    pub name: String,
    /// What it shall be good for.
    pub scopes: Vec<Scope>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// A token that was just given out.
pub struct IssuedApiToken {
    /// Which.
    pub id: ApiTokenId,
    /// The token itself: shown this once and kept nowhere.
    pub token: String,
}

/// Why no token was given out.
#[derive(Debug, thiserror::Error)]
pub enum IssueApiTokenError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// They have to prove who they are first.
    #[error("the session is not fresh")]
    NotFresh,
    /// What was typed has problems.
    #[error("what was typed has {} problems", .0.len())]
    Invalid(Vec<InputProblem>),
    /// It was given out before, and is not shown again.
    #[error("the token was shown before")]
    ShownBefore,
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// Gives out a token. Whoever does must have proved who they are within the last minutes.
    pub async fn issue_api_token(
        &self,
        op: &OpContext,
        owner: &SignedIn,
        command: &IssueApiToken,
    ) -> Result<IssuedApiToken, IssueApiTokenError> {
        op.require(Permission::ManageApiTokens)?;
        for scope in &command.scopes {
            op.require(scope.permission())?;
        }
        if !owner.is_fresh_at(op.now()) {
            return Err(IssueApiTokenError::NotFresh);
        }
        let mut bytes = [0_u8; 32];
        self.random.fill(&mut bytes).map_err(Internal::new)?;
        let token = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes));
        let id = ApiTokenId::new(derived_id(command.command_id, "api token"));
        let wanted = Issue {
            token_id: id,
            name: command.name.clone(),
            token_hash: hex::encode(hash(&token)),
            scopes: command.scopes.clone(),
            expires_at: command.expires_at,
        };
        let said = issue(&wanted, op.now()).map_err(|problems| {
            let problems = problems.into_iter();
            let read = problems.map(|it| InputProblem::new(it.field(), it.code(), it.japanese()));
            IssueApiTokenError::Invalid(read.collect())
        })?;
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
            Ok(_) => {
                let note = Note::of(SecurityKind::CredentialChanged, "token_issued", owner.staff.id);
                self.note(note).await;
                Ok(IssuedApiToken { id, token })
            }
            Err(AppendError::CommandReused { .. }) => Err(IssueApiTokenError::ShownBefore),
            Err(error) => Err(Internal::new(error).into()),
        }
    }
}
