//! Tells followers that the head has moved in another process: PostgreSQL's NOTIFY, and a slow poll on both engines.
//!
//! All of it is only a hint. A follower that is woken for nothing reads nothing, one that is woken late reads late.

use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio::sync::watch;

use crate::database::Database;
use crate::query::Position;
use crate::read;

/// How late another process's events may be seen when no notification comes.
const POLL: Duration = Duration::from_millis(500);

/// Starts the task; it ends when nobody listens any more.
pub(crate) fn start(database: Database, head: watch::Sender<Position>) {
    tokio::spawn(async move {
        let mut listener = listen(&database).await;
        loop {
            tokio::select! {
                () = head.closed() => return,
                told = notified(&mut listener) => {
                    // Of what this process has written itself it knows already.
                    if told.is_some_and(|told| told <= *head.borrow()) {
                        continue;
                    }
                }
                () = tokio::time::sleep(POLL) => {}
            }
            match current(&database).await {
                Ok(now) => {
                    head.send_if_modified(|known| {
                        let newer = now > *known;
                        *known = now.max(*known);
                        newer
                    });
                }
                Err(error) => tracing::debug!(%error, "the head of the log cannot be polled"),
            }
        }
    });
}

async fn current(database: &Database) -> Result<Position, crate::DatabaseError> {
    let mut connection = database.acquire_read().await?;
    Ok(read::head(&mut connection).await?)
}

/// Behind a pooler that works by transaction there are no notifications; then the poll has to do.
async fn listen(database: &Database) -> Option<PgListener> {
    let Database::Postgres(postgres) = database else {
        return None;
    };
    let listener = async {
        let mut listener = PgListener::connect_with(postgres.pool()).await?;
        listener.listen("sengen_log").await?;
        Ok::<_, sqlx::Error>(listener)
    };
    listener
        .await
        .inspect_err(|error| tracing::info!(%error, "no notifications from PostgreSQL"))
        .ok()
}

/// Waits for a notification, and says the position that it tells; without a listener, for ever.
async fn notified(listener: &mut Option<PgListener>) -> Option<Position> {
    let Some(listening) = listener else {
        return std::future::pending().await;
    };
    match listening.recv().await {
        Ok(told) => told.payload().parse().ok().map(Position::new),
        Err(error) => {
            tracing::info!(%error, "notifications from PostgreSQL have ended");
            *listener = None;
            None
        }
    }
}
