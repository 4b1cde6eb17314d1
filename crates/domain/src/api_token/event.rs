//! What can happen to a token. Its hash stands in the clear: of 256 random bits it opens nothing.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Scope;
use crate::ids::ApiTokenId;

/// Kind of the tag that every event of a token carries.
pub const TAG_API_TOKEN: &str = "api-token";
/// The schema version that is written today.
pub const SCHEMA_VERSION: u16 = 1;

/// A token was given out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Which.
    pub token_id: ApiTokenId,
    /// What it is for, such as the name of the office and of its program; never of a person.
    pub name: String,
    /// SHA-256 of the token, hexadecimal.
    pub token_hash: String,
    /// What it is good for.
    pub scopes: Vec<Scope>,
    /// Until when.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub expires_at: DateTime<Utc>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiTokenEvent {
    /// It was given out.
    Issued(Issued),
    /// It is good for nothing any more.
    Revoked {
        /// Which.
        token_id: ApiTokenId,
    },
}

/// An event of a token that this version cannot read.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableApiToken {
    /// No event of a token has that type and version.
    #[error("unknown event {event_type} of schema version {version}")]
    Unknown {
        /// The type.
        event_type: String,
        /// The version.
        version: u16,
    },
    /// The data does not have the shape of that version.
    #[error("an event of a token does not have its shape")]
    Shape(#[from] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
struct WireRevoked {
    token_id: ApiTokenId,
}

impl ApiTokenEvent {
    /// The wire types of all events.
    pub const TYPES: [&'static str; 2] = ["api_token.issued", "api_token.revoked"];

    /// The wire type.
    pub const fn event_type(&self) -> &'static str {
        match self {
            Self::Issued(_) => Self::TYPES[0],
            Self::Revoked { .. } => Self::TYPES[1],
        }
    }

    /// Which token it is about.
    pub const fn token_id(&self) -> ApiTokenId {
        match self {
            Self::Issued(Issued { token_id, .. }) | Self::Revoked { token_id } => *token_id,
        }
    }

    /// What stands in the clear.
    pub fn data(&self) -> Value {
        let json = match self {
            Self::Issued(issued) => serde_json::to_value(issued),
            Self::Revoked { token_id } => serde_json::to_value(WireRevoked { token_id: *token_id }),
        };
        json.expect("ids, texts and numbers are JSON")
    }

    /// Reads what stands in the clear.
    pub fn decode(event_type: &str, version: u16, data: &Value) -> Result<Self, UnreadableApiToken> {
        match (event_type, version) {
            ("api_token.issued", SCHEMA_VERSION) => Ok(Self::Issued(Issued::deserialize(data)?)),
            ("api_token.revoked", SCHEMA_VERSION) => {
                let WireRevoked { token_id } = WireRevoked::deserialize(data)?;
                Ok(Self::Revoked { token_id })
            }
            _ => Err(UnreadableApiToken::Unknown {
                event_type: event_type.to_owned(),
                version,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_stored_shapes_are_frozen_and_read_back() {
        let token_id = ApiTokenId::new(Uuid::from_u128(1));
        let id = r#""token_id":"00000000-0000-0000-0000-000000000001""#;
        let issued = Issued {
            token_id,
            name: "見本県 補助金システム".to_owned(),
            token_hash: "ab".to_owned(),
            scopes: vec![Scope::ReadDeclarations, Scope::ReadPersonal],
            expires_at: DateTime::UNIX_EPOCH,
        };
        let cases = [
            (
                ApiTokenEvent::Issued(issued),
                format!(
                    r#"api_token.issued {{"expires_at":0,"name":"見本県 補助金システム","scopes":["declarations","personal"],"token_hash":"ab",{id}}}"#
                ),
            ),
            (
                ApiTokenEvent::Revoked { token_id },
                format!("api_token.revoked {{{id}}}"),
            ),
        ];
        assert_eq!(cases.len(), ApiTokenEvent::TYPES.len());
        for (event, stored) in cases {
            assert_eq!(format!("{} {}", event.event_type(), event.data()), stored);
            let read = ApiTokenEvent::decode(event.event_type(), SCHEMA_VERSION, &event.data());
            assert_eq!(read.expect("it reads back"), event);
        }
        assert!(ApiTokenEvent::decode("api_token.revoked", 2, &Value::Null).is_err());
    }
}
