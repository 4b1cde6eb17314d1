//! What is left of signing in when it is over.

use storage::{invitation, session, sign_in_delay};

use super::sign_in::{FORGOTTEN_AFTER, KNOWN_FOR};
use crate::{App, Internal};

impl App {
    /// Removes sessions and links that are long over, and failed tries that delay nobody any more; says how many rows went.
    pub async fn clean_sign_ins(&self) -> Result<u64, Internal> {
        let (database, now) = (self.store.database(), self.now());
        let sessions = session::clean(database, now - KNOWN_FOR)
            .await
            .map_err(Internal::new)?;
        let links = invitation::clean(database, now - KNOWN_FOR)
            .await
            .map_err(Internal::new)?;
        let delays = sign_in_delay::clean(database, now - FORGOTTEN_AFTER)
            .await
            .map_err(Internal::new)?;
        Ok(sessions + links + delays)
    }
}
