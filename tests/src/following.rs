//! The log of an office as another process sees it grow: a test waits for what happens, and does not ask again and again.

use event_store::{EventStore, KeyEncryptionKey, Keyring, OpenOptions};

use crate::office::Office;

/// Whoever waits for what happens in an office.
pub struct Following(EventStore);

impl Office {
    /// Follows what happens in it; the binary must have run before.
    pub async fn follow(&self) -> Following {
        let database = self.database().await;
        let key = self.folder().join("data/key-encryption.key");
        let key = KeyEncryptionKey::load(&key).expect("the office's own key");
        let keyring = Keyring::open_beside(&database, key).await.expect("its keys");
        let origin = EventStore::stored_origin(&database).await.expect("an answer");
        let options = OpenOptions {
            database,
            keyring,
            origin: origin.expect("a log"),
            inline: Vec::new(),
        };
        Following(EventStore::open(options).await.expect("the log opens"))
    }
}

impl Following {
    /// Looks once, and again whenever something has happened, until there is what is looked for. What changes without an event is not waited
    /// for. The test's own time limit is the only one.
    pub async fn until<T>(&self, look: impl AsyncFn() -> Option<T>) -> T {
        let mut head = self.0.head_changed();
        loop {
            // Before looking: what happens after it wakes us.
            head.borrow_and_update();
            if let Some(found) = look().await {
                return found;
            }
            head.changed().await.expect("the log is open as long as we are");
        }
    }
}
