//! Members of staff, from `staff.joined` events; written in the transaction of the event.
//!
//! The event's data has `staff_id` and `roles`; login and name are in its personal part `staff`. A login that is taken refuses
//! the append: two people must never share one.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use event_store::{
    BoxFuture, Connection, Database, InlineError, InlineEvent, InlineProjector, PartBody, RecordedEvent, Sql,
    each_engine,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, fetch_with, id_list};

/// The type of the event by which somebody joins.
pub const JOINED: &str = "staff.joined";
/// The name of its personal part.
pub const PART: &str = "staff";

/// A member of staff.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// The id, as in the actor of events.
    pub id: Uuid,
    /// The name for signing in.
    pub login: String,
    /// The name that is shown.
    pub name: String,
    /// Codes of roles.
    pub roles: Vec<String>,
    /// Since when nobody can sign in with it.
    pub disabled_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for StaffRow {
    // Login and name are personal.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("StaffRow")
            .field("id", &self.id)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

const BY_LOGIN: Sql = Sql::same("SELECT id, login, name, roles, disabled_at FROM staff WHERE login = $1");
const BY_IDS: Sql = Sql {
    sqlite: "SELECT id, login, name, roles, disabled_at FROM staff \
             WHERE id IN (SELECT unhex(value) FROM json_each($1))",
    postgres: "SELECT id, login, name, roles, disabled_at FROM staff \
               WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))",
};
const ADMINISTRATORS: Sql = Sql::same(
    "SELECT count(*) FROM staff WHERE disabled_at IS NULL AND ' ' || roles || ' ' LIKE '% administrator %'",
);
const WRITE: Sql = Sql {
    sqlite: "INSERT INTO staff (id, login, name, roles, disabled_at) \
             SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, NULL FROM json_each($1)",
    postgres: "INSERT INTO staff (id, login, name, roles, disabled_at) \
               SELECT CAST(value ->> 0 AS UUID), value ->> 1, value ->> 2, value ->> 3, NULL \
               FROM json_array_elements(CAST($1 AS json))",
};

#[derive(FromRow)]
struct Row {
    id: Uuid,
    login: String,
    name: String,
    roles: String,
    disabled_at: Option<i64>,
}

impl TryFrom<Row> for StaffRow {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "staff",
            id: &row.id,
        };
        Ok(Self {
            disabled_at: columns.instant_or_none("disabled_at", row.disabled_at)?,
            id: row.id,
            login: row.login,
            name: row.name,
            roles: row.roles.split_whitespace().map(str::to_owned).collect(),
        })
    }
}

/// The member of staff with this login.
pub async fn by_login(database: &Database, login: &str) -> Result<Option<StaffRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let rows: Vec<Row> = fetch_with(&mut connection, BY_LOGIN, login).await?;
    Ok(rows.into_iter().next().map(TryInto::try_into).transpose()?)
}

/// These members of staff, as far as they exist.
pub async fn by_ids(database: &Database, ids: &[Uuid]) -> Result<HashMap<Uuid, StaffRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let rows: Vec<Row> = fetch_with(&mut connection, BY_IDS, &id_list(ids)).await?;
    rows.into_iter()
        .map(|row| Ok((row.id, row.try_into()?)))
        .collect()
}

/// How many administrators can sign in; without any, the first one is still to come.
pub async fn administrators(database: &Database) -> Result<i64, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = ADMINISTRATORS.on(&connection);
    Ok(each_engine!(connection, c => sqlx::query_scalar(text).fetch_one(c).await)?)
}

/// Keeps the table; register it with the log.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffProjector;

impl InlineProjector for StaffProjector {
    fn name(&self) -> &'static str {
        "staff"
    }

    fn project<'f>(
        &'f self,
        connection: &'f mut Connection,
        events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>> {
        Box::pin(project(connection, events))
    }
}

#[derive(Deserialize)]
struct Joined {
    staff_id: Uuid,
    roles: Vec<String>,
}

#[derive(Deserialize)]
struct Person {
    login: String,
    name: String,
}

/// Why an event cannot be projected, and so is refused.
#[derive(Debug, thiserror::Error)]
#[error("a {JOINED} event has no personal part {PART}")]
struct PartMissing;

/// A row in the order of the columns.
#[derive(Serialize)]
struct Written(String, String, String, String);

async fn project(connection: &mut Connection, events: &[InlineEvent]) -> Result<(), InlineError> {
    let mut rows = Vec::new();
    for event in events.iter().filter(|event| event.event_type == JOINED) {
        let part = event.personal.iter().find(|part| part.name == PART);
        rows.push(written(&event.data, &part.ok_or(PartMissing)?.body)?);
    }
    write(connection, &rows).await
}

/// The same from events that are in the log already. Whoever was forgotten gets no row: they cannot sign in any more.
pub(crate) async fn project_recorded(
    connection: &mut Connection,
    events: &[RecordedEvent],
) -> Result<(), InlineError> {
    let mut rows = Vec::new();
    for event in events.iter().filter(|event| event.event_type == JOINED) {
        if let PartBody::Open(body) = &event.part(PART).ok_or(PartMissing)?.body {
            rows.push(written(&event.data, body)?);
        }
    }
    write(connection, &rows).await
}

fn written(data: &Value, person: &Value) -> Result<Written, serde_json::Error> {
    let joined = Joined::deserialize(data)?;
    let person = Person::deserialize(person)?;
    let roles = joined.roles.join(" ");
    Ok(Written(
        joined.staff_id.simple().to_string(),
        person.login,
        person.name,
        roles,
    ))
}

async fn write(connection: &mut Connection, rows: &[Written]) -> Result<(), InlineError> {
    if rows.is_empty() {
        return Ok(());
    }
    let json = serde_json::to_string(rows)?;
    let text = WRITE.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(json).execute(c).await.map(drop))?;
    Ok(())
}
