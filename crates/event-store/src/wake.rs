//! Tells followers that the head has moved in another process: PostgreSQL's NOTIFY, and a slow poll on both engines.
//!
//! All of it is only a hint. A follower that is woken for nothing reads nothing, one that is woken late reads late. So the
//! notification is no part of an append, where it would wake everybody for each batch and make the next one wait.

use std::time::Duration;

use sqlx::postgres::PgListener;
use tokio::sync::watch;

use crate::database::{Database, DatabaseError, Engine, EngineMut};
use crate::query::Position;
use crate::read;

/// How late another process's events may be seen when no notification comes.
const POLL: Duration = Duration::from_millis(500);
/// How much later than the first of many events those after it are announced.
const PAUSE: Duration = Duration::from_millis(20);

/// Nothing is lost when it is forgotten in a crash, so nobody waits for the disk.
const ANNOUNCE: &str = "SELECT set_config('synchronous_commit', 'off', true), pg_notify('sengen_log', $1)";

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

/// Starts the task that announces to other processes what this one has written; it ends with the writer.
pub(crate) fn announce(database: Database, mut written: watch::Receiver<Position>) {
    if database.engine() == Engine::Sqlite {
        return;
    }
    tokio::spawn(async move {
        while written.changed().await.is_ok() {
            let position = *written.borrow_and_update();
            if let Err(error) = notify(&database, position).await {
                tracing::debug!(%error, "other processes are not told where the log ends");
            }
            tokio::time::sleep(PAUSE).await;
        }
    });
}

async fn notify(database: &Database, position: Position) -> Result<(), DatabaseError> {
    let mut connection = database.acquire_read().await?;
    if let EngineMut::Postgres(connection) = connection.engine_mut() {
        let announcement = sqlx::query(ANNOUNCE).bind(position.get().to_string());
        announcement.execute(connection).await?;
    }
    Ok(())
}

async fn current(database: &Database) -> Result<Position, DatabaseError> {
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
