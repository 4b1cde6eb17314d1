//! Schedules, their firings and the jobs that these start: written in the transaction of the event.
//!
//! A firing is refused when its row exists, when its time has not come by the clock that decides, and when another process looks
//! after the schedules by now: the correlation of a firing is the tenure under which it was written.

use chrono::{DateTime, Utc};
use domain::schedule::{Firing, Missed, MissedWhy, Schedule, ScheduleEvent};
use domain::{JobId, ScheduleId};
use event_store::{
    BoxFuture, Connection, Database, InlineError, InlineEvent, InlineProjector, RecordedEvent, Sql,
    each_engine,
};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros};
use crate::state::job::{self, NewJob};
use crate::state::{clock, lease};

/// What every event about schedules begins with.
const PREFIX: &str = "schedule.";

/// Why a firing is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FiringRefused {
    /// Another process looks after the schedules.
    #[error("another process looks after the schedules")]
    TenureOver,
    /// By the clock that decides it is not due yet.
    #[error("the firing of {due} is not due yet")]
    NotDue {
        /// When it is.
        due: DateTime<Utc>,
    },
}

const WRITE: Sql = Sql::same(
    "INSERT INTO schedule (id, name, definition, state, considered_at, version) VALUES ($1, $2, $3, 'active', $4, $5)",
);
const CHANGE: Sql = Sql::same(
    "UPDATE schedule SET name = $2, definition = $3, version = $5, \
     considered_at = CASE WHEN considered_at < $4 THEN $4 ELSE considered_at END WHERE id = $1",
);
const SET_STATE: Sql = Sql::same("UPDATE schedule SET state = $2, version = $3 WHERE id = $1");
const SETTLE: Sql = Sql::same("UPDATE schedule SET considered_at = $2 WHERE id = $1 AND considered_at < $2");
const FIRE: Sql = Sql {
    sqlite: "INSERT INTO firing (schedule_id, due_at, position, fired_at, late, makes_up_for, job_id) \
             SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, \
             unhex(value ->> 6) FROM json_each($1)",
    postgres: "INSERT INTO firing (schedule_id, due_at, position, fired_at, late, makes_up_for, job_id) \
               SELECT CAST(value ->> 0 AS UUID), CAST(value ->> 1 AS BIGINT), CAST(value ->> 2 AS BIGINT), \
               CAST(value ->> 3 AS BIGINT), CAST(value ->> 4 AS BIGINT), CAST(value ->> 5 AS BIGINT), \
               CAST(value ->> 6 AS UUID) FROM json_array_elements(CAST($1 AS json))",
};
const MISS: Sql = Sql::same(
    "INSERT INTO firing_missed (schedule_id, position, count, first_due_at, last_due_at, why) \
     VALUES ($1, $2, $3, $4, $5, $6)",
);
/// Keeps the tables; register it with the log.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScheduleProjector;

impl InlineProjector for ScheduleProjector {
    fn name(&self) -> &'static str {
        "schedule"
    }

    fn project<'f>(
        &'f self,
        connection: &'f mut Connection,
        events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>> {
        Box::pin(project(connection, events))
    }
}

/// Whether events of this type change the tables.
pub(crate) fn is_projected(event_type: &str) -> bool {
    event_type.starts_with(PREFIX)
}

/// An event with what its rows need of its surroundings.
struct Said<'a> {
    position: i64,
    at: DateTime<Utc>,
    actor: &'a str,
    event: ScheduleEvent,
    data: &'a serde_json::Value,
}

async fn project(connection: &mut Connection, events: &[InlineEvent]) -> Result<(), InlineError> {
    let mut said = Vec::new();
    for event in events.iter().filter(|event| is_projected(&event.event_type)) {
        let decoded = ScheduleEvent::decode(&event.event_type, event.schema_version, &event.data)?;
        if let ScheduleEvent::Fired { firing, .. } = &decoded {
            may_fire(connection, event, firing).await?;
        }
        said.push(Said {
            position: event.position.get(),
            at: event.recorded_at,
            actor: &event.actor,
            event: decoded,
            data: &event.data,
        });
    }
    let jobs: Vec<NewJob> = said.iter().filter_map(new_job).collect();
    apply(connection, &said).await?;
    Ok(job::insert(connection, &jobs).await?)
}

