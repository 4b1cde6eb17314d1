//! Members of staff, from the events of their accounts; written in the transaction of the event.
//!
//! Login, name and address are in sealed parts of the events. A login that is taken refuses the append: two people must never
//! share one. An account that is disabled loses its sessions in the same transaction.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::staff::{PART_MAIL, PART_STAFF, Role, StaffEvent, StaffId};
use event_store::{
    BoxFuture, Connection, Database, InlineError, InlineEvent, InlineProjector, PartBody, RecordedEvent, Sql,
    each_engine,
};
use serde::Deserialize;
use serde_json::Value;
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, fetch_with, id_list, micros};
use crate::state::session;

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
    /// Where notices go.
    pub mail: Option<String>,
    /// Since when nobody can sign in with it.
    pub disabled_at: Option<DateTime<Utc>>,
}

impl std::fmt::Debug for StaffRow {
    // Login, name and address are personal.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("StaffRow")
            .field("id", &self.id)
            .field("roles", &self.roles)
            .finish_non_exhaustive()
    }
}

const BY_LOGIN: Sql =
    Sql::same("SELECT id, login, name, roles, mail, disabled_at FROM staff WHERE login = $1");
const BY_IDS: Sql = Sql {
    sqlite: "SELECT id, login, name, roles, mail, disabled_at FROM staff \
             WHERE id IN (SELECT unhex(value) FROM json_each($1))",
    postgres: "SELECT id, login, name, roles, mail, disabled_at FROM staff \
               WHERE id = ANY (SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))",
};
const ALL: Sql = Sql::same("SELECT id, login, name, roles, mail, disabled_at FROM staff ORDER BY name, id");
const ADMINISTRATORS: Sql = Sql::same(
    "SELECT count(*) FROM staff WHERE disabled_at IS NULL AND ' ' || roles || ' ' LIKE '% administrator %' \
     AND id <> $1",
);
const JOIN: Sql =
    Sql::same("INSERT INTO staff (id, login, name, roles, disabled_at) VALUES ($1, $2, $3, $4, NULL)");
const SET_ROLES: Sql = Sql::same("UPDATE staff SET roles = $2 WHERE id = $1");
const SET_DISABLED: Sql = Sql::same("UPDATE staff SET disabled_at = $2 WHERE id = $1");
const SET_MAIL: Sql = Sql::same("UPDATE staff SET mail = $2 WHERE id = $1");

#[derive(FromRow)]
struct Row {
    id: Uuid,
    login: String,
    name: String,
    roles: String,
    mail: Option<String>,
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
            mail: row.mail,
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

/// Every member of staff there ever was, by name.
pub async fn all(database: &Database) -> Result<Vec<StaffRow>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = ALL.on(&connection);
    let rows: Vec<Row> = each_engine!(connection, c => sqlx::query_as(text).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, CorruptRow>>()?)
}

