//! Tokens by which programs of other offices read. They are made for one program, shown once, and kept as a hash.

mod authenticate;
mod issue;
mod list;
mod revoke;

pub use authenticate::TokenBearer;
pub use issue::{IssueApiToken, IssueApiTokenError, IssuedApiToken};
pub use list::ReadApiTokensError;
pub use revoke::{RevokeApiToken, RevokeApiTokenError};

use domain::api_token::{ApiTokenEvent, SCHEMA_VERSION, TAG_API_TOKEN};
use event_store::{NewEvent, Tag};
use sha2::{Digest as _, Sha256};

use crate::{App, Internal};

/// What every token begins with, so that one is recognised where it was left lying.
const PREFIX: &str = "sengen_";

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

impl App {
    fn api_token_event(&self, said: &ApiTokenEvent) -> Result<NewEvent, Internal> {
        Ok(NewEvent {
            id: self.new_id().map_err(Internal::new)?,
            event_type: said.event_type().to_owned(),
            schema_version: SCHEMA_VERSION,
            tags: vec![Tag::new(TAG_API_TOKEN, said.token_id()).map_err(Internal::new)?],
            effective_at: crate::day_in_japan(self.now()),
            data: said.data(),
            personal: Vec::new(),
        })
    }
}
