//! A token as administrators see it: never the token itself.

use async_graphql::{ComplexObject, Context, Enum, ID, Result, SimpleObject};
use storage::api_token::ApiTokenRow;

use crate::declaration::enums::mirrored;
use crate::declaration::history::{Actor, actor_of};
use crate::scalars::DateTime;

mirrored! {
    /// What a token is good for. It only ever reads.
    ApiTokenScope = domain::api_token::Scope {
        /// The register's public facts.
        ReadDeclarations,
        /// Names of persons, contact data and free text; each such read is recorded.
        ReadPersonal,
        /// Where declarations stand, asked for by their numbers on the public listener. Good for nothing else.
        CheckStatus,
    }
}

/// Where a token stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ApiTokenStatus {
    /// It is good.
    Good,
    /// Its time is over.
    Expired,
    /// Somebody took it back.
    Revoked,
}

/// A token.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct ApiToken {
    /// Which.
    pub id: ID,
    /// What it is for.
    pub name: String,
    /// What it is good for.
    pub scopes: Vec<ApiTokenScope>,
    /// Where it stands.
    pub status: ApiTokenStatus,
    /// When it was given out.
    pub issued_at: DateTime,
    /// Until when it is good.
    pub expires_at: DateTime,
    /// When it was last used, at most a minute behind; null: never.
    pub used_at: Option<DateTime>,
    /// When somebody took it back.
    pub revoked_at: Option<DateTime>,
    #[graphql(skip)]
    by: String,
    #[graphql(skip)]
    revoked: Option<String>,
}

#[ComplexObject]
impl ApiToken {
    /// Who gave it out.
    async fn issued_by(&self, ctx: &Context<'_>) -> Result<Actor> {
        actor_of(ctx, &self.by).await
    }

    /// Who took it back.
    async fn revoked_by(&self, ctx: &Context<'_>) -> Result<Option<Actor>> {
        match &self.revoked {
            Some(by) => Ok(Some(actor_of(ctx, by).await?)),
            None => Ok(None),
        }
    }
}

impl ApiToken {
    /// As it stands at a moment.
    pub fn new(row: ApiTokenRow, now: chrono::DateTime<chrono::Utc>) -> Self {
        let status = match row.revoked_at {
            Some(_) => ApiTokenStatus::Revoked,
            None if row.holds_at(now) => ApiTokenStatus::Good,
            None => ApiTokenStatus::Expired,
        };
        Self {
            id: ID(row.id.to_string()),
            name: row.name,
            scopes: row.scopes.into_iter().map(Into::into).collect(),
            status,
            issued_at: DateTime(row.issued_at),
            expires_at: DateTime(row.expires_at),
            used_at: row.used_at.map(DateTime),
            revoked_at: row.revoked_at.map(DateTime),
            by: row.issued_by,
            revoked: row.revoked_by,
        }
    }
}
