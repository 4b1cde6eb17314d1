//! Keeping the calendar's tables: each batch is folded to the last state of what it touches, then written table by table.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::{CalendarEvent, Deadline, DeadlineId, Hours, OfficeDay};
use event_store::{
    BoxFuture, Connection, InlineError, InlineEvent, InlineProjector, Position, RecordedEvent, Sql,
    each_engine,
};
use serde::Serialize;

use crate::sql::{id_list, micros};

const WRITE_DAYS: Sql = Sql {
    sqlite: "INSERT INTO calendar_day (day, kind, name, version, changed_at, changed_by) \
             SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5 \
             FROM json_each($1) WHERE true \
             ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name, version = excluded.version, \
             changed_at = excluded.changed_at, changed_by = excluded.changed_by",
    postgres: "INSERT INTO calendar_day (day, kind, name, version, changed_at, changed_by) \
               SELECT value ->> 0, value ->> 1, value ->> 2, CAST(value ->> 3 AS BIGINT), CAST(value ->> 4 AS BIGINT), \
               value ->> 5 FROM json_array_elements(CAST($1 AS json)) \
               ON CONFLICT (day) DO UPDATE SET kind = excluded.kind, name = excluded.name, version = excluded.version, \
               changed_at = excluded.changed_at, changed_by = excluded.changed_by",
};
const WRITE_NEWEST: Sql = Sql::same(
    "INSERT INTO calendar_hours (id, newest) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET newest = excluded.newest",
);
const WRITE_HOURS: Sql = Sql::same(
    "UPDATE calendar_hours SET opens = $1, closes = $2, closed_at_year_end = $3, version = $4, changed_at = $5, \
     changed_by = $6",
);
const REMOVE_DEADLINES: Sql = Sql {
    sqlite: "DELETE FROM deadline WHERE id IN (SELECT unhex(value) FROM json_each($1))",
    postgres: "DELETE FROM deadline \
               WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))",
};
const WRITE_DEADLINES: Sql = Sql {
    sqlite: "INSERT INTO deadline (id, at, day, time, name, source, note, version, changed_at, changed_by) \
             SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, \
             value ->> 7, value ->> 8, value ->> 9 FROM json_each($1) WHERE true \
             ON CONFLICT (id) DO UPDATE SET at = excluded.at, day = excluded.day, time = excluded.time, \
             name = excluded.name, source = excluded.source, note = excluded.note, version = excluded.version, \
             changed_at = excluded.changed_at, changed_by = excluded.changed_by",
    postgres: "INSERT INTO deadline (id, at, day, time, name, source, note, version, changed_at, changed_by) \
               SELECT CAST(value ->> 0 AS UUID), CAST(value ->> 1 AS BIGINT), value ->> 2, value ->> 3, value ->> 4, \
               value ->> 5, value ->> 6, CAST(value ->> 7 AS BIGINT), CAST(value ->> 8 AS BIGINT), value ->> 9 \
               FROM json_array_elements(CAST($1 AS json)) \
               ON CONFLICT (id) DO UPDATE SET at = excluded.at, day = excluded.day, time = excluded.time, \
               name = excluded.name, source = excluded.source, note = excluded.note, version = excluded.version, \
               changed_at = excluded.changed_at, changed_by = excluded.changed_by",
};

/// Keeps the tables; register it with the log.
#[derive(Clone, Copy, Debug, Default)]
pub struct CalendarProjector;

impl InlineProjector for CalendarProjector {
    fn name(&self) -> &'static str {
        "calendar"
    }

    fn project<'f>(
        &'f self,
        connection: &'f mut Connection,
        events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>> {
        Box::pin(async move {
            let mut batch = Batch::default();
            for event in events.iter().filter(|event| is_projected(&event.event_type)) {
                let what = CalendarEvent::decode(&event.event_type, event.schema_version, &event.data)?;
                batch.take(what, Change::new(event.position, event.recorded_at, &event.actor));
            }
            batch.write(connection).await
        })
    }
}

/// Whether events of this type change the tables.
pub(crate) fn is_projected(event_type: &str) -> bool {
    event_type.starts_with("calendar.")
}

/// The same from events that are in the log already.
pub(crate) async fn project_recorded(
    connection: &mut Connection,
    events: &[RecordedEvent],
) -> Result<(), InlineError> {
    let mut batch = Batch::default();
    for event in events.iter().filter(|event| is_projected(&event.event_type)) {
        let what = CalendarEvent::decode(&event.event_type, event.schema_version, &event.data)?;
        batch.take(what, Change::new(event.position, event.recorded_at, &event.actor));
    }
    batch.write(connection).await
}

