//! The office as the test itself sees it, beside the processes that work for it.

use std::sync::Arc;
use std::time::Duration;

use app::{App, Clock, OpContext, SystemRandom, TimeSource};
use chrono::{DateTime, Utc};
use event_store::{Database, Position, Query, RecordedEvent};
use test_support::TestDatabase;

use crate::node::{FastClock, PATIENCE};

impl Clock for FastClock {
    fn now(&self) -> DateTime<Utc> {
        Self::now(self)
    }
}

/// The office, with its processes' clock.
pub async fn office(db: &TestDatabase, clock: FastClock) -> Arc<App> {
    let store = db.open_store_with(storage::inline_projectors()).await;
    let app = App::open(store, Arc::new(clock), Arc::new(SystemRandom)).await;
    Arc::new(app.expect("an office").with_time_source(TimeSource::Process))
}

pub fn someone(app: &App) -> OpContext {
    app.command_line().expect("a context")
}

pub fn database(app: &App) -> &Database {
    app.store().database()
}

/// The whole log.
pub async fn events(app: &App) -> Vec<RecordedEvent> {
    let mut events: Vec<RecordedEvent> = Vec::new();
    loop {
        let after = events.last().map_or(Position::START, |event| event.position);
        let page = app.store().read(&Query::all(), after, 1_000).await;
        let page = page.expect("no gap");
        if page.is_empty() {
            return events;
        }
        events.extend(page);
    }
}

/// The chain, the order and the contents of the log.
pub async fn verify(app: &App) {
    let head = app.store().head().await.expect("the head");
    let report = app.store().verify(Position::START, head).await;
    let report = report.expect("the log is walked");
    assert!(report.is_clean(), "{:?}", report.breaches);
}

/// Asks until something is so, for as long as anything may take.
pub async fn until<F: Future<Output = bool>>(what: &str, is: impl Fn() -> F) {
    let asking = async {
        while !is().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let asked = tokio::time::timeout(PATIENCE, asking).await;
    asked.unwrap_or_else(|_| panic!("it never came to this: {what}"));
}