/// How many administrators can sign in, not counting one of them; without any, the first one is still to come.
pub async fn administrators(database: &Database, without: Option<StaffId>) -> Result<i64, StorageError> {
    let mut connection = database.acquire_read().await?;
    let without = without.map_or(Uuid::nil(), |id| id.0);
    let text = ADMINISTRATORS.on(&connection);
    Ok(each_engine!(connection, c => sqlx::query_scalar(text).bind(without).fetch_one(c).await)?)
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

/// Whether events of this type change the table.
pub(crate) fn is_projected(event_type: &str) -> bool {
    StaffEvent::TYPES.contains(&event_type)
}

#[derive(Deserialize)]
struct Person {
    login: String,
    name: String,
}

#[derive(Deserialize)]
struct Mail {
    address: String,
}

/// Why an event cannot be projected, and so is refused.
#[derive(Debug, thiserror::Error)]
#[error("an event of an account has no personal part {0}")]
struct PartMissing(&'static str);

async fn project(connection: &mut Connection, events: &[InlineEvent]) -> Result<(), InlineError> {
    for event in events.iter().filter(|event| is_projected(&event.event_type)) {
        let said = StaffEvent::decode(&event.event_type, event.schema_version, &event.data)?;
        let part = part_of(&said).map(|name| {
            let found = event.personal.iter().find(|part| part.name == name);
            found.ok_or(PartMissing(name))
        });
        let body = part.transpose()?.map(|part| &part.body);
        apply(connection, &said, body, event.recorded_at).await?;
    }
    Ok(())
}

/// The same from events that are in the log already. Whoever was forgotten gets no row: they cannot sign in any more.
pub(crate) async fn project_recorded(
    connection: &mut Connection,
    events: &[RecordedEvent],
) -> Result<(), InlineError> {
    for event in events.iter().filter(|event| is_projected(&event.event_type)) {
        let said = StaffEvent::decode(&event.event_type, event.schema_version, &event.data)?;
        let part = part_of(&said).map(|name| event.part(name).ok_or(PartMissing(name)));
        let body = match part.transpose()?.map(|part| &part.body) {
            Some(PartBody::Redacted) => continue,
            Some(PartBody::Open(body)) => Some(body),
            None => None,
        };
        apply(connection, &said, body, event.recorded_at).await?;
    }
    Ok(())
}

/// The sealed part that an event has.
const fn part_of(event: &StaffEvent) -> Option<&'static str> {
    match event {
        StaffEvent::Joined { .. } => Some(PART_STAFF),
        StaffEvent::MailChanged { .. } => Some(PART_MAIL),
        _ => None,
    }
}

async fn apply(
    connection: &mut Connection,
    said: &StaffEvent,
    body: Option<&Value>,
    at: DateTime<Utc>,
) -> Result<(), InlineError> {
    let id = said.staff_id();
    match said {
        StaffEvent::Joined { roles, .. } => {
            let person = Person::deserialize(body.ok_or(PartMissing(PART_STAFF))?)?;
            join(connection, id, &person, &codes(roles)).await
        }
        StaffEvent::RolesChanged { roles, .. } => set(connection, SET_ROLES, id, Some(&codes(roles))).await,
        StaffEvent::MailChanged { .. } => {
            let mail = Mail::deserialize(body.ok_or(PartMissing(PART_MAIL))?)?;
            set(connection, SET_MAIL, id, Some(&mail.address)).await
        }
        StaffEvent::Disabled { .. } => {
            session::end_all_within(connection, id.0, at).await?;
            set_disabled(connection, id, Some(at)).await
        }
        StaffEvent::Enabled { .. } => set_disabled(connection, id, None).await,
        StaffEvent::Invited { .. }
        | StaffEvent::InvitationRevoked { .. }
        | StaffEvent::SignedIn { .. }
        | StaffEvent::CredentialChanged { .. }
        | StaffEvent::PersonLinked { .. } => Ok(()),
    }
}

fn codes(roles: &[Role]) -> String {
    let codes: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    codes.join(" ")
}

async fn join(
    connection: &mut Connection,
    id: StaffId,
    person: &Person,
    roles: &str,
) -> Result<(), InlineError> {
    let text = JOIN.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text).bind(id.0).bind(&person.login).bind(&person.name).bind(roles).execute(c).await.map(drop)
    })?;
    Ok(())
}

async fn set(
    connection: &mut Connection,
    sql: Sql,
    id: StaffId,
    value: Option<&str>,
) -> Result<(), InlineError> {
    let text = sql.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(id.0).bind(value).execute(c).await.map(drop))?;
    Ok(())
}

async fn set_disabled(
    connection: &mut Connection,
    id: StaffId,
    at: Option<DateTime<Utc>>,
) -> Result<(), InlineError> {
    let text = SET_DISABLED.on(connection);
    let at = at.map(micros);
    each_engine!(connection, c => sqlx::query(text).bind(id.0).bind(at).execute(c).await.map(drop))?;
    Ok(())
}