/// The same from events that are in the log already. Jobs move by themselves: they may have ended.
pub(crate) async fn project_recorded(
    connection: &mut Connection,
    events: &[RecordedEvent],
) -> Result<(), InlineError> {
    let mut said = Vec::new();
    for event in events.iter().filter(|event| is_projected(&event.event_type)) {
        said.push(Said {
            position: event.position.get(),
            at: event.recorded_at,
            actor: &event.actor,
            event: ScheduleEvent::decode(&event.event_type, event.schema_version, &event.data)?,
            data: &event.data,
        });
    }
    Ok(apply(connection, &said).await?)
}

async fn may_fire(
    connection: &mut Connection,
    event: &InlineEvent,
    firing: &Firing,
) -> Result<(), InlineError> {
    if !lease::holds(connection, lease::SCHEDULER, event.correlation_id).await? {
        return Err(FiringRefused::TenureOver.into());
    }
    // On SQLite there is one process, and the event carries its time.
    let now = clock::within(connection).await?.unwrap_or(event.recorded_at);
    if firing.due > now {
        return Err(FiringRefused::NotDue { due: firing.due }.into());
    }
    Ok(())
}

async fn apply(connection: &mut Connection, said: &[Said<'_>]) -> Result<(), StorageError> {
    let mut firings = Vec::new();
    for it in said {
        let id = it.event.schedule_id();
        match &it.event {
            ScheduleEvent::Defined {
                definition,
                due_after,
                ..
            } => {
                write(connection, WRITE, it, &definition.name, *due_after).await?;
            }
            ScheduleEvent::Changed {
                definition,
                due_after,
                ..
            } => {
                write(connection, CHANGE, it, &definition.name, *due_after).await?;
            }
            ScheduleEvent::Paused { .. } => set_state(connection, it, "paused").await?,
            ScheduleEvent::Resumed { due_after, .. } => {
                set_state(connection, it, "active").await?;
                settle(connection, id, *due_after).await?;
            }
            ScheduleEvent::Removed { .. } => set_state(connection, it, "removed").await?,
            ScheduleEvent::Fired { firing, job_id, .. } => {
                firings.push(written(it, firing, *job_id));
                settle(connection, id, firing.due).await?;
            }
            ScheduleEvent::Missed { missed, .. } => {
                miss(connection, it, missed).await?;
                settle(connection, id, missed.last_due).await?;
            }
            ScheduleEvent::RunRequested { .. } => {}
        }
    }
    if firings.is_empty() {
        return Ok(());
    }
    let json = serde_json::to_string(&firings).expect("ids and numbers are JSON");
    let text = FIRE.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(json).execute(c).await.map(drop))?;
    Ok(())
}

async fn write(
    connection: &mut Connection,
    sql: Sql,
    said: &Said<'_>,
    name: &str,
    due_after: DateTime<Utc>,
) -> Result<(), StorageError> {
    let text = sql.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(said.event.schedule_id().uuid())
            .bind(name)
            .bind(said.data.to_string())
            .bind(micros(due_after))
            .bind(said.position)
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

async fn set_state(
    connection: &mut Connection,
    said: &Said<'_>,
    state: &'static str,
) -> Result<(), StorageError> {
    let text = SET_STATE.on(connection);
    let id = said.event.schedule_id().uuid();
    each_engine!(connection, c => {
        sqlx::query(text).bind(id).bind(state).bind(said.position).execute(c).await.map(drop)
    })?;
    Ok(())
}

async fn settle(
    connection: &mut Connection,
    id: ScheduleId,
    until: DateTime<Utc>,
) -> Result<(), StorageError> {
    let text = SETTLE.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text).bind(id.uuid()).bind(micros(until)).execute(c).await.map(drop)
    })?;
    Ok(())
}

