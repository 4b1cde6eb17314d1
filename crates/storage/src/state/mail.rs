//! The ledger of mail: one row for each message to each recipient.
//!
//! A row is claimed before anything is sent, and its term is raised by that. What became of the attempt is written under that term.
//! A claim whose lease is over was lost with its process: nobody knows how far it came, so the message is in doubt. All of it
//! happens in one transaction for many messages at once ([`turn`]), because a commit costs as much as sending does.

mod list;

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::mailing::{Class, State};
use event_store::{Connection, Database, Engine, Position, Sql, each_engine};
use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::clock;
use crate::sql::{Columns, CorruptRow, StorageError, micros};

pub use list::{Mail, MailAttempt, MailFilter, attempts, counts, explain_list, list, load};

/// A message as the ledger begins to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    /// Which.
    pub id: Uuid,
    /// Of the event that says what it says.
    pub position: Position,
    /// Why it is sent.
    pub class: Class,
    /// Key of the sender.
    pub sender: String,
    /// Keyed hash of the recipient's address, hexadecimal.
    pub recipient_hash: String,
    /// Keyed hash of what stands behind its @, hexadecimal.
    pub domain_hash: String,
    /// Whom it is about.
    pub organization_id: Option<Uuid>,
    /// Which declaration it is about.
    pub declaration_id: Option<Uuid>,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// After that it is not sent any more.
    pub not_after: Option<DateTime<Utc>>,
    /// Before that it is not sent.
    pub not_before: Option<DateTime<Utc>>,
}

/// A message that was claimed and is to be sent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Which.
    pub id: Uuid,
    /// Of this claim.
    pub term: i64,
    /// How often it was claimed, this time included.
    pub attempt: u32,
    /// How many attempts before this one were judged by a relay.
    pub judged: u32,
    /// Of the event that says what it says.
    pub position: Position,
    /// Keyed hash of what stands behind the @ of its address.
    pub domain_hash: Vec<u8>,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// After that it is not sent any more.
    pub not_after: Option<DateTime<Utc>>,
}

/// What became of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Which message.
    pub id: Uuid,
    /// Of the claim.
    pub term: i64,
    /// Which attempt it was; `None`: none was made, and it does not count.
    pub attempt: Option<u32>,
    /// Where it stands now.
    pub state: State,
    /// When it may be claimed again; only matters while it waits.
    pub next_try_at: Option<DateTime<Utc>>,
    /// How many attempts were judged by a relay.
    pub judged: u32,
    /// What happened, in one word for the history.
    pub outcome: &'static str,
    /// The relay's answer or a sentence for the operator: no personal data.
    pub reply: String,
    /// When the attempt began.
    pub began_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
}

/// What a turn is to claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// Who sends.
    pub node: &'a str,
    /// By the process's clock.
    pub now: DateTime<Utc>,
    /// Whether the server's clock decides instead, where there is a server.
    pub by_server: bool,
    /// How long the claims hold.
    pub lease: TimeDelta,
    /// So many messages.
    pub limit: u32,
    /// Whether a message that was lost with its process can be sent again without harm.
    pub repeatable: bool,
    /// Claims that are under way and to be held for longer: which message, and the term of its claim.
    pub renew: &'a [(Uuid, i64)],
}

// Due from the start, or from when it may be sent, in the order of the log: the log's time may be ahead of the clock's.
const INSERT: Sql = Sql {
    sqlite: "INSERT INTO mail (id, position, class, sender, recipient_hash, domain_hash, organization_id, declaration_id, \
             queued_at, not_after, state, changed_at, next_try_at, attempt, judged, term) \
             SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, unhex(value ->> 4), unhex(value ->> 5), \
             unhex(value ->> 6), unhex(value ->> 7), value ->> 8, value ->> 9, 'queued', value ->> 8, value ->> 10, 0, 0, 0 \
             FROM json_each($1)",
    postgres: "INSERT INTO mail (id, position, class, sender, recipient_hash, domain_hash, organization_id, declaration_id, \
               queued_at, not_after, state, changed_at, next_try_at, attempt, judged, term) \
               SELECT CAST(value ->> 0 AS UUID), CAST(value ->> 1 AS BIGINT), value ->> 2, value ->> 3, \
               decode(value ->> 4, 'hex'), decode(value ->> 5, 'hex'), CAST(value ->> 6 AS UUID), CAST(value ->> 7 AS UUID), \
               CAST(value ->> 8 AS BIGINT), CAST(value ->> 9 AS BIGINT), 'queued', CAST(value ->> 8 AS BIGINT), \
               CAST(value ->> 10 AS BIGINT), 0, 0, 0 FROM json_array_elements(CAST($1 AS json))",
};
// SQLite is told which index each of these walks: it has no statistics of a ledger that has just filled up, and would walk all that
// is in a state instead.
//
// A late result of a worker that was thought dead still counts: facts are better than doubt. An attempt that was none (the third
// value is missing) is taken back.
const SETTLE: &str = "UPDATE mail SET state = it.value ->> 3, next_try_at = coalesce(it.value ->> 4, mail.next_try_at), \
     judged = it.value ->> 5, outcome = it.value ->> 6, reply = it.value ->> 7, changed_at = it.value ->> 9, \
     attempt = mail.attempt - ((it.value ->> 2) IS NULL), lease_until = NULL FROM jsonb_each($1) AS it \
     WHERE mail.id = unhex(it.value ->> 0) AND mail.term = it.value ->> 1 AND +mail.state IN ('claimed', 'in_doubt')";
