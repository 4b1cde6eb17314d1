//! Looking things up in the ledger: by address, by organisation, by state; and one message with its attempts.

use chrono::{DateTime, Utc};
use domain::mailing::{Class, State};
use event_store::{Database, Engine, Position, Sql, each_engine};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, Fragment, StorageError};

/// A message as the ledger knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// Which.
    pub id: Uuid,
    /// Of the event that says what it says.
    pub position: Position,
    /// Why it is sent.
    pub class: Class,
    /// Key of the sender.
    pub sender: String,
    /// Keyed hash of the recipient's address.
    pub recipient_hash: Vec<u8>,
    /// Whom it is about.
    pub organization_id: Option<Uuid>,
    /// Which declaration it is about.
    pub declaration_id: Option<Uuid>,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// After that it is not sent any more.
    pub not_after: Option<DateTime<Utc>>,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub changed_at: DateTime<Utc>,
    /// While it waits: not before this.
    pub next_try_at: DateTime<Utc>,
    /// How often it was claimed.
    pub attempt: u32,
    /// What happened last, in one word.
    pub outcome: Option<String>,
    /// The last answer, without addresses.
    pub reply: Option<String>,
}

/// One attempt at a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailAttempt {
    /// Which, from 1.
    pub attempt: u32,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// What happened, in one word.
    pub outcome: String,
    /// The answer, without addresses.
    pub reply: String,
    /// Who made it.
    pub node: String,
}

/// Which messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailFilter {
    /// Where they stand; empty: anywhere.
    pub states: Vec<State>,
    /// Keyed hash of the address they are to, hexadecimal.
    pub recipient_hash: Option<String>,
    /// Whom they are about.
    pub organization_id: Option<Uuid>,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    position: i64,
    class: String,
    sender: String,
    recipient_hash: Vec<u8>,
    organization_id: Option<Uuid>,
    declaration_id: Option<Uuid>,
    queued_at: i64,
    not_after: Option<i64>,
    state: String,
    changed_at: i64,
    next_try_at: i64,
    attempt: i64,
    outcome: Option<String>,
    reply: Option<String>,
}

impl TryFrom<Row> for Mail {
    type Error = CorruptRow;

    fn try_from(row: Row) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "mail",
            id: &row.id,
        };
        Ok(Self {
            id: row.id,
            position: Position::new(row.position),
            class: row.class.parse().map_err(|_| columns.corrupt("class"))?,
            queued_at: columns.instant("queued_at", row.queued_at)?,
            not_after: columns.instant_or_none("not_after", row.not_after)?,
            state: row.state.parse().map_err(|_| columns.corrupt("state"))?,
            changed_at: columns.instant("changed_at", row.changed_at)?,
            next_try_at: columns.instant("next_try_at", row.next_try_at)?,
            attempt: u32::try_from(row.attempt).map_err(|_| columns.corrupt("attempt"))?,
            sender: row.sender,
            recipient_hash: row.recipient_hash,
            organization_id: row.organization_id,
            declaration_id: row.declaration_id,
            outcome: row.outcome,
            reply: row.reply,
        })
    }
}

const SELECT: &str = "SELECT id, position, class, sender, recipient_hash, organization_id, declaration_id, queued_at, \
     not_after, state, changed_at, next_try_at, attempt, outcome, reply FROM mail WHERE ";

/// One message.
pub async fn load(database: &Database, id: Uuid) -> Result<Option<Mail>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let mut statement = Fragment::new(connection.engine());
    statement.text(SELECT).text("id = ");
    bind_id(&mut statement, id);
    let rows: Vec<Row> = statement.fetch_all(&mut connection).await?;
    Ok(rows.into_iter().next().map(TryInto::try_into).transpose()?)
}

/// Messages that were queued before a position (`None`: from the newest on), the newest first.
pub async fn list(
    database: &Database,
    filter: &MailFilter,
    before: Option<Position>,
    limit: u32,
) -> Result<Vec<Mail>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let mut statement = Fragment::new(connection.engine());
    write_list(&mut statement, filter, before, limit);
    let rows: Vec<Row> = statement.fetch_all(&mut connection).await?;
    let read = rows.into_iter().map(TryInto::try_into);
    Ok(read.collect::<Result<_, CorruptRow>>()?)
}

