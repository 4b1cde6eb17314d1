//! The ledger's rows as the log makes them: queued, decided by people, reported by others; and who gets nothing. Written in the
//! transaction of the event.

use chrono::{DateTime, Utc};
use domain::mailing::event::{CameBack, Decided, Queued, Suppressed, Unsuppressed, Verdict};
use domain::mailing::{Decision, MailEvent, State, UnknownClass, comes_back, decide};
use event_store::{
    BoxFuture, Connection, Database, InlineError, InlineEvent, InlineProjector, Position, RecordedEvent, Sql,
    each_engine,
};
use sqlx::FromRow;
use uuid::Uuid;

use crate::sql::{Columns, CorruptRow, StorageError, micros};
use crate::state::mail::{self, NewMail};

/// Why an event about a message is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailRefused {
    /// There is no such message.
    #[error("there is no message {0}")]
    NotFound(Uuid),
    /// It does not stand where that could happen to it.
    #[error("the message {id} is {state}: nobody can decide that about it")]
    OtherState {
        /// Which.
        id: Uuid,
        /// Where it stands.
        state: State,
    },
}

/// Keeps the ledger in step with the log; register it with the log.
#[derive(Clone, Copy, Debug, Default)]
pub struct MailProjector;

impl InlineProjector for MailProjector {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn project<'f>(
        &'f self,
        connection: &'f mut Connection,
        events: &'f [InlineEvent],
    ) -> BoxFuture<'f, Result<(), InlineError>> {
        Box::pin(project(connection, events))
    }
}

/// Whether events of this type change tables that follow from the log alone.
pub(crate) fn is_projected(event_type: &str) -> bool {
    matches!(event_type, "mail.suppressed" | "mail.unsuppressed")
}

async fn project(connection: &mut Connection, events: &[InlineEvent]) -> Result<(), InlineError> {
    let mut queued = Vec::new();
    let of_mail = events
        .iter()
        .filter(|event| event.event_type.starts_with(MailEvent::PREFIX));
    for event in of_mail {
        let said = MailEvent::decode(&event.event_type, event.schema_version, &event.data)?;
        let at = event.recorded_at;
        match said {
            MailEvent::Queued(mail) => queued.push(new_mail(&mail, event.position, at)?),
            MailEvent::Decided(decided) => decided_about(connection, &decided, at).await?,
            MailEvent::CameBack(back) => came_back(connection, &back, at).await?,
            MailEvent::Suppressed(suppressed) => {
                suppress(connection, &suppressed, event.position, at).await?;
            }
            MailEvent::Unsuppressed(unsuppressed) => unsuppress(connection, &unsuppressed).await?,
        }
    }
    Ok(mail::insert(connection, &queued).await?)
}

/// The same from events that are in the log already. The rows of messages move by themselves: they were sent meanwhile.
pub(crate) async fn project_recorded(
    connection: &mut Connection,
    events: &[RecordedEvent],
) -> Result<(), InlineError> {
    for event in events.iter().filter(|event| is_projected(&event.event_type)) {
        match MailEvent::decode(&event.event_type, event.schema_version, &event.data)? {
            MailEvent::Suppressed(suppressed) => {
                suppress(connection, &suppressed, event.position, event.recorded_at).await?;
            }
            MailEvent::Unsuppressed(unsuppressed) => unsuppress(connection, &unsuppressed).await?,
            _ => {}
        }
    }
    Ok(())
}

fn new_mail(queued: &Queued, position: Position, at: DateTime<Utc>) -> Result<NewMail, UnknownClass> {
    Ok(NewMail {
        id: queued.mail_id,
        position,
        class: queued.class.parse()?,
        sender: queued.sender.clone(),
        recipient_hash: queued.address.recipient.clone(),
        domain_hash: queued.address.domain.clone(),
        organization_id: queued.organization_id.map(domain::OrganizationId::uuid),
        declaration_id: queued.declaration_id.map(domain::DeclarationId::uuid),
        queued_at: at,
        not_after: queued.not_after.and_then(DateTime::from_timestamp_micros),
        not_before: queued.not_before.and_then(DateTime::from_timestamp_micros),
    })
}

const STATE: Sql = Sql {
    sqlite: "SELECT state FROM mail WHERE id = $1",
    // Nobody claims it until this is decided.
    postgres: "SELECT state FROM mail WHERE id = $1 FOR UPDATE",
};
const SET_STATE: Sql = Sql::same(
    "UPDATE mail SET state = $2, changed_at = $3, next_try_at = $3, outcome = $4, term = term + 1, lease_until = NULL \
     WHERE id = $1",
);
const BRING_FORWARD: Sql = Sql::same("UPDATE mail SET changed_at = $2, next_try_at = $2 WHERE id = $1");

async fn state_of(connection: &mut Connection, id: Uuid) -> Result<State, InlineError> {
    let text = STATE.on(connection);
    let state: Option<String> =
        each_engine!(connection, c => sqlx::query_scalar(text).bind(id).fetch_optional(c).await)?;
    let state = state.ok_or(MailRefused::NotFound(id))?;
    let columns = Columns {
        table: "mail",
        id: &id,
    };
    Ok(state.parse().map_err(|_| columns.corrupt("state"))?)
}

async fn decided_about(
    connection: &mut Connection,
    decided: &Decided,
    at: DateTime<Utc>,
) -> Result<(), InlineError> {
    let id = decided.mail_id;
    let state = state_of(connection, id).await?;
    let refused = MailRefused::OtherState { id, state };
    let decision = match decided.verdict {
        Verdict::TreatAsSent => Decision::TreatAsSent,
        Verdict::SendAgain => Decision::SendAgain,
        Verdict::Cancel => Decision::Cancel,
        Verdict::TryNow if state.waits() => {
            let text = BRING_FORWARD.on(connection);
            each_engine!(connection, c => {
                sqlx::query(text).bind(id).bind(micros(at)).execute(c).await.map(drop)
            })?;
            return Ok(());
        }
        Verdict::TryNow => return Err(refused.into()),
    };
    let next = decide(state, decision).map_err(|_| refused)?;
    set_state(connection, id, next, at, decided.verdict.code()).await
}