const NOTE_ATTEMPTS: &str = "INSERT INTO mail_attempt (mail_id, attempt, began_at, ended_at, outcome, reply, node) \
     SELECT unhex(value ->> 0), value ->> 2, value ->> 8, value ->> 9, value ->> 6, value ->> 7, $2 \
     FROM jsonb_each($1) WHERE value ->> 2 IS NOT NULL ON CONFLICT DO NOTHING";
// Only what is under way: a claim whose sender never heard of it must end.
const RENEW: Sql = Sql {
    sqlite: "UPDATE mail SET lease_until = $2 FROM jsonb_each($1) AS it \
             WHERE mail.id = unhex(it.value ->> 0) AND mail.term = it.value ->> 1 AND +mail.state = 'claimed'",
    postgres: "UPDATE mail SET lease_until = $2 FROM json_array_elements(CAST($1 AS json)) AS it \
               WHERE mail.id = CAST(it.value ->> 0 AS UUID) AND mail.term = CAST(it.value ->> 1 AS BIGINT) \
               AND mail.state = 'claimed'",
};
const CLAIMED_BY: Sql = Sql {
    sqlite: "SELECT id, term, attempt, judged, position, domain_hash, queued_at, not_after, state \
             FROM mail INDEXED BY mail_claimed WHERE state = 'claimed' AND node = $1 ORDER BY position",
    postgres: "SELECT id, term, attempt, judged, position, domain_hash, queued_at, not_after, state \
               FROM mail WHERE state = 'claimed' AND node = $1 ORDER BY position",
};
const LOST: &str = "UPDATE mail INDEXED BY mail_claimed SET state = $2, outcome = 'lost', changed_at = $1, next_try_at = $1, lease_until = NULL, \
     reply = '[mail_process_ended] the process that sent it ended' WHERE state = 'claimed' AND lease_until <= $1";
// What is due is claimed, unless its reader must not get it or it would come too late.
const CLAIM: &str = "UPDATE mail SET term = term + 1, attempt = attempt + 1, node = $3, changed_at = $1, \
     outcome = NULL, lease_until = $2, state = CASE \
     WHEN EXISTS (SELECT 1 FROM suppression AS s WHERE s.recipient_hash = mail.recipient_hash \
     AND s.class IN ('all', mail.class) AND (s.until IS NULL OR s.until > $1)) THEN 'suppressed' \
     WHEN not_after < $1 THEN 'bounced' ELSE 'claimed' END WHERE id IN (\
     SELECT id FROM mail INDEXED BY mail_due WHERE state IN ('queued', 'deferred') AND next_try_at <= $1 \
     ORDER BY next_try_at, position LIMIT $4) \
     RETURNING id, term, attempt, judged, position, domain_hash, queued_at, not_after, state";
