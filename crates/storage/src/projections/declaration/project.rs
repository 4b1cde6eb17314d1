//! Projecting a batch of events: everything is worked out before the transaction, which then only writes.
//!
//! A declaration whose first event is in the batch is folded from the batch alone, and when that event is the only one, while
//! the batch before is being written. One that is changed later is folded anew from all its events in the log: simple, and
//! right also for a correction that holds since an earlier day.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::declaration::{Declaration, DeclarationEvent, DecodeError, Recorded, Timeline, TimelineError};
use event_store::{Connection, Engine, EventStore, Position, ReadError, RecordedEvent};
use uuid::Uuid;

use super::projected::{self, Projected};
use super::write::{self, Existing, Target, Written};
use crate::codec;
use crate::log::LoadError;
use crate::projections::feed::{About, Fed, id_of};
use crate::projections::histories;
use crate::sql::{StorageError, id_list};

/// Why a batch cannot be projected.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProjectError {
    /// An event cannot be understood: trying again changes nothing.
    #[error("the event at position {position} cannot be understood: {source}")]
    Decode {
        position: Position,
        #[source]
        source: DecodeError,
    },
    /// The events of a declaration make no history: trying again changes nothing.
    #[error("the events of declaration {id} up to position {position} make no history: {source}")]
    History {
        id: Uuid,
        position: Position,
        #[source]
        source: TimelineError,
    },
    /// The log cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<LoadError> for ProjectError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Read(error) => Self::Read(error),
            LoadError::Decode { position, source } => Self::Decode { position, source },
        }
    }
}

/// A batch, ready to be written.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The last event in it.
    pub(crate) to: Position,
    written: Written,
}

/// A declaration as its first event makes it.
#[derive(Debug)]
pub(crate) struct Begun {
    id: Uuid,
    /// Its row, without a number yet.
    row: Projected,
}

impl Begun {
    /// `None` for an event that begins no declaration, and for one whose row depends on the day: events are read ahead, and the
    /// day may turn before they are applied.
    pub(crate) fn with(engine: Engine, first: &Recorded, recorded_at: DateTime<Utc>) -> Option<Self> {
        let declaration = Declaration::begin(first.position, &first.statement)?;
        if declaration.stop.is_some_and(|stop| stop.on.is_some()) {
            return None;
        }
        let begun_on = first.statement.effective_at;
        Some(Self {
            id: id_of(first),
            row: projected::project(engine, 0, &declaration, begun_on, recorded_at, begun_on),
        })
    }
}

/// What a batch says of one declaration.
struct Touched {
    id: Uuid,
    known: Known,
    newest: DateTime<Utc>,
}

enum Known {
    /// It begins, and this is all.
    Begun(Box<Begun>),
    /// These events, all there are when the first of them begins it.
    Events(Vec<Recorded>),
    /// Some were folded with another piece of the log: all of them have to be read again.
    Scattered,
}

impl Touched {
    fn begins_here(&self) -> bool {
        match &self.known {
            Known::Begun(_) => true,
            Known::Events(events) => events.first().is_some_and(|first| {
                matches!(
                    first.statement.event,
                    DeclarationEvent::Registered(_) | DeclarationEvent::Made(_)
                )
            }),
            Known::Scattered => false,
        }
    }

    /// Adds what a later event says.
    fn add(&mut self, about: About) {
        match (&mut self.known, about) {
            (_, About::Nothing) => {}
            (Known::Events(events), About::Event(recorded)) => events.push(recorded),
            (Known::Begun(_) | Known::Scattered, _) | (_, About::Begun(_)) => self.known = Known::Scattered,
        }
    }
}

/// Works a batch out for the day of the register. `events` follow each other in the log and are not empty.
pub(crate) async fn prepare(
    store: &EventStore,
    target: Target,
    events: Vec<Fed>,
    day: NaiveDate,
) -> Result<Batch, ProjectError> {
    let to = events.last().map_or(Position::START, |event| event.position);
    let mut touched = group(events);
    let later: Vec<Uuid> = touched
        .iter()
        .filter(|it| !it.begins_here())
        .map(|it| it.id)
        .collect();
    let mut histories = recorded(store, &later, to).await?;
    for declaration in &mut touched {
        if let Some(events) = histories.remove(&declaration.id) {
            declaration.known = Known::Events(events);
        }
    }
    let mut connection = store
        .database()
        .acquire_read()
        .await
        .map_err(StorageError::from)?;
    let (existing, last_seq) = if touched.is_empty() {
        (Vec::new(), 0)
    } else {
        let existing = if later.is_empty() {
            Vec::new()
        } else {
            write::existing(&mut connection, target, &id_list(&later)).await?
        };
        (existing, write::last_seq(&mut connection, target).await?)
    };
    let engine = connection.engine();
    let existing: HashMap<Uuid, Existing> = existing.into_iter().map(|row| (row.id, row)).collect();
    let (mut written, changes) =
        blocking(move || fold_all(engine, touched, &existing, last_seq, (to, day))).await?;
    written.counts = new_counts(&mut connection, target, changes).await?;
    Ok(Batch { to, written })
}