/// Where, when and by whom.
struct Change {
    version: i64,
    at: i64,
    by: String,
}

impl Change {
    fn new(position: Position, at: DateTime<Utc>, by: &str) -> Self {
        Self {
            version: position.get(),
            at: micros(at),
            by: by.to_owned(),
        }
    }
}

/// The last state of everything that some events touch.
#[derive(Default)]
struct Batch {
    newest: Option<i64>,
    days: BTreeMap<NaiveDate, (Option<OfficeDay>, Change)>,
    hours: Option<(Hours, bool, Change)>,
    deadlines: BTreeMap<DeadlineId, Option<(Deadline, Change)>>,
}

/// Rows in the order of the columns.
#[derive(Serialize)]
struct WrittenDay(String, Option<&'static str>, Option<String>, i64, i64, String);
#[derive(Serialize)]
struct WrittenDeadline(
    String,
    i64,
    String,
    String,
    String,
    String,
    String,
    i64,
    i64,
    String,
);

impl Batch {
    fn take(&mut self, event: CalendarEvent, change: Change) {
        self.newest = Some(change.version);
        match event {
            CalendarEvent::DaySet { date, day } => {
                self.days.insert(date, (Some(day), change));
            }
            CalendarEvent::DayCleared { date } => {
                self.days.insert(date, (None, change));
            }
            CalendarEvent::HoursSet {
                hours,
                closed_at_year_end,
            } => self.hours = Some((hours, closed_at_year_end, change)),
            CalendarEvent::DeadlineAdded(deadline) | CalendarEvent::DeadlineChanged(deadline) => {
                self.deadlines.insert(deadline.id, Some((deadline, change)));
            }
            CalendarEvent::DeadlineRemoved { id } => {
                self.deadlines.insert(id, None);
            }
        }
    }

    async fn write(self, connection: &mut Connection) -> Result<(), InlineError> {
        let Some(newest) = self.newest else { return Ok(()) };
        let text = WRITE_NEWEST.on(connection);
        each_engine!(connection, c => sqlx::query(text).bind(newest).execute(c).await.map(drop))?;
        if let Some((hours, closed_at_year_end, change)) = self.hours {
            let text = WRITE_HOURS.on(connection);
            each_engine!(connection, c => {
                sqlx::query(text)
                    .bind(hours.opens.to_string())
                    .bind(hours.closes.to_string())
                    .bind(i64::from(closed_at_year_end))
                    .bind(change.version)
                    .bind(change.at)
                    .bind(&change.by)
                    .execute(c)
                    .await
                    .map(drop)
            })?;
        }
        let days: Vec<WrittenDay> = self.days.into_iter().map(written_day).collect();
        write_json(connection, WRITE_DAYS, &days).await?;
        let removed: Vec<_> = self
            .deadlines
            .iter()
            .filter(|(_, row)| row.is_none())
            .map(|(id, _)| id.0)
            .collect();
        if !removed.is_empty() {
            let text = REMOVE_DEADLINES.on(connection);
            let ids = id_list(&removed);
            each_engine!(connection, c => sqlx::query(text).bind(ids).execute(c).await.map(drop))?;
        }
        let deadlines: Vec<WrittenDeadline> = self
            .deadlines
            .into_values()
            .flatten()
            .map(written_deadline)
            .collect();
        write_json(connection, WRITE_DEADLINES, &deadlines).await
    }
}

fn written_day((date, (own, change)): (NaiveDate, (Option<OfficeDay>, Change))) -> WrittenDay {
    let (kind, name) = own.map(|own| (own.kind.code(), own.name)).unzip();
    WrittenDay(date.to_string(), kind, name, change.version, change.at, change.by)
}

fn written_deadline((deadline, change): (Deadline, Change)) -> WrittenDeadline {
    WrittenDeadline(
        deadline.id.0.simple().to_string(),
        micros(deadline.at()),
        deadline.day.to_string(),
        deadline.time.to_string(),
        deadline.name,
        deadline.source,
        deadline.note,
        change.version,
        change.at,
        change.by,
    )
}

async fn write_json<T: Serialize>(
    connection: &mut Connection,
    sql: Sql,
    rows: &[T],
) -> Result<(), InlineError> {
    if rows.is_empty() {
        return Ok(());
    }
    let json = serde_json::to_string(rows)?;
    let text = sql.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(json).execute(c).await.map(drop))?;
    Ok(())
}