// All of that at once. PostgreSQL is kept from finding by its state what it has an id of: that index is full of rows that were
// claimed a moment ago. The parts see the ledger as it was before: what is settled here is not lost here, and what is put back for
// now is claimed by the next turn.
const TURN: &str = "WITH told AS (SELECT CAST(value ->> 0 AS UUID) AS id, CAST(value ->> 1 AS BIGINT) AS term, \
     CAST(value ->> 2 AS BIGINT) AS attempt, value ->> 3 AS state, CAST(value ->> 4 AS BIGINT) AS next_try_at, \
     CAST(value ->> 5 AS BIGINT) AS judged, value ->> 6 AS outcome, value ->> 7 AS reply, \
     CAST(value ->> 8 AS BIGINT) AS began_at, CAST(value ->> 9 AS BIGINT) AS ended_at \
     FROM jsonb_array_elements(CAST($5 AS jsonb))), \
     settled AS (UPDATE mail SET state = told.state, next_try_at = coalesce(told.next_try_at, mail.next_try_at), \
     judged = told.judged, outcome = told.outcome, reply = told.reply, changed_at = told.ended_at, \
     attempt = mail.attempt - CASE WHEN told.attempt IS NULL THEN 1 ELSE 0 END, lease_until = NULL FROM told \
     WHERE mail.id = ANY (ARRAY(SELECT id FROM told)) AND mail.id = told.id AND mail.term = told.term \
     AND mail.state || '' IN ('claimed', 'in_doubt')), \
     noted AS (INSERT INTO mail_attempt (mail_id, attempt, began_at, ended_at, outcome, reply, node) \
     SELECT id, attempt, began_at, ended_at, outcome, reply, $3 FROM told WHERE attempt IS NOT NULL \
     ON CONFLICT DO NOTHING), \
     lost AS (UPDATE mail SET state = $6, outcome = 'lost', changed_at = $1, next_try_at = $1, lease_until = NULL, \
     reply = '[mail_process_ended] the process that sent it ended' WHERE state = 'claimed' AND lease_until <= $1 \
     AND NOT EXISTS (SELECT 1 FROM told WHERE told.id = mail.id AND told.term = mail.term)) \
     UPDATE mail SET term = term + 1, attempt = attempt + 1, node = $3, changed_at = $1, \
     outcome = NULL, lease_until = $2, state = CASE \
     WHEN EXISTS (SELECT 1 FROM suppression AS s WHERE s.recipient_hash = mail.recipient_hash \
     AND s.class IN ('all', mail.class) AND (s.until IS NULL OR s.until > $1)) THEN 'suppressed' \
     WHEN not_after < $1 THEN 'bounced' ELSE 'claimed' END WHERE id = ANY (ARRAY(\
     SELECT id FROM mail WHERE state IN ('queued', 'deferred') AND next_try_at <= $1 \
     ORDER BY next_try_at, position LIMIT $4 FOR UPDATE SKIP LOCKED)) \
     RETURNING id, term, attempt, judged, position, domain_hash, queued_at, not_after, state";
const DOUBT_RESTORED: Sql = Sql::same(
    "UPDATE mail SET state = 'in_doubt', outcome = 'restored', changed_at = $1, term = term + 1, lease_until = NULL, \
     reply = '[waited_at_backup] it waited when the backup was made, and may have been sent since' \
     WHERE state IN ('queued', 'claimed', 'deferred')",
);
const NEXT_AT: Sql = Sql {
    sqlite: "SELECT min(at) FROM (\
             SELECT min(next_try_at) AS at FROM mail INDEXED BY mail_due WHERE state IN ('queued', 'deferred') \
             UNION ALL SELECT min(lease_until) AS at FROM mail INDEXED BY mail_claimed WHERE state = 'claimed') AS next",
    postgres: "SELECT min(at) FROM (\
               SELECT min(next_try_at) AS at FROM mail WHERE state IN ('queued', 'deferred') \
               UNION ALL SELECT min(lease_until) AS at FROM mail WHERE state = 'claimed') AS next",
};

// By the time of the claim, which the database's clock gave.
const SUPPRESSED_SINCE: Sql = Sql {
    sqlite: "SELECT mail.id FROM jsonb_each($1) AS it JOIN mail ON mail.id = unhex(it.value) \
             WHERE EXISTS (SELECT 1 FROM suppression AS s WHERE s.recipient_hash = mail.recipient_hash \
             AND s.class IN ('all', mail.class) AND (s.until IS NULL OR s.until > mail.changed_at))",
    postgres: "SELECT mail.id FROM mail WHERE mail.id = ANY (ARRAY(\
               SELECT CAST(value AS UUID) FROM json_array_elements_text(CAST($1 AS json)))) \
               AND EXISTS (SELECT 1 FROM suppression AS s WHERE s.recipient_hash = mail.recipient_hash \
               AND s.class IN ('all', mail.class) AND (s.until IS NULL OR s.until > mail.changed_at))",
};

/// The statements of a sender's turn that look for rows: for tests of plans.
pub const LOOKS: [(&str, Sql); 7] = [
    ("claim", of_turn(CLAIM)),
    ("settle", of_turn(SETTLE)),
    ("lost", of_turn(LOST)),
    ("renew", RENEW),
    ("claimed", CLAIMED_BY),
    ("suppressed since", SUPPRESSED_SINCE),
    ("next", NEXT_AT),
];

const fn of_turn(sqlite: &'static str) -> Sql {
    Sql {
        sqlite,
        postgres: TURN,
    }
}