/// Writes a batch that was prepared.
pub(crate) async fn write(
    connection: &mut Connection,
    target: Target,
    batch: &Batch,
) -> Result<(), StorageError> {
    write::write(connection, target, &batch.written, batch.to.get()).await
}

/// Keeps the folding of thousands of events off the threads that answer requests.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ProjectError> + Send + 'static,
) -> Result<T, ProjectError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}

/// Declarations in the order of their first event in the batch.
fn group(events: Vec<Fed>) -> Vec<Touched> {
    let mut touched: Vec<Touched> = Vec::new();
    let mut index: HashMap<Uuid, usize> = HashMap::new();
    for Fed {
        recorded_at, about, ..
    } in events
    {
        let id = match &about {
            About::Nothing => continue,
            About::Begun(begun) => begun.id,
            About::Event(recorded) => id_of(recorded),
        };
        if let Some(at) = index.get(&id) {
            let declaration: &mut Touched = &mut touched[*at];
            declaration.newest = recorded_at;
            declaration.add(about);
            continue;
        }
        index.insert(id, touched.len());
        let known = match about {
            About::Begun(begun) => Known::Begun(begun),
            About::Event(recorded) => Known::Events(vec![recorded]),
            About::Nothing => continue,
        };
        touched.push(Touched {
            id,
            known,
            newest: recorded_at,
        });
    }
    touched
}

fn decode(event: &RecordedEvent) -> Result<Recorded, ProjectError> {
    codec::to_recorded(event).map_err(|source| ProjectError::Decode {
        position: event.position,
        source,
    })
}

/// All events of these declarations up to a position.
async fn recorded(
    store: &EventStore,
    ids: &[Uuid],
    to: Position,
) -> Result<HashMap<Uuid, Vec<Recorded>>, ProjectError> {
    let mut all: HashMap<Uuid, Vec<Recorded>> = HashMap::new();
    histories::each_event(store, ids, to, |event| {
        let recorded = decode(event)?;
        let id = recorded.statement.declaration_id.uuid();
        all.entry(id).or_default().push(recorded);
        Ok(())
    })
    .await?;
    Ok(all)
}

/// What is to be written but for the counts, and by how much the count of each cell changes.
fn fold_all(
    engine: Engine,
    touched: Vec<Touched>,
    existing: &HashMap<Uuid, Existing>,
    mut last_seq: i64,
    (to, day): (Position, NaiveDate),
) -> Result<(Written, HashMap<i64, i64>), ProjectError> {
    let mut new_rows: Vec<Projected> = Vec::with_capacity(touched.len());
    let mut changed_rows: Vec<Projected> = Vec::new();
    let mut search: Vec<(i64, String)> = Vec::new();
    let mut changes: HashMap<i64, i64> = HashMap::new();
    for Touched { id, known, newest } in touched {
        let before = existing.get(&id);
        let seq = before.map_or_else(
            || {
                last_seq += 1;
                last_seq
            },
            |row| row.seq,
        );
        let no_history = |source| ProjectError::History {
            id,
            position: to,
            source,
        };
        let mut row = match known {
            Known::Begun(mut begun) => {
                begun.row.seq = seq;
                begun.row
            }
            Known::Events(events) => {
                let timeline = Timeline::new(events).map_err(no_history)?;
                projected::project(engine, seq, timeline.current(), timeline.begun_on(), newest, day)
            }
            // The log was asked and had none.
            Known::Scattered => return Err(no_history(TimelineError::NoBeginning)),
        };
        if let Some(before) = before {
            *changes.entry(before.cell).or_default() -= 1;
        }
        *changes.entry(row.cell).or_default() += 1;
        if let Some(words) = row.words.take()
            && !before.is_some_and(|before| before.is_found_like(&row))
        {
            search.push((seq, words));
        }
        let rows = if before.is_some() {
            &mut changed_rows
        } else {
            &mut new_rows
        };
        rows.push(row);
    }
    changes.retain(|_, change| *change != 0);
    let written = Written {
        new_rows: write::json(&new_rows),
        changed_rows: write::json(&changed_rows),
        search: write::json(&search),
        counts: Written::EMPTY.to_owned(),
    };
    Ok((written, changes))
}

/// The counts after the batch, as pairs of cell and count.
pub(super) async fn new_counts(
    connection: &mut Connection,
    target: Target,
    mut changes: HashMap<i64, i64>,
) -> Result<String, StorageError> {
    if changes.is_empty() {
        return Ok(Written::EMPTY.to_owned());
    }
    let cells: Vec<i64> = changes.keys().copied().collect();
    for row in write::counts(connection, target, &cells).await? {
        *changes.entry(row.cell).or_default() += row.count;
    }
    Ok(write::json(&changes.into_iter().collect::<Vec<_>>()))
}
