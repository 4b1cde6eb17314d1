//! Following the log: pages, then waiting. What wakes it is only a hint; what it reads is proven.

use std::collections::VecDeque;

use futures::Stream;
use tokio::sync::watch;

use super::{FollowError, ReadError, all, events, head, matching};
use crate::event::RecordedEvent;
use crate::query::{Position, Query};
use crate::store::EventStore;

/// Events that are read at once.
const PAGE: u32 = 500;

struct Follower {
    store: EventStore,
    query: Query,
    after: Position,
    read: VecDeque<RecordedEvent>,
    changed: watch::Receiver<Position>,
    ended: bool,
}

/// The stream behind [`EventStore::follow`].
pub(crate) fn follow(
    store: EventStore,
    query: Query,
    after: Position,
) -> impl Stream<Item = Result<RecordedEvent, FollowError>> + Send + use<> {
    let changed = store.head_changed();
    let follower = Follower {
        store,
        query,
        after,
        read: VecDeque::new(),
        changed,
        ended: false,
    };
    futures::stream::unfold(follower, |mut follower| async {
        let next = follower.next().await?;
        Some((next, follower))
    })
}

impl Follower {
    async fn next(&mut self) -> Option<Result<RecordedEvent, FollowError>> {
        loop {
            if let Some(event) = self.read.pop_front() {
                return Some(Ok(event));
            }
            if self.ended {
                return None;
            }
            // Seen before reading: what is committed after this line wakes us again.
            self.changed.borrow_and_update();
            match self.page().await {
                Ok(true) => {}
                // The sender lives as long as the store that we hold.
                Ok(false) => self.changed.changed().await.ok()?,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(FollowError(error)));
                }
            }
        }
    }

    /// Reads the next page; `false` when there was nothing new.
    async fn page(&mut self) -> Result<bool, ReadError> {
        let mut connection = self.store.database().acquire_read().await?;
        let head = head(&mut connection).await?;
        if head <= self.after {
            return Ok(false);
        }
        let rows = if self.query.is_all() {
            let rows = all(&mut connection, self.after, PAGE).await?;
            if rows.is_empty() {
                // The head was read earlier and says that there is more.
                return Err(ReadError::Gap {
                    expected: self.after.next(),
                    found: None,
                });
            }
            rows
        } else {
            matching(&mut connection, &self.query, self.after, head, PAGE).await?
        };
        drop(connection);
        let full = rows.len() == PAGE as usize || self.query.is_all();
        // Nothing that matches stands between the last event found and the head that was read before looking.
        self.after = rows
            .last()
            .filter(|_| full)
            .map_or(head, |row| Position::new(row.position));
        self.read = events(rows, self.store.origin(), self.store.keyring())
            .await?
            .into();
        Ok(true)
    }
}