/// How the database would run [`list`]: for tests of plans.
pub async fn explain_list(
    database: &Database,
    filter: &MailFilter,
    before: Option<Position>,
    limit: u32,
) -> Result<String, StorageError> {
    let mut connection = database.acquire_read().await?;
    let mut statement = Fragment::new(connection.engine());
    statement.dialect(EXPLAIN);
    write_list(&mut statement, filter, before, limit);
    statement.fetch_plan(&mut connection).await
}

const EXPLAIN: Sql = Sql {
    sqlite: "EXPLAIN QUERY PLAN ",
    postgres: "EXPLAIN ",
};

fn write_list(statement: &mut Fragment, filter: &MailFilter, before: Option<Position>, limit: u32) {
    let before = before.map_or(i64::MAX, Position::get);
    statement.text(SELECT).text("position < ").bind(before);
    if let Some((first, others)) = filter.states.split_first() {
        statement.text(" AND state IN (").bind_text(first.as_str());
        for state in others {
            statement.text(", ").bind_text(state.as_str());
        }
        statement.text(")");
    }
    if let Some(hash) = &filter.recipient_hash {
        statement.text(" AND recipient_hash = ");
        match statement.engine() {
            Engine::Sqlite => statement.text("unhex(").bind_text(hash).text(")"),
            Engine::Postgres => statement.text("decode(").bind_text(hash).text(", 'hex')"),
        };
    }
    if let Some(id) = filter.organization_id {
        statement.text(" AND organization_id = ");
        bind_id(statement, id);
    }
    statement
        .text(" ORDER BY position DESC LIMIT ")
        .bind(i64::from(limit));
}

fn bind_id(statement: &mut Fragment, id: Uuid) {
    match statement.engine() {
        Engine::Sqlite => statement
            .text("unhex(")
            .bind_text(id.simple().to_string())
            .text(")"),
        Engine::Postgres => statement
            .text("CAST(")
            .bind_text(id.to_string())
            .text(" AS UUID)"),
    };
}

const ATTEMPTS: &str = "SELECT attempt, began_at, ended_at, outcome, reply, node FROM mail_attempt WHERE mail_id = $1 \
     ORDER BY attempt";

#[derive(FromRow)]
struct AttemptRow {
    attempt: i64,
    began_at: i64,
    ended_at: i64,
    outcome: String,
    reply: String,
    node: String,
}

/// Every attempt at a message, in their order.
pub async fn attempts(database: &Database, id: Uuid) -> Result<Vec<MailAttempt>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let rows: Vec<AttemptRow> =
        each_engine!(connection, c => sqlx::query_as(ATTEMPTS).bind(id).fetch_all(c).await)?;
    let read = rows.into_iter().map(|row| {
        let columns = Columns {
            table: "mail_attempt",
            id: &id,
        };
        Ok(MailAttempt {
            attempt: u32::try_from(row.attempt).map_err(|_| columns.corrupt("attempt"))?,
            began_at: columns.instant("began_at", row.began_at)?,
            ended_at: columns.instant("ended_at", row.ended_at)?,
            outcome: row.outcome,
            reply: row.reply,
            node: row.node,
        })
    });
    Ok(read.collect::<Result<_, CorruptRow>>()?)
}

/// How many messages there are in each state.
pub async fn counts(database: &Database) -> Result<Vec<(State, u64)>, StorageError> {
    #[derive(FromRow)]
    struct Count {
        state: String,
        count: i64,
    }
    const COUNTS: &str = "SELECT state, count(*) AS count FROM mail GROUP BY state ORDER BY state";
    let mut connection = database.acquire_read().await?;
    let rows: Vec<Count> = each_engine!(connection, c => sqlx::query_as(COUNTS).fetch_all(c).await)?;
    let counted = rows.into_iter().filter_map(|row| {
        let state = row.state.parse().ok()?;
        Some((state, u64::try_from(row.count).ok()?))
    });
    Ok(counted.collect())
}
