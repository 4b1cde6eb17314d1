//! How long one statement of a SQLite reader may take. SQLite has no setting for it, and a statement whose caller is gone
//! runs on in the connection's thread: without this a handful of slow ones would keep every reader busy.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use sqlx::SqliteConnection;

/// Instructions of SQLite's machine between two looks at the clock: less than a millisecond of work.
const INSTRUCTIONS: i32 = 10_000;
/// In the past of every clock: the loan has ended, and with it what still runs.
const ENDED: u64 = 0;

/// Watches over one loan of a connection. Each statement has the time anew; when this is dropped, what runs is ended.
#[derive(Debug)]
pub(super) struct Deadline {
    limit: Duration,
    began: Instant,
    /// Microseconds after `began` at which a running statement is ended.
    until: Arc<AtomicU64>,
}

impl Deadline {
    /// Begins to watch. It waits until a statement that the last borrower left behind has come to its end.
    pub(super) async fn watch(
        connection: &mut SqliteConnection,
        limit: Duration,
    ) -> Result<Self, sqlx::Error> {
        let watched = Self {
            limit,
            began: Instant::now(),
            until: Arc::new(AtomicU64::new(ENDED)),
        };
        watched.next_statement();
        let (began, until) = (watched.began, Arc::clone(&watched.until));
        let mut handle = connection.lock_handle().await?;
        handle.set_progress_handler(INSTRUCTIONS, move || {
            micros(began.elapsed()) < until.load(Ordering::Relaxed)
        });
        drop(handle);
        Ok(watched)
    }

    /// A statement begins now.
    pub(super) fn next_statement(&self) {
        let until = micros(self.began.elapsed().saturating_add(self.limit));
        self.until.store(until, Ordering::Relaxed);
    }
}

impl Drop for Deadline {
    fn drop(&mut self) {
        self.until.store(ENDED, Ordering::Relaxed);
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
