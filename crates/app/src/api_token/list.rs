//! The tokens there are.

use domain::ApiTokenId;
use domain::staff::Permission;
use storage::api_token::{self, ApiTokenRow};

use crate::{App, Forbidden, Internal, OpContext};

/// Why tokens cannot be seen.
#[derive(Debug, thiserror::Error)]
pub enum ReadApiTokensError {
    /// The caller lacks the right.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// A fault of ours.
    #[error(transparent)]
    Internal(#[from] Internal),
}

impl App {
    /// The newest thousand, whatever became of them, the newest first.
    pub async fn api_tokens(&self, op: &OpContext) -> Result<Vec<ApiTokenRow>, ReadApiTokensError> {
        op.require(Permission::ManageApiTokens)?;
        Ok(api_token::all(self.store.database())
            .await
            .map_err(Internal::new)?)
    }

    /// What each of them is for.
    pub async fn api_token_names(&self) -> Result<Vec<(ApiTokenId, String)>, Internal> {
        let rows = api_token::all(self.store.database()).await;
        let rows = rows.map_err(Internal::new)?;
        Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
    }
}
