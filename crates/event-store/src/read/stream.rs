//! The log from one end to the other, in pages that are read ahead while earlier ones are worked on.

use futures::stream::{self, Stream};
use tokio::sync::mpsc;

use super::sealed::{SealedEvent, SealedRow, sealed_columns};
use super::{ReadError, head};
use crate::database::Database;
use crate::each_engine;
use crate::query::Position;
use crate::store::EventStore;

/// Events of a page: large enough that asking for the next one costs nothing beside reading it, small enough that no
/// reading transaction is long (SQLite cannot shorten its write-ahead log meanwhile, PostgreSQL cannot clean up).
const PAGE: i64 = 4_000;
/// Pages that wait, beside the one being read and the one being worked on.
const AHEAD: usize = 1;

const SEALED: &str = concat!(
    "SELECT ",
    sealed_columns!(),
    " FROM event AS e WHERE e.position > $1 AND e.position <= $2 ORDER BY e.position"
);

/// The stream behind [`EventStore::read_sealed`].
pub(crate) fn sealed(
    store: &EventStore,
    after: Position,
    to: Option<Position>,
) -> impl Stream<Item = Result<Vec<SealedEvent>, ReadError>> + Send + use<> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let database = store.database().clone();
    tokio::spawn(async move {
        if let Err(error) = read(&database, after, to, &sender).await {
            // Nobody listens any more: nobody wants to know.
            let _ = sender.send(Err(error)).await;
        }
    });
    stream::unfold(receiver, |mut receiver| async {
        Some((receiver.recv().await?, receiver))
    })
}

async fn read(
    database: &Database,
    after: Position,
    to: Option<Position>,
    sender: &mpsc::Sender<Result<Vec<SealedEvent>, ReadError>>,
) -> Result<(), ReadError> {
    let last = match to {
        Some(to) => to.get(),
        None => head(&mut database.acquire_read().await?).await?.get(),
    };
    let mut after = after.get();
    while after < last {
        let until = last.min(after.saturating_add(PAGE));
        let mut connection = database.acquire_long_read().await?;
        let rows: Vec<SealedRow> = each_engine!(connection, c => {
            sqlx::query_as(SEALED).bind(after).bind(until).fetch_all(c).await
        })?;
        drop(connection);
        is_whole(&rows, after, until)?;
        let page = rows
            .into_iter()
            .map(SealedEvent::try_from)
            .collect::<Result<_, _>>()?;
        if sender.send(Ok(page)).await.is_err() {
            break;
        }
        after = until;
    }
    Ok(())
}

/// Fails when a position from after `after` to `until` is missing.
fn is_whole(rows: &[SealedRow], after: i64, until: i64) -> Result<(), ReadError> {
    let mut positions = rows.iter().map(|row| row.0);
    for expected in after + 1..=until {
        let found = positions.next();
        if found != Some(expected) {
            let (expected, found) = (Position::new(expected), found.map(Position::new));
            return Err(ReadError::Gap { expected, found });
        }
    }
    Ok(())
}
