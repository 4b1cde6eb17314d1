//! Files whose change never came.

use domain::declaration::TAG_ATTACHMENT;
use event_store::{Position, Query, Tag};
use storage::attachment;

use super::WAITS;
use crate::{App, Internal};

impl App {
    /// Removes files that no change has named within a day; says how many went.
    pub async fn clean_uploads(&self) -> Result<u64, Internal> {
        let (database, before) = (self.store.database(), self.now() - WAITS);
        let mut removed = 0;
        loop {
            let waiting = attachment::waiting_before(database, before).await;
            let waiting = waiting.map_err(Internal::new)?;
            if waiting.is_empty() {
                return Ok(removed);
            }
            let (mut named, mut unnamed) = (Vec::new(), Vec::new());
            for id in waiting {
                let tag = Tag::new(TAG_ATTACHMENT, id).map_err(Internal::new)?;
                let events = self.store.read(&Query::tagged(tag), Position::START, 1).await;
                let is_named = !events.map_err(Internal::new)?.is_empty();
                (if is_named { &mut named } else { &mut unnamed }).push(id);
            }
            attachment::keep(database, &named).await.map_err(Internal::new)?;
            attachment::remove(database, &unnamed)
                .await
                .map_err(Internal::new)?;
            removed += u64::try_from(unnamed.len()).unwrap_or(u64::MAX);
        }
    }
}