async fn came_back(
    connection: &mut Connection,
    back: &CameBack,
    at: DateTime<Utc>,
) -> Result<(), InlineError> {
    let state = state_of(connection, back.mail_id).await?;
    let next = comes_back(state, back.kind.into());
    if next == state {
        return Ok(());
    }
    set_state(connection, back.mail_id, next, at, "came_back").await
}

async fn set_state(
    connection: &mut Connection,
    id: Uuid,
    state: State,
    at: DateTime<Utc>,
    outcome: &'static str,
) -> Result<(), InlineError> {
    let text = SET_STATE.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text).bind(id).bind(state.as_str()).bind(micros(at)).bind(outcome).execute(c).await.map(drop)
    })?;
    Ok(())
}

const SUPPRESS: Sql = Sql {
    sqlite: "INSERT INTO suppression (recipient_hash, class, reason, since, until, position) \
             VALUES (unhex($1), $2, $3, $4, $5, $6) ON CONFLICT (recipient_hash, class) DO UPDATE SET \
             reason = excluded.reason, since = excluded.since, until = excluded.until, position = excluded.position",
    postgres: "INSERT INTO suppression (recipient_hash, class, reason, since, until, position) \
               VALUES (decode($1, 'hex'), $2, $3, $4, $5, $6) ON CONFLICT (recipient_hash, class) DO UPDATE SET \
               reason = excluded.reason, since = excluded.since, until = excluded.until, position = excluded.position",
};
const UNSUPPRESS: Sql = Sql {
    sqlite: "DELETE FROM suppression WHERE recipient_hash = unhex($1) AND class = $2",
    postgres: "DELETE FROM suppression WHERE recipient_hash = decode($1, 'hex') AND class = $2",
};
const SUPPRESSIONS: Sql = Sql::same(
    "SELECT recipient_hash, class, reason, since, until, position FROM suppression WHERE position < $1 \
     ORDER BY position DESC LIMIT $2",
);
const SUPPRESSIONS_OF: Sql = Sql {
    sqlite: "SELECT recipient_hash, class, reason, since, until, position FROM suppression \
             WHERE position < $1 AND recipient_hash = unhex($3) ORDER BY position DESC LIMIT $2",
    postgres: "SELECT recipient_hash, class, reason, since, until, position FROM suppression \
               WHERE position < $1 AND recipient_hash = decode($3, 'hex') ORDER BY position DESC LIMIT $2",
};

async fn suppress(
    connection: &mut Connection,
    suppressed: &Suppressed,
    position: Position,
    at: DateTime<Utc>,
) -> Result<(), InlineError> {
    let text = SUPPRESS.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(&suppressed.address.recipient)
            .bind(&suppressed.class)
            .bind(suppressed.reason.code())
            .bind(micros(at))
            .bind(suppressed.until)
            .bind(position.get())
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

async fn unsuppress(connection: &mut Connection, unsuppressed: &Unsuppressed) -> Result<(), InlineError> {
    let text = UNSUPPRESS.on(connection);
    each_engine!(connection, c => {
        sqlx::query(text)
            .bind(&unsuppressed.address.recipient)
            .bind(&unsuppressed.class)
            .execute(c)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// An address that gets nothing, or nothing of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Keyed hash of the address.
    pub recipient_hash: Vec<u8>,
    /// The name of the class; `all`.
    pub class: String,
    /// Why.
    pub reason: domain::mailing::event::SuppressionReason,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when; `None`: until it is lifted.
    pub until: Option<DateTime<Utc>>,
    /// Of the event, which has the address.
    pub position: Position,
}

#[derive(FromRow)]
struct SuppressionRow {
    recipient_hash: Vec<u8>,
    class: String,
    reason: String,
    since: i64,
    until: Option<i64>,
    position: i64,
}

/// Who gets nothing, the newest first, before a position; of one address, as its keyed hash in hexadecimal, if it is given.
pub async fn suppressions(
    database: &Database,
    recipient_hash: Option<&str>,
    before: Position,
    limit: u32,
) -> Result<Vec<Suppression>, StorageError> {
    let mut connection = database.acquire_read().await?;
    let sql = if recipient_hash.is_some() {
        SUPPRESSIONS_OF
    } else {
        SUPPRESSIONS
    };
    let text = sql.on(&connection);
    let rows: Vec<SuppressionRow> = each_engine!(connection, c => {
        let query = sqlx::query_as(text).bind(before.get()).bind(i64::from(limit));
        match recipient_hash {
            Some(hash) => query.bind(hash).fetch_all(c).await,
            None => query.fetch_all(c).await,
        }
    })?;
    let read = rows.into_iter().map(TryInto::try_into);
    Ok(read.collect::<Result<_, CorruptRow>>()?)
}

impl TryFrom<SuppressionRow> for Suppression {
    type Error = CorruptRow;

    fn try_from(row: SuppressionRow) -> Result<Self, CorruptRow> {
        let columns = Columns {
            table: "suppression",
            id: &row.position,
        };
        let reason = domain::mailing::event::SuppressionReason::from_code(&row.reason);
        Ok(Self {
            reason: reason.ok_or_else(|| columns.corrupt("reason"))?,
            since: columns.instant("since", row.since)?,
            until: columns.instant_or_none("until", row.until)?,
            position: Position::new(row.position),
            recipient_hash: row.recipient_hash,
            class: row.class,
        })
    }
}