#[derive(FromRow)]
struct ClaimedRow {
    id: Uuid,
    term: i64,
    attempt: i64,
    judged: i64,
    position: i64,
    domain_hash: Vec<u8>,
    queued_at: i64,
    not_after: Option<i64>,
    state: String,
}

impl TryFrom<ClaimedRow> for Claimed {
    type Error = CorruptRow;

    fn try_from(row: ClaimedRow) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "mail",
            id: &row.id,
        };
        let count = |column, number: i64| u32::try_from(number).map_err(|_| columns.corrupt(column));
        Ok(Self {
            attempt: count("attempt", row.attempt)?,
            judged: count("judged", row.judged)?,
            position: Position::new(row.position),
            queued_at: columns.instant("queued_at", row.queued_at)?,
            not_after: columns.instant_or_none("not_after", row.not_after)?,
            id: row.id,
            term: row.term,
            domain_hash: row.domain_hash,
        })
    }
}

/// A new row in the order of the columns.
#[derive(Serialize)]
struct Written<'a>(
    String,
    i64,
    &'a str,
    &'a str,
    &'a str,
    &'a str,
    Option<String>,
    Option<String>,
    i64,
    Option<i64>,
    i64,
);

/// Queues messages, in the transaction of what they follow from.
pub(crate) async fn insert(connection: &mut Connection, mails: &[NewMail]) -> Result<(), StorageError> {
    if mails.is_empty() {
        return Ok(());
    }
    let hex = |id: Option<Uuid>| id.map(|id| id.simple().to_string());
    let rows: Vec<Written<'_>> = mails
        .iter()
        .map(|mail| {
            Written(
                mail.id.simple().to_string(),
                mail.position.get(),
                mail.class.as_str(),
                &mail.sender,
                &mail.recipient_hash,
                &mail.domain_hash,
                hex(mail.organization_id),
                hex(mail.declaration_id),
                micros(mail.queued_at),
                mail.not_after.map(micros),
                mail.not_before.map_or(0, micros),
            )
        })
        .collect();
    let json = serde_json::to_string(&rows).expect("ids, numbers and texts are JSON");
    let text = INSERT.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(json).execute(c).await.map(drop))?;
    Ok(())
}

/// What became of an attempt, in the order in which the statements read it.
#[derive(Serialize)]
struct Outcomes<'a>(
    String,
    i64,
    Option<u32>,
    &'a str,
    Option<i64>,
    u32,
    &'a str,
    &'a str,
    i64,
    i64,
);

/// One turn of a sender: writes down what became of earlier claims, looks after those that were lost, and claims what is due.
pub async fn turn(
    database: &Database,
    settled: &[Settled],
    wanted: &Wanted<'_>,
) -> Result<Vec<Claimed>, StorageError> {
    let mut tx = database.begin_brief().await?;
    let server_time = if wanted.by_server {
        clock::within(&mut tx).await?
    } else {
        None
    };
    let now = server_time.unwrap_or(wanted.now);
    if !wanted.renew.is_empty() {
        let text = RENEW.on(&tx);
        let until = micros(now + wanted.lease);
        let claims = wanted
            .renew
            .iter()
            .map(|(id, term)| (id.simple().to_string(), term));
        let json = serde_json::to_string(&claims.collect::<Vec<_>>()).expect("ids and numbers are JSON");
        each_engine!(tx, c => sqlx::query(text).bind(json).bind(until).execute(c).await.map(drop))?;
    }
    let rows = match tx.engine() {
        Engine::Sqlite => one_by_one(&mut tx, settled, wanted, now).await?,
        Engine::Postgres => at_once(&mut tx, settled, wanted, now).await?,
    };
    tx.commit().await?;
    let claimed = rows
        .into_iter()
        .filter(|row| row.state == State::Claimed.as_str());
    Ok(claimed
        .map(TryInto::try_into)
        .collect::<Result<_, CorruptRow>>()?)
}

/// What a sender has claimed, whether it heard of that or not.
pub async fn claimed_by(database: &Database, node: &str) -> Result<Vec<Claimed>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = CLAIMED_BY.on(&connection);
    let rows: Vec<ClaimedRow> =
        each_engine!(connection, c => sqlx::query_as(text).bind(node).fetch_all(c).await)?;
    Ok(rows
        .into_iter()
        .map(TryInto::try_into)
        .collect::<Result<_, CorruptRow>>()?)
}

