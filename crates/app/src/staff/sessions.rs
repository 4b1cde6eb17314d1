//! One's own sessions: seeing them, and ending those that one does not know.

use chrono::{DateTime, Utc};
use domain::staff::{SecurityKind, SignInMethod, StaffId};
use storage::session;

use super::token;
use crate::security::Note;
use crate::{App, Internal};

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// Opens nothing: the hash of the token, hexadecimal.
    pub id: String,
    /// Whether it is the one that asks.
    pub is_this: bool,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used, to a minute.
    pub last_seen_at: DateTime<Utc>,
    /// Where it began.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub user_agent: Option<String>,
    /// How it was opened; none: before that was kept.
    pub method: Option<SignInMethod>,
}

impl App {
    /// The sessions of whoever asks with a token, the newest first.
    pub async fn own_sessions(&self, owner: StaffId, token: &str) -> Result<Vec<OwnSession>, Internal> {
        let this = token::hash(token);
        let open = session::open_of(self.store.database(), owner.0, self.now()).await;
        let open = open.map_err(Internal::new)?.into_iter();
        Ok(open
            .map(|found| OwnSession {
                id: hex::encode(&found.id_hash),
                is_this: found.id_hash == this,
                created_at: found.session.created_at,
                last_seen_at: found.session.last_seen_at,
                address: found.session.address,
                method: found.session.method.as_deref().and_then(SignInMethod::of_code),
                user_agent: found.session.user_agent,
            })
            .collect())
    }

    /// Ends one of one's own sessions; says how many ended: none when it is over or somebody else's.
    pub async fn end_own_session(&self, owner: StaffId, id: &str) -> Result<u64, Internal> {
        let Ok(hash) = hex::decode(id) else { return Ok(0) };
        let ended = session::end_of(self.store.database(), &hash, owner.0, false, self.now()).await;
        self.note_ended(owner, "one_of_own", ended.map_err(Internal::new)?)
            .await
    }

    /// Ends all of one's own sessions but the one that asks; says how many.
    pub async fn end_other_sessions(&self, owner: StaffId, token: &str) -> Result<u64, Internal> {
        let this = token::hash(token);
        let ended = session::end_of(self.store.database(), &this, owner.0, true, self.now()).await;
        self.note_ended(owner, "all_others_of_own", ended.map_err(Internal::new)?)
            .await
    }

    async fn note_ended(&self, owner: StaffId, detail: &str, count: u64) -> Result<u64, Internal> {
        if count > 0 {
            let note = Note::of(SecurityKind::SessionEnded, detail, owner);
            self.note(note).await;
        }
        Ok(count)
    }
}