async fn miss(connection: &mut Connection, said: &Said<'_>, missed: &Missed) -> Result<(), StorageError> {
    let text = MISS.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(said.event.schedule_id().uuid())
            .bind(said.position)
            .bind(i64::from(missed.count))
            .bind(micros(missed.first_due))
            .bind(micros(missed.last_due))
            .bind(missed.why.code())
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// A firing in the order of the columns.
#[derive(Serialize)]
struct Written(String, i64, i64, i64, i64, u32, String);

fn written(said: &Said<'_>, firing: &Firing, job_id: JobId) -> Written {
    Written(
        said.event.schedule_id().uuid().simple().to_string(),
        micros(firing.due),
        said.position,
        micros(said.at),
        i64::from(firing.late),
        firing.makes_up_for,
        job_id.uuid().simple().to_string(),
    )
}

fn new_job(said: &Said<'_>) -> Option<NewJob> {
    let (id, command, due_at, late, run_at) = match &said.event {
        ScheduleEvent::Fired {
            firing,
            job_id,
            command,
            ..
        } => (*job_id, command, Some(firing.due), firing.late, firing.run_at),
        ScheduleEvent::RunRequested { job_id, command, .. } => {
            // At once: the log's time may be ahead of the clock's.
            (*job_id, command, None, false, DateTime::UNIX_EPOCH)
        }
        _ => return None,
    };
    Some(NewJob {
        id,
        command: command.clone(),
        schedule_id: Some(said.event.schedule_id().uuid()),
        due_at,
        late,
        requested_by: said.actor.to_owned(),
        created_at: said.at,
        run_at,
    })
}

const ACTIVE: Sql = Sql::same(
    "SELECT id, definition, state, considered_at, version FROM schedule WHERE state = 'active' ORDER BY name",
);
const ALL: Sql = Sql::same(
    "SELECT id, definition, state, considered_at, version FROM schedule WHERE state <> 'removed' ORDER BY name",
);
const BY_ID: Sql =
    Sql::same("SELECT id, definition, state, considered_at, version FROM schedule WHERE id = $1");
const NAMED: Sql = Sql::same(
    "SELECT id, definition, state, considered_at, version FROM schedule WHERE name = $1 AND state <> 'removed'",
);
const FIRINGS: Sql = Sql::same(
    "SELECT due_at, fired_at, late, makes_up_for, job_id FROM firing WHERE schedule_id = $1 AND due_at < $2 \
     ORDER BY due_at DESC LIMIT $3",
);
const MISSES: Sql = Sql::same(
    "SELECT position, count, first_due_at, last_due_at, why FROM firing_missed WHERE schedule_id = $1 AND last_due_at < $2 \
     ORDER BY last_due_at DESC LIMIT $3",
);

#[derive(FromRow)]
struct Row {
    id: Uuid,
    definition: String,
    state: String,
    considered_at: i64,
    version: i64,
}

impl TryFrom<Row> for Schedule {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "schedule",
            id: &row.id,
        };
        let data: serde_json::Value =
            serde_json::from_str(&row.definition).map_err(|_| columns.corrupt("definition"))?;
        // The column holds the data of the event that said so last, whichever of the two it was.
        let [defined, ..] = ScheduleEvent::TYPES;
        let said = ScheduleEvent::decode(defined, domain::schedule::SCHEMA_VERSION, &data);
        let Ok(ScheduleEvent::Defined { definition, .. }) = said else {
            return Err(columns.corrupt("definition"));
        };
        Ok(Self {
            id: ScheduleId::new(row.id),
            definition: *definition,
            paused: row.state == "paused",
            removed: row.state == "removed",
            cursor: columns.instant("considered_at", row.considered_at)?,
            version: row.version,
        })
    }
}

/// Those that may fire, by name.
pub async fn active(database: &Database) -> Result<Vec<Schedule>, StorageError> {
    several(database, ACTIVE).await
}

