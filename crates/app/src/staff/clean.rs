//! What is left of signing in when it is over.

use storage::{
    identity_attempt, invitation, mail_link, passkey_ceremony, password_link, security_record, session,
    sign_in_attempt, sign_in_delay, totp, viewer,
};

use super::second_factor::CONFIRM_WITHIN;
use super::sign_in::{FORGOTTEN_AFTER, KNOWN_FOR};
use crate::{App, Internal};

impl App {
    /// Removes sessions and links that are long over, and failed tries that delay nobody any more, what waits for a code
    /// no more, and pages that were left open by a process that died; says how many rows went.
    pub async fn clean_sign_ins(&self) -> Result<u64, Internal> {
        let (database, now) = (self.store.database(), self.now());
        let sessions = session::clean(database, now - KNOWN_FOR)
            .await
            .map_err(Internal::new)?;
        let links = invitation::clean(database, now - KNOWN_FOR)
            .await
            .map_err(Internal::new)?;
        let resets = password_link::clean(database, now - KNOWN_FOR)
            .await
            .map_err(Internal::new)?;
        let delays = sign_in_delay::clean(database, now - FORGOTTEN_AFTER)
            .await
            .map_err(Internal::new)?;
        let attempts = sign_in_attempt::clean(database, now)
            .await
            .map_err(Internal::new)?;
        let proposed = totp::clean(database, now - CONFIRM_WITHIN)
            .await
            .map_err(Internal::new)?;
        let asked = passkey_ceremony::clean(database, now)
            .await
            .map_err(Internal::new)?;
        let sent = identity_attempt::clean(database, now)
            .await
            .map_err(Internal::new)?;
        let mails = mail_link::clean(database, now).await.map_err(Internal::new)?;
        let records = security_record::clean(database, now - KNOWN_FOR)
            .await
            .map_err(Internal::new)?;
        let pages = viewer::clean(self.storage.read_recorder(), now - KNOWN_FOR)
            .await
            .map_err(Internal::new)?;
        Ok(pages + mails + records + sessions + links + resets + delays + attempts + proposed + asked + sent)
    }
}