/// Which of these claimed messages are held back by what was decided while they were claimed: the statement that claims may have
/// begun before that, and ended after it.
pub async fn suppressed_since(
    database: &Database,
    claimed: &[Claimed],
) -> Result<HashSet<Uuid>, StorageError> {
    let ids = claimed.iter().map(|claim| claim.id.simple().to_string());
    let json = serde_json::to_string(&ids.collect::<Vec<_>>()).expect("ids are JSON");
    let mut connection = database.acquire_read().await?;
    let text = SUPPRESSED_SINCE.on(&connection);
    let ids: Vec<Uuid> =
        each_engine!(connection, c => sqlx::query_scalar(text).bind(json).fetch_all(c).await)?;
    Ok(ids.into_iter().collect())
}

/// On SQLite a statement costs next to nothing beside the commit.
async fn one_by_one(
    connection: &mut Connection,
    settled: &[Settled],
    wanted: &Wanted<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<ClaimedRow>, StorageError> {
    if !settled.is_empty() {
        let json = outcomes(settled);
        let (update, insert) = (SETTLE, NOTE_ATTEMPTS);
        each_engine!(connection, c => {
            sqlx::query(update).bind(&json).execute(&mut *c).await?;
            sqlx::query(insert).bind(&json).bind(wanted.node).execute(c).await.map(drop)
        })?;
    }
    let lost = lost_becomes(wanted).as_str();
    each_engine!(connection, c => {
        sqlx::query(LOST).bind(micros(now)).bind(lost).execute(c).await.map(drop)
    })?;
    if wanted.limit == 0 {
        return Ok(Vec::new());
    }
    Ok(each_engine!(connection, c => {
        sqlx::query_as(CLAIM)
            .bind(micros(now))
            .bind(micros(now + wanted.lease))
            .bind(wanted.node)
            .bind(i64::from(wanted.limit))
            .fetch_all(c)
            .await
    })?)
}

/// On PostgreSQL each statement is a way to the server and back, so all is one.
async fn at_once(
    connection: &mut Connection,
    settled: &[Settled],
    wanted: &Wanted<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<ClaimedRow>, StorageError> {
    let (json, lost) = (outcomes(settled), lost_becomes(wanted).as_str());
    Ok(each_engine!(connection, c => {
        sqlx::query_as(TURN)
            .bind(micros(now))
            .bind(micros(now + wanted.lease))
            .bind(wanted.node)
            .bind(i64::from(wanted.limit))
            .bind(json)
            .bind(lost)
            .fetch_all(c)
            .await
    })?)
}

const fn lost_becomes(wanted: &Wanted<'_>) -> State {
    if wanted.repeatable {
        State::Queued
    } else {
        State::InDoubt
    }
}

fn outcomes(settled: &[Settled]) -> String {
    let rows: Vec<Outcomes<'_>> = settled
        .iter()
        .map(|it| {
            Outcomes(
                it.id.simple().to_string(),
                it.term,
                it.attempt,
                it.state.as_str(),
                it.next_try_at.map(micros),
                it.judged,
                it.outcome,
                &it.reply,
                micros(it.began_at),
                micros(it.ended_at),
            )
        })
        .collect();
    serde_json::to_string(&rows).expect("ids, numbers and texts are JSON")
}

/// Puts everything in doubt that waits in a ledger that comes from a backup: it may have been sent after the backup was made.
pub async fn doubt_restored(connection: &mut Connection, made_at: DateTime<Utc>) -> Result<(), StorageError> {
    let text = DOUBT_RESTORED.on(connection);
    each_engine!(connection, c => sqlx::query(text).bind(micros(made_at)).execute(c).await.map(drop))?;
    Ok(())
}

/// When there will next be something to do; `None`: nothing waits.
pub async fn next_at(database: &Database) -> Result<Option<DateTime<Utc>>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let text = NEXT_AT.on(&connection);
    let at: Option<i64> = each_engine!(connection, c => sqlx::query_scalar(text).fetch_one(c).await)?;
    let columns = Columns {
        table: "mail",
        id: &"min",
    };
    Ok(columns.instant_or_none("next_try_at", at)?)
}

#[cfg(test)]
mod tests {
    use domain::reason::{Reason, ReasonCode};

    use super::*;

    #[test]
    fn what_the_statements_say_of_a_message_is_read_as_a_reason() {
        let ended = Reason::new(ReasonCode::MailProcessEnded, "the process that sent it ended");
        let waited = Reason::new(
            ReasonCode::WaitedAtBackup,
            "it waited when the backup was made, and may have been sent since",
        );
        let said = |reason: &Reason| format!("reply = '{}'", reason.stored());
        assert!(LOST.contains(&said(&ended)) && TURN.contains(&said(&ended)));
        assert!(DOUBT_RESTORED.sqlite.contains(&said(&waited)));
        assert!(DOUBT_RESTORED.postgres.contains(&said(&waited)));
    }
}