/// All but those that were removed, by name.
pub async fn all(database: &Database) -> Result<Vec<Schedule>, StorageError> {
    several(database, ALL).await
}

async fn several(database: &Database, sql: Sql) -> Result<Vec<Schedule>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = sql.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => sqlx::query_as(text).fetch_all(c).await)?;
    let read = rows.into_iter().map(TryInto::try_into);
    Ok(read.collect::<Result<_, CorruptRow>>()?)
}

/// One, also when it was removed.
pub async fn load(database: &Database, id: ScheduleId) -> Result<Option<Schedule>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = BY_ID.on(&connection);
    let row: Option<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(id.uuid()).fetch_optional(c).await)?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// The one of this name that was not removed.
pub async fn named(database: &Database, name: &str) -> Result<Option<Schedule>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = NAMED.on(&connection);
    let row: Option<Row> =
        each_engine!(connection, c => sqlx::query_as(text).bind(name).fetch_optional(c).await)?;
    Ok(row.map(TryInto::try_into).transpose()?)
}

/// A firing that was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastFiring {
    /// When it was due.
    pub due_at: DateTime<Utc>,
    /// When it was written.
    pub fired_at: DateTime<Utc>,
    /// Whether it was missed and fired all the same.
    pub late: bool,
    /// How many missed ones beside itself it stood for.
    pub makes_up_for: u32,
    /// What did the work.
    pub job_id: JobId,
}

/// Firings that never came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastMiss {
    /// How many.
    pub count: u32,
    /// When the first of them was due.
    pub first_due_at: DateTime<Utc>,
    /// When the last of them was due.
    pub last_due_at: DateTime<Utc>,
    /// Why.
    pub why: MissedWhy,
}

#[derive(FromRow)]
struct FiringRow {
    due_at: i64,
    fired_at: i64,
    late: i64,
    makes_up_for: i64,
    job_id: Uuid,
}

#[derive(FromRow)]
struct MissRow {
    position: i64,
    count: i64,
    first_due_at: i64,
    last_due_at: i64,
    why: String,
}

/// Firings of a schedule that were due before an instant, the newest first.
pub async fn firings(
    database: &Database,
    id: ScheduleId,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<PastFiring>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = FIRINGS.on(&connection);
    let rows: Vec<FiringRow> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(id.uuid()).bind(micros(before)).bind(i64::from(limit)).fetch_all(c).await
    })?;
    let read = rows.into_iter().map(|row| {
        let columns = Columns {
            table: "firing",
            id: &row.due_at,
        };
        Ok(PastFiring {
            due_at: columns.instant("due_at", row.due_at)?,
            fired_at: columns.instant("fired_at", row.fired_at)?,
            late: row.late != 0,
            makes_up_for: u32::try_from(row.makes_up_for).map_err(|_| columns.corrupt("makes_up_for"))?,
            job_id: JobId::new(row.job_id),
        })
    });
    Ok(read.collect::<Result<_, CorruptRow>>()?)
}

/// What a schedule missed, as far as the last of it was due before an instant, the newest first.
pub async fn misses(
    database: &Database,
    id: ScheduleId,
    before: DateTime<Utc>,
    limit: u32,
) -> Result<Vec<PastMiss>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = MISSES.on(&connection);
    let rows: Vec<MissRow> = each_engine!(connection, c => {
        sqlx::query_as(text).bind(id.uuid()).bind(micros(before)).bind(i64::from(limit)).fetch_all(c).await
    })?;
    let read = rows.into_iter().map(|row| {
        let columns = Columns {
            table: "firing_missed",
            id: &row.position,
        };
        Ok(PastMiss {
            count: u32::try_from(row.count).map_err(|_| columns.corrupt("count"))?,
            first_due_at: columns.instant("first_due_at", row.first_due_at)?,
            last_due_at: columns.instant("last_due_at", row.last_due_at)?,
            why: MissedWhy::from_code(&row.why).ok_or_else(|| columns.corrupt("why"))?,
        })
    });
    Ok(read.collect::<Result<_, CorruptRow>>()?)
}
